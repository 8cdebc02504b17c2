"""Minutes with something to say, for the tests that compare and search them."""

import random
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from tests.integration.meetings import village

_SPOKEN = """
đường liên thôn tuyến mương nội đồng quỹ khuyến học tổ vay vốn đội cồng chiêng rẫy cà phê già cỗi trạm bơm nhà sinh hoạt
lớp xoá mù chữ hợp tác xã hộ nghèo cây điều ghép bể nước tự chảy sân bóng chốt bảo vệ rừng nghĩa trang nhân dân sửa
trước mùa mưa giao chăm sóc lập danh sách từng nóc vận động góp ngày công mời kỹ sư hướng dẫn kiểm kê tài sản
họp lấy ý kiến báo cáo mua thêm dụng cụ bàn xin hỗ trợ xi măng theo dõi tuần lũ cuốn mất đoạn năm cháu kinh phí dư
triệu già làng phân bón tăng nợ quá hạn đoàn kiểm tra xem tận nơi giếng khoan lưới điện trâu bò gà vịt chuồng trại
"""
SYLLABLES = _SPOKEN.split()
FORM = (
    "Đồng chí chủ trì thông qua chương trình và đề nghị chi bộ tham gia ý kiến thẳng thắn trên tinh thần xây dựng. "
    "Chi bộ nhất trí cao với dự thảo và đề nghị cấp uỷ chỉ đạo tổ chức thực hiện nghiêm túc trong thời gian tới. "
    "Toàn thể đảng viên chấp hành nghiêm chủ trương của Đảng, chính sách và pháp luật của Nhà nước."
)
"""What every branch writes without having agreed to: boilerplate, longer than the own words of some."""


def sentences(seed: int, count: int = 9) -> list[str]:
    """Sentences of one branch's own, the same for the same seed, and like no other's."""
    drawn = random.Random(seed)
    return [" ".join(drawn.choices(SYLLABLES, k=drawn.randint(12, 18))).capitalize() for _ in range(count)]


def text(seed: int, count: int = 9) -> str:
    """The same as a text."""
    return ". ".join(sentences(seed, count)) + "."


def row(
    unit_id: UUID, day: date, *, discussion: str, conclusion: str, form: str = "", **changes: Any
) -> dict[str, Any]:
    """A meeting held by a branch of one, as the bulk door takes it."""
    member = str(member_of(unit_id))
    written = {
        "started_at": f"{day}T19:30:00+07:00",
        "ended_at": f"{day}T21:00:00+07:00",
        "chair_id": member,
        "secretary_id": member,
        "sections": {
            "opening": "Nêu lý do.",
            "last_month_results": form,
            "next_month_direction": form,
            "discussion": discussion,
            "self_criticism": form,
            "conclusion": conclusion,
        },
    }
    return village.plan(day) | {
        "unit_id": str(unit_id),
        "meeting_id": str(uuid4()),
        "attendance": {},
        "minutes": written,
        "adopted_at": f"{day}T20:55:00+07:00",
        "reported_at": f"{day}T22:00:00+07:00",
        **changes,
    }


def member_of(unit_id: UUID) -> UUID:
    """The one member of a branch."""
    return UUID(int=unit_id.int ^ 0xFFFF)


def roster(unit_id: UUID) -> dict[str, Any]:
    """The roster of a branch of one."""
    return village.roster(unit_id, members=[village.entry(member_of(unit_id), post="secretary")])
