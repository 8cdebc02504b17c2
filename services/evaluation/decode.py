"""From a record to the struct the fold needs; unknown members are ignored, impossible values are named. Pure."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from shared.envelope import Attributes, Received
from shared.errors import Impossible
from shared.months import is_month

Kind = Literal["regular", "thematic", "committee", "extraordinary"]


class Attendance(msgspec.Struct, frozen=True):
    owed: int
    present: int
    absent_with_reason: int
    absent_without_reason: int


class Minutes(msgspec.Struct, frozen=True):
    complete: bool
    speakers: int
    has_conclusion: bool


class Score(msgspec.Struct, frozen=True):
    points: float


class Scores(msgspec.Struct, frozen=True):
    self: Score | None = None


class Meeting(msgspec.Struct, frozen=True):
    """A meeting in its latest state, as much of meetings.meeting.v1 as the figures need."""

    meeting_id: UUID
    version: int
    unit_id: UUID
    kind: Kind
    period: str
    status: Literal["planned", "not_held", "adopted"]
    revision: int
    starts_at: datetime
    reported_at: datetime | None
    report_due_at: datetime | None
    attendance: Attendance | None
    minutes: Minutes | None
    tasks_assigned: int
    scores: Scores


class Task(msgspec.Struct, frozen=True):
    """A task in its latest state, as much of meetings.task.v1 as the figures need."""

    task_id: UUID
    version: int
    unit_id: UUID
    due_on: date
    status: Literal["assigned", "done", "cancelled"]
    done_on: date | None


_meeting = msgspec.json.Decoder(Meeting)
_task = msgspec.json.Decoder(Task)


def meeting(record: Received, about: Attributes) -> Meeting:
    """The meeting a record carries. Raises Impossible."""
    decoded: Meeting = _decode(record, about, "meetings.meeting.v1", _meeting)
    if not is_month(decoded.period):
        raise Impossible("impossible-value", "period is not a month")
    if decoded.status == "adopted":
        if decoded.attendance is None or decoded.minutes is None or decoded.reported_at is None:
            raise Impossible("impossible-value", "adopted without attendance, minutes or time of report")
        came = decoded.attendance
        if came.owed != came.present + came.absent_with_reason + came.absent_without_reason or came.present < 0:
            raise Impossible("impossible-value", "present and absent do not add up to those who owed attendance")
    return decoded


def task(record: Received, about: Attributes) -> Task:
    """The task a record carries. Raises Impossible."""
    decoded: Task = _decode(record, about, "meetings.task.v1", _task)
    if decoded.status == "done" and decoded.done_on is None:
        raise Impossible("impossible-value", "done without a day")
    return decoded


def _decode(record: Received, about: Attributes, type_: str, decoder: msgspec.json.Decoder[Any]) -> Any:
    if about.type != type_:
        raise Impossible("unknown-type", f"{record.topic} carries no {about.type}")
    if record.value is None:
        raise Impossible("unexpected-tombstone", f"{type_} is never removed")
    try:
        return decoder.decode(record.value)
    except msgspec.DecodeError as error:
        raise Impossible("malformed", str(error)) from None
