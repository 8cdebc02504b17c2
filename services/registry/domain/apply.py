"""Operations applied to the books in their order, each on what the earlier ones left."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import names, remarks, spans, units
from services.registry.domain.books import Books, Places
from services.registry.domain.judge import Blame, judged
from services.registry.domain.lineage import Edge, Succession, before_heirs
from services.registry.domain.members import GuestStay, Member, MemberSpan, settled
from services.registry.domain.operations import (
    AnyOperation,
    ChangeKind,
    Close,
    Create,
    Merge,
    Move,
    Ref,
    Rename,
    Split,
)
from services.registry.domain.rules import Rules
from services.registry.domain.shares import Share
from services.registry.domain.units import Unit, UnitChange, UnitSpan
from services.registry.domain.villages import Village, VillageSpan
from shared.errors import Conflict, Fault, Text


class Done(msgspec.Struct, frozen=True):
    """How many units operations made, renamed, moved, changed in kind, ended by a merge, split and closed."""

    created: int = 0
    renamed: int = 0
    moved: int = 0
    kind_changed: int = 0
    merged: int = 0
    split: int = 0
    closed: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What operations do: the subjects they change (as they are then), lineage, counts, and every conflict."""

    changes: Places
    tree: Mapping[UUID, Unit]
    edges: tuple[Edge, ...]
    done: Done
    conflicts: tuple[Fault, ...]


def apply(
    kept: Places,
    operations: Sequence[AnyOperation],
    day: date,
    rules: Rules,
    heirs: Collection[Succession] = (),
) -> Outcome:
    """What `operations` make of `kept` from `day` on.

    `kept` holds every unit, and of members and villages those in or of the units that `operations.emptied` names.
    `heirs` says which units take over from which after `day`. Conflicts name their place, as `operations[3].into`.
    """
    run = _Run(Books(kept, day), heirs)
    for number, operation in enumerate(operations):
        run.carry_out(number, operation)
    conflicts = (*run.conflicts, *judged(run.books, run.blame, rules))
    return Outcome(run.books.changes(), run.books.units, tuple(run.edges), Done(**run.done), conflicts)


class _Run:
    def __init__(self, books: Books, heirs: Collection[Succession]) -> None:
        self.books = books
        self.heirs = heirs
        self.day = books.day
        self.blame = Blame()
        self.edges: list[Edge] = []
        self.conflicts: list[Fault] = []
        self.done: Counter[str] = Counter()
        self._spoilt: set[str] = set()
        self._number = 0

    def carry_out(self, number: int, operation: AnyOperation) -> None:
        self._number = number
        match operation:
            case Create():
                self._create(operation)
            case Rename():
                self._change("renamed", operation.unit, UnitChange(name=names.tidy(operation.name)), "name")
            case Move():
                self._move(operation)
            case ChangeKind():
                change = UnitChange(kind=operation.kind, level=operation.level, branch_type=operation.branch_type)
                self._change("kind_changed", operation.unit, change, "kind")
            case Merge():
                self._merge(operation)
            case Split():
                self._split(operation)
            case Close():
                unit = self._in_force(operation.unit, "unit")
                if unit is not None and self._end(unit, "unit"):
                    self.done["closed"] += 1

    def _create(self, operation: Create) -> None:
        unit_id = operation.unit_id
        assert unit_id is not None, "a draft gives every new unit its id"
        parent = None if operation.parent is None else self._in_force(operation.parent, "parent")
        if unit_id in self.books.units or self.books.unit(operation.code) is not None:
            self._conflict("code", "unit-exists", remarks.unit_exists(operation.code))
            return
        if parent is None and operation.parent is not None:
            self._spoilt |= {operation.code, str(unit_id)}
            return
        span = UnitSpan(
            self.day,
            None,
            operation.kind,
            operation.level,
            None if parent is None else parent.unit_id,
            names.tidy(operation.name),
            operation.branch_type,
        )
        self._write(Unit(unit_id, operation.code, (span,)), "parent")
        self.done["created"] += 1

    def _change(self, what: str, ref: Ref, change: UnitChange, field: str) -> None:
        unit = self._in_force(ref, "unit")
        if unit is not None:
            self._write(units.changed(unit, self.day, change), field)
            self.done[what] += 1

    def _move(self, operation: Move) -> None:
        unit = self._in_force(operation.unit, "unit")
        parent = None if operation.parent is None else self._in_force(operation.parent, "parent")
        if unit is None or (parent is None and operation.parent is not None):
            return
        held = spans.at(unit.spans, self.day)
        left = held.parent_id if held else None
        parent_id = None if parent is None else parent.unit_id
        if parent_id != left:
            timeline = before_heirs(unit.spans, self.day, "parent_id", self.heirs)
            unit = msgspec.structs.replace(unit, spans=timeline)
        self._write(units.changed(unit, self.day, UnitChange(parent_id=parent_id)), "parent")
        self.done["moved"] += 1
        if parent_id is not None and left is not None:
            self._move_villages(unit.unit_id, left, parent_id)

    def _move_villages(self, unit_id: UUID, left: UUID, parent_id: UUID) -> None:
        """Those of `left` whose branch is the unit, or stands below it, go to `parent_id` with it."""

        def followed(span: VillageSpan) -> Mapping[str, UUID]:
            day = max(self.day, span.valid_from)
            follows = span.unit_id == left and unit_id in self.books.way_up(span.branch_id, day)
            return {"unit_id": parent_id} if follows else {}

        for village in self.books.villages_of(left):
            if any(followed(span) for span in village.spans if spans.lasts(span, self.day)):
                self._write_village(village, followed, "parent")

    def _merge(self, operation: Merge) -> None:
        into = self._in_force(operation.into, "into")
        merged = [self._in_force(ref, f"units[{number}]") for number, ref in enumerate(operation.units)]
        if into is None:
            return
        for number, unit in enumerate(merged):
            field = f"units[{number}]"
            if unit is None or unit.unit_id == into.unit_id:
                continue
            if unit.unit_id in {other.unit_id for other in merged[:number] if other is not None}:
                self._conflict(field, "named-twice", remarks.named_twice(unit.code))
                continue
            heir = {unit.unit_id: into.unit_id}
            for child in self.books.children(unit.unit_id):
                self._hand_on_child(child, heir, "into")
            for member in self.books.standing_in(unit.unit_id):
                self._hand_on_member(member, heir, "into")
            for village in self.books.villages_of(unit.unit_id):
                self._hand_on_village(village, heir, "into")
            if self._end(self.books.units[unit.unit_id], field):
                self.done["merged"] += 1
                self.edges.append(Edge(unit.unit_id, into.unit_id, "merged"))

    def _split(self, operation: Split) -> None:
        unit = self._in_force(operation.unit, "unit")
        parts = [self._in_force(part.unit, f"parts[{number}].unit") for number, part in enumerate(operation.parts)]
        if unit is None or any(part is None for part in parts):
            return
        known = [part for part in parts if part is not None]
        rest = None if operation.rest is None else self.books.unit(operation.rest)
        if operation.rest is not None and (rest is None or rest.unit_id not in {part.unit_id for part in known}):
            self._conflict("rest", "no-part", remarks.no_part(operation.rest))
            return
        if unit.spans[-1].valid_to is not None:
            # Whoever goes to a part would follow the whole again where that is merged or divided later.
            self._conflict("unit", "later-change", remarks.ends_later(unit.code, unit.spans[-1].valid_to))
            return
        share = Share(operation.parts, [part.unit_id for part in known], None if rest is None else rest.unit_id)
        children = share.children(self.books, unit.unit_id)
        members = share.members(self.books, unit.unit_id)
        villages = share.villages(self.books, unit.unit_id, children)
        for field, rule, message in share.conflicts:
            self._conflict(field, rule, message)
        for child_id, (heir, field) in children.items():
            self._hand_on_child(self.books.units[child_id], {unit.unit_id: heir}, field)
        for member_id, (heir, field) in members.items():
            self._hand_on_member(self.books.members[member_id], {unit.unit_id: heir}, field)
        for village_id, (heir, field) in villages.items():
            self._hand_on_village(self.books.villages[village_id], {unit.unit_id: heir}, field)
        ends = unit.unit_id not in {part.unit_id for part in known}
        if ends and not self._end(self.books.units[unit.unit_id], "unit"):
            return
        self.done["split"] += 1
        self.edges += [Edge(unit.unit_id, part.unit_id, "split") for part in known if part.unit_id != unit.unit_id]

    def _hand_on_child(self, child: Unit, heirs: Mapping[UUID, UUID], field: str) -> None:
        def above(span: UnitSpan) -> Mapping[str, UUID]:
            heir = None if span.parent_id is None else heirs.get(span.parent_id)
            return {} if heir is None else {"parent_id": heir}

        self._write(msgspec.structs.replace(child, spans=spans.rewrite(child.spans, self.day, above)), field)

    def _hand_on_member(self, member: Member, heirs: Mapping[UUID, UUID], field: str) -> None:
        """Their stays in the heirs. A post ends with its branch; a guest whose host becomes their branch is back."""

        def branch(span: MemberSpan) -> Mapping[str, UUID | None]:
            heir = heirs.get(span.unit_id, span.unit_id)
            return {} if heir == span.unit_id else {"unit_id": heir, "post": None}

        def host(guest: GuestStay) -> Mapping[str, UUID]:
            return {"unit_id": heirs.get(guest.unit_id, guest.unit_id)}

        hosts = spans.rewrite(member.guest_stays, self.day, host)

        def back(span: MemberSpan) -> Mapping[str, str]:
            at_home = any(stay.unit_id == span.unit_id and spans.overlap(stay, span) for stay in hosts)
            return {"status": "active"} if span.status == "temporary_elsewhere" and at_home else {}

        stays = spans.rewrite(spans.rewrite(member.spans, self.day, branch), self.day, back)
        self.books.put_member(settled(msgspec.structs.replace(member, spans=stays, guest_stays=hosts)))
        self.blame.put(member.member_id, self._place(field))

    def _hand_on_village(self, village: Village, heirs: Mapping[UUID, UUID], field: str) -> None:
        def places(span: VillageSpan) -> Mapping[str, UUID | None]:
            branch_id = None if span.branch_id is None else heirs.get(span.branch_id, span.branch_id)
            return {"unit_id": heirs.get(span.unit_id, span.unit_id), "branch_id": branch_id}

        self._write_village(village, places, field)

    def _write_village(
        self, village: Village, facts: Callable[[VillageSpan], Mapping[str, UUID | None]], field: str
    ) -> None:
        timeline = spans.rewrite(village.spans, self.day, facts)
        self.books.put_village(msgspec.structs.replace(village, spans=timeline))
        self.blame.put(village.village_id, self._place(field))

    def _end(self, unit: Unit, field: str) -> bool:
        """End a unit; False when later changes stand against it, which is then said.

        What this decision changed in it from the day on falls away: the unit is ended as it was kept.
        """
        try:
            self._write(units.closed(self.books.kept.units.get(unit.unit_id, unit), self.day), field)
        except Conflict as refusal:
            self._conflict(field, refusal.rule, refusal.message)
            return False
        return True

    def _write(self, unit: Unit, field: str) -> None:
        self.books.put_unit(unit)
        self.blame.put(unit.unit_id, self._place(field))

    def _in_force(self, ref: Ref, field: str) -> Unit | None:
        """The unit meant, if it is known and in force on the day; else that is said."""
        unit = self.books.unit(ref)
        if unit is None:
            if ref not in self._spoilt:
                self._conflict(field, "unknown-unit", remarks.unknown(ref))
            return None
        if spans.at(unit.spans, self.day) is None:
            refusal = units.not_in_force(unit, self.day)
            self._conflict(field, refusal.rule, refusal.message)
            return None
        return unit

    def _place(self, field: str) -> str:
        return f"operations[{self._number}].{field}"

    def _conflict(self, field: str, rule: str, message: Text) -> None:
        self.conflicts.append(Fault(self._place(field), rule, message))
