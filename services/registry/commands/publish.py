"""What a change is told as: units, rosters, villages and targets, into the outbox of the same transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from services.registry import events
from services.registry.commands.work import Work
from services.registry.domain.decisions import Decision
from services.registry.domain.lineage import Edge
from services.registry.domain.rules import Rules
from services.registry.domain.units import Unit
from services.registry.store import members as member_rows
from services.registry.store import progress as progress_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from services.registry.store import villages as village_rows
from shared.db import Connection
from shared.outbox import table as outbox


def units(conn: Connection, changed: Sequence[Unit], versions: Mapping[UUID, int]) -> None:
    """Publish each unit in its new version."""
    outbox.append(conn, [events.unit_event(unit, versions[unit.unit_id]) for unit in changed])


def new_branches(kept: Mapping[UUID, Unit], changed: Iterable[Unit]) -> set[UUID]:
    """The units that have become branches: their rosters are published, empty or not, so that readers know of them."""
    return {
        unit.unit_id
        for unit in changed
        if unit.holds_members and not (unit.unit_id in kept and kept[unit.unit_id].holds_members)
    }


def never_was(unit: Unit) -> Unit:
    """A unit that is forgotten, as it is told: of its first kind and place, for no day at all."""
    first = unit.spans[0]
    return msgspec.structs.replace(unit, spans=(msgspec.structs.replace(first, valid_to=first.valid_from),))


def decision(conn: Connection, decided: Decision, tree: Mapping[UUID, Unit], edges: Sequence[Edge]) -> None:
    """Publish a decision that has come in force or was withdrawn. `tree` holds every unit it names."""
    outbox.append(conn, [events.decision_event(decided, tree, edges)])


def rosters(work: Work, unit_ids: Collection[UUID]) -> None:
    """Publish the rosters of these branches, which have just changed, in a new version each."""
    if not unit_ids:
        return
    # First the locks, then the reading: a change that waits here sees what the one before it saved.
    versions = unit_rows.advance_rosters(work.conn, sorted(unit_ids))
    majority = rule_rows.load(work.conn).majority_ethnicities_on(work.today).value
    found = member_rows.rosters(work.conn, work.vault, sorted(unit_ids), work.today, majority)
    outbox.append(
        work.conn, [events.roster_event(unit_id, versions[unit_id], roster) for unit_id, roster in found.items()]
    )


def villages(conn: Connection, village_ids: Collection[UUID]) -> None:
    """Publish these villages, which have just changed, in a new version each."""
    if not village_ids:
        return
    versions = village_rows.advance(conn, sorted(village_ids))
    found = village_rows.load(conn, sorted(village_ids))
    outbox.append(conn, [events.village_event(village, versions[key]) for key, village in sorted(found.items())])


def targets(conn: Connection, rules: Rules, target_ids: Collection[UUID]) -> None:
    """Publish these targets, which have just changed or were reported on, in a new version each."""
    if not target_ids:
        return
    versions = progress_rows.advance(conn, target_ids)
    told = [
        events.target_event(one, rules.target_kind(one.kind, one.due_on), versions[one.target_id])
        for one in progress_rows.told(conn, target_ids)
    ]
    outbox.append(conn, told)


def targets_gone(conn: Connection, target_ids: Collection[UUID]) -> None:
    """Publish that these targets were taken back."""
    outbox.append(conn, [events.target_gone(target_id) for target_id in sorted(target_ids)])
