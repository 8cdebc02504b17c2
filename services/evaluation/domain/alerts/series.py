"""The months of units as the rules look at them: one row a unit and month, whether anything was reported or not."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import polars as pl

from shared import months

PARTS: Final = (
    "not_held",
    "regular_held",
    "thematic_held",
    "owed",
    "present",
    "speakers",
    "self_scored",
    "self_points_hundredths",
    "grade_good",
    "both_scored",
    "self_from_official_hundredths",
    "self_above_official_hundredths",
    "evidence_compared",
    "evidence_gap_hundredths",
)
"""The figures the rules are made of, besides `branches`."""
SPANS: Final = {
    "unit_id": pl.String,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "kind": pl.String,
    "level": pl.String,
}
BRANCHES: Final = {"unit_id": pl.String, "month": pl.String, "change": pl.Int64}
FIGURES: Final = {"unit_id": pl.String, "month": pl.String, **dict.fromkeys(PARTS, pl.Int64)}
PLANS: Final = {"unit_id": pl.String, "year": pl.Int32, "target": pl.Float64, "on": pl.Date, "reached": pl.Float64}
"""Targets of inspection: a row a report (`on`, `reached`), or one with nulls where nothing was reported."""


def ordinal(month: str) -> int:
    """The month's number; the next month's is one more."""
    return int(month[:4]) * 12 + int(month[5:]) - 1


def month_at(at: int) -> str:
    """The month with this number."""
    return f"{at // 12:04d}-{at % 12 + 1:02d}"


def series(frames: Mapping[str, pl.DataFrame], first: str, today: date, *, closed_through: str) -> pl.DataFrame:
    """Every month from `first` to that of `today` of every unit with a span, in order.

    `frames`: `spans`, `branches`, `figures` with the columns of SPANS, BRANCHES, FIGURES. Columns: unit_id, at, month,
    last_day, over, closed (up to `closed_through`), in_force (at the month's end), kind, level, branches, and PARTS.
    """
    calendar = [
        (ordinal(month), month, last_day, last_day < today, month <= closed_through)
        for month in months.between(first, months.month_of(today))
        for last_day in [months.last_day(month)]
    ]
    grid = (
        frames["spans"]
        .select("unit_id")
        .unique()
        .join(
            pl.DataFrame(
                calendar,
                schema={
                    "at": pl.Int32,
                    "month": pl.String,
                    "last_day": pl.Date,
                    "over": pl.Boolean,
                    "closed": pl.Boolean,
                },
                orient="row",
            ),
            how="cross",
        )
    )
    joined = (
        grid.sort("last_day")
        .join_asof(
            frames["spans"].sort("valid_from"),
            left_on="last_day",
            right_on="valid_from",
            by="unit_id",
            strategy="backward",
            check_sortedness=False,
        )
        .with_columns(
            (
                pl.col("valid_from").is_not_null()
                & (pl.col("valid_to").is_null() | (pl.col("last_day") < pl.col("valid_to")))
            ).alias("in_force")
        )
        .drop("valid_from", "valid_to")
    )
    counted = (
        frames["branches"]
        .sort("unit_id", "month")
        .with_columns(
            pl.col("change").cum_sum().over("unit_id").alias("branches"),
            (
                pl.col("month").str.slice(0, 4).cast(pl.Int32) * 12 + pl.col("month").str.slice(5).cast(pl.Int32) - 1
            ).alias("at"),
        )
        .select("unit_id", "at", "branches")
        .sort("at")
    )
    return (
        joined.sort("at")
        .join_asof(counted, on="at", by="unit_id", strategy="backward", check_sortedness=False)
        .join(frames["figures"], on=["unit_id", "month"], how="left")
        .with_columns(pl.col("branches", *PARTS).fill_null(0))
        .sort("unit_id", "at")
    )
