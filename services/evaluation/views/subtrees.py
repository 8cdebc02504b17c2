"""Which units stand below a unit on a day."""

from datetime import date
from uuid import UUID

import msgspec

from shared.db import Connection


def units_below(conn: Connection, unit_id: UUID, day: date, depth: str) -> frozenset[UUID]:
    """The unit and, by `depth`, none (`unit`), those directly below (`children`) or all below it (`subtree`)."""
    steps = {"unit": 0, "children": 1}.get(depth)
    rows = conn.execute(
        """
        with recursive below (unit_id, step) as (
            select %(unit)s::uuid, 0
            union
            select s.unit_id, b.step + 1 from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
              and (%(steps)s::int is null or b.step < %(steps)s)
        ) cycle unit_id set is_again using path
        select distinct unit_id from below
        """,
        {"unit": unit_id, "day": day, "steps": steps},
    ).fetchall()
    return frozenset(found for (found,) in msgspec.convert(rows, list[tuple[UUID]]))
