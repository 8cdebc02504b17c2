"""Units as they are on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from shared.db import Connection


class UnitOnDay(msgspec.Struct, frozen=True):
    """A unit in the span in force on a day."""

    unit_id: UUID
    code: str
    kind: str
    level: str
    parent_id: UUID | None
    name: str
    branch_type: str | None
    valid_from: date
    valid_to: date | None


_ROW = tuple[UUID, str, str, str, UUID | None, str, str | None, date, date | None]
_COLUMNS: Final = "u.unit_id, u.code, s.kind, s.level, s.parent_id, s.name, s.branch_type, s.valid_from, s.valid_to"
_SPAN: Final = "s.unit_id, s.kind, s.level, s.parent_id, s.name, s.branch_type, s.valid_from, s.valid_to"
_IN_FORCE: Final = "s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)"

SUBTREE: Final = f"""
    below (unit_id) as (
        select unit_id from unit where unit_id = %(under)s
        union
        select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id where {_IN_FORCE}
    )
"""  # noqa: S608 - made of this module's own constants
"""The ids of a unit and all below it on a day, for a `with recursive`; `under` and `day` are bound."""


def is_known(conn: Connection, unit_id: UUID) -> bool:
    """Whether there is such a unit, in force or not."""
    row = conn.execute("select 1 from unit where unit_id = %s and code is not null", (unit_id,)).fetchone()
    return row is not None


def unit_on(conn: Connection, unit_id: UUID, day: date) -> UnitOnDay | None:
    """The unit as it is on `day`; None when it is not known or not in force then."""
    found = _units(conn, f"where u.unit_id = %(unit)s and {_IN_FORCE}", {"unit": unit_id, "day": day})
    return found[0] if found else None


def children_on(conn: Connection, unit_id: UUID, day: date, after: str | None, limit: int) -> list[UnitOnDay]:
    """Up to `limit` units directly below one on `day`, by code, from the code behind `after` on."""
    return _units(
        conn,
        f"""
        where s.parent_id = %(unit)s and {_IN_FORCE} and (%(after)s::text is null or u.code > %(after)s)
        order by u.code limit %(limit)s
        """,
        {"unit": unit_id, "day": day, "after": after, "limit": limit},
    )


def path_on(conn: Connection, unit_id: UUID, day: date) -> list[UnitOnDay]:
    """The way from the root to the unit on `day`, both included; empty when the unit is not in force then."""
    rows = conn.execute(
        f"""
        with recursive path (unit_id, parent_id, height) as (
            select unit_id, parent_id, 0 from unit_span s where unit_id = %(unit)s and {_IN_FORCE}
            union
            select s.unit_id, s.parent_id, p.height + 1
            from path p join unit_span s on s.unit_id = p.parent_id where {_IN_FORCE}
        )
        select {_COLUMNS}
        from path p join unit u using (unit_id) join unit_span s on s.unit_id = p.unit_id
        where {_IN_FORCE} order by p.height desc
        """,  # noqa: S608 - made of this module's own constants
        {"unit": unit_id, "day": day},
    )
    return _structs(rows.fetchall())


def subtree_on(conn: Connection, under: UUID, day: date, after: str | None, limit: int) -> list[UnitOnDay]:
    """Up to `limit` units of the subtree of `under` on `day`, by code, from the code behind `after` on."""
    # The spans come along with the ids: looking each up again would double the time of a province.
    rows = conn.execute(
        f"""
        with recursive below as (
            select {_SPAN} from unit_span s where s.unit_id = %(under)s and {_IN_FORCE}
            union
            select {_SPAN} from below b join unit_span s on s.parent_id = b.unit_id where {_IN_FORCE}
        )
        select b.unit_id, u.code, b.kind, b.level, b.parent_id, b.name, b.branch_type, b.valid_from, b.valid_to
        from below b join unit u using (unit_id)
        where %(after)s::text is null or u.code > %(after)s
        order by u.code limit %(limit)s
        """,  # noqa: S608 - made of this module's own constants
        {"under": under, "day": day, "after": after, "limit": limit},
    )
    return _structs(rows.fetchall())


def _units(conn: Connection, where: str, values: dict[str, object]) -> list[UnitOnDay]:
    rows = conn.execute(
        f"select {_COLUMNS} from unit u join unit_span s using (unit_id) {where}",  # noqa: S608 - own constants
        values,
    )
    return _structs(rows.fetchall())


def _structs(rows: Sequence[object]) -> list[UnitOnDay]:
    return [UnitOnDay(*row) for row in msgspec.convert(rows, list[_ROW])]
