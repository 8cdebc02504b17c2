"""The rows of an import: what a province's own forms or history tell of meetings and tasks."""

from datetime import date
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import RollCall
from services.meetings.domain.meeting import Contents, Plan
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.rules import MeetingKind
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.values import Instant, Line, in_years


class HeldRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting that was held, with its adopted minutes."""

    meeting_id: UUID
    unit_id: UUID
    kind: MeetingKind
    starts_at: Instant
    place: Line
    attendance: RollCall
    minutes: Minutes
    adopted_at: Instant
    reported_at: Instant
    theme: Line | None = None
    score: SelfScore | None = None
    correction_reason: Line | None = None

    def __post_init__(self) -> None:
        in_years(self.starts_at, self.adopted_at, self.reported_at)

    @property
    def plan(self) -> Plan:
        """When, where and of what kind it was."""
        return Plan(self.unit_id, self.kind, self.starts_at, self.place, self.theme)

    @property
    def contents(self) -> Contents:
        """What is told about it."""
        return Contents(self.attendance, self.minutes, self.score)


class NotHeldRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A meeting that was due and was not held."""

    meeting_id: UUID
    unit_id: UUID
    kind: MeetingKind
    starts_at: Instant
    place: Line
    reason: Line

    def __post_init__(self) -> None:
        in_years(self.starts_at)

    @property
    def plan(self) -> Plan:
        """When, where and of what kind it was to be."""
        return Plan(self.unit_id, self.kind, self.starts_at, self.place)


class CompletionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task that was done; its meeting may come in the same import."""

    task_id: UUID
    done_on: date


class Rows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One import."""

    meetings: tuple[HeldRow, ...] = ()
    not_held: tuple[NotHeldRow, ...] = ()
    completions: tuple[CompletionRow, ...] = ()

    def __len__(self) -> int:
        return len(self.meetings) + len(self.not_held) + len(self.completions)
