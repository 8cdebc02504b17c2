"""Reads: figures whose groups are no fixed list (sections, themes, agencies), counted from the facts of a period.

A meeting belongs to the units on its branch's path of its month, as in the sums. Meetings that do not tell are left
out.
"""

from collections.abc import Sequence
from typing import Final, LiteralString
from uuid import UUID

import msgspec
from psycopg import sql

from services.evaluation.domain.periods import Period
from shared.db import Connection

_FACTS: Final = sql.SQL("""
    from branch_path b
    join meeting_fact f on f.branch_id = b.branch_id and b.from_month <= f.month
        and (b.to_month is null or f.month < b.to_month)
    where b.path @> array[%(unit)s::uuid] and f.month between %(first)s and %(last)s and f.status = 'adopted'
""")


class Section(msgspec.Struct, frozen=True):
    """A section of minutes, by its code: in how many adopted regular minutes it was required or begun and is empty, and
    in how many it is shorter than the rule of the day."""

    code: str
    empty: int
    short: int


class Theme(msgspec.Struct, frozen=True):
    """A theme, by its tag (None: of none): thematic meetings, and the branches that held them."""

    tag: str | None
    meetings: int
    branches: int


class Agency(msgspec.Struct, frozen=True):
    """The members of an agency in joint branches: who owed attendance and who was present."""

    agency: str
    owed: int
    present: int


def sections(conn: Connection, unit_id: UUID, period: Period) -> list[Section]:
    """Sections that were empty or short in regular minutes, the most often empty first."""
    rows = _rows(
        conn,
        """
        with told as (select f.sections_empty, f.sections_short {facts} and f.kind = 'regular')
        select code, sum(empty)::bigint, sum(short)::bigint
        from (
            select unnest(sections_empty) as code, 1 as empty, 0 as short from told
            union all
            select unnest(sections_short), 0, 1 from told
        ) found
        group by code order by 2 desc, 3 desc, code
        """,
        unit_id,
        period,
    )
    return [Section(*row) for row in msgspec.convert(rows, list[tuple[str, int, int]])]


def themes(conn: Connection, unit_id: UUID, period: Period) -> list[Theme]:
    """Thematic meetings by the tag of their theme, the most frequent first."""
    rows = _rows(
        conn,
        """
        select f.theme_tag, count(*), count(distinct f.branch_id) {facts} and f.kind = 'thematic'
        group by f.theme_tag order by 2 desc, 1
        """,
        unit_id,
        period,
    )
    return [Theme(*row) for row in msgspec.convert(rows, list[tuple[str | None, int, int]])]


def agencies(conn: Connection, unit_id: UUID, period: Period) -> list[Agency]:
    """Attendance at regular and thematic meetings by the members' own agency, in the order of its codes."""
    rows = _rows(
        conn,
        """
        with told as (
            select f.agencies {facts} and f.kind in ('regular', 'thematic') and f.agencies is not null
        )
        select key, sum((value ->> 0)::bigint)::bigint, sum((value ->> 1)::bigint)::bigint
        from told, jsonb_each(told.agencies) group by key order by key
        """,
        unit_id,
        period,
    )
    return [Agency(*row) for row in msgspec.convert(rows, list[tuple[str, int, int]])]


def _rows(conn: Connection, query: LiteralString, unit_id: UUID, period: Period) -> Sequence[tuple[object, ...]]:
    return conn.execute(
        sql.SQL(query).format(facts=_FACTS), {"unit": unit_id, "first": period.first, "last": period.last}
    ).fetchall()
