"""Facts → the vector of each (branch, month) → its difference → the sums of every unit above. Pure, columnar.

The live stream and the rebuild call the same functions, so that incremental equals rebuilt. Frames are polars; their
columns are those of the tables of the same names; ids are texts. A part of a vector is a sum over facts: what a batch
changes is the vectors of its facts less those of the facts they replace, and no other fact need be read.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec
import polars as pl

from services.evaluation.facts import BY_GROUP
from services.evaluation.figures import SUMMED_NAMES
from shared.units.paths import Segment

VECTOR: Final = {"branch_id": pl.String, "month": pl.String, **dict.fromkeys(SUMMED_NAMES, pl.Int64)}
SUMS: Final = {"unit_id": pl.String, "month": pl.String, **dict.fromkeys(SUMMED_NAMES, pl.Int64)}
PATHS: Final = {"branch_id": pl.String, "from_month": pl.String, "to_month": pl.String, "unit_id": pl.String}
_GRADES: Final = ("good", "fair", "average", "weak")
_OF_ATTENDANCE: Final = (
    "owed",
    "present",
    "absent_with_reason",
    "absent_without_reason",
    "late_arrivals",
    "speakers",
    *BY_GROUP,
)
_TOTALS = [pl.col(name).sum() for name in SUMMED_NAMES]


class GradeBands(msgspec.Struct, frozen=True):
    """The least self score of each grade, in 1/100 point, on days from `valid_from` to before `valid_to`."""

    valid_from: date
    valid_to: date | None
    good: int
    fair: int
    average: int


def vectors(meetings: pl.DataFrame, tasks: pl.DataFrame, bands: Sequence[GradeBands]) -> pl.DataFrame:
    """What `meetings` and `tasks` add to the vector of every (branch, month) that has one of them."""
    meetings = counting(meetings)
    parts = [] if meetings.is_empty() else [meeting_parts(meetings, bands)]
    if not tasks.is_empty():
        parts.append(task_parts(tasks))
    return add_up(_complete(pl.concat(parts, how="diagonal"), VECTOR)) if parts else pl.DataFrame(schema=VECTOR)


def counting(meetings: pl.DataFrame) -> pl.DataFrame:
    """Facts of `meetings` without the plans: most versions of a meeting are plans, and a plan counts for nothing."""
    return meetings.filter(pl.col("status") != "planned")


def add_up(vectors_: pl.DataFrame) -> pl.DataFrame:
    """One vector a (branch, month), of several that may be of the same."""
    totals = [pl.col(name).cast(pl.Int64).sum() for name in SUMMED_NAMES]
    return vectors_.group_by("branch_id", "month").agg(totals)


def meeting_parts(facts: pl.DataFrame, bands: Sequence[GradeBands]) -> pl.DataFrame:
    """What each of `facts` (meetings, the columns of `COUNTED`) counts for: its id, branch, month and parts."""
    return facts.select(
        "meeting_id",
        "branch_id",
        "month",
        *(part.cast(pl.Int64).alias(name) for name, part in parts_of_meetings(pl, bands).items()),
    )


def parts_of_meetings(of: Any, bands: Sequence[GradeBands]) -> dict[str, Any]:
    """The parts of a meeting's fact as expressions of `of`: polars for columns, `rowwise` for the values of one row."""
    held = of.col("status") == "adopted"
    regular = held & (of.col("kind") == "regular")
    counted = held & of.col("kind").is_in(["regular", "thematic"])
    scored = {who: regular & of.col(f"{who}_points").is_not_null() for who in ("self", "voted", "official")}
    both = scored["self"] & scored["official"]
    above = of.col("self_points") - of.col("official_points")
    prepared = regular & of.col("pre_meeting_held").is_not_null()
    assigned = regular & of.col("superior_assigned")
    own, official = _grade(of, "self_points", bands), _grade(of, "official_points", bands)
    flags = {
        "not_held": (of.col("status") == "not_held") & (of.col("kind") == "regular"),
        "regular_held": regular,
        "regular_on_time": regular & of.col("on_time"),
        "regular_late": regular & ~of.col("on_time"),
        "thematic_held": held & (of.col("kind") == "thematic"),
        "other_held": held & of.col("kind").is_in(["committee", "extraordinary"]),
        "corrected": held & of.col("corrected"),
        "minutes_complete": regular & of.col("complete"),
        "with_conclusion": regular & of.col("has_conclusion"),
        "with_tasks": regular & (of.col("tasks_assigned") > 0),
        "task_members_known": regular & of.col("members_with_task").is_not_null(),
        "superior_assigned": assigned,
        "superior_attended": assigned & of.col("superior_attended"),
        "duration_known": regular & of.col("duration_kept").is_not_null(),
        "duration_kept": regular & of.col("duration_kept"),
        "on_set_day_known": regular & of.col("on_set_day").is_not_null(),
        "on_set_day": regular & of.col("on_set_day"),
        "preparation_known": prepared,
        "pre_meeting_held": prepared & of.col("pre_meeting_held"),
        "notice_given": prepared & of.col("notice_given"),
        "documents_in_time": prepared & of.col("documents_in_time"),
        "examined": counted & of.col("signalled").is_not_null(),
        "signalled": counted & of.col("signalled"),
        "copied": counted & of.col("copied"),
        "self_scored": scored["self"],
        **{f"grade_{grade}": scored["self"] & (own == grade) for grade in _GRADES},
        "voted_scored": scored["voted"],
        "official_scored": scored["official"],
        **{f"official_{grade}": scored["official"] & (official == grade) for grade in _GRADES},
        "both_scored": both,
    }
    amounts = {
        **{name: (counted, of.col(name)) for name in _OF_ATTENDANCE},
        "tasks_assigned": (held, of.col("tasks_assigned")),
        **{name: (regular, of.col(name)) for name in ("members_with_task", "last_tasks", "last_tasks_done")},
        **{f"{who}_points_hundredths": (when, of.col(f"{who}_points")) for who, when in scored.items()},
        "self_above_official_hundredths": (both, above),
        "self_from_official_hundredths": (both, above.abs()),
    }
    return {
        **{name: of.when(flag).then(1).otherwise(0) for name, flag in flags.items()},
        **{name: of.when(when).then(amount).otherwise(0).fill_null(0) for name, (when, amount) in amounts.items()},
    }


def _grade(of: Any, column: str, bands: Sequence[GradeBands]) -> Any:
    """The grade of a score by the bands in force on the meeting's day; null outside all of them."""
    grade = of.lit(None)
    points = of.col(column)
    for band in bands:
        in_force = of.col("held_on") >= band.valid_from
        if band.valid_to is not None:
            in_force &= of.col("held_on") < band.valid_to
        name = (
            of.when(points >= band.good)
            .then(of.lit("good"))
            .when(points >= band.fair)
            .then(of.lit("fair"))
            .when(points >= band.average)
            .then(of.lit("average"))
            .otherwise(of.lit("weak"))
        )
        grade = of.when(in_force).then(name).otherwise(grade)
    return grade.fill_null("none")


def task_parts(facts: pl.DataFrame) -> pl.DataFrame:
    """What each of `facts` (tasks) counts for: its id, branch, month and parts."""
    return facts.select(
        "task_id", "branch_id", "month", *(part.cast(pl.Int64).alias(name) for name, part in parts_of_tasks(pl).items())
    )


def parts_of_tasks(of: Any) -> dict[str, Any]:
    """The parts of a task's fact, as expressions of `of`, like those of meetings."""
    due = of.col("status") != "cancelled"
    done = of.col("status") == "done"
    late = done & (of.col("done_on") > of.col("due_on"))
    return {
        "tasks_due": of.when(due).then(1).otherwise(0),
        "tasks_done": of.when(done).then(1).otherwise(0),
        "tasks_done_late": of.when(late).then(1).otherwise(0),
    }


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


def told(sums: pl.DataFrame) -> list[str]:
    """The parts that some row of `sums` has: the others need not be told, zero is their column's default."""
    return [name for name in SUMMED_NAMES if (sums[name] != 0).any()]


class Routes(msgspec.Struct, frozen=True):
    """The paths of `PATHS`, shared: each branch's months with the `route` to all above it; the units of each route."""

    branches: pl.DataFrame
    above: pl.DataFrame
    mixed: bool


def routes(paths: pl.DataFrame) -> Routes:
    """`paths` as routes: thousands of branches share some hundreds."""
    branches = paths.group_by("branch_id", "from_month", "to_month", maintain_order=True).agg(
        pl.col("unit_id").filter(pl.col("unit_id") != pl.col("branch_id")).str.join(" ").alias("route")
    )
    above = branches.select("route").unique().with_columns(pl.col("route").str.split(" ").alias("unit_id"))
    above = above.explode("unit_id").filter(pl.col("unit_id") != "")
    return Routes(branches, above, above["unit_id"].is_in(branches["branch_id"].implode()).any())


def roll_up(vectors_: pl.DataFrame, paths: pl.DataFrame | Routes) -> pl.DataFrame:
    """What `vectors_`, each (branch, month) once, add to every unit on each branch's path of the month, in the order of
    (unit, month). Every path begins with its branch."""
    ways = paths if isinstance(paths, Routes) else routes(paths)
    on_path = vectors_.join(ways.branches, on="branch_id", how="inner").filter(
        (pl.col("from_month") <= pl.col("month"))
        & (pl.col("to_month").is_null() | (pl.col("month") < pl.col("to_month")))
    )
    own = on_path.select(pl.col("branch_id").alias("unit_id"), *list(SUMS)[1:])
    above = on_path.group_by("route", "month").agg(_TOTALS).join(ways.above, on="route")
    sums = pl.concat([own, above.group_by("unit_id", "month").agg(_TOTALS).select(list(SUMS))])
    if ways.mixed:  # a branch that became a committee is both in one year
        sums = sums.group_by("unit_id", "month").agg(_TOTALS).select(list(SUMS))
    return sums.sort("unit_id", "month")


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
