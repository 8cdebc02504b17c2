"""The words people write in sheets for what the code names in English."""

from collections.abc import Mapping
from typing import Final

from services.registry.domain import names

Words = Mapping[str, str]
"""What the code says → what people write."""

KINDS: Final[Words] = {
    "province_committee": "Tỉnh uỷ",
    "direct_committee": "Đảng uỷ trực thuộc tỉnh uỷ",
    "grassroots_committee": "Đảng bộ cơ sở",
    "grassroots_branch": "Chi bộ cơ sở",
    "department_committee": "Đảng bộ bộ phận",
    "branch": "Chi bộ",
    "group": "Tổ đảng",
}
LEVELS: Final[Words] = {
    "province": "Tỉnh",
    "district": "Huyện",
    "commune": "Xã",
    "grassroots": "Cơ sở",
    "department": "Bộ phận",
    "branch": "Chi bộ",
    "group": "Tổ đảng",
}
BRANCH_TYPES: Final[Words] = {
    "commune": "Xã",
    "ward": "Phường",
    "township": "Thị trấn",
    "state_enterprise": "Doanh nghiệp nhà nước",
    "joint_stock": "Công ty cổ phần có vốn nhà nước",
    "private": "Doanh nghiệp tư nhân",
    "public_service": "Đơn vị sự nghiệp",
    "administration": "Cơ quan hành chính",
    "armed_forces": "Quân đội, công an",
    "other": "Loại hình khác",
}
MEMBER_KINDS: Final[Words] = {"official": "Chính thức", "probationary": "Dự bị"}
STATUSES: Final[Words] = {
    "active": "Đang sinh hoạt",
    "exempt": "Được miễn công tác, sinh hoạt",
    "temporary_elsewhere": "Sinh hoạt tạm thời nơi khác",
    "received_temporarily": "Tạm thời đến sinh hoạt",
    "left": "Đã chuyển đi",
    "removed": "Đưa ra khỏi Đảng",
    "deceased": "Từ trần",
}
POSTS: Final[Words] = {"secretary": "Bí thư", "deputy_secretary": "Phó bí thư", "committee_member": "Chi uỷ viên"}
SEXES: Final[Words] = {"male": "Nam", "female": "Nữ"}
HEADS: Final[Words] = {"member": "Là đảng viên", "not_member": "Không là đảng viên", "vacant": "Đang khuyết"}
TRUTHS: Final[Words] = {"true": "Có", "false": "Không"}


def folded(text: str) -> str:
    """How two words are compared: composed letters, one space between words, capitals as small letters."""
    return names.tidy(text).casefold()


def readings(words: Words) -> dict[str, str]:
    """Everything that is read as one of `words`, folded → what the code says: people's word, and the code's own."""
    return {folded(said): code for code, word in words.items() for said in (word, code)}
