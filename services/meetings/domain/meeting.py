"""A meeting: what it was planned to be, and what is recorded of it."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import Attendance, RollCall
from services.meetings.domain.minutes import Minutes, MinutesRecord
from services.meetings.domain.rules import MeetingKind
from services.meetings.domain.scores import Score, SelfScore
from services.meetings.domain.values import Instant, Line, in_years
from shared.clock import local_day
from shared.months import month_of

Status = Literal["planned", "adopted", "not_held"]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When, where and of what kind a meeting is to be."""

    unit_id: UUID
    kind: MeetingKind
    starts_at: Instant
    place: Line
    theme: Line | None = None

    def __post_init__(self) -> None:
        in_years(self.starts_at)

    @property
    def day(self) -> date:
        """The local day of the meeting: its roster and its rules are those of this day."""
        return local_day(self.starts_at)

    @property
    def period(self) -> str:
        """The local month the meeting belongs to."""
        return month_of(self.starts_at)


class Contents(msgspec.Struct, frozen=True):
    """What a branch hands in about a meeting that was held."""

    attendance: RollCall
    minutes: Minutes
    score: SelfScore | None


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in its latest state. `version` 0: not saved yet; `revision` 0: not adopted yet."""

    meeting_id: UUID
    plan: Plan
    version: int = 0
    status: Status = "planned"
    revision: int = 0
    attendance: Attendance | None = None
    minutes: MinutesRecord | None = None
    score: Score | None = None
    adopted_at: datetime | None = None
    reported_at: datetime | None = None
    report_due_at: datetime | None = None
    not_held_reason: str | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether anything was recorded about the meeting itself."""
        return self.attendance is not None or self.minutes is not None or self.score is not None

    @property
    def month_taken(self) -> tuple[UUID, str] | None:
        """The branch and month whose one regular meeting this is; None when it is of another kind or was not held."""
        if self.plan.kind != "regular" or self.status == "not_held":
            return None
        return self.plan.unit_id, self.plan.period

    @property
    def contents(self) -> Contents | None:
        """What was handed in; None until both attendance and minutes are."""
        if self.attendance is None or self.minutes is None:
            return None
        return Contents(self.attendance.roll_call, self.minutes.written, self.score.given if self.score else None)
