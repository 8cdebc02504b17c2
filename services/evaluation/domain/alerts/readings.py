"""What each rule says of each month of each unit: that it should begin, that it should cease, or neither.

A reading has the columns unit_id, at, begins, ceases (never both) and the rule's facts: the numbers it was judged by.
A month of which nothing can be said (too few, nothing scored, not closed yet) has no reading: it breaks no row of
months. A month that is not closed can only end a matter, except for figures that cannot be.
"""

from collections.abc import Callable
from typing import Any, Final

import polars as pl

from services.evaluation.domain.alerts import rules
from services.evaluation.domain.alerts.rules import RuleName

Reader = Callable[[pl.DataFrame, pl.DataFrame, Any], pl.DataFrame]
"""From the series and the plans of inspection, by a rule's value, to readings."""

_KEYS = ("unit_id", "at", "begins", "ceases")


def _readings(frame: pl.DataFrame, begins: pl.Expr, ceases: pl.Expr, **facts: pl.Expr) -> pl.DataFrame:
    return frame.select(
        "unit_id",
        "at",
        begins.fill_null(False).alias("begins"),
        ceases.fill_null(False).alias("ceases"),
        *(fact.alias(name) for name, fact in facts.items()),
    )


def _together(name: str, count: int) -> pl.Expr:
    """The sum of a part over the last `count` months of the unit."""
    return pl.col(name).rolling_sum(count, min_samples=1).over("unit_id")


def attendance_falling(series: pl.DataFrame, _: pl.DataFrame, value: rules.AttendanceFalling) -> pl.DataFrame:
    """Present of owed, against the months before those that may already be part of the fall."""

    def before(name: str) -> pl.Expr:
        return _together(name, value.months_before).shift(value.begin_after).over("unit_id").fill_null(0)

    said = series.with_columns(before("owed").alias("owed_before"), before("present").alias("present_before")).filter(
        pl.col("closed") & (pl.col("owed") >= value.least_owed)
    )
    owed, present = pl.col("owed"), pl.col("present")
    owed_before, present_before = pl.col("owed_before"), pl.col("present_before")
    # In whole numbers: 100·p/o + fall ≤ 100·P/O, so that a bar of 80 % is met by 8 of 10 exactly.
    fell = (owed_before > 0) & (
        100 * present * owed_before + value.fall_points * owed * owed_before <= 100 * present_before * owed
    )
    return _readings(
        said,
        (100 * present < value.begin_percent * owed) & fell,
        100 * present >= value.cease_percent * owed,
        owed=owed,
        present=present,
        owed_before=owed_before,
        present_before=present_before,
        begin_percent=pl.lit(value.begin_percent),
        cease_percent=pl.lit(value.cease_percent),
        months_before=pl.lit(value.months_before),
    )


def no_meeting(series: pl.DataFrame, _: pl.DataFrame, value: rules.NoMeeting) -> pl.DataFrame:
    """Regular meetings held, in months in which one was due."""
    held = pl.col("regular_held")
    said = series.filter((pl.col("branches") > 0) & (pl.col("closed") | (held > 0)))
    return _readings(
        said, held == 0, held > 0, held=held, not_held=pl.col("not_held"), in_a_row=pl.lit(value.begin_after)
    )


def no_theme(series: pl.DataFrame, _: pl.DataFrame, __: rules.NoTheme) -> pl.DataFrame:
    """Thematic meetings held in each quarter, at the month of the first, or at the quarter's last one without any."""
    held = pl.col("thematic_held") > 0
    quarters = (
        series.with_columns((pl.col("at") // 3).alias("quarter_at"))
        .group_by("unit_id", "quarter_at")
        .agg(
            pl.coalesce(pl.col("at").filter(held).min(), pl.col("at").max()).alias("at"),
            (pl.col("in_force") & (pl.col("branches") > 0) & pl.col("closed")).sum().alias("whole"),
            pl.col("thematic_held").sum().alias("held"),
        )
    )
    said = quarters.filter((pl.col("whole") == 3) | (pl.col("held") > 0))
    quarter = pl.col("quarter_at") % 4 + 1
    return _readings(said, pl.col("held") == 0, pl.col("held") > 0, held=pl.col("held"), quarter=quarter.cast(pl.Int64))


def inspection_not_begun(series: pl.DataFrame, plans: pl.DataFrame, value: rules.InspectionNotBegun) -> pl.DataFrame:
    """What was reached of the year's target, month by month; a year before `by_month` is over ends the last one's."""
    months_of = series.select("unit_id", "at", "last_day", "over").join(plans.select("unit_id").unique(), on="unit_id")
    reached = (
        months_of.with_columns(pl.col("last_day").dt.year().alias("year"))
        .join(plans, on=["unit_id", "year"], how="left")
        .group_by("unit_id", "at")
        .agg(
            pl.col("last_day").first(),
            pl.col("over").first(),
            pl.col("target").max().fill_null(0.0),
            pl.when(pl.col("on") <= pl.col("last_day")).then(pl.col("reached")).max().fill_null(0.0).alias("reached"),
        )
    )
    planned = pl.col("target") > 0
    month = pl.col("last_day").dt.month()
    late = (month > value.by_month) | ((month == value.by_month) & pl.col("over"))
    return _readings(
        reached.filter(
            ~planned | ~late | (pl.col("reached") <= value.begin_value) | (pl.col("reached") >= value.cease_value)
        ),
        planned & late & (pl.col("reached") <= value.begin_value),
        ~planned | ~late | (pl.col("reached") >= value.cease_value),
        target=pl.col("target"),
        reached=pl.col("reached"),
        year=pl.col("last_day").dt.year().cast(pl.Int64),
        by_month=pl.lit(value.by_month),
    )


def _far_from(scored: str, gap: str, **more: str) -> Reader:
    def far(series: pl.DataFrame, _: pl.DataFrame, value: rules.FarFrom) -> pl.DataFrame:
        names = {"scored": scored, "gap_hundredths": gap, **more}
        # A month without a score would say once more what the months before it said.
        said = series.with_columns(
            _together(name, value.months).alias(f"{key}_") for key, name in names.items()
        ).filter(pl.col("closed") & (pl.col(scored) > 0) & (pl.col("scored_") >= value.least_scored))
        mean = pl.col("gap_hundredths_")
        return _readings(
            said,
            mean >= 100 * value.begin_points * pl.col("scored_"),
            mean < 100 * value.cease_points * pl.col("scored_"),
            **{key: pl.col(f"{key}_") for key in names},
            months=pl.lit(value.months),
            begin_points=pl.lit(value.begin_points),
            cease_points=pl.lit(value.cease_points),
        )

    return far


def figures_impossible(series: pl.DataFrame, _: pl.DataFrame, __: rules.FiguresImpossible) -> pl.DataFrame:
    """Figures that contradict one another, in any month of which something was reported, closed or not."""
    held = pl.col("regular_held") + pl.col("not_held")
    checks = {
        "present_over_owed": pl.col("present") > pl.col("owed"),
        "held_over_due": held > pl.col("branches"),
        "speakers_over_present": pl.col("speakers") > pl.col("present"),
    }
    wrong = pl.any_horizontal(*checks.values())
    numbers = {name: pl.col(name) for name in ("present", "owed", "branches", "speakers")}
    said = series.filter((held > 0) | (pl.col("owed") > 0) | (pl.col("present") > 0))
    return _readings(said, wrong, ~wrong, **checks, **numbers, held=held)


def good_despite_attendance(series: pl.DataFrame, _: pl.DataFrame, value: rules.GoodDespiteAttendance) -> pl.DataFrame:
    """The share graded Tốt beside the share present, over some months together."""
    names = {"scored": "self_scored", "good": "grade_good", "owed": "owed", "present": "present"}
    said = series.with_columns(_together(name, value.months).alias(f"{key}_") for key, name in names.items()).filter(
        pl.col("closed")
        & (pl.col("self_scored") > 0)
        & (pl.col("scored_") >= value.least_scored)
        & (pl.col("owed_") > 0)
    )
    scored, good, owed, present = (pl.col(f"{name}_") for name in names)
    return _readings(
        said,
        (100 * good >= value.begin_good_percent * scored) & (100 * present < value.begin_percent * owed),
        (100 * good < value.cease_good_percent * scored) | (100 * present >= value.cease_percent * owed),
        scored=scored,
        good=good,
        owed=owed,
        present=present,
        months=pl.lit(value.months),
        begin_percent=pl.lit(value.begin_percent),
    )


def identical_scores(series: pl.DataFrame, _: pl.DataFrame, value: rules.IdenticalScores) -> pl.DataFrame:
    """The mean self score against that of the scored month before."""
    scored = series.filter(pl.col("closed") & (pl.col("self_scored") > 0))
    points, count = pl.col("self_points_hundredths"), pl.col("self_scored")
    same = points * count.shift(1).over("unit_id") == points.shift(1).over("unit_id") * count
    return _readings(
        scored, same, ~same, points_hundredths=points, scored=count, in_a_row=pl.lit(value.begin_after + 1)
    )


READERS: Final[dict[RuleName, Reader]] = {
    "attendance_falling": attendance_falling,
    "no_meeting": no_meeting,
    "no_theme": no_theme,
    "inspection_not_begun": inspection_not_begun,
    "self_far_from_evidence": _far_from("evidence_compared", "evidence_gap_hundredths"),
    "self_far_from_official": _far_from(
        "both_scored", "self_from_official_hundredths", above_hundredths="self_above_official_hundredths"
    ),
    "figures_impossible": figures_impossible,
    "good_despite_attendance": good_despite_attendance,
    "identical_scores": identical_scores,
}


def read(
    rule: RuleName, versions: tuple[rules.Version, ...], series: pl.DataFrame, plans: pl.DataFrame
) -> pl.DataFrame:
    """The readings of `rule`, each by the version in force on its month's last day, and the months it is not for.

    Columns besides a reading's: begin_after, cease_after, valid_from (of the version), ends: the unit is not in force
    (`unit`), or the rule is not in force or not for this unit (`rule`); null: neither.
    """
    found = [_of_version(rule, version, series, plans) for version in versions]
    meant = pl.concat([applies for applies, _ in found]) if found else series.select("unit_id", "at").clear()
    outside = series.join(meant, on=["unit_id", "at"], how="anti").select(
        "unit_id",
        "at",
        pl.when(pl.col("in_force")).then(pl.lit("rule")).otherwise(pl.lit("unit")).alias("ends"),
    )
    return pl.concat([*(readings for _, readings in found), outside], how="diagonal").sort("unit_id", "at")


def _of_version(
    rule: RuleName, version: rules.Version, series: pl.DataFrame, plans: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    value = version.value
    applies = pl.col("in_force") & (pl.col("last_day") >= version.valid_from)
    if version.valid_to is not None:
        applies &= pl.col("last_day") < version.valid_to
    if value.kinds:
        applies &= pl.col("kind").is_in(value.kinds)
    if value.levels:
        applies &= pl.col("level").is_in(value.levels)
    meant = series.filter(applies).select("unit_id", "at")
    readings = READERS[rule](series, plans, value).join(meant, on=["unit_id", "at"], how="semi")
    return meant, readings.with_columns(
        pl.lit(value.begin_after).alias("begin_after"),
        pl.lit(value.cease_after).alias("cease_after"),
        pl.lit(version.valid_from).alias("valid_from"),
    )


def facts_of(readings: pl.DataFrame) -> list[str]:
    """The columns of `readings` that are the rule's facts."""
    other = {*_KEYS, "begin_after", "cease_after", "valid_from", "ends"}
    return [name for name in readings.columns if name not in other]
