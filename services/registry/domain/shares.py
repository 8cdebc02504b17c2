"""How what stands in and below a unit is shared out among the parts it is split into."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from services.registry.domain import remarks, spans
from services.registry.domain.books import Books
from services.registry.domain.members import Member
from services.registry.domain.operations import Part, Ref
from services.registry.domain.units import Unit
from services.registry.domain.villages import Village
from shared.errors import Text

T = TypeVar("T", Unit, Member, Village)

Heirs = dict[UUID, tuple[UUID, str]]
"""Who goes to which part, and the field that says so."""

_NAMED = 5
"""So many codes are written out in a sentence."""


class Share:
    """The parts of a split (`heirs` are their units, in their order), and what is wrong with how they share."""

    def __init__(self, parts: Sequence[Part], heirs: Sequence[UUID], rest: UUID | None) -> None:
        self._parts = list(zip(parts, heirs, strict=True))
        self._rest = rest
        self.conflicts: list[tuple[str, str, Text]] = []

    def children(self, books: Books, unit_id: UUID) -> Heirs:
        """The units directly below. A unit that is itself a part stays where it was made unless a part names it."""
        parts = {heir for _, heir in self._parts}
        listed = [(part.children, heir) for part, heir in self._parts]
        found = {child.unit_id: child for child in books.children(unit_id)}
        assigned = self._listed("children", listed, found, lambda ref: _id(books.unit(ref), "unit_id"))
        left = {child_id: child for child_id, child in found.items() if child_id not in parts}
        return self._others("children", assigned, {child_id: child.code for child_id, child in left.items()}, {})

    def members(self, books: Books, unit_id: UUID) -> Heirs:
        """The members of the roster, guests included."""
        listed = [(part.members, heir) for part, heir in self._parts]
        found = {member.member_id: member for member in books.standing_in(unit_id)}
        assigned = self._listed("members", listed, found, lambda ref: _id(books.member(ref), "member_id"))
        return self._others("members", assigned, {key: member.code for key, member in found.items()}, {})

    def villages(self, books: Books, unit_id: UUID, children: Mapping[UUID, tuple[UUID, str]]) -> Heirs:
        """The villages; one that no part names goes where its branch goes."""
        listed = [(part.villages, heir) for part, heir in self._parts]
        found = {village.village_id: village for village in books.villages_of(unit_id)}
        assigned = self._listed("villages", listed, found, lambda ref: _id(books.village(ref), "village_id"))
        followed: Heirs = {}
        for village in found.values():
            held = spans.at(village.spans, books.day)
            branch_id = held.branch_id if held is not None and held.unit_id == unit_id else None
            with_branch = [one for one in books.way_up(branch_id, books.day) if one in children]
            if with_branch:
                followed[village.village_id] = children[with_branch[0]]
        return self._others("villages", assigned, {key: village.code for key, village in found.items()}, followed)

    def _listed(
        self,
        kind: str,
        listed: Sequence[tuple[Sequence[Ref], UUID]],
        found: Mapping[UUID, object],
        resolved: Callable[[Ref], UUID | None],
    ) -> Heirs:
        assigned: Heirs = {}
        for number, (refs, heir) in enumerate(listed):
            for place, ref in enumerate(refs):
                field = f"parts[{number}].{kind}[{place}]"
                subject_id = resolved(ref)
                if subject_id is None or subject_id not in found:
                    self.conflicts.append((field, "not-of-this-unit", remarks.not_of_unit(ref)))
                elif subject_id in assigned:
                    self.conflicts.append((field, "named-twice", remarks.named_twice(ref)))
                else:
                    assigned[subject_id] = heir, field
        return assigned

    def _others(self, kind: str, assigned: Heirs, codes: Mapping[UUID, str], followed: Heirs) -> Heirs:
        """`assigned`, and what no part names: where `followed` says, or with the rest."""
        result = followed | assigned
        left = [subject_id for subject_id in codes if subject_id not in result]
        if self._rest is not None:
            result |= dict.fromkeys(left, (self._rest, "rest"))
        elif left:
            named = ", ".join(codes[subject_id] for subject_id in left[:_NAMED])
            self.conflicts.append(("parts", "not-assigned", remarks.not_assigned(kind, len(left), named)))
        return result


def _id(subject: object, attribute: str) -> UUID | None:
    found: UUID | None = getattr(subject, attribute, None)
    return found
