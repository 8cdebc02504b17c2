"""From a record to the struct the fold needs; unknown members are ignored, impossible values are named. Pure.

Ids stay the texts they are: a `UUID` object a member costs more than the rest of the decoding, and nothing here
computes with one. The structs hold no references back, so the garbage collector need not look at them (`gc=False`).
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from shared.envelope import Attributes, Received, data_of
from shared.errors import Impossible
from shared.months import is_month, month_of

Kind = Literal["regular", "thematic", "committee", "extraordinary"]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Version = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Instant = Annotated[datetime, Meta(tz=True)]
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Group(msgspec.Struct, frozen=True, gc=False):
    by: str
    group: str
    owed: Count
    present: Count


class Attendance(msgspec.Struct, frozen=True, gc=False):
    owed: Count
    present: Count
    absent_with_reason: Count
    absent_without_reason: Count
    late: Count = 0
    groups: list[Group] | None = None


class Section(msgspec.Struct, frozen=True, gc=False):
    code: str
    state: str


class Minutes(msgspec.Struct, frozen=True, gc=False):
    complete: bool
    speakers: Count
    has_conclusion: bool
    self_criticisms: Count | None = None
    sections: list[Section] | None = None


class Points(msgspec.Struct, frozen=True, gc=False):
    points: Annotated[float, Meta(ge=0, le=100)]


class Score(Points, frozen=True, gc=False):
    """`max`, the same in thousands of events, stays the JSON it is; `maxima` reads it."""

    groups: dict[str, float] | None = None
    max: msgspec.Raw = msgspec.Raw(b"null")


class Scores(msgspec.Struct, frozen=True, gc=False):
    self: Score | None = None
    voted: Points | None = None
    official: Score | None = None


class Preparation(msgspec.Struct, frozen=True, gc=False):
    pre_meeting_held: bool = False
    notice_given: bool = False
    documents_day_before: bool = False


class LastResolution(msgspec.Struct, frozen=True, gc=False):
    tasks: Count
    done: Count


class Signals(msgspec.Struct, frozen=True, gc=False):
    codes: list[str]


class Copies(msgspec.Struct, frozen=True, gc=False):
    count: Count = 0


class Topic(msgspec.Struct, frozen=True, gc=False):
    tag: str | None = None


class Meeting(msgspec.Struct, frozen=True, gc=False):
    """A meeting in its latest state, as much of meetings.meeting.v1 as the figures need.

    What has a default may be missing, as it is from older events: it is then not known. `known_at`: when the record
    was made, by its envelope.
    """

    meeting_id: str
    version: Version
    unit_id: str
    kind: Kind
    period: str
    status: Literal["planned", "not_held", "adopted"]
    revision: int
    starts_at: Instant
    reported_at: Instant | None
    report_due_at: Instant | None
    attendance: Attendance | None
    minutes: Minutes | None
    tasks_assigned: Count
    scores: Scores
    preparation: Preparation | None = None
    superior_assigned: bool | None = None
    superior_attended: bool | None = None
    last_resolution: LastResolution | None = None
    signals: Signals | None = None
    copies: Copies | None = None
    topic: Topic | None = None
    duration_minutes: Count | None = None
    duration_kept: bool | None = None
    on_set_day: bool | None = None
    members_with_task: Count | None = None
    known_at: Instant = _NEVER


class Task(msgspec.Struct, frozen=True, gc=False):
    """A task in its latest state, as much of meetings.task.v1 as the figures need."""

    task_id: str
    version: Version
    unit_id: str
    due_on: date
    status: Literal["assigned", "done", "cancelled"]
    done_on: date | None
    known_at: Instant = _NEVER


_CANONICAL: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}").fullmatch
_is_month: Final = lru_cache(maxsize=8192)(is_month)
_is_canonical_unit: Final = lru_cache(maxsize=65_536)(_CANONICAL)
_meeting = msgspec.json.Decoder(Meeting)
_task = msgspec.json.Decoder(Task)


def meeting(record: Received, about: Attributes) -> Meeting:
    """The meeting a record carries. Raises Impossible."""
    decoded = data_of(record, about, "meetings.meeting.v1", _meeting)
    msgspec.structs.force_setattr(decoded, "known_at", about.time)
    # The one byte is looked for many times as fast as the six, and hardly any event holds it.
    if record.value is not None and b"\\" in record.value and b"\\u0000" in record.value:
        # PostgreSQL keeps no such character (manual, "Character Types"): the batch would fail forever.
        raise Impossible("impossible-value", "a text holds the character U+0000")
    if not (_CANONICAL(decoded.meeting_id) and _is_canonical_unit(decoded.unit_id)):
        decoded = msgspec.structs.replace(
            decoded, meeting_id=_canonical(decoded.meeting_id), unit_id=_canonical(decoded.unit_id)
        )
    if not _is_month(decoded.period):
        raise Impossible("impossible-value", "period is not a month")
    if not _has_figures(decoded.starts_at.year):
        raise Impossible("impossible-value", "starts_at lies in no month that has figures")
    maxima(decoded.scores.self)
    maxima(decoded.scores.official)
    if decoded.status == "adopted":
        if decoded.attendance is None or decoded.minutes is None:
            raise Impossible("impossible-value", "adopted without attendance or minutes")
        came = decoded.attendance
        if came.owed != came.present + came.absent_with_reason + came.absent_without_reason:
            raise Impossible("impossible-value", "present and absent do not add up to those who owed attendance")
    return decoded


def task(record: Received, about: Attributes) -> Task:
    """The task a record carries. Raises Impossible."""
    decoded = data_of(record, about, "meetings.task.v1", _task)
    msgspec.structs.force_setattr(decoded, "known_at", about.time)
    if not (_CANONICAL(decoded.task_id) and _is_canonical_unit(decoded.unit_id)):
        decoded = msgspec.structs.replace(
            decoded, task_id=_canonical(decoded.task_id), unit_id=_canonical(decoded.unit_id)
        )
    if not _is_month(month_of(decoded.due_on)):
        raise Impossible("impossible-value", "due_on lies in no month that has figures")
    if decoded.status == "done" and decoded.done_on is None:
        raise Impossible("impossible-value", "done without a day")
    return decoded


def maxima(score: Score | None) -> str | None:
    """The most points of each group as JSON. Raises Impossible."""
    return None if score is None else _maxima(bytes(score.max))


@lru_cache(maxsize=1024)
def _maxima(text: bytes) -> str | None:
    try:
        found = msgspec.json.decode(text, type=dict[str, float] | None)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:  # the second is none of msgspec's (`data_of`)
        raise Impossible("malformed", str(error)) from None
    return None if found is None else msgspec.json.encode(found).decode()


@lru_cache(maxsize=8192)
def _has_figures(year: int) -> bool:
    return is_month(f"{year:04d}-01")


def _canonical(text: str) -> str:
    """An id in the form PostgreSQL gives it. Raises Impossible."""
    try:
        return str(msgspec.convert(text, UUID))
    except msgspec.ValidationError as error:
        raise Impossible("malformed", str(error)) from None
