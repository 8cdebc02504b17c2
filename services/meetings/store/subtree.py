"""The tree as it stands on a day: everything below some units, and the top above each."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from shared.db import Connection

BELOW: Final = """
    recursive place as materialized (
        select distinct on (unit_id) unit_id, parent_id from unit_span
        order by unit_id, valid_from > %(day)s, abs(valid_from - %(day)s)
    ), below (unit_id) as (
        select unit_id from unit where unit_id = any(%(above)s)
        union
        select place.unit_id from below join place on place.parent_id = below.unit_id
    )
"""
"""The head of a `with` that names `below`: the units %(above)s and all below them on %(day)s.

As in shared/units/replica.py a unit out of force stands where it last stood, or, before its first day, where it will.
"""


def below(conn: Connection, above: Collection[UUID], day: date) -> list[UUID]:
    """The units `above` that are known here, and all that stand below one of them on `day`."""
    rows = conn.execute(f"with {BELOW} select unit_id from below", {"above": list(above), "day": day})
    return [unit_id for (unit_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]


def tops(conn: Connection, unit_ids: Collection[UUID], day: date) -> dict[UUID, UUID]:
    """The province committee (what stands at the top) above each of `unit_ids` on `day`."""
    rows = conn.execute(
        """
        with recursive path (origin, unit_id, depth) as (
            select unit_id, unit_id, 0 from unnest(%(units)s::uuid[]) as u (unit_id)
            union all
            select p.origin, place.parent_id, p.depth + 1 from path p cross join lateral (
                select parent_id from unit_span
                where unit_span.unit_id = p.unit_id
                order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
            ) place
            where place.parent_id is not null and p.depth < 32
        )
        select distinct on (origin) origin, unit_id from path order by origin, depth desc
        """,
        {"units": list(unit_ids), "day": day},
    )
    return dict(msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID]]))
