"""What a branch's month adds reaches every unit of its path of that month, once, and no other."""

from collections import defaultdict
from itertools import pairwise
from uuid import UUID

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation import fold
from services.evaluation.figures import SUMMED_NAMES
from shared.units.paths import Segment

_UNITS = [UUID(int=number) for number in range(8)]
_MONTHS = ["2025-05", "2025-06", "2025-07", "2025-08"]
_ABOVE = st.lists(st.sampled_from(_UNITS), max_size=3, unique=True)


@st.composite
def _segments(draw: st.DrawFn) -> list[Segment]:
    found = []
    for branch in draw(st.lists(st.sampled_from(_UNITS), min_size=1, max_size=5, unique=True)):
        bounds: list[str | None] = [*sorted(draw(st.sets(st.sampled_from(_MONTHS), min_size=1, max_size=3)))]
        bounds += [None] if draw(st.booleans()) else []
        for begin, end in pairwise(bounds):
            above = [unit for unit in draw(_ABOVE) if unit != branch]
            found.append(Segment(branch, str(begin), end, (branch, *above)))
    return found


_VECTORS = st.dictionaries(
    st.tuples(st.sampled_from(_UNITS), st.sampled_from(_MONTHS)), st.integers(-3, 3), min_size=1, max_size=12
)


@given(_segments(), _VECTORS)
def test_as_one_would_by_hand(segments: list[Segment], counted: dict[tuple[UUID, str], int]) -> None:
    vectors = pl.DataFrame(
        [
            (str(branch), month, *(count + place for place in range(len(SUMMED_NAMES))))
            for (branch, month), count in counted.items()
        ],
        schema=fold.VECTOR,
        orient="row",
    )
    wanted: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * len(SUMMED_NAMES))
    for (branch, month), count in counted.items():
        for one in segments:
            if one.branch_id == branch and one.from_month <= month and (one.to_month is None or month < one.to_month):
                for unit in one.path:
                    sums = wanted[str(unit), month]
                    wanted[str(unit), month] = [value + count + place for place, value in enumerate(sums)]
    found = fold.roll_up(vectors, fold.paths_frame(segments)).rows()
    assert found == [(*at, *sums) for at, sums in sorted(wanted.items())]
