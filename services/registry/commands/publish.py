"""What a change is told as: its units and rosters, into the outbox of the same transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import msgspec

from services.registry import events
from services.registry.commands.work import Work
from services.registry.domain.decisions import Decision
from services.registry.domain.lineage import Edge
from services.registry.domain.units import Unit
from services.registry.store import members as member_rows
from services.registry.store import units as unit_rows
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
    entries = member_rows.rosters(work.conn, work.vault, sorted(unit_ids), work.today)
    outbox.append(
        work.conn, [events.roster_event(unit_id, versions[unit_id], found) for unit_id, found in entries.items()]
    )
