"""Who may set something for a unit: one above it. Shared by targets, plans and assignments."""

from collections.abc import Collection
from uuid import UUID

from services.registry.commands.work import Work
from services.registry.domain import plans
from services.registry.store import units as unit_rows
from shared.errors import Fault
from shared.units import replica


def superior_faults(work: Work, superior_id: UUID, unit_id: UUID, *, field: str, below: str = "unit_id") -> list[Fault]:
    """What is wrong with `superior_id` (in `field`) setting something for `unit_id` (in `below`), as of today.

    A superior stands above the unit, directly or not; a unit with nobody above it is its own.
    """
    known = unit_rows.load(work.conn, [superior_id, unit_id])
    unknown = [
        Fault(name, "unknown-unit", plans.UNKNOWN_UNIT)
        for name, one in ((field, superior_id), (below, unit_id))
        if one not in known
    ]
    if unknown:
        return unknown
    if superior_id == unit_id:
        spans = known[unit_id].spans
        if spans and spans[-1].parent_id is None:
            return []
    elif replica.covers(work.conn, frozenset([superior_id]), unit_id, work.today):
        return []
    return [plans.not_above_fault(field, known[superior_id].code, known[unit_id].code)]


def unknown_members(work: Work, member_ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are no member's."""
    rows = work.conn.execute("select member_id from member where member_id = any(%s)", (list(member_ids),)).fetchall()
    return set(member_ids) - {row[0] for row in rows}
