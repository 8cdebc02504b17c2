"""Evidence and a rubric → sheets, for many meetings at once. Pure; polars is the arithmetic.

The live step, the rebuild, a trial and the explanation of one sheet call the same functions. Sums are in points; what
is stored is in 1/100 point. An item is
- void where its condition does not hold and the rubric takes it out, given where the rubric gives it in full,
- decided by evidence where the measure says something,
- else left to people.
In a group with void items the rest is scaled to the group's maximum; a group that is all void is taken out itself, and
the sheet scaled to 100.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Final

import polars as pl

from services.evaluation.domain.measures import CONDITIONS, EVIDENCE, MEASURES
from services.evaluation.domain.rubrics import Bands, Content, Duration, Evidence, Group, Interval, Item, YesNo

SHEET: Final = {
    "evidence_points": pl.Int64,
    "evidence_max": pl.Int64,
    "evidence_scaled": pl.Int64,
    "gap": pl.Int64,
}
"""Of a sheet, in 1/100 point: what evidence gave, out of how much; the same scaled to 100; and how far the self score
is from it on the groups in which evidence decides at least half, scaled to 100 (null where nothing can be compared)."""
_HALF: Final = 0.5
_NOTHING: Final = pl.lit(None, dtype=pl.Float64)


def complete(facts: pl.DataFrame) -> pl.DataFrame:
    """`facts` with every column of EVIDENCE; what they lack is null: unknown."""
    return facts.with_columns(
        pl.lit(None, dtype=dtype).alias(name) for name, dtype in EVIDENCE.items() if name not in facts.columns
    )


def sheets(content: Content, facts: pl.DataFrame) -> pl.DataFrame:
    """The columns of SHEET for each of `facts` (columns of EVIDENCE, and of PEOPLE the self score's groups)."""
    scored = _items(content, complete(facts))
    people = shares(content, facts, "self")
    frame = pl.concat([scored, people], how="horizontal")
    # In steps: one expression of everything takes longer to plan than to compute.
    return _totals(content, frame.with_columns(part for group in content.groups for part in _parts(group)))


def items(content: Content, facts: pl.DataFrame) -> pl.DataFrame:
    """For each of `facts`, by item `group.item`: `value:` (the measure), `points:` (by evidence), `applies:`."""
    facts = complete(facts)
    values = [
        _value(item.evidence, content.duration).alias(f"value:{name(group, item)}")
        for group, item in content.items
        if item.evidence is not None
    ]
    return pl.concat([_items(content, facts), facts.select(values)], how="horizontal")


def name(group: Group, item: Item) -> str:
    """How an item is named outside its group."""
    return f"{group.code}.{item.code}"


def shares(content: Content, facts: pl.DataFrame, who: str) -> pl.DataFrame:
    """What people gave of each group, as `<who>:<group>`, 0 to 1; null where they did not, or gave above the maximum.

    `facts` has `<who>_groups` and `<who>_max`: points by group and the maxima of the form they were given on, as JSON.
    """
    given, most = (_decoded(content, facts[f"{who}_{what}"]) for what in ("groups", "max"))
    columns = []
    for group in content.groups:
        share = given[group.code] / most[group.code].fill_null(group.max)
        columns.append(share.set(~share.is_between(0, 1), None).alias(f"{who}:{group.code}"))
    return pl.DataFrame(columns)


def _decoded(content: Content, given: pl.Series) -> pl.DataFrame:
    codes = [group.code for group in content.groups]
    if given.null_count() == given.len():
        return pl.DataFrame({code: pl.Series([None] * given.len(), dtype=pl.Float64) for code in codes})
    decoded = given.str.json_decode(pl.Struct(dict.fromkeys(codes, pl.Float64)))
    return decoded.struct.unnest()


def _items(content: Content, facts: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for group, item in content.items:
        applies = _applies(item)
        columns.append(applies.alias(f"applies:{name(group, item)}"))
        points = _NOTHING if item.evidence is None else _points(item.evidence, content.duration, item.max)
        columns.append(pl.when(applies).then(points).alias(f"points:{name(group, item)}"))
    return facts.select(columns)


def _applies(item: Item) -> pl.Expr:
    """Unknown counts as applying: people see the item."""
    condition = None if item.applies_when is None else CONDITIONS[item.applies_when]
    # A column of the frame, not a literal: its length is the frame's.
    return pl.col("owed").is_null() | True if condition is None else condition.of().fill_null(True)


def _value(evidence: Evidence, duration: Duration) -> pl.Expr:
    return MEASURES[evidence.measure].of(duration).cast(pl.Float64)


def _points(evidence: Evidence, duration: Duration, most: float) -> pl.Expr:
    value = _value(evidence, duration)
    score = evidence.score
    if isinstance(score, Bands):
        points = reduce(
            lambda rest, band: pl.when(lies_in(value, band)).then(pl.lit(float(band.points))).otherwise(rest),
            score.bands,
            _NOTHING,
        )
    elif isinstance(score, YesNo):
        points = pl.when(value > 0).then(pl.lit(float(score.yes))).otherwise(pl.lit(float(score.no)))
    else:
        share = ((value - score.none_at) / (score.all_at - score.none_at)).clip(0, 1)
        points = (share * most).round(2)
    known = value.is_not_null()
    for override in reversed(evidence.overrides):
        other = MEASURES[override.measure].of(duration).cast(pl.Float64)
        points = pl.when(lies_in(other, override.when)).then(pl.lit(float(override.points))).otherwise(points)
        known &= other.is_not_null()
    return pl.when(known).then(points)


def lies_in(value: pl.Expr, interval: Interval) -> pl.Expr:
    """Whether a value lies in an interval; false for an unknown one."""
    ends = [
        test(end)
        for test, end in (
            (value.ge, interval.at_least),
            (value.gt, interval.above),
            (value.le, interval.at_most),
            (value.lt, interval.below),
        )
        if end is not None
    ]
    return reduce(lambda one, other: one & other, ends, value.is_not_null())


def _parts(group: Group) -> list[pl.Expr]:
    """What a group comes to, of `_items` and the shares people gave."""
    names = {name(group, item): item for item in group.items}
    points = {key: pl.col(f"points:{key}") for key in names}
    taken_out = [
        _if(~pl.col(f"applies:{key}"), pl.lit(float(item.max)))
        for key, item in names.items()
        if item.otherwise == "scale"
    ]
    covered = [_if(points[key].is_not_null(), pl.lit(float(item.max))) for key, item in names.items() if item.evidence]
    return [
        (pl.lit(float(group.max)) - _sum(taken_out)).alias(f"included:{group.code}"),
        _sum([points[key].fill_null(0.0) for key, item in names.items() if item.evidence]).alias(
            f"evidence:{group.code}"
        ),
        _sum(covered).alias(f"covered:{group.code}"),
    ]


def _totals(content: Content, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of SHEET, of what every group comes to."""
    scaled, compared = [], []
    for group in content.groups:
        included, covered = pl.col(f"included:{group.code}"), pl.col(f"covered:{group.code}")
        factor = pl.when(included > 0).then(group.max / included).otherwise(0.0)
        scaled += [
            (pl.col(f"evidence:{group.code}") * factor).alias(f"evidence:{group.code}"),
            (covered * factor).alias(f"covered:{group.code}"),
        ]
        is_compared = (covered > 0) & (covered >= _HALF * included) & pl.col(f"self:{group.code}").is_not_null()
        compared.append(is_compared.alias(f"compared:{group.code}"))
    frame = frame.with_columns(*scaled, *compared)

    def total(of: str, *, compared_only: bool = False, share: bool = False) -> pl.Expr:
        amounts = []
        for group in content.groups:
            amount = pl.col(f"{of}:{group.code}")
            amount = amount * pl.col(f"self:{group.code}").fill_null(0.0) if share else amount
            amounts.append(_if(pl.col(f"compared:{group.code}"), amount) if compared_only else amount)
        return _sum(amounts)

    frame = frame.select(
        evidence=total("evidence"),
        covered=total("covered"),
        ours=total("evidence", compared_only=True),
        theirs=total("covered", compared_only=True, share=True),
        out_of=total("covered", compared_only=True),
    )
    evidence, covered, ours, theirs, out_of = (pl.col(column) for column in frame.columns)
    return frame.select(
        evidence_points=_hundredths(evidence),
        evidence_max=_hundredths(covered),
        evidence_scaled=pl.when(covered > 0).then(_hundredths(100 * evidence / covered)),
        gap=pl.when(out_of > 0).then(_hundredths(100 * (theirs - ours).abs() / out_of)),
    )


def _if(so: pl.Expr, amount: pl.Expr) -> pl.Expr:
    return pl.when(so).then(amount).otherwise(0.0)


def _sum(amounts: Sequence[pl.Expr]) -> pl.Expr:
    return reduce(lambda one, other: one + other, amounts) if amounts else pl.lit(0.0)


def _hundredths(points: pl.Expr) -> pl.Expr:
    # Rounded to a millionth first: what is a half of 1/100 on paper is so here.
    return (100 * points).round(6).round(0).cast(pl.Int64)
