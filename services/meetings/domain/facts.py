"""What is known of a meeting beside its plan and its minutes: each step with when and by whom it was taken.

These are facts, not gates: minutes may be adopted of a meeting nobody was told of, unless a dated rule asks for the
step (`required_steps`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.meetings.domain.groups import Group


class Mark(msgspec.Struct, frozen=True):
    """That something was done: when, and by the bearer of which token."""

    at: datetime
    by: str


class Postponement(msgspec.Struct, frozen=True):
    """A meeting put off: from when, to when (None: not known yet), and why."""

    was: datetime
    until: datetime | None
    reason: str
    at: datetime
    by: str


class Documents(msgspec.Struct, frozen=True):
    """How many documents were distributed, and whether each was in time by the rule of its day."""

    count: int
    last_at: datetime
    in_time: bool


class Given(msgspec.Struct, frozen=True):
    """Points somebody gave the meeting, by the frame of its day, and the grade they come to."""

    points: Mapping[str, float]
    frame: str
    grade: str | None
    at: datetime
    by: str
    remarks: str = ""

    @property
    def total(self) -> float:
        """The sum of the groups, to a hundredth of a point."""
        return round(sum(self.points.values()), 2)


class Visit(msgspec.Struct, frozen=True):
    """Whether the superior who follows the branch came, and what they remarked."""

    present: bool
    remarks: str
    at: datetime
    by: str


class Results(msgspec.Struct, frozen=True):
    """What became of the tasks of the last regular meeting's resolution, as counted when the next was adopted."""

    meeting_id: UUID
    tasks: int
    done: int
    done_late: int
    carried_over: int


class Undone(msgspec.Struct, frozen=True):
    """A step that was taken back within minutes: which, who took it when, and who took it back when."""

    what: Literal["adoption", "not_held"]
    done: Mark
    at: datetime
    by: str


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every fact of a meeting. Scores are never overwritten: the last of each list stands, the others are kept.

    `earlier_visits` are those that `visit` replaced, in their order.
    `groups` is the attendance of adopted minutes by groups of members.
    """

    notified: Mark | None = None
    documents: Documents | None = None
    opened: Mark | None = None
    postponed: tuple[Postponement, ...] = ()
    prepared_by: UUID | None = None
    closed: Mark | None = None
    read_by: UUID | None = None
    reported: Mark | None = None
    concluded: Mark | None = None
    cancelled: Mark | None = None
    self_scored: Mark | None = None
    voted: tuple[Given, ...] = ()
    official: tuple[Given, ...] = ()
    visit: Visit | None = None
    results: Results | None = None
    undone: tuple[Undone, ...] = ()
    groups: tuple[Group, ...] = ()
    earlier_visits: tuple[Visit, ...] = ()
