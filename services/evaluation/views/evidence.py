"""What stands behind a figure: every meeting, task or branch that counts in it, how much, why, and by which rule.

Nothing is defined a second time here: what a fact counts for is asked of `fold`, fact by fact, so that the rows of a
figure add up to it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from heapq import merge
from itertools import islice
from typing import Any, Final, Literal
from uuid import UUID

import msgspec
import polars as pl

from services.evaluation import figures, fold, rules, sheets
from services.evaluation.domain import reasons, terms
from services.evaluation.domain.topics import TASKS
from services.evaluation.figures import Derived, Part
from services.evaluation.views import known, standing
from services.evaluation.views.known import After, Asked, Kind
from shared import months
from shared.db import Connection
from shared.errors import Text

_FIRST_READ: Final = 500
_MOST_READ: Final = 20_000
_NAMES: Final = {figure.name: Text(figure.vi, figure.en) for figure in figures.BY_NAME.values()} | {
    terms.MEMBER_MONTHS: Text("Đảng viên hoạt động, cộng các tháng", "active members, added up over the months")
}
_OF_TASKS: Final = frozenset(part.name for part in figures.SUMMED if part.source == TASKS)
_SOURCES: Final = (known.MEETINGS, known.TASKS, known.SHEETS)


class Place(msgspec.Struct, frozen=True, order=True, array_like=True):
    """Where a row stands in the list: the cursor of the page that begins behind it."""

    month: str
    code: str
    branch_id: str
    source: int
    key: str


class Citation(msgspec.Struct, frozen=True):
    """The dated rule a row was counted by."""

    rule: str
    issuer: str
    citation: str
    valid_from: date
    valid_to: date | None


class Evidence(msgspec.Struct, frozen=True):
    """One meeting, task, or branch and month behind a figure, and what it counts for in each of its counts."""

    kind: Literal["meeting", "task", "branch"]
    id: UUID
    branch_id: UUID
    branch_code: str
    branch_name: str
    month: str
    day: date | None
    contributed: dict[str, int]
    why: Text
    rule: Citation | None
    place: Place


class _Found(msgspec.Struct, frozen=True, order=True):
    place: Place
    kind: Literal["meeting", "task", "branch"]
    day: date | None
    contributed: dict[str, int]
    why: Text
    ruled_on: date
    rubric: tuple[str, int] | None = None


def evidence(
    conn: Connection, asked: Asked, figure: Part | Derived, now: datetime, after: Place | None, limit: int
) -> list[Evidence]:
    """Up to `limit` rows behind `after`, by month, code of the branch, and id; each counts for something."""
    wanted = terms.terms_of(figure, {part.name: part for part in figures.PARTS})
    of_branches = standing.of_terms(conn, asked, wanted, now)
    sources: list[Iterator[_Found]] = []
    if of_branches:
        sources.append(_branches(conn, asked, figure.name, of_branches, after))
    for kind in _SOURCES:
        names = [name for name in wanted if name in figures.SUMMED_NAMES and _kind_of(name) is kind]
        if names:
            sources.append(_facts(conn, asked, figure.name, names, kind, after))
    found = list(islice(merge(*sources, key=lambda one: one.place), limit))
    return _named(conn, found, figure.name)


def _kind_of(part: str) -> Kind:
    if part in terms.FROM_SHEETS:
        return known.SHEETS
    return known.TASKS if part in _OF_TASKS else known.MEETINGS


def _facts(
    conn: Connection, asked: Asked, figure: str, wanted: Sequence[str], kind: Kind, after: Place | None
) -> Iterator[_Found]:
    source = _SOURCES.index(kind) + 1
    bands = rules.grade_bands(conn)
    begin, size = _begin(after, source), _FIRST_READ
    while True:
        frame = known.read(conn, asked, kind, begin, size)
        if frame.is_empty():
            return
        counts = _counts(frame, kind, bands).select(wanted)
        chosen = counts.select(pl.any_horizontal(pl.col(name) != 0 for name in wanted)).to_series()
        for row, counts_ in zip(
            frame.filter(chosen).iter_rows(named=True), counts.filter(chosen).iter_rows(named=True), strict=True
        ):
            contributed = {name: count for name, count in counts_.items() if count}
            place = Place(row["month"], row[known.CODE], row["branch_id"], source, row[kind.key])
            if kind is known.TASKS:
                yield _Found(place, "task", row["due_on"], contributed, reasons.of_task(row), row["due_on"])
            else:
                why = reasons.why(figure, contributed, row, _NAMES)
                rubric = (row["rubric_id"], row["rubric_version"]) if kind is known.SHEETS else None
                yield _Found(place, "meeting", row["held_on"], contributed, why, row["held_on"], rubric)
        if frame.height < size:
            return
        last = frame.row(-1, named=True)
        begin = After(last["month"], last[known.CODE], last["branch_id"], last[kind.key])
        size = min(_MOST_READ, size * 4)


def _counts(frame: pl.DataFrame, kind: Kind, bands: Sequence[fold.GradeBands]) -> pl.DataFrame:
    """What each row of `frame` counts for, in its order."""
    if kind is known.MEETINGS:
        return fold.meeting_parts(frame, bands)
    if kind is known.TASKS:
        return fold.task_parts(frame)
    one_by_one = sheets.vectors(frame.with_columns(pl.col(kind.key).alias("branch_id")))
    key = frame.select(pl.col(kind.key).alias("branch_id"))
    return key.join(one_by_one, on="branch_id", how="left", maintain_order="left").fill_null(0)


def _branches(
    conn: Connection, asked: Asked, figure: str, of_terms: Mapping[str, standing.Counted], after: Place | None
) -> Iterator[_Found]:
    begin, size = _begin(after, 0), _FIRST_READ
    reported_by = standing.reporting_days(conn, asked.period.months())
    while True:
        rows = standing.read(conn, asked, of_terms, begin, size)
        for row in rows:
            counts = {name: count for name, count in row.counts.items() if count}
            if not counts:
                continue
            last_day = months.last_day(row.month)
            said = {"month": row.month, "due_on": reported_by[row.month], "count": sum(counts.values())}
            why = reasons.of_branch(figure, next(iter(counts)), said)
            place = Place(row.month, row.code, row.branch_id, 0, "")
            yield _Found(place, "branch", None, counts, why, last_day)
        if len(rows) < size:
            return
        begin = After(rows[-1].month, rows[-1].code, rows[-1].branch_id, "~")
        size = min(_MOST_READ, size * 4)


def _begin(after: Place | None, source: int) -> After:
    """Behind `after` as `source` has to read it: what stands beside it in other sources comes by their order."""
    if after is None:
        return After()
    key = after.key if after.source == source else "" if after.source < source else "~"
    return After(after.month, after.code, after.branch_id, key)


def _named(conn: Connection, found: Sequence[_Found], figure: str) -> list[Evidence]:
    """The rows with the names their branches had at the month's end and the rule in force on their day."""
    citations = _citations(conn, reasons.rule_of(figure))
    rubrics = _rubrics(conn, {one.rubric for one in found if one.rubric is not None})
    rows = conn.execute(
        """
        select w.branch_id, w.month, s.name
        from unnest(%s::uuid[], %s::text[], %s::date[]) w (branch_id, month, day)
        cross join lateral (
            select name from unit_span where unit_id = w.branch_id
            order by valid_from > w.day, abs(valid_from - w.day) limit 1
        ) s
        """,
        (
            [one.place.branch_id for one in found],
            [one.place.month for one in found],
            [months.last_day(one.place.month) for one in found],
        ),
    ).fetchall()
    names = {
        (str(branch_id), month): name for branch_id, month, name in msgspec.convert(rows, list[tuple[UUID, str, str]])
    }
    return [
        Evidence(
            kind=one.kind,
            id=UUID(one.place.key or one.place.branch_id),
            branch_id=UUID(one.place.branch_id),
            branch_code=one.place.code,
            branch_name=names[one.place.branch_id, one.place.month],
            month=one.place.month,
            day=one.day,
            contributed=one.contributed,
            why=one.why,
            rule=rubrics.get(one.rubric)
            if one.rubric is not None
            else next((cited for cited in citations if _in_force(cited, one.ruled_on)), None),
            place=one.place,
        )
        for one in found
    ]


def _citations(conn: Connection, rule: str | None) -> list[Citation]:
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        "select name, issuer, citation, valid_from, valid_to from rule where name = %s order by valid_from desc",
        (rule,),
    ).fetchall()
    return [Citation(*row) for row in rows]


def _rubrics(conn: Connection, versions: Collection[tuple[str, int]]) -> dict[tuple[str, int], Citation]:
    """The rubrics meetings were scored by, by id and version."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select r.rubric_id::text, r.version, 'rubric', r.content ->> 'issuer', r.content ->> 'citation', r.valid_from,
               r.valid_to
        from rubric r join unnest(%s::uuid[], %s::int[]) w (rubric_id, version) using (rubric_id, version)
        """,
        ([one[0] for one in versions], [one[1] for one in versions]),
    ).fetchall()
    return {(row[0], row[1]): Citation(*row[2:]) for row in rows}


def _in_force(cited: Citation, on: date) -> bool:
    return cited.valid_from <= on and (cited.valid_to is None or on < cited.valid_to)
