"""Which units took over from one that has ended, by lineage."""

from datetime import date
from uuid import UUID

import msgspec

from shared.db import Connection


class Heir(msgspec.Struct, frozen=True):
    """A unit that took over from another, and the number of the decision that said so."""

    unit_id: UUID
    decision: str


def of(conn: Connection, unit_id: UUID, day: date) -> list[Heir]:
    """The units into which `unit_id` was merged or split on `day`."""
    rows = conn.execute(
        """
        select l.to_unit, d.number from unit_lineage l join decision d using (decision_id)
        where l.from_unit = %s and l.on_day = %s and d.state = 'in_force' order by 1
        """,
        (unit_id, day),
    )
    return [Heir(*row) for row in rows]  # type: ignore[arg-type]  # uuid, text


def descends(conn: Connection, unit_id: UUID, before: UUID) -> bool:
    """Whether `unit_id` is `before`, or took over from it, over any number of decisions."""
    row = conn.execute(
        """
        with recursive line (unit_id) as (
            select %s::uuid
            union
            select l.to_unit from line join unit_lineage l on l.from_unit = line.unit_id
                 join decision d using (decision_id)
            where d.state = 'in_force'
        )
        select exists (select 1 from line where unit_id = %s)
        """,
        (before, unit_id),
    ).fetchone()
    return row is not None and row[0] is True
