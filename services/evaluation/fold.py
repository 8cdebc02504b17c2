"""Facts → the vector of each (branch, month) → its difference → the sums of every unit above. Pure, columnar.

The live stream and the rebuild call the same functions, so that incremental equals rebuilt. Frames are polars; their
columns are those of the tables of the same names; ids are texts.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
import polars as pl

from services.evaluation.decode import Meeting, Task
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
    rows = [
        (
            str(meeting.meeting_id),
            meeting.version,
            str(meeting.unit_id),
            meeting.period,
            meeting.kind,
            meeting.status,
            local_day(meeting.starts_at),
            meeting.reported_at is not None
            and (meeting.report_due_at is None or meeting.reported_at <= meeting.report_due_at),
            meeting.revision > 1,
            meeting.attendance.owed if meeting.attendance else 0,
            meeting.attendance.present if meeting.attendance else 0,
            meeting.attendance.absent_with_reason if meeting.attendance else 0,
            meeting.attendance.absent_without_reason if meeting.attendance else 0,
            meeting.minutes.complete if meeting.minutes else False,
            meeting.minutes.has_conclusion if meeting.minutes else False,
            meeting.minutes.speakers if meeting.minutes else 0,
            meeting.tasks_assigned,
            round(meeting.scores.self.points * 100) if meeting.scores.self else None,
        )
        for meeting in meetings
    ]
    return newest(pl.DataFrame(rows, schema=MEETING_FACT, orient="row"), "meeting_id")


def task_facts(tasks: Sequence[Task]) -> pl.DataFrame:
    """One fact a task: its newest version among `tasks`."""
    rows = [
        (
            str(task.task_id),
            task.version,
            str(task.unit_id),
            month_of(task.due_on),
            task.status,
            task.due_on,
            task.done_on,
        )
        for task in tasks
    ]
    return newest(pl.DataFrame(rows, schema=TASK_FACT, orient="row"), "task_id")


def newest(facts: pl.DataFrame, key: str) -> pl.DataFrame:
    """Each key once, in its newest version, in the order of keys (so that two workers lock rows alike)."""
    return facts.sort(key, "version").unique(key, keep="last", maintain_order=True)


def vectors(meetings: pl.DataFrame, tasks: pl.DataFrame, bands: Sequence[GradeBands]) -> pl.DataFrame:
    """The vector of every (branch, month) that has a fact; `meetings` and `tasks` hold all facts of those months."""
    parts = pl.concat([_meeting_parts(meetings, bands), _task_parts(tasks)], how="diagonal")
    return _complete(parts, VECTOR).group_by("branch_id", "month").agg(_TOTALS).sort("branch_id", "month")


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


def difference(new: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """`new` less `stored`, vector by vector; equal vectors leave no row. A vector missing from `new` counts as zero."""
    negative = stored.with_columns(-pl.col(name) for name in SUMMED_NAMES)
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
