"""Whether bands give one answer for every value in range: each gap and overlap, with a value that lies in it."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from math import ceil, floor
from typing import Final

import msgspec

from services.evaluation.domain.rubrics import Interval

_BEYOND: Final = 1.0


class Flaw(msgspec.Struct, frozen=True):
    """Values that no band holds (`bands` empty), or several do (their places): from `first` to `last` of those tried,
    which are in it as `example` is."""

    example: float
    first: float
    last: float
    bands: tuple[int, ...]


def flaws(bands: Sequence[Interval], low: float, high: float | None, *, whole: bool) -> list[Flaw]:
    """Every gap and overlap of `bands` over the values from `low` to `high` (None: without end), whole ones or all.

    What a band says changes at its ends only, so one value at each end and one between are all there is to try.
    """
    tried = _values(bands, low, high, whole=whole)
    answers = [(value, tuple(place for place, band in enumerate(bands) if band.holds(value))) for value in tried]
    found = []
    for places, run in groupby(answers, key=lambda answer: answer[1]):
        if len(places) != 1:
            values = [value for value, _ in run]
            found.append(Flaw(_example(values, bands), values[0], values[-1], places))
    return found


def _example(values: Sequence[float], bands: Sequence[Interval]) -> float:
    """A value people would name: one of the bands' own ends, if it is one of `values`."""
    ends = {end for band in bands for end in band.ends}
    return next((value for value in values if value in ends), values[len(values) // 2])


def _values(bands: Sequence[Interval], low: float, high: float | None, *, whole: bool) -> list[float]:
    ends = {end for band in bands for end in band.ends}
    top = high if high is not None else max([low, *ends]) + _BEYOND
    if whole:
        near = {float(value) for end in ends for value in (floor(end) - 1, floor(end), ceil(end), ceil(end) + 1)}
        return sorted({value for value in {low, top, *near} if low <= value <= top and value == floor(value)})
    at = sorted({low, top, *(end for end in ends if low <= end <= top)})
    return sorted({*at, *(_between(a, b) for a, b in pairwise(at))})


def _between(a: float, b: float) -> float:
    """A value between two, with as few decimals as there is one about the middle."""
    middle = a / 2 + b / 2
    return next((short for places in range(16) if a < (short := round(middle, places)) < b), middle)


def wrong_ends(bands: Sequence[Interval]) -> Iterator[tuple[int, str]]:
    """Bands that hold nothing, or name an end twice: their places, with `empty` or `two-ends`."""
    for place, band in enumerate(bands):
        if (band.at_least is not None and band.above is not None) or (
            band.at_most is not None and band.below is not None
        ):
            yield place, "two-ends"
            continue
        lower = band.at_least if band.at_least is not None else band.above
        upper = band.at_most if band.at_most is not None else band.below
        if lower is None or upper is None:
            continue
        closed = band.at_least is not None and band.at_most is not None
        if lower > upper or (lower == upper and not closed):
            yield place, "empty"


def said(band: Interval) -> str:
    """A band as people write it: `40 ≤ x < 50`."""
    left = f"{number(band.at_least)} ≤ " if band.at_least is not None else ""
    left = left or (f"{number(band.above)} < " if band.above is not None else "")
    right = f" ≤ {number(band.at_most)}" if band.at_most is not None else ""
    right = right or (f" < {number(band.below)}" if band.below is not None else "")
    return f"{left}x{right}"


def number(value: float) -> str:
    """A number with all its decimals and no more: rounded, an example would lie in a band."""
    return repr(float(value)).removesuffix(".0")
