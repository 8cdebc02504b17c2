"""A rubric that is let in gives exactly one band for every value; one with a planted gap or overlap never gets in.

https://hypothesis.readthedocs.io/ – bands cut at random ends, each end closed on one side; then one of them moved.
"""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from services.evaluation.domain import bands, rubric_checks, scoring
from services.evaluation.domain.rubrics import Band

HIGH = 100.0
_VALUES = st.decimals(min_value=0, max_value=100, places=2).map(float)
_ANY = st.floats(min_value=0, max_value=HIGH, allow_nan=False)


@st.composite
def partitions(draw: st.DrawFn) -> list[Band]:
    """Bands that part 0 to 100: at each cut the value belongs to the band below it or above it."""
    cuts = sorted(draw(st.lists(_VALUES, min_size=1, max_size=6, unique=True)))
    upwards = [draw(st.booleans()) for _ in cuts]
    made = []
    for place in range(len(cuts) + 1):
        ends: dict[str, float] = {}
        if place > 0:
            ends["at_least" if upwards[place - 1] else "above"] = cuts[place - 1]
        if place < len(cuts):
            ends["below" if upwards[place] else "at_most"] = cuts[place]
        made.append(Band(points=float(place), **ends))
    # A cut at 0 or 100 leaves a band beside it that holds no value in range: let in, as no value is without a band.
    return draw(st.permutations(made))


def holding(given_: Sequence[Band], value: float) -> list[int]:
    return [place for place, band in enumerate(given_) if band.holds(value)]


@given(given_=partitions(), values=st.lists(_ANY, max_size=20))
def test_what_is_let_in_gives_every_value_one_band(given_: list[Band], values: list[float]) -> None:
    assert [*rubric_checks.band_faults("bands", given_, 0, HIGH, whole=False)] == []
    ends = [end for band in given_ for end in band.ends]
    tried = [*values, *ends]
    for value in tried:
        assert len(holding(given_, value)) == 1
    frame = pl.DataFrame({"value": tried}, schema={"value": pl.Float64})
    columnar = frame.select(
        sum((scoring.lies_in(pl.col("value"), band).cast(pl.Int64) for band in given_), pl.lit(0)).alias("bands")
    )
    assert columnar["bands"].to_list() == [1] * len(tried)


@given(given_=partitions(), data=st.data())
def test_a_planted_gap_is_refused_with_a_value_in_it(given_: list[Band], data: st.DataObject) -> None:
    left_out = data.draw(st.integers(0, len(given_) - 1))
    rest = [band for place, band in enumerate(given_) if place != left_out]
    missing = given_[left_out]
    assume(rest and any(missing.holds(value) for value in (0.0, HIGH, *_between(given_))))
    found = bands.flaws(rest, 0, HIGH, whole=False)
    assert found
    for flaw in found:
        assert flaw.bands == ()
        assert missing.holds(flaw.example)
        assert holding(rest, flaw.example) == []
    faults = [*rubric_checks.band_faults("bands", rest, 0, HIGH, whole=False)]
    assert [fault.rule for fault in faults] == ["bands-gap"] * len(found)
    assert all(
        f"The value {bands.number(flaw.example)} lies" in fault.message.en
        for flaw, fault in zip(found, faults, strict=True)
    )


@given(given_=partitions(), low=_VALUES, high=_VALUES)
def test_a_planted_overlap_is_refused_with_a_value_in_it(given_: list[Band], low: float, high: float) -> None:
    assume(low <= high)
    planted = [*given_, Band(at_least=low, at_most=high, points=0.0)]
    found = bands.flaws(planted, 0, HIGH, whole=False)
    assert found
    for flaw in found:
        assert len(holding(planted, flaw.example)) == 2
        assert low <= flaw.example <= high
    rules = {fault.rule for fault in rubric_checks.band_faults("bands", planted, 0, HIGH, whole=False)}
    assert rules == {"bands-overlap"}


@given(cuts=st.lists(st.integers(0, 60), min_size=1, max_size=6, unique=True), values=st.lists(st.integers(0, 600)))
def test_whole_numbers_need_no_more_than_their_neighbours(cuts: list[int], values: list[int]) -> None:
    """Bands of whole numbers that end where the next begins one later: nothing lies between."""
    starts = [0, *sorted(cut + 1 for cut in cuts)]
    made = [Band(at_least=a, at_most=b - 1, points=0) for a, b in pairwise(starts)]
    made.append(Band(at_least=starts[-1], points=0))
    assert bands.flaws(made, 0, None, whole=True) == []
    assert all(len(holding(made, value)) == 1 for value in values)
    assert bands.flaws(made[:-1], 0, None, whole=True) != []


def _between(given_: Sequence[Band]) -> list[float]:
    ends = sorted({0.0, HIGH, *(end for band in given_ for end in band.ends)})
    return [*ends, *((a + b) / 2 for a, b in pairwise(ends))]
