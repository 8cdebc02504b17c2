"""What each branch is counted for at a month's end: itself, its members, a meeting that is still owed, a theme held."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, LiteralString

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import figures, fold, rules
from services.evaluation.domain import terms
from services.evaluation.domain.periods import quarter_of
from services.evaluation.rules import Stage
from services.evaluation.views import known
from services.evaluation.views.known import After, Asked
from shared import months
from shared.db import Connection

_PARTS: Final = {part.name: part for part in figures.STANDING}
_COLUMN_OF: Final = {**{name: name for name in _PARTS}, terms.MEMBER_MONTHS: "members_active"}


class Counted(msgspec.Struct, frozen=True):
    """In which months a term counts branches, and the standing part it takes of each."""

    months: frozenset[str]
    part: str


class Row(msgspec.Struct, frozen=True):
    """A branch at a month's end, and what it is counted for."""

    month: str
    code: str
    branch_id: str
    counts: dict[str, int]


_ROWS: Final[LiteralString] = """
select m.month, u.code, p.branch_id::text, array[{values}]::bigint[]
from branch_path p
join unnest(%(months)s::text[]) as m (month) on p.from_month <= m.month
     and (p.to_month is null or m.month < p.to_month)
join unit u on u.unit_id = p.branch_id
where p.path @> array[%(unit)s::uuid]
  and (m.month, u.code collate "C", p.branch_id) > (%(month)s, %(code)s, %(branch)s::uuid)
order by m.month, u.code collate "C", p.branch_id
limit %(limit)s
"""
_VALUE: Final[LiteralString] = (
    "(select coalesce(sum(c.{column}), 0) from {table} c where c.unit_id = p.branch_id and c.month <= m.month)"
)


def of_terms(conn: Connection, asked: Asked, wanted: Sequence[str], now: datetime) -> dict[str, Counted]:
    """Those of `wanted` that branches are counted for, each with its months (views/cards.py counts the same)."""
    period = asked.period
    every = period.months()
    stage = dict(zip(every, rules.stages(conn, every, now), strict=True))
    begun = [month for month in every if stage[month] != Stage.TO_COME]
    quarters = period.quarters()
    of_months: dict[str, Sequence[str]] = {
        **{name: [period.last] for name in _PARTS},
        "due": every,
        "due_begun": begun,
        "missing": [month for month in every if stage[month] == Stage.CLOSED],
        "awaited": [month for month in every if stage[month] != Stage.CLOSED],
        terms.MEMBER_MONTHS: begun,
        "quarters_due": [quarter.last for quarter in quarters if stage[quarter.first] != Stage.TO_COME],
        terms.THEMES: [quarter.last for quarter in quarters],
    }
    return {
        name: Counted(frozenset(of_months[name]), _COLUMN_OF.get(name, "branches"))
        for name in wanted
        if name in of_months
    }


def read(conn: Connection, asked: Asked, of_terms_: Mapping[str, Counted], after: After, limit: int) -> list[Row]:
    """Up to `limit` branches and months behind `after`; some may count for nothing."""
    columns = sorted({counted.part for counted in of_terms_.values()} & _PARTS.keys())
    found = conn.execute(
        sql.SQL(_ROWS).format(
            values=sql.SQL(", ").join(
                sql.SQL(_VALUE).format(
                    column=sql.Identifier(_PARTS[name].column), table=sql.Identifier(_PARTS[name].table)
                )
                for name in columns
            )
        ),
        {
            "months": sorted(set().union(*(counted.months for counted in of_terms_.values()))),
            "unit": asked.unit_id,
            "month": after.month,
            "code": after.code,
            "branch": after.branch_id,
            "limit": limit,
        },
    ).fetchall()
    rows = msgspec.convert(found, list[tuple[str, str, str, list[int]]])
    told = _told(conn, asked, of_terms_, [(branch_id, month) for month, _, branch_id, _ in rows])
    return [
        Row(
            month,
            code,
            branch_id,
            {
                name: _count(name, dict(zip(columns, values, strict=True))[counted.part], told, branch_id, month)
                for name, counted in of_terms_.items()
                if month in counted.months
            },
        )
        for month, code, branch_id, values in rows
    ]


def reporting_days(conn: Connection, months_: Sequence[str]) -> dict[str, date]:
    """The last day on which a meeting of each month can be reported in time."""
    rows = conn.execute(
        "select valid_from, valid_to, (value::text)::int from rule where name = 'report_within_days'"
    ).fetchall()
    allowed = msgspec.convert(rows, list[tuple[date, date | None, int]])
    found = {}
    for month in months_:
        last = months.last_day(month)
        days = next((days for begin, end, days in allowed if begin <= last and (end is None or last < end)), 0)
        found[month] = last + timedelta(days=days)
    return found


Told = dict[tuple[str, str], tuple[int, int]]
"""(branch, month) → regular meetings told of in the month; thematic ones of the quarter that ends with it."""


def _count(name: str, value: int, told: Told, branch_id: str, month: str) -> int:
    meetings, themes = told.get((branch_id, month), (0, 0))
    if name in terms.OPEN:
        return value - meetings
    if name == terms.THEMES:
        return int(themes > 0)
    return value


def _told(conn: Connection, asked: Asked, of_terms_: Mapping[str, Counted], places: Sequence[tuple[str, str]]) -> Told:
    open_, themes = any(name in of_terms_ for name in terms.OPEN), terms.THEMES in of_terms_
    if not places or not (open_ or themes):
        return {}
    every = sorted({month for _, month in places})
    first = quarter_of(every[0]).first if themes else every[0]
    frame = known.of_branches(conn, sorted({branch_id for branch_id, _ in places}), first, every[-1], asked.known_at)
    counted = (
        fold.meeting_parts(frame, ())
        .group_by("branch_id", "month")
        .agg((pl.col("regular_held") + pl.col("not_held")).sum().alias("told"), pl.col("thematic_held").sum())
    )
    by_month = {(branch_id, month): (told, held) for branch_id, month, told, held in counted.iter_rows()}
    return {
        (branch_id, month): (
            by_month.get((branch_id, month), (0, 0))[0],
            sum(by_month.get((branch_id, one), (0, 0))[1] for one in quarter_of(month).months()) if themes else 0,
        )
        for branch_id, month in places
    }
