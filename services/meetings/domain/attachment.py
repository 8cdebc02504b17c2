"""A file attached to a meeting, or to a task as evidence: what is kept of it, and when it may be taken away."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import Rules
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable

LONGEST_NAME: Final = 150
_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069"<>:|?*\\/]')


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a meeting or a task (one of the two), kept under its own id; `type` is what its content is."""

    attachment_id: UUID
    meeting_id: UUID | None
    task_id: UUID | None
    unit_id: UUID
    filename: str
    type: str
    size: int
    sha256: str
    classification: str
    attached_by: str
    attached_at: datetime
    deleted_by: str | None = None
    deleted_at: datetime | None = None


def must_be_open(classification: str, rules: Rules) -> None:
    """Raises Unprocessable, with its source, for a file of a class that may not be distributed."""
    classes = rules.distributed_classes
    if classes is None or classification not in classes:
        source = rules.sources.get("distributed_classes", HOUSE)
        raise Unprocessable.of([Fault("classification", "classified-not-distributed", _CLASSIFIED, source)])


def safe_name(filename: str) -> str:
    """The name a file is given back under: no path, nothing a file system or a header takes amiss."""
    name = _UNSAFE.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: LONGEST_NAME - len(ending) - 1]}{dot}{ending}" if dot else name[:LONGEST_NAME]


def must_be_deletable(settled: bool) -> None:
    """Raises Conflict once the minutes are adopted, the file handed out, or the task done: what was there stays."""
    if settled:
        raise Conflict("attachment-settled", _SETTLED, source=HOUSE)


def unknown() -> NotFound:
    """There is no file of this id, or it was taken away."""
    return NotFound("unknown-attachment", _UNKNOWN)


def damaged() -> Conflict:
    """The bytes in the storage are not those that were sent."""
    return Conflict("attachment-damaged", _DAMAGED, source=HOUSE)


_CLASSIFIED: Final = Text(
    "Tài liệu mật hoặc hạn chế phổ biến không được gửi qua hệ thống này; chưa có gì được lưu. Xử lý tài liệu theo chế "
    "độ mật tại văn phòng cấp uỷ.",
    "Secret or restricted documents must not be sent through this system; nothing was saved. Handle the document as "
    "secret at the committee's office.",
)
_SETTLED: Final = Text(
    "Biên bản đã được thông qua, tệp đã được phát làm tài liệu, hoặc nhiệm vụ đã xong, nên tệp được giữ nguyên. Nếu "
    "gửi nhầm, hãy phát tài liệu khác thay thế, hoặc đính chính biên bản và gửi thêm tệp đúng.",
    "The minutes are adopted, the file is handed out as a document, or the task is done, so the file stays. If it was "
    "sent by mistake, hand out another in its place, or correct the minutes and attach the right one.",
)
_UNKNOWN: Final = Text(
    "Không có tệp nào mang mã này, hoặc tệp đã được gỡ. Tải lại danh sách tệp.",
    "There is no file of this id, or it was taken away. Load the list of files again.",
)
_DAMAGED: Final = Text(
    "Tệp trong kho lưu không còn đúng như lúc gửi (mã SHA-256 khác hoặc không còn tệp), nên không trả ra. Báo người "
    "quản trị, và gửi lại tệp nếu còn.",
    "The stored file is no longer what was sent (its SHA-256 differs, or it is gone), so it is not given out. Tell "
    "the administrator, and send the file again if you have it.",
)
