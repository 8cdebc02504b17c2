"""What a rubric would have changed: meetings of a period graded as they are, and by it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import sheets
from services.evaluation.domain import grading, scoring
from services.evaluation.domain.rubrics import GRADES, Rubric
from services.evaluation.store import rubrics as rubric_rows
from services.evaluation.store import sheets as sheet_rows
from services.evaluation.views.sheets import facts
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable

_RESULT: Final = {"points": pl.Int64, "grade": pl.String, "evidence": pl.Int64}
_NONE: Final = "none"
MOST_MEETINGS: Final = 400_000
"""In one trial: they are all in memory at once. A month of the whole country is less."""


class Side(msgspec.Struct, frozen=True):
    """Before or after: meetings by grade (`none`: no rubric, or nothing to grade by), and the mean from evidence."""

    grades: dict[str, int]
    mean_points: float | None
    mean_evidence: float | None


class Changed(msgspec.Struct, frozen=True):
    """A meeting whose grade is another by the rubric; points are out of 100."""

    meeting_id: UUID
    branch_id: UUID
    held_on: date
    grade_before: str | None
    grade_after: str | None
    points_before: float | None
    points_after: float | None
    evidence_before: float | None
    evidence_after: float | None


class Trial(msgspec.Struct, frozen=True):
    """A trial: how many meetings it concerns, both sides, how many change, and up to `limit` of these."""

    meetings: int
    before: Side
    after: Side
    changed: int
    page: Sequence[Changed]


def trial(
    conn: Connection, rubric: Rubric, first: date, last: date, *, after: tuple[date, UUID] | None, limit: int
) -> Trial:
    """Every adopted meeting of the owner's branches (of all, for a national one) from `first` to `last`, by the
    rubrics in force, and as if `rubric` had held in place of its owner's. Raises Unprocessable for too many."""
    scope = _scope(rubric, first, last)
    _refuse_too_many(conn, scope)
    found = facts(conn, scope).sort("held_on", "meeting_id")
    before = rubric_rows.in_force(conn)
    whole = msgspec.structs.replace(rubric, valid_from=first, valid_to=last + timedelta(days=1))
    same = (rubric.owner_id, rubric.content.sheet)
    instead = [other for other in before if (other.owner_id, other.content.sheet) != same]
    old, new = _graded(conn, found, before), _graded(conn, found, [*instead, whole])
    result = pl.concat(
        [
            found.select("meeting_id", "branch_id", "held_on"),
            old.rename({name: f"{name}_before" for name in _RESULT}),
            new.rename({name: f"{name}_after" for name in _RESULT}),
        ],
        how="horizontal",
    )
    changed = result.filter(pl.col("grade_before").ne_missing(pl.col("grade_after")))
    page = changed
    if after is not None:
        day, meeting_id = after
        page = changed.filter(
            (pl.col("held_on") > day) | ((pl.col("held_on") == day) & (pl.col("meeting_id") > str(meeting_id)))
        )
    rows = page.head(limit).rows(named=True)
    return Trial(found.height, _side(old), _side(new), changed.height, [_changed(row) for row in rows])


def _scope(rubric: Rubric, first: date, last: date) -> sql.Composed:
    where = sql.SQL("f.kind = {} and f.held_on between {} and {}").format(
        sql.Literal(rubric.content.sheet), sql.Literal(first), sql.Literal(last)
    )
    if rubric.owner_id is None:
        return where
    return where + sql.SQL(" and ") + sheet_rows.below(rubric.owner_id)


def _refuse_too_many(conn: Connection, scope: sql.Composed) -> None:
    counted = sql.SQL("select count(*) from meeting_fact f where f.status = 'adopted' and ({})").format(scope)
    count = msgspec.convert(conn.execute(counted).fetchone(), tuple[int])[0]
    if count > MOST_MEETINGS:
        message = Text(
            f"Thời gian này có {count} buổi họp; mỗi lần thử nhiều nhất {MOST_MEETINGS}. Hãy chọn thời gian ngắn hơn.",
            f"There are {count} meetings in this time; at most {MOST_MEETINGS} are tried at once. Shorten it.",
        )
        raise Unprocessable.of([Fault("to", "too-many-meetings", message)])


def _graded(conn: Connection, found: pl.DataFrame, rubrics: list[Rubric]) -> pl.DataFrame:
    below = sheet_rows.places_due(conn, rubrics, found["branch_id"].unique().to_list())
    numbered = found.with_row_index("row").with_columns(place=sheets.choose(found, rubrics, below))
    parts = [pl.DataFrame(schema={"row": pl.UInt32, **_RESULT})]
    for place in numbered["place"].drop_nulls().unique().to_list():
        part = numbered.filter(pl.col("place") == place)
        content = rubrics[place].content
        graded = grading.graded(content, part).select("points", "grade")
        evidence = scoring.sheets(content, part).select(evidence="evidence_scaled")
        parts.append(pl.concat([part.select("row"), graded, evidence], how="horizontal"))
    rows = numbered.select("row").join(pl.concat(parts), on="row", how="left", maintain_order="left")
    return rows.select(list(_RESULT))


def _side(results: pl.DataFrame) -> Side:
    counts = dict(results.group_by(pl.col("grade").fill_null(_NONE)).len().iter_rows())
    points, evidence = results["points"].cast(pl.Float64).mean(), results["evidence"].cast(pl.Float64).mean()
    return Side({name: counts.get(name, 0) for name in (*GRADES, _NONE)}, _points(points), _points(evidence))


def _changed(row: dict[str, Any]) -> Changed:
    return Changed(
        meeting_id=UUID(row["meeting_id"]),
        branch_id=UUID(row["branch_id"]),
        held_on=row["held_on"],
        grade_before=row["grade_before"],
        grade_after=row["grade_after"],
        **{name: _points(row[name]) for name in ("points_before", "points_after", "evidence_before", "evidence_after")},
    )


def _points(hundredths: Any) -> float | None:
    return None if hundredths is None else round(hundredths / 100, 2)
