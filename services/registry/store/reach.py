"""How far a right goes: a unit and all below it, as the tree is on a day.

A unit that is not in force on the day still belongs somewhere: where it last stood, or, before its first day, where it
will stand. So a closed branch stays in the view of those it belonged to.
"""

from datetime import date
from uuid import UUID

import msgspec

from shared.db import Connection


def covered(conn: Connection, above: frozenset[UUID], day: date) -> frozenset[UUID]:
    """Every unit that is one of `above` or stands below one of them."""
    rows = conn.execute(
        """
        with recursive place as materialized (
            select distinct on (unit_id) unit_id, parent_id
            from unit_span order by unit_id, valid_from > %(day)s, abs(valid_from - %(day)s)
        ),
        below (unit_id) as (
            select unit_id from unit where unit_id = any(%(above)s)
            union
            select place.unit_id from below join place on place.parent_id = below.unit_id
        )
        select unit_id from below
        """,
        {"above": list(above), "day": day},
    ).fetchall()
    return frozenset(unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]]))
