"""The grade of meetings by a rubric: points that people gave, evidence where it decides, and the gates beyond the sum.

Pure; columnar. People's points are the official score, else the voted, else the self score. Where they gave points by
the rubric's groups, a group's share is theirs; else that of their sum. A group's items that evidence does not decide
have the group's share.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Final

import polars as pl

from services.evaluation.domain import scoring
from services.evaluation.domain.rubrics import GRADES, Content, FullMarks, Group

PEOPLE: Final = {
    "official_points": pl.Int64,
    "voted_points": pl.Int64,
    "self_points": pl.Int64,
    "official_groups": pl.String,
    "official_max": pl.String,
    "self_groups": pl.String,
    "self_max": pl.String,
}
"""What people gave, as columns: sums in 1/100 point, points by group as JSON."""
_ALMOST: Final = 1e-9


def graded(content: Content, facts: pl.DataFrame) -> pl.DataFrame:
    """For each of `facts` (columns of EVIDENCE and PEOPLE): `points` scaled to 100, in 1/100 point (null: nobody and
    nothing says), `basis` (official, voted, self or evidence) and `grade`."""
    facts = scoring.complete(facts)
    frame = pl.concat(
        [
            scoring.items(content, facts),
            facts.select("official_points", "voted_points", "self_points"),
            scoring.shares(content, facts, "official"),
            scoring.shares(content, facts, "self"),
        ],
        how="horizontal",
    )
    frame = frame.with_columns(
        basis=_basis(), **{f"share:{group.code}": _share(content, group) for group in content.groups}
    )
    parts = [_Group(group) for group in content.groups]
    # In steps: one expression of everything takes longer to plan than to compute.
    frame = frame.with_columns(column for part in parts for column in part.columns)
    frame = frame.with_columns(column for part in parts for column in part.scaled)
    known = _total([pl.col(f"known:{group.code}") for group in content.groups])
    points = _total([pl.col(f"given:{group.code}") for group in content.groups])
    # Items given in full alone say nothing of a meeting.
    said = pl.any_horizontal(f"said:{group.code}" for group in content.groups)
    frame = frame.with_columns(
        points=pl.when(said & (known > _ALMOST)).then((100 * 100 * points / known).round(6).round(0).cast(pl.Int64))
    )
    frame = frame.with_columns(
        basis=pl.when(pl.col("points").is_not_null()).then(pl.col("basis")), grade=_banded(content)
    )
    return frame.select("points", "basis", grade=_gated(content, pl.col("grade")))


def _basis() -> pl.Expr:
    return (
        pl.when(pl.col("official_points").is_not_null())
        .then(pl.lit("official"))
        .when(pl.col("voted_points").is_not_null())
        .then(pl.lit("voted"))
        .when(pl.col("self_points").is_not_null())
        .then(pl.lit("self"))
        .otherwise(pl.lit("evidence"))
    )


class _Group:
    """A group's part of the sum, as expressions: `columns` first, then `scaled`, which are made of them."""

    def __init__(self, group: Group) -> None:
        code = group.code
        share = pl.col(f"share:{code}")
        lists: list[list[pl.Expr]] = [[] for _ in range(5)]
        decided, decided_max, given, void, full_items = lists
        for item in group.items:
            key = scoring.name(group, item)
            most = pl.lit(float(item.max))
            applies, points = pl.col(f"applies:{key}"), pl.col(f"points:{key}")
            decides = points.is_not_null() if item.by == "evidence" else points.is_not_null() & share.is_null()
            if item.evidence is not None:
                decided.append(pl.when(decides).then(points).otherwise(0.0))
                decided_max.append(pl.when(decides).then(most).otherwise(0.0))
            (given if item.otherwise == "full" else void).append(pl.when(applies).then(0.0).otherwise(most))
            by_evidence = points >= item.max - _ALMOST
            full = ~applies | by_evidence.fill_null(share.fill_null(0.0) >= 1 - _ALMOST)
            full_items.append(full.alias(f"full:{key}"))
        self.columns = [
            (pl.lit(float(group.max)) - _total(void)).alias(f"included:{code}"),
            _total(decided).alias(f"decided:{code}"),
            _total(decided_max).alias(f"decided_max:{code}"),
            _total(given).alias(f"full_given:{code}"),
            *full_items,
        ]
        included, in_full = pl.col(f"included:{code}"), pl.col(f"full_given:{code}")
        settled = pl.col(f"decided_max:{code}") + in_full
        factor = pl.when(included > _ALMOST).then(group.max / included).otherwise(0.0)
        points = pl.col(f"decided:{code}") + in_full + (share * (included - settled)).fill_null(0.0)
        known = pl.when(share.is_not_null()).then(included).otherwise(settled)
        self.scaled = [
            (points * factor).alias(f"given:{code}"),
            (known * factor).alias(f"known:{code}"),
            (points >= included - _ALMOST).alias(f"full:{code}"),
            (known - in_full > _ALMOST).alias(f"said:{code}"),
        ]


def _share(content: Content, group: Group) -> pl.Expr:
    """The share of a group's points that people gave; null when they gave none."""

    def of(prefix: str, total: pl.Expr, by_group: bool) -> pl.Expr:
        if not by_group:
            return total / 10_000
        # A group without a share: the points were given by the groups of another frame.
        ours = reduce(
            lambda one, two: one & two, [pl.col(f"{prefix}:{other.code}").is_not_null() for other in content.groups]
        )
        return pl.when(ours).then(pl.col(f"{prefix}:{group.code}")).otherwise(total / 10_000)

    official, voted, self_ = (pl.col(f"{name}_points") for name in ("official", "voted", "self"))
    return (
        pl.when(official.is_not_null())
        .then(of("official", official, True))
        .when(voted.is_not_null())
        .then(of("voted", voted, False))
        .otherwise(of("self", self_, True))
    )


def _banded(content: Content) -> pl.Expr:
    points = pl.col("points") / 100
    return reduce(
        lambda rest, band: pl.when(scoring.lies_in(points, band)).then(pl.lit(band.grade)).otherwise(rest),
        content.grades,
        pl.lit(None, dtype=pl.String),
    )


def _gated(content: Content, grade: pl.Expr) -> pl.Expr:
    """The next lower grade where a gate of the grade does not open; the best grade's gates first."""
    for place, name in enumerate(GRADES[:-1]):
        needed = [of for gate in content.gates if isinstance(gate, FullMarks) and gate.grade == name for of in gate.of]
        if needed:
            opens = reduce(lambda one, two: one & two, [pl.col(f"full:{of}") for of in needed])
            grade = pl.when((grade == name) & ~opens).then(pl.lit(GRADES[place + 1])).otherwise(grade)
    return grade


def _total(amounts: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, two: one + two, amounts) if amounts else pl.lit(0.0)
