"""A meeting: what it was planned to be, and what is recorded of it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import Attendance, RollCall
from services.meetings.domain.facts import Facts
from services.meetings.domain.items import Item, Items, items_of, merged
from services.meetings.domain.minutes import Minutes, MinutesRecord
from services.meetings.domain.rules import MeetingKind
from services.meetings.domain.scores import Score, SelfScore
from services.meetings.domain.values import Instant, Line, in_years
from shared.clock import local_day
from shared.months import month_of

PARTS: Final = ("plan", "attendance", "minutes", "score")
"""The parts of a meeting that are saved whole; opinions, votes and the like are items, saved one by one."""
Status = Literal["planned", "adopted", "not_held"]


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When, where and of what kind a meeting is to be."""

    unit_id: UUID
    kind: MeetingKind
    starts_at: Instant
    place: Line
    theme: Line | None = None
    topic_id: UUID | None = None
    """The registered topic of a thematic meeting."""
    regular_id: UUID | None = None
    """The regular meeting that a committee meeting prepares."""
    tag: Line | None = None
    """The code of its theme, of the dated list; None: that of its topic."""

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


def touched(before: "Meeting | None", after: "Meeting", version: int) -> Mapping[str, int]:
    """In which version each part of `after`, about to be saved as `version`, was last changed."""
    known = dict(before.touched) if before is not None else {}
    for part in PARTS:
        if (getattr(before, part) if before is not None else None) != getattr(after, part):
            known[part] = version
    old, new = _items(before), _items(after)
    if old != new:
        changed = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
        known |= dict.fromkeys(changed, version)
    return known


def _items(meeting: "Meeting | None") -> dict[str, Item]:
    """Every item by its key: those saved by themselves before those that whole minutes name."""
    if meeting is None:
        return {}
    written = items_of(meeting.minutes.written) if meeting.minutes is not None else {}
    return written | items_of(meeting.items)


class Contents(msgspec.Struct, frozen=True):
    """What a branch hands in about a meeting that was held."""

    attendance: RollCall
    minutes: Minutes
    score: SelfScore | None


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting in its latest state. `version` 0: not saved yet; `revision` 0: not adopted yet.

    `edition` is one more with each adoption that was taken back; `touched` says in which version each part was last
    changed: a draft based on an older version of its part is stale.
    """

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
    edition: int = 1
    items: Items = Items()
    facts: Facts = Facts()
    touched: Mapping[str, int] = {}

    @property
    def is_recorded(self) -> bool:
        """Whether anything was recorded about the meeting itself."""
        return (
            self.attendance is not None or self.minutes is not None or self.score is not None or self.items != Items()
        )

    @property
    def month_taken(self) -> tuple[UUID, str] | None:
        """The branch and month whose one regular meeting this is; None when it is of another kind or was not held."""
        if self.plan.kind != "regular" or self.status == "not_held":
            return None
        return self.plan.unit_id, self.plan.period

    @property
    def contents(self) -> Contents | None:
        """What was handed in, items laid into the minutes; None until both attendance and minutes are."""
        if self.attendance is None or self.minutes is None:
            return None
        written = merged(self.minutes.written, self.items)
        return Contents(self.attendance.roll_call, written, self.score.given if self.score else None)
