"""The books as a decision reads and writes them: units, and those members and villages that it may reach."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from services.registry.domain import spans
from services.registry.domain.members import Member, MemberSpan
from services.registry.domain.spans import Dated
from services.registry.domain.units import Unit
from services.registry.domain.villages import Village, VillageSpan

T = TypeVar("T")


class Places(msgspec.Struct, frozen=True):
    """Units, members and villages by id."""

    units: Mapping[UUID, Unit] = {}
    members: Mapping[UUID, Member] = {}
    villages: Mapping[UUID, Village] = {}


class Books:
    """`kept` with the changes made to it, from `day` on. What is kept itself stays as it is."""

    def __init__(self, kept: Places, day: date) -> None:
        self.kept = kept
        self.day = day
        self.units = dict(kept.units)
        self.members = dict(kept.members)
        self.villages = dict(kept.villages)
        self._unit_codes = {unit.code: unit.unit_id for unit in self.units.values()}
        self._member_codes = {member.code: member.member_id for member in self.members.values()}
        self._village_codes = {village.code: village.village_id for village in self.villages.values()}
        # Who may be in or below a unit: kept by adding only, and looked at again when asked for.
        self._below: dict[UUID, set[UUID]] = defaultdict(set)
        self._in: dict[UUID, set[UUID]] = defaultdict(set)
        self._of: dict[UUID, set[UUID]] = defaultdict(set)
        for unit in self.units.values():
            self._note(self._below, unit.unit_id, unit.spans, _above)
        for member in self.members.values():
            self._note(self._in, member.member_id, member.stays, _branch)
        for village in self.villages.values():
            self._note(self._of, village.village_id, village.spans, _places)

    def changes(self) -> Places:
        """What is not as it was kept."""
        return Places(
            _different(self.units, self.kept.units),
            _different(self.members, self.kept.members),
            _different(self.villages, self.kept.villages),
        )

    def unit(self, ref: str) -> Unit | None:
        """The unit with this id or code."""
        return _found(ref, self.units, self._unit_codes)

    def member(self, ref: str) -> Member | None:
        """The member with this id or code, if the books hold them."""
        return _found(ref, self.members, self._member_codes)

    def village(self, ref: str) -> Village | None:
        """The village with this id or code, if the books hold it."""
        return _found(ref, self.villages, self._village_codes)

    def children(self, unit_id: UUID) -> list[Unit]:
        """The units directly below one on the day or later, by code."""
        found = (self.units[child] for child in self._below[unit_id])
        return sorted((unit for unit in found if self._holds(unit.spans, unit_id, _above)), key=lambda unit: unit.code)

    def standing_in(self, unit_id: UUID) -> list[Member]:
        """The members in a branch's roster on the day or later, guests included, by id."""
        found = (self.members[member] for member in sorted(self._in[unit_id]))
        return [member for member in found if self._holds(member.stays, unit_id, _branch)]

    def villages_of(self, unit_id: UUID) -> list[Village]:
        """The villages that name a unit on the day or later, as their organisation or branch, by code."""
        found = (self.villages[village] for village in self._of[unit_id])
        return sorted(
            (village for village in found if self._holds(village.spans, unit_id, _places)),
            key=lambda village: village.code,
        )

    def way_up(self, unit_id: UUID | None, day: date) -> list[UUID]:
        """A unit and all that stand above it on `day`, from below; none for None."""
        found: list[UUID] = []
        while unit_id is not None and unit_id not in found:
            found.append(unit_id)
            unit = self.units.get(unit_id)
            held = None if unit is None else spans.at(unit.spans, day)
            unit_id = None if held is None else held.parent_id
        return found

    def put_unit(self, unit: Unit) -> None:
        """Write a unit, new or known."""
        self.units[unit.unit_id] = unit
        self._unit_codes[unit.code] = unit.unit_id
        self._note(self._below, unit.unit_id, unit.spans, _above)

    def put_member(self, member: Member) -> None:
        """Write where a known member stands."""
        self.members[member.member_id] = member
        self._note(self._in, member.member_id, member.stays, _branch)

    def put_village(self, village: Village) -> None:
        """Write a known village."""
        self.villages[village.village_id] = village
        self._note(self._of, village.village_id, village.spans, _places)

    def _note(
        self,
        index: dict[UUID, set[UUID]],
        subject_id: UUID,
        timeline: Iterable[Any],
        places: Callable[[Any], tuple[UUID | None, ...]],
    ) -> None:
        for span in timeline:
            if spans.lasts(span, self.day):
                for place in places(span):
                    if place is not None:
                        index[place].add(subject_id)

    def _holds(
        self, timeline: Iterable[Dated], unit_id: UUID, places: Callable[[Any], tuple[UUID | None, ...]]
    ) -> bool:
        return any(spans.lasts(span, self.day) and unit_id in places(span) for span in timeline)


def _above(span: Any) -> tuple[UUID | None, ...]:
    return (span.parent_id,)


def _branch(span: MemberSpan) -> tuple[UUID | None, ...]:
    return (span.unit_id,)


def _places(span: VillageSpan) -> tuple[UUID | None, ...]:
    return span.unit_id, span.branch_id


def _found(ref: str, subjects: Mapping[UUID, T], codes: Mapping[str, UUID]) -> T | None:
    try:
        found = subjects.get(UUID(ref))
    except ValueError:
        found = None
    if found is None and ref in codes:  # an id comes first: a code may read as the id of another
        found = subjects.get(codes[ref])
    return found


def _different(now: Mapping[UUID, T], kept: Mapping[UUID, T]) -> dict[UUID, T]:
    return {
        subject_id: subject
        for subject_id, subject in now.items()
        if subject is not (before := kept.get(subject_id)) and subject != before
    }
