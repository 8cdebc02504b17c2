"""Hysteresis: from readings in order to the times in which a rule held for a unit."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec
import polars as pl

from services.evaluation.domain.alerts.readings import facts_of
from services.evaluation.domain.alerts.series import month_at

ON, OFF = 1, -1
_ENDED: Final = {"unit": "unit-ended", "rule": "rule-ended", None: "recovered"}


class Month(msgspec.Struct, frozen=True):
    """One month that counted: the facts it was judged by."""

    period: str
    facts: dict[str, Any]


class Episode(msgspec.Struct, frozen=True):
    """A time in which a rule held: it began with the month `since` and ceased with `until` (None: it still holds).

    `carried`: it held when the months looked at began, so how it began is not known here. `began` and `ended` are the
    months that decided, `valid_from` names the version of the rule. `cause` of the end: `recovered`, `unit-ended` (no
    longer in force), `rule-ended` (the rule is not for it any more).
    """

    unit_id: str
    since: str
    until: str | None
    carried: bool
    valid_from: date | None
    began: tuple[Month, ...]
    ended: tuple[Month, ...]
    cause: str | None


def states(readings: pl.DataFrame, carried: pl.DataFrame, *, first: int) -> pl.DataFrame:
    """`readings` with `state` (ON, OFF) after each: the last of the months that decided, in order, decides.

    `begins` must be true `begin_after` times in a row to decide for ON, `ceases` `cease_after` times for OFF; `ends`
    decides at once. Months before `first` (an ordinal) count towards such a row, and decide nothing. `carried`: units
    (`unit_id`) for which the rule held just before `first`.
    """
    # A month that stands in the way begins a new row of months.
    rows = readings.with_columns(pl.col("begins", "ceases").fill_null(False)).with_columns(
        (~pl.col(name)).cum_sum().over("unit_id").alias(f"_{name}_row") for name in ("begins", "ceases")
    )
    rows = rows.with_columns(
        pl.col(name).cum_sum().over("unit_id", f"_{name}_row").alias(f"_{name}_count") for name in ("begins", "ceases")
    )
    decision = (
        pl.when(pl.col("at") < first)
        .then(None)
        .when(pl.col("ends").is_not_null())
        .then(OFF)
        .when(pl.col("begins") & (pl.col("_begins_count") >= pl.col("begin_after")))
        .then(ON)
        .when(pl.col("ceases") & (pl.col("_ceases_count") >= pl.col("cease_after")))
        .then(OFF)
        .otherwise(None)
    )
    before = carried.select("unit_id", pl.lit(first - 1, dtype=pl.Int32).alias("at"), pl.lit(ON).alias("_decision"))
    # What was carried comes after the readings of the same month, which decide nothing.
    return (
        pl.concat([rows.with_columns(decision.alias("_decision")), before], how="diagonal_relaxed")
        .sort("unit_id", "at", maintain_order=True)
        .with_columns(pl.col("_decision").forward_fill().over("unit_id").fill_null(OFF).alias("state"))
        .select(*readings.columns, "state")
    )


def episodes(readings: pl.DataFrame, carried: pl.DataFrame, *, first: int) -> list[Episode]:
    """The times in which the rule held, by unit and in order. `readings`, `carried`, `first`: see `states`."""
    # Most units have nothing of the kind: they need not be gone through month by month.
    begins = readings.filter(pl.col("begins") & (pl.col("at") >= first)).select("unit_id")
    possible = readings.join(pl.concat([begins, carried.select("unit_id")]).unique(), on="unit_id", how="semi")
    stated = states(possible, carried, first=first)
    changed = pl.col("state") != pl.col("state").shift(1).over("unit_id").fill_null(OFF)
    # In the order of `states`: a unit's rows follow each other.
    concerned = stated.with_columns(changed.alias("_turn")).filter(pl.col("_turn").any().over("unit_id"))
    facts = facts_of(readings)
    found: list[Episode] = []
    for _, unit in groupby(concerned.iter_rows(named=True), itemgetter("unit_id")):
        found += _of_unit(list(unit), facts, first)
    return found


def _of_unit(rows: list[dict[str, Any]], facts: list[str], first: int) -> list[Episode]:
    found: list[Episode] = []
    for place, row in enumerate(rows):
        if not row["_turn"]:
            continue
        if row["state"] == ON:
            carried = row["at"] < first
            began = () if carried else _months(rows[: place + 1], "begins", row["begin_after"], facts)
            found.append(
                Episode(
                    row["unit_id"],
                    month_at(row["at"]),
                    None,
                    carried,
                    None if carried else row["valid_from"],
                    began,
                    (),
                    None,
                )
            )
        else:
            ended = () if row["ends"] else _months(rows[: place + 1], "ceases", row["cease_after"], facts)
            found[-1] = msgspec.structs.replace(
                found[-1], until=month_at(row["at"]), ended=ended, cause=_ENDED[row["ends"]]
            )
    return found


def _months(rows: list[dict[str, Any]], name: str, count: int, facts: list[str]) -> tuple[Month, ...]:
    decided = [row for row in rows if row[name]][-count:]
    return tuple(Month(month_at(row["at"]), _facts(row, facts)) for row in decided)


def _facts(row: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in names if row[name] is not None}
