"""Facts → the vector of each (branch, month) → its difference → the sums of every unit above. Pure, columnar.

The live stream and the rebuild call the same functions, so that incremental equals rebuilt. Frames are polars; their
columns are those of the tables of the same names; ids are texts. A part of a vector is a sum over facts: what a batch
changes is the vectors of its facts less those of the facts they replace, and no other fact need be read.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import polars as pl

from services.evaluation.decode import Attendance, Meeting, Minutes, Task
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.tree import Segment
from shared.clock import local_day
from shared.months import month_of

MEETING_FACT: Final = {
    "meeting_id": pl.String,
    "version": pl.Int64,
    "branch_id": pl.String,
    "month": pl.String,
    "kind": pl.String,
    "status": pl.String,
    "held_on": pl.Date,
    "on_time": pl.Boolean,
    "corrected": pl.Boolean,
    "owed": pl.Int64,
    "present": pl.Int64,
    "absent_with_reason": pl.Int64,
    "absent_without_reason": pl.Int64,
    "complete": pl.Boolean,
    "has_conclusion": pl.Boolean,
    "speakers": pl.Int64,
    "tasks_assigned": pl.Int64,
    "self_points": pl.Int64,
}
TASK_FACT: Final = {
    "task_id": pl.String,
    "version": pl.Int64,
    "branch_id": pl.String,
    "month": pl.String,
    "status": pl.String,
    "due_on": pl.Date,
    "done_on": pl.Date,
}
VECTOR: Final = {"branch_id": pl.String, "month": pl.String, **dict.fromkeys(SUMMED_NAMES, pl.Int64)}
SUMS: Final = {"unit_id": pl.String, "month": pl.String, **dict.fromkeys(SUMMED_NAMES, pl.Int64)}
PATHS: Final = {"branch_id": pl.String, "from_month": pl.String, "to_month": pl.String, "unit_id": pl.String}
_EPOCH = date(1970, 1, 1).toordinal()
_PLAIN: Final[dict[type[pl.DataType], type[pl.DataType]]] = {pl.Date: pl.Int32}
_NOBODY, _NO_MINUTES = Attendance(0, 0, 0, 0), Minutes(False, 0, False)
_TOTALS = [pl.col(name).sum() for name in SUMMED_NAMES]


class GradeBands(msgspec.Struct, frozen=True):
    """The least self score of each grade, in 1/100 point, on days from `valid_from` to before `valid_to`."""

    valid_from: date
    valid_to: date | None
    good: int
    fair: int
    average: int


def meeting_facts(meetings: Sequence[Meeting]) -> pl.DataFrame:
    """One fact a meeting: its newest version among `meetings`."""
    attendance = [meeting.attendance or _NOBODY for meeting in meetings]
    minutes = [meeting.minutes or _NO_MINUTES for meeting in meetings]
    columns: dict[str, Sequence[Any]] = {
        "meeting_id": [meeting.meeting_id for meeting in meetings],
        "version": [meeting.version for meeting in meetings],
        "branch_id": [meeting.unit_id for meeting in meetings],
        "month": [meeting.period for meeting in meetings],
        "kind": [meeting.kind for meeting in meetings],
        "status": [meeting.status for meeting in meetings],
        "held_on": [local_day(meeting.starts_at).toordinal() - _EPOCH for meeting in meetings],
        "on_time": [
            meeting.reported_at is not None
            and (meeting.report_due_at is None or meeting.reported_at <= meeting.report_due_at)
            for meeting in meetings
        ],
        "corrected": [meeting.revision > 1 for meeting in meetings],
        "owed": [came.owed for came in attendance],
        "present": [came.present for came in attendance],
        "absent_with_reason": [came.absent_with_reason for came in attendance],
        "absent_without_reason": [came.absent_without_reason for came in attendance],
        "complete": [written.complete for written in minutes],
        "has_conclusion": [written.has_conclusion for written in minutes],
        "speakers": [written.speakers for written in minutes],
        "tasks_assigned": [meeting.tasks_assigned for meeting in meetings],
        "self_points": [
            round(meeting.scores.self.points * 100) if meeting.scores.self else None for meeting in meetings
        ],
    }
    return newest(_frame(columns, MEETING_FACT), "meeting_id")


def task_facts(tasks: Sequence[Task]) -> pl.DataFrame:
    """One fact a task: its newest version among `tasks`."""
    columns: dict[str, Sequence[Any]] = {
        "task_id": [task.task_id for task in tasks],
        "version": [task.version for task in tasks],
        "branch_id": [task.unit_id for task in tasks],
        "month": [month_of(task.due_on) for task in tasks],
        "status": [task.status for task in tasks],
        "due_on": [task.due_on.toordinal() - _EPOCH for task in tasks],
        "done_on": [task.done_on.toordinal() - _EPOCH if task.done_on else None for task in tasks],
    }
    return newest(_frame(columns, TASK_FACT), "task_id")


def _frame(columns: Mapping[str, Sequence[Any]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    # Days come as numbers since 1970: polars takes a list of them twenty times as fast as a list of dates.
    series = [pl.Series(name, columns[name], dtype=_PLAIN.get(dtype, dtype)) for name, dtype in schema.items()]
    return pl.DataFrame(series).with_columns(
        pl.col(name).cast(dtype) for name, dtype in schema.items() if dtype in _PLAIN
    )


def newest(facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Each key once, in its newest version, in the order of keys (so that two workers lock rows alike)."""
    return facts.sort(key, "version").unique(key, keep="last", maintain_order=True)


def vectors(meetings: pl.DataFrame, tasks: pl.DataFrame, bands: Sequence[GradeBands]) -> pl.DataFrame:
    """What `meetings` and `tasks` add to the vector of every (branch, month) that has one of them."""
    parts = pl.concat([_meeting_parts(meetings, bands), _task_parts(tasks)], how="diagonal")
    return add_up(_complete(parts, VECTOR))


def add_up(vectors_: pl.DataFrame) -> pl.DataFrame:
    """One vector a (branch, month), of several that may be of the same."""
    totals = [pl.col(name).cast(pl.Int64).sum() for name in SUMMED_NAMES]
    return vectors_.group_by("branch_id", "month").agg(totals)


def _meeting_parts(facts: pl.DataFrame, bands: Sequence[GradeBands]) -> pl.DataFrame:
    held = pl.col("status") == "adopted"
    regular = held & (pl.col("kind") == "regular")
    counted = held & pl.col("kind").is_in(["regular", "thematic"])
    scored = regular & pl.col("self_points").is_not_null()
    grade = _grade(bands)
    flags = {
        "not_held": (pl.col("status") == "not_held") & (pl.col("kind") == "regular"),
        "regular_held": regular,
        "regular_on_time": regular & pl.col("on_time"),
        "regular_late": regular & ~pl.col("on_time"),
        "thematic_held": held & (pl.col("kind") == "thematic"),
        "other_held": held & pl.col("kind").is_in(["committee", "extraordinary"]),
        "corrected": held & pl.col("corrected"),
        "minutes_complete": regular & pl.col("complete"),
        "with_conclusion": regular & pl.col("has_conclusion"),
        "with_tasks": regular & (pl.col("tasks_assigned") > 0),
        "self_scored": scored,
        "grade_good": scored & (grade == "good"),
        "grade_fair": scored & (grade == "fair"),
        "grade_average": scored & (grade == "average"),
        "grade_weak": scored & (grade == "weak"),
    }
    amounts = {
        "owed": counted,
        "present": counted,
        "absent_with_reason": counted,
        "absent_without_reason": counted,
        "speakers": counted,
        "tasks_assigned": held,
    }
    return facts.select(
        "branch_id",
        "month",
        *(flag.cast(pl.Int64).alias(name) for name, flag in flags.items()),
        *(pl.when(when).then(pl.col(name)).otherwise(0).alias(name) for name, when in amounts.items()),
        pl.when(scored).then(pl.col("self_points")).otherwise(0).alias("self_points_hundredths"),
    )


def _grade(bands: Sequence[GradeBands]) -> pl.Expr:
    """The grade of a self score by the bands in force on the meeting's day; null outside all of them."""
    grade = pl.lit(None, dtype=pl.String)
    points = pl.col("self_points")
    for band in bands:
        in_force = pl.col("held_on") >= band.valid_from
        if band.valid_to is not None:
            in_force &= pl.col("held_on") < band.valid_to
        name = (
            pl.when(points >= band.good)
            .then(pl.lit("good"))
            .when(points >= band.fair)
            .then(pl.lit("fair"))
            .when(points >= band.average)
            .then(pl.lit("average"))
            .otherwise(pl.lit("weak"))
        )
        grade = pl.when(in_force).then(name).otherwise(grade)
    return grade.fill_null("none")


def _task_parts(facts: pl.DataFrame) -> pl.DataFrame:
    due = pl.col("status") != "cancelled"
    done = pl.col("status") == "done"
    return facts.select(
        "branch_id",
        "month",
        due.cast(pl.Int64).alias("tasks_due"),
        done.cast(pl.Int64).alias("tasks_done"),
        (done & (pl.col("done_on") > pl.col("due_on"))).fill_null(False).cast(pl.Int64).alias("tasks_done_late"),
    )


def _complete(parts: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    absent = [pl.lit(0, dtype=pl.Int64).alias(name) for name in schema if name not in parts.columns]
    return parts.with_columns(*absent).select(list(schema)).with_columns(pl.col(SUMMED_NAMES).fill_null(0))


def difference(new: pl.DataFrame, old: pl.DataFrame) -> pl.DataFrame:
    """`new` less `old`, vector by vector; equal vectors leave no row. A vector missing from one counts as zero."""
    if old.is_empty():
        return nonzero(new)
    negative = old.with_columns(-pl.col(name) for name in SUMMED_NAMES)
    change = pl.concat([new.select(list(VECTOR)), negative.select(list(VECTOR))])
    return nonzero(change.group_by("branch_id", "month").agg(_TOTALS))


def nonzero(sums: pl.DataFrame) -> pl.DataFrame:
    """The rows of `sums` in which some part is not zero."""
    return sums.filter(pl.any_horizontal(pl.col(name) != 0 for name in SUMMED_NAMES))


def roll_up(vectors_: pl.DataFrame, paths: pl.DataFrame) -> pl.DataFrame:
    """What `vectors_` add to every unit on each branch's path of the month, in the order of (unit, month)."""
    on_path = vectors_.join(paths, on="branch_id", how="inner").filter(
        (pl.col("from_month") <= pl.col("month"))
        & (pl.col("to_month").is_null() | (pl.col("month") < pl.col("to_month")))
    )
    return on_path.group_by("unit_id", "month").agg(_TOTALS).select(list(SUMS)).sort("unit_id", "month")


def paths_frame(segments: Sequence[Segment]) -> pl.DataFrame:
    """One row a unit on the path of each segment."""
    rows = [
        (str(segment.branch_id), segment.from_month, segment.to_month, str(unit_id))
        for segment in segments
        for unit_id in segment.path
    ]
    return pl.DataFrame(rows, schema=PATHS, orient="row")


def branch_changes(paths: pl.DataFrame) -> pl.DataFrame:
    """Branches that join (+) or leave (−) each unit, by month: columns unit_id, month, change."""
    joins = paths.select("unit_id", pl.col("from_month").alias("month"), pl.lit(1, dtype=pl.Int64).alias("change"))
    leaves = paths.filter(pl.col("to_month").is_not_null()).select(
        "unit_id", pl.col("to_month").alias("month"), pl.lit(-1, dtype=pl.Int64).alias("change")
    )
    total = pl.concat([joins, leaves]).group_by("unit_id", "month").agg(pl.col("change").sum())
    return total.filter(pl.col("change") != 0).sort("unit_id", "month")
