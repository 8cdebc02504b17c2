"""What lies around a meeting and is told with it: who followed the branch, the day set, other meetings of its day."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.plans import Step
from services.meetings.domain.rules import DurationRule, MeetingKind
from shared.clock import local_day


class Held(msgspec.Struct, frozen=True):
    """When another meeting of the branch was held."""

    meeting_id: UUID
    started_at: datetime
    ended_at: datetime
    kind: MeetingKind = "regular"


class Around(msgspec.Struct, frozen=True):
    """Of one meeting: whether somebody followed the branch that day, the code of its theme, and what is held near it.

    `steps` are the sendings and decisions of the plan of its year.
    """

    followed: bool
    tag: str | None
    steps: tuple[Step, ...]
    others: Sequence[Held]


def planned_day(meeting: Meeting, steps: Sequence[Step]) -> date | None:
    """The day that the plan of the year had set for a regular meeting; None when it set none.

    The plan as it was last sent or approved before the meeting: one written afterwards sets nothing.
    """
    if meeting.plan.kind != "regular":
        return None
    told = [step for step in steps if step.status in ("sent", "approved") and step.at < meeting.plan.starts_at]
    if not told:
        return None
    period = meeting.plan.period
    day = next((one.day for one in told[-1].plan.regular if one.month == period), None)
    return None if day is None else date(int(period[:4]), int(period[5:]), day)


def on_set_day(meeting: Meeting, steps: Sequence[Step]) -> bool | None:
    """Whether the meeting was held on the day set for it; None when nothing had set one.

    The plan of the year goes before the notice. One that was put off to another day was not.
    """
    day = meeting.plan.day
    if any(local_day(one.was) != day for one in meeting.facts.postponed):
        return False
    planned = planned_day(meeting, steps)
    if planned is not None:
        return planned == day
    return None if meeting.facts.notified is None else True


def minutes_long(meeting: Meeting) -> int | None:
    """How many whole minutes the meeting lasted, by its minutes."""
    record = meeting.minutes
    if record is None or record.written.ended_at <= record.written.started_at:
        return None
    return _minutes(record.written.started_at, record.written.ended_at)


def duration_kept(meeting: Meeting, rule: DurationRule | None, others: Sequence[Held]) -> bool | None:
    """Whether the meeting lasted as long as the rule of its day asks; None: it is not judged.

    A regular meeting with a thematic one on the same day lasted as long as both, and is judged for both.
    """
    lasted, plan = minutes_long(meeting), meeting.plan
    if rule is None or lasted is None or plan.kind not in rule.kinds:
        return None
    same_day = [other for other in others if local_day(other.started_at) == plan.day]
    if plan.kind == "thematic" and any(other.kind == "regular" for other in same_day):
        return None
    themes = [other for other in same_day if other.kind == "thematic"] if plan.kind == "regular" else []
    is_large = meeting.attendance is not None and meeting.attendance.owed >= rule.large_from
    least = rule.longer_minutes if themes or is_large else rule.least_minutes
    return lasted + sum(_minutes(theme.started_at, theme.ended_at) for theme in themes) >= least


def _minutes(started_at: datetime, ended_at: datetime) -> int:
    return int((ended_at - started_at).total_seconds() // 60)
