"""No sequence of changes, decisions and withdrawals breaks the tree, on any day."""

import os
from datetime import date
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis import HealthCheck, event, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.registry.domain import members, units
from services.registry.domain.books import Places
from services.registry.domain.members import Member, MemberChange
from services.registry.domain.operations import (
    AnyOperation,
    ChangeKind,
    Close,
    Create,
    Merge,
    Move,
    Part,
    Rename,
    Split,
    name_of,
)
from services.registry.domain.spans import at
from services.registry.domain.units import Unit, UnitChange
from shared.errors import Conflict
from tests.property.registry_books import (
    BRANCHES,
    DAYS,
    LEVELS,
    PARENTS,
    Decided,
    census,
    check,
    decide,
    province,
    single,
    unit,
    withdraw,
)

THOROUGH = os.environ.get("NENEP_HYPOTHESIS") == "thorough"
"""1,000 runs of 40 steps; else 100 of 20."""

kinds = st.sampled_from(sorted(LEVELS))
days = st.sampled_from(DAYS[1:-1])


class Registry(RuleBasedStateMachine):
    """Books that are changed in any order, on any day."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: Places = province()
        self.decisions: list[Decided] = []
        self.made = 20
        check(self.kept)

    @invariant()
    def the_tree_is_whole_on_every_day(self) -> None:
        check(self.kept)

    @rule(data=st.data(), day=days)
    def change_a_unit(self, data: st.DataObject, day: date) -> None:
        before = self._any_unit(data)
        change = data.draw(
            st.one_of(
                st.sampled_from("ABC").map(lambda name: UnitChange(name=name)),
                st.sampled_from(sorted(self.kept.units)).map(lambda parent: UnitChange(parent_id=parent)),
                kinds.map(_kind_change),
            ),
            "change",
        )
        try:
            self._single(units.changed(before, day, change), day, "unit changed")
        except Conflict as refusal:
            event(refusal.rule)

    @rule(data=st.data(), day=days)
    def close_a_unit(self, data: st.DataObject, day: date) -> None:
        try:
            self._single(units.closed(self._any_unit(data), day), day, "unit closed")
        except Conflict as refusal:
            event(refusal.rule)

    @rule(data=st.data(), day=days, kind=kinds)
    def make_a_unit(self, data: st.DataObject, day: date, kind: str) -> None:
        parent = self._any_unit(data)
        self.made += 1
        made = unit(self.made, kind, parent.unit_id.int)
        first = msgspec.structs.replace(made.spans[0], valid_from=day)
        self._single(msgspec.structs.replace(made, spans=(first,)), day, "unit made")

    @rule(data=st.data(), day=days)
    def change_a_member(self, data: st.DataObject, day: date) -> None:
        before = self.kept.members[data.draw(st.sampled_from(sorted(self.kept.members)), "member")]
        change = data.draw(
            st.one_of(
                st.sampled_from(sorted(self.kept.units)).map(lambda place: MemberChange(unit_id=place)),
                st.sampled_from(["left", "exempt", "active"]).map(_status_change),
                st.sampled_from(["secretary", None]).map(_post_change),
            ),
            "change",
        )
        try:
            self._single(members.changed(before, day, change), day, "member changed")
        except Conflict as refusal:
            event(refusal.rule)

    @rule(data=st.data(), day=days, count=st.integers(1, 4))
    def put_a_decision_in_force(self, data: st.DataObject, day: date, count: int) -> None:
        operations: list[AnyOperation] = []
        for _ in range(count):
            operations += data.draw(self._operations(day), "operations")
        before = self.kept
        _outcome, decided = decide(before, operations, day)
        event("decision in force" if decided else "decision refused")
        assert self.kept == before
        if decided is None:
            return
        for operation in operations:
            event(f"in force: {name_of(operation)}")
        self.kept = decided.left
        self.decisions.append(decided)
        for other in DAYS:
            assert census(self.kept, other)[1] == census(before, other)[1], "members are lost or won"
            if other < day:
                assert census(self.kept, other) == census(before, other), "the past has changed"
        assert withdraw(self.kept, decided) == before, "a decision just put in force can be taken back whole"

    @rule(data=st.data(), day=days)
    def merge_or_split_committees_only(self, data: st.DataObject, day: date) -> None:
        """Branches and members add up before and after."""
        standing = self._standing(day)
        communes = sorted(unit_id for unit_id, span in standing.items() if span.kind == "grassroots_committee")
        if not communes:
            return
        chosen = data.draw(st.lists(st.sampled_from(communes), min_size=1, max_size=3, unique=True), "communes")
        parent = standing[chosen[0]].parent_id
        new = self._new("grassroots_committee", str(parent))
        orders: list[AnyOperation] = [new]
        if data.draw(st.booleans(), "merge"):
            orders.append(Merge(units=tuple(str(one) for one in chosen), into=new.code))
        else:
            children = sorted(str(one) for one, span in standing.items() if span.parent_id == chosen[0])
            taken = tuple(one for one in children if data.draw(st.booleans(), one))
            parts = (Part(unit=str(chosen[0])), Part(unit=new.code, children=taken))
            orders.append(Split(unit=str(chosen[0]), parts=parts, rest=str(chosen[0])))
        before = self.kept
        _, decided = decide(before, orders, day)
        if decided is not None:
            event(f"{name_of(orders[-1])} of committees in force")
            self.kept = decided.left
            self.decisions.append(decided)
            assert [census(self.kept, other) for other in DAYS] == [census(before, other) for other in DAYS]

    @rule(data=st.data())
    def withdraw_a_decision(self, data: st.DataObject) -> None:
        if not self.decisions:
            return
        number = data.draw(st.integers(0, len(self.decisions) - 1), "decision")
        decided = self.decisions[number]
        restored = withdraw(self.kept, decided)
        event("withdrawn" if restored else "not withdrawn: built upon")
        if restored is None:
            return
        if self.kept == decided.left:
            assert restored == decided.found, "a withdrawal restores exactly"
        for unit_id in decided.images.made:
            assert unit_id not in restored.units
        for unit_id, one in decided.images.before.units.items():
            assert restored.units[unit_id] == one
        self.kept = restored
        del self.decisions[number]

    def _single(self, one: Unit | Member, day: date, what: str) -> None:
        after = single(self.kept, one, day)
        event(f"{what}: {'kept' if after else 'refused'}")
        if after is not None:
            self.kept = after

    def _standing(self, day: date) -> dict[UUID, Any]:
        found = {unit_id: at(one.spans, day) for unit_id, one in self.kept.units.items()}
        return {unit_id: span for unit_id, span in found.items() if span is not None}

    def _any_unit(self, data: st.DataObject) -> Unit:
        return self.kept.units[data.draw(st.sampled_from(sorted(self.kept.units)), "unit")]

    def _new(self, kind: str, parent: str) -> Create:
        self.made += 1
        facts = {
            "code": f"U{self.made}",
            "kind": kind,
            "level": LEVELS[kind],
            "parent": parent,
            "name": f"U{self.made}",
            "branch_type": "commune" if kind in BRANCHES else None,
            "unit_id": UUID(int=self.made),
        }
        return Create(**facts)  # type: ignore[arg-type]  # of these types by their names

    @st.composite
    @staticmethod
    def _drawn(draw: st.DrawFn, self: "Registry", day: date) -> list[AnyOperation]:
        standing = self._standing(day)
        # Now and then a unit that is not in force on the day, or that nobody knows.
        others = [*sorted(self.kept.units), UUID(int=99)] if draw(st.integers(0, 9)) == 0 else sorted(standing)
        if not others:
            others = sorted(self.kept.units)
        a, b, c = (str(draw(st.sampled_from(others))) for _ in range(3))
        alike = [str(one) for one in standing if str(one) != a and standing[one].kind == _kind_of(standing, a)]
        if alike:
            b = draw(st.sampled_from(sorted(alike)))
        fitting = [str(one) for one in standing if standing[one].kind in PARENTS.get(_kind_of(standing, a) or "", ())]
        kind = draw(kinds)
        new = self._new(_kind_of(standing, a) or kind, _parent_of(standing, a) or c)
        mine = sorted(str(one.member_id) for one in self.kept.members.values() if _stands(one, a, day))
        taken = tuple(draw(st.lists(st.sampled_from(mine), unique=True))) if mine else ()
        rest = draw(st.sampled_from([new.code, a]))
        orders: dict[str, list[AnyOperation]] = {
            "create": [self._new(kind, c)],
            "rename": [Rename(unit=a, name="Tên mới")],
            "move": [Move(unit=a, parent=draw(st.sampled_from(sorted(fitting) or [c])))],
            "change_kind": [_kind_order(a, kind)],
            "merge": [Merge(units=(a,), into=b)],
            "merge into a new one": [new, Merge(units=tuple(dict.fromkeys((a, b))), into=new.code)],
            "split": [new, Split(unit=a, parts=(Part(unit=a), Part(unit=new.code, members=taken)), rest=rest)],
            "split and end": [new, Split(unit=a, parts=(Part(unit=new.code),), rest=new.code)],
            "close": [Close(unit=a)],
        }
        return orders[draw(st.sampled_from(sorted(orders)))]

    def _operations(self, day: date) -> st.SearchStrategy[list[AnyOperation]]:
        return Registry._drawn(self, day)


def _kind_change(kind: str) -> UnitChange:
    facts = {"kind": kind, "level": LEVELS[kind], "branch_type": "commune" if kind in BRANCHES else None}
    return UnitChange(**facts)  # type: ignore[arg-type]  # of these types by their names


def _kind_order(ref: str, kind: str) -> ChangeKind:
    facts = {"kind": kind, "level": LEVELS[kind], "branch_type": "commune" if kind in BRANCHES else None}
    return ChangeKind(unit=ref, **facts)  # type: ignore[arg-type]  # of these types by their names


def _status_change(status: Any) -> MemberChange:
    return MemberChange(status=status)


def _post_change(post: Any) -> MemberChange:
    return MemberChange(post=post)


def _kind_of(standing: dict[UUID, Any], ref: str) -> str | None:
    span = standing.get(UUID(ref))
    return None if span is None else str(span.kind)


def _parent_of(standing: dict[UUID, Any], ref: str) -> str | None:
    span = standing.get(UUID(ref))
    return None if span is None or span.parent_id is None else str(span.parent_id)


def _stands(one: Member, ref: str, day: date) -> bool:
    held = at(one.spans, day)
    return held is not None and str(held.unit_id) == ref


TestRegistryTree = Registry.TestCase
TestRegistryTree.settings = settings(
    max_examples=1000 if THOROUGH else 100,
    stateful_step_count=40 if THOROUGH else 20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
