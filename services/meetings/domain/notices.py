"""Notices and documents: who is told, what may be distributed, and what is in time."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.roster import Entry
from services.meetings.domain.rules import Rules
from services.meetings.domain.values import Line
from shared.clock import local_day
from shared.errors import Fault, Text, Unprocessable

NoticeKind = Literal["call", "conclusion"]
DocumentKind = Literal["draft_resolution", "discussion_guide", "other"]
OPEN_CLASSES: Final = frozenset({"open", "internal"})
_CLASSES: Final[Mapping[str, str]] = {
    "open": "open",
    "thường": "open",
    "internal": "internal",
    "nội bộ": "internal",
    "restricted": "restricted",
    "hạn chế": "restricted",
    "hạn chế phổ biến": "restricted",
    "secret": "secret",
    "mật": "secret",
    "top_secret": "top_secret",
    "tối mật": "top_secret",
    "absolute_secret": "absolute_secret",
    "tuyệt mật": "absolute_secret",
}


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent to whom; `version` is one more each time it was sent again."""

    meeting_id: UUID
    kind: NoticeKind
    version: int
    content: str
    starts_at: datetime
    place: str
    member_ids: tuple[UUID, ...]
    superior_ids: tuple[UUID, ...]
    sent_at: datetime
    sent_by: str


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document for the meeting: what it is, and how it is classified (in code or in Vietnamese)."""

    kind: DocumentKind
    title: Line
    classification: Line
    attachment_id: UUID | None = None


def told(roster: Mapping[UUID, Entry]) -> tuple[UUID, ...]:
    """Whom a notice of the meeting goes to: every member but those temporarily elsewhere."""
    return tuple(sorted(member_id for member_id, entry in roster.items() if entry.status != "temporary_elsewhere"))


def must_be_open(document: Document, rules: Rules) -> Document:
    """The document under the code of its class. Raises Unprocessable unless the rule of the day lets it be handed out.

    Nothing secret or restricted is distributed, and what is not known to be open is not either.
    """
    known = _CLASSES.get(document.classification.strip().lower())
    allowed = rules.distributed_classes or OPEN_CLASSES
    if known is None:
        raise Unprocessable.of([Fault("classification", "unknown-classification", _UNKNOWN, HOUSE)])
    if known not in allowed:
        source = rules.sources.get("distributed_classes", HOUSE)
        raise Unprocessable.of([Fault("classification", "classified-not-distributed", _CLASSIFIED, source)])
    return msgspec.structs.replace(document, classification=known)


def in_time(meeting: Meeting, rules: Rules, sent_at: datetime) -> bool:
    """Whether a document sent now reaches members as many days before the meeting as the rule of its day asks."""
    return local_day(sent_at) <= meeting.plan.day - timedelta(days=rules.documents_days_before or 0)


def unread(told_ids: Iterable[UUID], opened: Mapping[UUID, datetime]) -> list[UUID]:
    """Who was told and has not opened it."""
    return [member_id for member_id in told_ids if member_id not in opened]


class Follower(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The superior member who follows a branch from `valid_from` to the day before `valid_to` (None: still)."""

    member_id: UUID
    valid_from: date
    valid_to: date | None = None


_CLASSIFIED: Final = Text(
    "Tài liệu mật, tối mật, tuyệt mật hoặc hạn chế phổ biến không được phát qua hệ thống; chưa lưu gì. Dùng cách giao "
    "tài liệu mật theo quy định.",
    "Secret and restricted documents are not distributed through this system; nothing was saved. Deliver them as the "
    "rules on secrets say.",
)
_UNKNOWN: Final = Text(
    "Độ mật phải là: thường (open), nội bộ (internal), hạn chế (restricted), mật (secret), tối mật (top_secret) hoặc "
    "tuyệt mật (absolute_secret).",
    "The classification is one of open, internal, restricted, secret, top_secret, absolute_secret.",
)
