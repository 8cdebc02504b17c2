"""A scorecard as it was known at a past moment: the facts known then, summed through the paths known today.

What only newer knowledge has is left out: the tree, and what stands at a month's end, are those known today; parts that
are scored from evidence are not told, since sheets of past versions are not kept.
"""

from datetime import datetime
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import figures, fold, rules
from services.evaluation.domain import terms
from services.evaluation.domain.periods import Period
from services.evaluation.figures import OnRead
from services.evaluation.rules import Stage
from services.evaluation.views import cards, known
from services.evaluation.views.cards import Scorecard
from services.evaluation.views.known import After, Asked
from shared.db import Connection


def scorecard(conn: Connection, unit_id: UUID, period: Period, known_at: datetime) -> Scorecard:
    """The scorecard of a unit and period as known at `known_at`, its version 0. Raises NotFound."""
    card = cards.scorecard(conn, unit_id, period, known_at)
    asked = Asked(unit_id, period, known_at)
    sums = _by_month(conn, asked)
    total = sums.select(pl.col(name).sum() for name in figures.SUMMED_NAMES).row(0, named=True)
    parts = {name: total.get(name, value) for name, value in card.parts.items() if name not in terms.FROM_SHEETS}
    stands = _standing(conn, unit_id, period)
    told = {month: regular + other for month, regular, other in sums.select("month", "regular_held", "not_held").rows()}
    every = period.months()
    stage = dict(zip(every, rules.stages(conn, every, known_at), strict=True))
    begun = [month for month in every if stage[month] != Stage.TO_COME]
    left = {month: max(0, stands[month]["branches"] - told.get(month, 0)) for month in every}
    counted = OnRead(
        due=sum(stands[month]["branches"] for month in every),
        due_begun=sum(stands[month]["branches"] for month in begun),
        missing=sum(left[month] for month in every if stage[month] == Stage.CLOSED),
        awaited=sum(left[month] for month in every if stage[month] != Stage.CLOSED),
        member_months=sum(stands[month].get("members_active", 0) for month in begun),
    )
    if period.quarters():
        due = sum(stands[quarter.last]["branches"] for quarter in period.quarters() if stage[quarter.first] < 2)
        counted = msgspec.structs.replace(
            counted, quarters_due=due, quarters_with_theme=_quarters_with_theme(conn, asked)
        )
    derived = figures.derive(parts, counted)
    return msgspec.structs.replace(card, version=0, computed_at=None, parts=parts, derived=derived)


def _by_month(conn: Connection, asked: Asked) -> pl.DataFrame:
    """The sums of the unit, month by month."""
    meetings = known.read(conn, asked, known.MEETINGS, After(), None)
    tasks = known.read(conn, asked, known.TASKS, After(), None)
    return fold.vectors(meetings, tasks, rules.grade_bands(conn)).drop("branch_id").group_by("month").sum()


def _standing(conn: Connection, unit_id: UUID, period: Period) -> dict[str, dict[str, int]]:
    """What stands at the end of each month of the period."""
    value = "(select coalesce(sum(c.{}), 0)::bigint from {} c where c.unit_id = %s and c.month <= m.month)"
    query = sql.SQL("select m.month, array[{}] from unnest(%s::text[]) as m (month)").format(
        sql.SQL(", ").join(
            sql.SQL(value).format(sql.Identifier(part.column), sql.Identifier(part.table)) for part in figures.STANDING
        )
    )
    rows = conn.execute(query, (*[unit_id] * len(figures.STANDING), list(period.months()))).fetchall()
    names = [part.name for part in figures.STANDING]
    return {
        month: dict(zip(names, values, strict=True))
        for month, values in msgspec.convert(rows, list[tuple[str, list[int]]])
    }


def _quarters_with_theme(conn: Connection, asked: Asked) -> int:
    quarters = asked.period.quarters()
    rows = conn.execute(
        """
        select q.first, q.last, b.branch_id::text
        from unnest(%s::text[], %s::text[]) as q (first, last)
        join branch_path b on b.path @> array[%s::uuid] and b.from_month <= q.last
             and (b.to_month is null or q.last < b.to_month)
        """,
        ([quarter.first for quarter in quarters], [quarter.last for quarter in quarters], asked.unit_id),
    ).fetchall()
    places = msgspec.convert(rows, list[tuple[str, str, str]])
    if not places:
        return 0
    frame = known.of_branches(
        conn, sorted({place[2] for place in places}), asked.period.first, asked.period.last, asked.known_at
    )
    held = fold.meeting_parts(frame, ()).filter(pl.col("thematic_held") > 0).select("branch_id", "month").unique()
    months_of: dict[str, set[str]] = {}
    for branch_id, month in held.iter_rows():
        months_of.setdefault(branch_id, set()).add(month)
    return sum(
        any(first <= month <= last for month in months_of.get(branch_id, ())) for first, last, branch_id in places
    )
