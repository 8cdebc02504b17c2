"""What a decision would do: its outcome on the books as they are, and what can be counted before and after."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import spans, tree
from services.registry.domain.apply import Outcome, apply
from services.registry.domain.books import Books, Places
from services.registry.domain.decisions import Decision
from services.registry.domain.members import ENDINGS, Member
from services.registry.domain.operations import emptied, references
from services.registry.domain.units import BRANCH_KINDS, Unit
from services.registry.store import lineage as lineage_rows
from services.registry.store import places as place_rows
from services.registry.store import rules as rule_rows
from shared.db import Connection


class Plan(msgspec.Struct, frozen=True):
    """A decision's outcome on `kept`."""

    kept: Places
    outcome: Outcome


class Census(msgspec.Struct, frozen=True):
    """Units and branches in force by kind, and members by kind, in and below the units a decision changes, on its day.

    `members` counts each at home, guests not again.
    """

    units: dict[str, int]
    branches: int
    members: dict[str, int]
    members_in_all: int


def plan(conn: Connection, known: Mapping[UUID, Unit], decision: Decision) -> Plan:
    """What `decision` makes of the books as they are; `known` is every unit."""
    day = decision.heading.effective_on
    resolved = Books(Places(known), day)
    taken = [unit.unit_id for ref in emptied(decision.operations) if (unit := resolved.unit(ref)) is not None]
    named = [
        unit.unit_id
        for operation in decision.operations
        for _, ref in references(operation)
        if (unit := resolved.unit(ref)) is not None
    ]
    kept = place_rows.load(conn, known, taken, tree.ever_below(known, named), since=day)
    heirs = lineage_rows.successions(conn, day)
    return Plan(kept, apply(kept, decision.operations, day, rule_rows.load(conn), heirs))


def censuses(conn: Connection, planned: Plan, day: date) -> tuple[Census, Census]:
    """What there would be on `day` without the decision, and what there is with it."""
    outcome, known = planned.outcome, planned.kept.units
    changed = outcome.changes.units.keys()
    scope = tree.below(known, changed, day) | tree.below(outcome.tree, changed, day)
    before = Counter(place_rows.members_by_kind(conn, scope, day))
    after = Counter(before)
    for member in outcome.changes.members.values():
        after.subtract(_standing(planned.kept.members[member.member_id], scope, day))
        after.update(_standing(member, scope, day))
    return _census(known, scope, day, before), _census(outcome.tree, scope, day, after)


def _standing(member: Member, scope: Collection[UUID], day: date) -> list[str]:
    held = spans.at(member.spans, day)
    return [held.kind] if held is not None and held.status not in ENDINGS and held.unit_id in scope else []


def _census(known: Mapping[UUID, Unit], scope: Collection[UUID], day: date, members: Counter[str]) -> Census:
    units: Counter[str] = Counter()
    for unit_id in scope:
        held = spans.at(known[unit_id].spans, day) if unit_id in known else None
        if held is not None:
            units[held.kind] += 1
    return Census(
        dict(sorted(units.items())),
        sum(count for kind, count in units.items() if kind in BRANCH_KINDS),
        dict(sorted((+members).items())),
        members.total(),
    )
