"""Codes of units in other systems, as rows."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.unit_codes import UnitCode
from shared.db import Connection

_ROW = tuple[UUID, str, str, date, date | None]


def of_unit(conn: Connection, unit_id: UUID, system: str) -> list[UnitCode]:
    """All codes of a unit in one system, in order."""
    return _codes(
        conn,
        """
        select unit_id, system, code, valid_from, valid_to from unit_code
        where unit_id = %s and system = %s order by valid_from
        """,
        (unit_id, system),
    )


def equal(conn: Connection, system: str, code: str) -> list[UnitCode]:
    """Where one code of a system stands, in order. It ends with its unit, whatever was said when it was given."""
    return _codes(
        conn,
        """
        select c.unit_id, c.system, c.code, c.valid_from, least(c.valid_to, last.valid_to)
        from unit_code c cross join lateral (
            select s.valid_to from unit_span s where s.unit_id = c.unit_id order by s.valid_from desc limit 1
        ) last
        where c.system = %s and c.code = %s and (last.valid_to is null or c.valid_from < last.valid_to)
        order by c.valid_from
        """,
        (system, code),
    )


def on(conn: Connection, unit_id: UUID, day: date) -> list[UnitCode]:
    """The codes of a unit on a day, by system."""
    return _codes(
        conn,
        """
        select unit_id, system, code, valid_from, valid_to from unit_code
        where unit_id = %s and valid_from <= %s and (valid_to is null or %s < valid_to) order by system
        """,
        (unit_id, day, day),
    )


def save(conn: Connection, unit_id: UUID, system: str, codes: Sequence[UnitCode]) -> None:
    """Keep the codes of a unit in one system, in place of those kept."""
    conn.execute("delete from unit_code where unit_id = %s and system = %s", (unit_id, system))
    conn.cursor().executemany(
        "insert into unit_code (unit_id, system, code, valid_from, valid_to) values (%s, %s, %s, %s, %s)",
        [msgspec.structs.astuple(code) for code in codes],
    )


def _codes(conn: Connection, query: str, values: tuple[object, ...]) -> list[UnitCode]:
    rows = conn.execute(query.encode(), values).fetchall()
    return [UnitCode(*row) for row in msgspec.convert(rows, list[_ROW])]
