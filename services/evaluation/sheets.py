"""Facts and rubrics → the sheet of each meeting → what sheets add to the figures. Pure, columnar.

The live step (scoring.py) and the rebuild call the same functions. A sheet depends on its own meeting's fact, on the
rubrics in force on its day, and on the branch's path of its month, so facts can be scored in any portions.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import reduce
from typing import Final

import polars as pl

from services.evaluation.domain import scoring
from services.evaluation.domain.measures import EVIDENCE
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.facts import MEETING_FACT
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.fold import VECTOR
from shared.units.paths import Segment

_ABOUT: Final = ("meeting_id", "version", "branch_id", "month", "kind")
SCORED: Final = {
    name: dtype
    for name, dtype in MEETING_FACT.items()
    if name in (*_ABOUT, "status", "held_on", "self_groups", "self_max") or name in EVIDENCE
}
"""The columns of a meeting's fact that its sheet is made of."""
SHEET: Final[Mapping[str, type[pl.DataType]]] = {
    **{name: MEETING_FACT[name] for name in _ABOUT},
    "rubric_id": pl.String,
    "rubric_version": pl.Int64,
    **scoring.SHEET,
}
PLACES: Final[Mapping[str, type[pl.DataType]]] = {
    "branch_id": pl.String,
    "from_month": pl.String,
    "to_month": pl.String,
    "owner_id": pl.String,
    "height": pl.Int64,
}
"""Where branches stand below the owners of rubrics: the months, and by how many levels."""
_SHEETS: Final = ("regular", "thematic")


def owners(rubrics: Iterable[Rubric]) -> frozenset[str]:
    """The units that have a rubric of their own."""
    return frozenset(str(rubric.owner_id) for rubric in rubrics if rubric.owner_id is not None)


def places(segments: Sequence[Segment], owning: Collection[str]) -> pl.DataFrame:
    """The columns of PLACES, from branches' paths."""
    rows = [
        (str(segment.branch_id), segment.from_month, segment.to_month, str(unit_id), height)
        for segment in (segments if owning else ())
        for height, unit_id in enumerate(segment.path)
        if str(unit_id) in owning
    ]
    return pl.DataFrame(rows, schema=PLACES, orient="row")


def score(facts: pl.DataFrame, rubrics: Sequence[Rubric], below: pl.DataFrame) -> pl.DataFrame:
    """The sheets (columns of SHEET) of those of `facts` that were adopted and have a rubric.

    A branch is scored by the rubric of the nearest unit above it that has one in force on the meeting's day, else by
    the national one. `below`: where branches stand, as PLACES.
    """
    held = facts.filter((pl.col("status") == "adopted") & pl.col("kind").is_in(_SHEETS))
    chosen = choose(held, rubrics, below)
    made = [pl.DataFrame(schema=SHEET)]
    for place in chosen.drop_nulls().unique(maintain_order=True).to_list():
        rubric = rubrics[place]
        part = held.filter(chosen == place)
        about = part.select(
            *_ABOUT,
            pl.lit(str(rubric.rubric_id)).alias("rubric_id"),
            pl.lit(rubric.version, dtype=pl.Int64).alias("rubric_version"),
        )
        made.append(about.hstack(scoring.sheets(rubric.content, part)))
    return pl.concat(made)


def choose(held: pl.DataFrame, rubrics: Sequence[Rubric], below: pl.DataFrame) -> pl.Series:
    """Which of `rubrics` each meeting is scored by: its place, null for none. `held` has kind, held_on, month."""
    national = [(place, rubric) for place, rubric in enumerate(rubrics) if rubric.owner_id is None]
    by_day = reduce(
        lambda rest, one: pl.when(_in_force(one[1])).then(pl.lit(one[0], dtype=pl.Int64)).otherwise(rest),
        national,
        pl.lit(None, dtype=pl.Int64),
    )
    chosen = held.select(pl.when(pl.col("kind").is_not_null()).then(by_day).alias("place"))["place"]
    owned = [(place, rubric) for place, rubric in enumerate(rubrics) if rubric.owner_id is not None]
    if not owned or below.is_empty():
        return chosen
    frame = pl.DataFrame(
        [
            (str(rubric.owner_id), rubric.content.sheet, rubric.valid_from, rubric.valid_to, place)
            for place, rubric in owned
        ],
        schema={
            "owner_id": pl.String,
            "kind": pl.String,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
            "place": pl.Int64,
        },
        orient="row",
    )
    nearest = (
        held.select("branch_id", "month", "kind", "held_on")
        .with_row_index("row")
        .join(below, on="branch_id")
        .filter(
            (pl.col("from_month") <= pl.col("month"))
            & (pl.col("to_month").is_null() | (pl.col("month") < pl.col("to_month")))
        )
        .join(frame, on=["owner_id", "kind"])
        .filter(
            (pl.col("valid_from") <= pl.col("held_on"))
            & (pl.col("valid_to").is_null() | (pl.col("held_on") < pl.col("valid_to")))
        )
        .sort("row", "height")
        .unique("row", keep="first", maintain_order=True)
    )
    rows = pl.DataFrame({"row": range(held.height)}, schema={"row": pl.UInt32})
    own = rows.join(nearest.select("row", "place"), on="row", how="left", maintain_order="left")["place"]
    return pl.DataFrame({"own": own, "national": chosen}).select(pl.coalesce("own", "national").alias("place"))["place"]


def _in_force(rubric: Rubric) -> pl.Expr:
    holds = (pl.col("kind") == rubric.content.sheet) & (pl.col("held_on") >= rubric.valid_from)
    return holds if rubric.valid_to is None else holds & (pl.col("held_on") < rubric.valid_to)


def vectors(sheets: pl.DataFrame) -> pl.DataFrame:
    """What `sheets` add to the vector of every (branch, month): those of regular meetings that have evidence."""
    counted = sheets.filter((pl.col("kind") == "regular") & pl.col("evidence_scaled").is_not_null())
    totals = counted.group_by("branch_id", "month").agg(
        pl.len().cast(pl.Int64).alias("evidence_scored"),
        pl.col("evidence_scaled").sum().alias("evidence_points_hundredths"),
        pl.col("gap").count().cast(pl.Int64).alias("evidence_compared"),
        pl.col("gap").sum().alias("evidence_gap_hundredths"),
    )
    others = [pl.lit(0, dtype=pl.Int64).alias(name) for name in SUMMED_NAMES if name not in totals.columns]
    return totals.with_columns(others).select(list(VECTOR))
