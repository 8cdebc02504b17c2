"""From a record of the registry to the struct the figures need: rosters, villages, targets. Pure.

Of a roster the figures take how many members stand in a branch and since when, never who.
"""

from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from shared.envelope import Attributes, Received, data_of
from shared.errors import Impossible

Version = Annotated[int, Meta(ge=1, le=2**63 - 1)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Year = Annotated[int, Meta(ge=1, le=9998)]
_TARGET: Final = "registry.target.v1"


class Stay(msgspec.Struct, frozen=True, gc=False):
    """A member's days in a branch."""

    valid_from: date
    valid_to: date | None
    kind: Literal["official", "probationary"]
    status: str


class GroupSpan(msgspec.Struct, frozen=True, gc=False):
    """How many members of an ethnic group a branch has."""

    valid_from: date
    valid_to: date | None
    group: Literal["majority", "minority"]
    members: Count


class Disciplined(msgspec.Struct, frozen=True, gc=False):
    """How many members of a branch were disciplined on a day."""

    on: date
    members: Annotated[int, Meta(ge=1, le=10_000)]


class Roster(msgspec.Struct, frozen=True):
    """A branch's roster, as much of registry.roster.v1 as the figures need."""

    unit_id: UUID
    version: Version
    members: tuple[Stay, ...]
    ethnicity: tuple[GroupSpan, ...] = ()
    discipline: tuple[Disciplined, ...] = ()


class VillageSpan(msgspec.Struct, frozen=True):
    """What a village is from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    unit_id: UUID
    branch_id: UUID | None
    head: Literal["member", "not_member", "vacant"]


class Village(msgspec.Struct, frozen=True):
    """A village as registry.villages.v1 carries it."""

    village_id: UUID
    version: Version
    spans: tuple[VillageSpan, ...]


class Progress(msgspec.Struct, frozen=True):
    """What was reached of a target to the end of a day."""

    on: date
    value: float


class Target(msgspec.Struct, frozen=True):
    """A target as registry.targets.v1 carries it."""

    target_id: UUID
    version: Version
    unit_id: UUID
    year: Year
    kind: str
    measure: str
    direction: Literal["at_least", "at_most"]
    adds_up: bool
    value: float
    due_on: date
    part_of: UUID | None
    progress: tuple[Progress, ...]


class Withdrawn(msgspec.Struct, frozen=True):
    """A target that was taken back."""

    target_id: UUID


_roster = msgspec.json.Decoder(Roster)
_village = msgspec.json.Decoder(Village)
_target = msgspec.json.Decoder(Target)


def roster(record: Received, about: Attributes) -> Roster:
    """The roster a record carries. Raises Impossible."""
    return data_of(record, about, "registry.roster.v1", _roster)


def village(record: Received, about: Attributes) -> Village:
    """The village a record carries. Raises Impossible."""
    found = data_of(record, about, "registry.village.v1", _village)
    if len({span.valid_from for span in found.spans}) < len(found.spans):
        raise Impossible("impossible-value", "two spans begin on the same day")
    return found


def target(record: Received, about: Attributes) -> Target | Withdrawn:
    """The target a record carries, or that it was taken back. Raises Impossible."""
    if record.value is None and about.type == _TARGET:
        try:
            return Withdrawn(UUID((record.key or b"").decode()))
        except ValueError:
            raise Impossible("malformed", "the key of what was taken back is no id") from None
    found = data_of(record, about, _TARGET, _target)
    if any("\0" in text for text in (found.kind, found.measure)):
        raise Impossible("impossible-value", "a text holds the character U+0000")
    return found
