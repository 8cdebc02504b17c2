"""Reads: where a unit stands in the tree, and where a reader begins."""

from datetime import date
from typing import Any
from uuid import UUID

from shared import months
from shared.db import Connection


def path(
    conn: Connection, unit_id: UUID, month: str, granted: frozenset[UUID], everything: bool
) -> list[dict[str, Any]]:
    """The units above `unit_id` at the month's end and itself, the highest first, from the highest unit a reader may
    see: the root for rights over everything, else the highest of `granted` (none on the path: the unit alone)."""
    last = months.last_day(month)
    rows = conn.execute(
        """
        with recursive above (unit_id, parent_id, name, kind) as (
            select unit_id, parent_id, name, kind from unit_span
            where unit_id = %(unit)s and valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)
            union all
            select s.unit_id, s.parent_id, s.name, s.kind from above a join unit_span s on s.unit_id = a.parent_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        ) cycle unit_id set is_again using steps
        select unit_id, name, kind from above where not is_again order by array_length(steps, 1)
        """,
        {"unit": unit_id, "day": last},
    ).fetchall()
    highest = max((place for place, row in enumerate(rows) if everything or row[0] in granted), default=0)
    return [{"unit_id": above_id, "name": name, "kind": kind} for above_id, name, kind in reversed(rows[: highest + 1])]


def starting_units(conn: Connection, granted: frozenset[UUID], everything: bool, day: date) -> list[dict[str, Any]]:
    """The units in force on `day` at which a reader begins: those granted, or the roots for rights over everything."""
    rows = conn.execute(
        """
        select unit_id, name from unit_span
        where valid_from <= %s and (valid_to is null or %s < valid_to)
          and (unit_id = any(%s) or (%s and parent_id is null))
        order by name
        """,
        (day, day, list(granted), everything),
    ).fetchall()
    return [{"unit_id": unit_id, "name": name} for unit_id, name in rows]
