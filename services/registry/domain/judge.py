"""Whether the changed books are whole: the tree, no member without a branch, no village without its organisation."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from services.registry.domain import remarks, tree, villages
from services.registry.domain.books import Books
from services.registry.domain.members import homeless
from services.registry.domain.rules import Rules
from services.registry.domain.spans import lasts
from shared.errors import Fault

_FIELDS: Final = {"kind": "kind", "level": "level", "branch_type": "branch_type", "name": "name"}
_OF_PLACE: Final = frozenset({"unit_id", "branch_id", "branch_elsewhere", "valid_from", "valid_to"})
"""What operations can break in a village; its head is not their matter."""


class Blame:
    """Which operation wrote a subject last: where a rule that is broken is told."""

    def __init__(self, otherwise: str = "operations") -> None:
        self._places: dict[UUID, str] = {}
        self._otherwise = otherwise

    def put(self, subject_id: UUID, place: str) -> None:
        """Note that `place` wrote the subject."""
        self._places[subject_id] = place

    def of(self, *subject_ids: UUID | None) -> str:
        """The place of the first of these subjects that has one."""
        found = (self._places[one] for one in subject_ids if one in self._places)
        return next(found, self._otherwise)


def judged(books: Books, blame: Blame, rules: Rules) -> Iterator[Fault]:
    """Every rule that what has changed in `books` breaks, alone or with its neighbours."""
    changes = books.changes()
    for breach in tree.breaches(books.units, list(changes.units), rules):
        place = blame.of(breach.unit_id)
        head, _, field = place.rpartition(".")
        if breach.field in _FIELDS and field in ("kind", "name", "parent") and breach.rule.partition("-")[0] != "child":
            place = f"{head}.{breach.field}"
        yield Fault(place, breach.rule, breach.message, breach.source)
    left: dict[tuple[str, UUID], set[UUID]] = defaultdict(set)
    for member in books.members.values():
        moved = member.member_id in changes.members
        for stay in member.stays:
            if (moved or stay.unit_id in changes.units) and lasts(stay, books.day):
                unit = books.units.get(stay.unit_id)
                if unit is None or homeless(stay, unit.spans):
                    left[blame.of(member.member_id if moved else stay.unit_id, stay.unit_id), stay.unit_id].add(
                        member.member_id
                    )
    for (place, unit_id), members in left.items():
        code = books.units[unit_id].code if unit_id in books.units else str(unit_id)
        yield Fault(place, "members-left", remarks.members_left(code, len(members)))
    for village in books.villages.values():
        for index, fault in villages.faults(village, books.units, {}):
            span = village.spans[index]
            if fault.field in _OF_PLACE and lasts(span, books.day):
                place = blame.of(span.branch_id, span.unit_id, village.village_id)
                yield Fault(place, f"village-{fault.rule}", remarks.village_misplaced(village.code, fault.message))
