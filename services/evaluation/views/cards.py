"""Reads: plain SQL over what was merged. What is not additive is derived here from what is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, LiteralString
from uuid import UUID

import msgspec
from psycopg import sql

from services.evaluation import figures, rules
from services.evaluation.domain.periods import Period
from services.evaluation.figures import PARTS, STANDING, SUMMED_NAMES, OnRead
from services.evaluation.rules import Stage
from services.evaluation.store import stands
from shared import months
from shared.db import Connection
from shared.errors import NotFound, Text

_NAMES: Final = tuple(part.name for part in PARTS)
_CARDS = """
select u.unit_id, u.code, s.name, s.kind, s.level, p.period, f.version, f.computed_at, f.counts
from {units}
join unit u using (unit_id)
cross join unnest(%(periods)s::text[], %(firsts)s::text[], %(lasts)s::text[], %(days)s::date[])
    with ordinality as p (period, first, last, day, place)
join unit_span s on s.unit_id = u.unit_id and s.valid_from <= p.day and (s.valid_to is null or p.day < s.valid_to)
cross join lateral (
    select {version} as version, {computed_at} as computed_at, array[{counts}] as counts
    from unnest(%(months)s::text[], %(stages)s::int[], %(quarter_ends)s::boolean[]) as q (month, stage, ends_quarter)
    left join unit_month m on m.unit_id = u.unit_id and m.month = q.month
    {standing}
    where q.month between p.first and p.last
) f
order by u.unit_id, p.place
"""
_LEFT: Final[LiteralString] = "greatest(0, branches - coalesce(m.regular_held, 0) - coalesce(m.not_held, 0))"
_ON_READ: Final[tuple[LiteralString, ...]] = (
    "branches",
    "case when q.stage < 2 then branches else 0 end",
    f"case when q.stage = 0 then {_LEFT} else 0 end",
    f"case when q.stage > 0 then {_LEFT} else 0 end",
    "case when q.stage < 2 then members_active else 0 end"
    if any(part.name == "members_active" for part in STANDING)
    else "0",
    "case when q.ends_quarter then branches else 0 end",
)
"""By month, in the order of the members of `figures.OnRead`."""
CHOSEN: Final[LiteralString] = "(select %(unit)s::uuid as unit_id) chosen"
CHILDREN: Final[LiteralString] = """
(select unit_id from unit_span where parent_id = %(unit)s and valid_from <= %(day)s
 and (valid_to is null or %(day)s < valid_to)) below
"""
SUBTREE: Final[LiteralString] = """
(with recursive below (unit_id) as (
    select %(unit)s::uuid
    union
    select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
    where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
) select unit_id from below where %(after)s::uuid is null or unit_id > %(after)s
  order by unit_id limit %(limit)s) below
"""
_WITH_THEME = """
select reached.period, x.unit_id, count(*)
from (
    select q.period, b.path
    from unnest(%(periods)s::text[], %(firsts)s::text[], %(lasts)s::text[]) as q (period, first, last)
    join branch_path b on b.path && %(units)s::uuid[] and b.from_month <= q.last
        and (b.to_month is null or q.last < b.to_month)
    where exists (
        select from meeting_fact f
        where f.branch_id = b.branch_id and f.month between q.first and q.last
          and f.kind = 'thematic' and f.status = 'adopted'
    )
) reached, unnest(reached.path) as x (unit_id)
where x.unit_id = any(%(units)s::uuid[])
group by reached.period, x.unit_id
"""


class Scorecard(msgspec.Struct, frozen=True):
    """The figures of a unit and period: what the unit was at the period's end, parts, and what is derived from them.

    `version` grows with each change of one of the period's months.
    """

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


def scorecard(conn: Connection, unit_id: UUID, period: Period, now: datetime) -> Scorecard:
    """The scorecard of a unit and period. Raises NotFound when the unit was not in force at the period's end."""
    cards = _cards(conn, [period], now, CHOSEN, {"unit": unit_id})
    if not cards:
        raise NotFound(
            "unit-not-in-force",
            Text(
                f"Đơn vị này không hoạt động vào cuối kỳ {period.key}.",
                f"This unit was not in force at the end of {period.key}.",
            ),
        )
    return cards[0]


def children(conn: Connection, unit_id: UUID, period: Period, now: datetime) -> list[Scorecard]:
    """The scorecards of the units directly below at the period's end."""
    return _cards(conn, [period], now, CHILDREN, {"unit": unit_id, "day": months.last_day(period.last)})


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


def trend(conn: Connection, unit_id: UUID, periods_: Sequence[Period], now: datetime) -> list[Scorecard]:
    """The scorecards of a unit, period by period; periods at whose end it was not in force are left out."""
    return _cards(conn, periods_, now, CHOSEN, {"unit": unit_id})


def subtree(
    conn: Connection, unit_id: UUID, period: Period, now: datetime, *, after: UUID | None, limit: int
) -> list[Scorecard]:
    """Up to `limit` scorecards of the unit and all below it at the period's end, in the order of ids, after `after`."""
    given = {"unit": unit_id, "day": months.last_day(period.last), "after": after, "limit": limit}
    return _cards(conn, [period], now, SUBTREE, given)


def _cards(
    conn: Connection, asked: Sequence[Period], now: datetime, units: LiteralString, parameters: Mapping[str, Any]
) -> list[Scorecard]:
    every = sorted({month for period in asked for month in period.months()})
    begun = dict(zip(every, rules.stages(conn, every, now), strict=True))
    ends = {quarter.last: begun[quarter.first] != Stage.TO_COME for period in asked for quarter in period.quarters()}
    rows = msgspec.convert(
        conn.execute(
            _query(units, summed=any(period.first != period.last for period in asked)),
            {
                **parameters,
                "periods": [period.key for period in asked],
                "firsts": [period.first for period in asked],
                "lasts": [period.last for period in asked],
                "days": [months.last_day(period.last) for period in asked],
                "months": every,
                "stages": [int(stage) for stage in begun.values()],
                "quarter_ends": [ends.get(month, False) for month in every],
            },
        ).fetchall(),
        list[tuple[UUID, str, str, str, str, str, int, datetime | None, list[int]]],
    )
    themes = _with_theme(conn, asked, [row[0] for row in rows])
    cards = []
    for unit_id, code, name, kind, level, period, version, computed_at, counts in rows:
        parts = dict(zip(_NAMES, counts, strict=False))
        *on_read, quarters = counts[len(_NAMES) :]
        counted = OnRead(*on_read)
        if period in themes:
            counted = msgspec.structs.replace(
                counted, quarters_due=quarters, quarters_with_theme=themes[period].get(unit_id, 0)
            )
        derived = figures.derive(parts, counted)
        cards.append(Scorecard(unit_id, code, name, kind, level, period, version, computed_at, parts, derived))
    return cards


@cache
def _query(units: LiteralString, *, summed: bool) -> bytes:
    """The query of cards; `summed`: some period has several months. What is asked for is bound, so that each form of it
    is composed once a process, which takes more than a millisecond, and planned by PostgreSQL once a connection
    (psycopg documentation, "Prepared statements")."""

    def over(expression: LiteralString | sql.Composed) -> sql.Composed:
        text = sql.SQL(expression) if isinstance(expression, str) else expression
        return sql.SQL("coalesce(sum({}), 0)::bigint" if summed else "coalesce({}, 0)").format(text)

    standing = [
        over(sql.SQL("case when q.month = p.last then {} else 0 end").format(sql.Identifier(part.name)))
        for part in STANDING
    ]
    sums = [over(sql.SQL("{}").format(sql.Identifier("m", name))) for name in SUMMED_NAMES]
    return (
        sql.SQL(_CARDS)
        .format(
            units=sql.SQL(units),
            version=over("m.version"),
            computed_at=sql.SQL("max(m.computed_at)" if summed else "m.computed_at"),
            counts=sql.SQL(", ").join([*standing, *sums, *(over(expression) for expression in _ON_READ)]),
            standing=stands.at_end("u.unit_id", "q.month"),
        )
        .as_bytes(None)
    )


def _with_theme(conn: Connection, asked: Sequence[Period], unit_ids: Sequence[UUID]) -> dict[str, dict[UUID, int]]:
    """For each period of whole quarters: unit → branches and quarters that had a thematic meeting."""
    whole = [(period.key, quarter) for period in asked for quarter in period.quarters()]
    found: dict[str, dict[UUID, int]] = {key: {} for key, _ in whole}
    if not whole:
        return found
    rows = conn.execute(
        _WITH_THEME,
        {
            "periods": [key for key, _ in whole],
            "firsts": [quarter.first for _, quarter in whole],
            "lasts": [quarter.last for _, quarter in whole],
            "units": list(unit_ids),
        },
    ).fetchall()
    for key, unit_id, count in msgspec.convert(rows, list[tuple[str, UUID, int]]):
        found[key][unit_id] = count
    return found
