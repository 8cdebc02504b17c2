"""Reads: plain SQL over what was merged. What is not additive is derived here from what is."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import sql

from services.evaluation import figures, rules
from services.evaluation.figures import SUMMED_NAMES
from shared import months
from shared.db import Connection
from shared.errors import NotFound, Text

_CARDS = """
select u.unit_id, u.code, s.name, s.kind, s.level, {month} as period, coalesce(m.version, 0), m.computed_at,
       (select coalesce(sum(b.change), 0)::bigint from unit_branches b
        where b.unit_id = u.unit_id and b.month <= {month}),
       array[{parts}]
from {units}
join unit u using (unit_id)
join unit_span s on s.unit_id = u.unit_id and s.valid_from <= {day} and (s.valid_to is null or {day} < s.valid_to)
left join unit_month m on m.unit_id = u.unit_id and m.month = {month}
order by u.unit_id
"""


class Scorecard(msgspec.Struct, frozen=True):
    """The figures of a unit and month: what the unit was at the month's end, parts, and what is derived from them."""

    unit_id: UUID
    code: str
    name: str
    kind: str
    level: str
    period: str
    version: int
    computed_at: datetime | None
    parts: dict[str, int]
    derived: dict[str, float | None]


def scorecard(conn: Connection, unit_id: UUID, month: str, now: datetime) -> Scorecard:
    """The scorecard of a unit and month. Raises NotFound when the unit was not in force at the month's end."""
    cards = _cards(conn, month, now, "(select %s::uuid as unit_id) chosen", (unit_id,))
    if not cards:
        raise NotFound(
            "unit-not-in-force",
            Text(
                f"Đơn vị này không hoạt động vào cuối tháng {month}.",
                f"This unit was not in force at the end of {month}.",
            ),
        )
    return cards[0]


def children(conn: Connection, unit_id: UUID, month: str, now: datetime) -> list[Scorecard]:
    """The scorecards of the units directly below at the month's end."""
    last = months.last_day(month)
    return _cards(
        conn,
        month,
        now,
        "(select unit_id from unit_span where parent_id = %s and valid_from <= %s"
        " and (valid_to is null or %s < valid_to)) below",
        (unit_id, last, last),
    )


class Ranked(msgspec.Struct, frozen=True):
    """A scorecard and its place: equal figures share a rank, and those of which nothing can be said have none."""

    rank: int | None
    scorecard: Scorecard


def ranked(cards: Sequence[Scorecard], order_by: str, *, descending: bool) -> list[Ranked]:
    """`cards` in the order of one figure, then of their codes."""

    def figure(card: Scorecard) -> float | None:
        return card.parts[order_by] if order_by in card.parts else card.derived[order_by]

    said = [(value, card) for card in cards if (value := figure(card)) is not None]
    said.sort(key=lambda pair: pair[1].code)
    said.sort(key=lambda pair: pair[0], reverse=descending)
    ranks: dict[float, int] = {}
    for place, (value, _) in enumerate(said, start=1):
        ranks.setdefault(value, place)
    unsaid = sorted((card for card in cards if figure(card) is None), key=lambda card: card.code)
    return [*(Ranked(ranks[value], card) for value, card in said), *(Ranked(None, card) for card in unsaid)]


def trend(conn: Connection, unit_id: UUID, first: str, last: str, now: datetime) -> list[Scorecard]:
    """The scorecards of a unit, month by month; months in which it was not in force are left out."""
    cards = []
    for month in months.between(first, last):
        cards += _cards(conn, month, now, "(select %s::uuid as unit_id) chosen", (unit_id,))
    return cards


def subtree(
    conn: Connection, unit_id: UUID, month: str, now: datetime, *, after: UUID | None, limit: int
) -> list[Scorecard]:
    """Up to `limit` scorecards of the unit and all below it at the month's end, in the order of ids, after `after`."""
    last = months.last_day(month)
    return _cards(
        conn,
        month,
        now,
        """
        (with recursive below (unit_id) as (
            select %s::uuid
            union
            select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %s and (s.valid_to is null or %s < s.valid_to)
        ) select unit_id from below where %s::uuid is null or unit_id > %s order by unit_id limit %s) below
        """,
        (unit_id, last, last, after, after, limit),
    )


def _cards(conn: Connection, month: str, now: datetime, units: Any, parameters: Sequence[Any]) -> list[Scorecard]:
    closed = rules.is_closed(conn, month, now)
    query = sql.SQL(_CARDS).format(
        month=sql.Literal(month),
        day=sql.Literal(months.last_day(month)),
        units=sql.SQL(units),
        parts=sql.SQL(", ").join(sql.SQL("coalesce(m.{}, 0)").format(sql.Identifier(name)) for name in SUMMED_NAMES),
    )
    rows = msgspec.convert(
        conn.execute(query, parameters).fetchall(),
        list[tuple[UUID, str, str, str, str, str, int, datetime | None, int, list[int]]],
    )
    cards = []
    for unit_id, code, name, kind, level, period, version, computed_at, branches, sums in rows:
        parts = {"branches": branches, **dict(zip(SUMMED_NAMES, sums, strict=True))}
        derived = figures.derive(parts, closed=closed)
        cards.append(Scorecard(unit_id, code, name, kind, level, period, version, computed_at, parts, derived))
    return cards


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
