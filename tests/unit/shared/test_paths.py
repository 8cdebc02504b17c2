"""Paths by month: a month belongs to the path at its end, or on the branch's last day in it."""

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shared.units.paths import Segment, branch_paths, first_difference
from shared.units.replica import Span

ROOT, EAST, WEST, BRANCH = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)


def span(parent_id: UUID | None, first: date, last: date | None = None, kind: str = "branch") -> Span:
    return Span(first, last, kind, "any", parent_id, "tên")


ABOVE = {
    ROOT: (span(None, date(2020, 1, 1), kind="province_committee"),),
    EAST: (span(ROOT, date(2020, 1, 1), kind="direct_committee"),),
    WEST: (span(ROOT, date(2020, 1, 1), kind="direct_committee"),),
}


def paths(*branch: Span) -> list[tuple[str, str | None, tuple[UUID, ...]]]:
    segments = branch_paths(BRANCH, {**ABOVE, BRANCH: branch})
    return [(segment.from_month, segment.to_month, segment.path[1:]) for segment in segments]


def test_a_branch_that_stays() -> None:
    assert paths(span(EAST, date(2024, 3, 15))) == [("2024-03", None, (EAST, ROOT))]


def test_a_move_on_the_first_of_a_month() -> None:
    moved = date(2025, 7, 1)
    assert paths(span(EAST, date(2024, 1, 1), moved), span(WEST, moved)) == [
        ("2024-01", "2025-07", (EAST, ROOT)),
        ("2025-07", None, (WEST, ROOT)),
    ]


def test_a_move_in_the_middle_of_a_month_takes_the_month_along() -> None:
    moved = date(2025, 6, 17)
    assert paths(span(EAST, date(2024, 1, 1), moved), span(WEST, moved)) == [
        ("2024-01", "2025-06", (EAST, ROOT)),
        ("2025-06", None, (WEST, ROOT)),
    ]


def test_a_closed_branch_keeps_its_last_month() -> None:
    assert paths(span(EAST, date(2024, 1, 1), date(2025, 6, 15))) == [("2024-01", "2025-07", (EAST, ROOT))]
    assert paths(span(EAST, date(2024, 1, 1), date(2025, 6, 1))) == [("2024-01", "2025-06", (EAST, ROOT))]


def test_a_branch_that_came_and_went_within_a_month() -> None:
    assert paths(span(EAST, date(2025, 6, 3), date(2025, 6, 20))) == [("2025-06", "2025-07", (EAST, ROOT))]


def test_a_new_name_makes_no_new_segment() -> None:
    renamed = date(2025, 3, 9)
    assert paths(span(EAST, date(2024, 1, 1), renamed), span(EAST, renamed)) == [("2024-01", None, (EAST, ROOT))]


def test_a_branch_that_becomes_something_else_meets_no_more() -> None:
    changed = date(2025, 5, 1)
    became = span(EAST, changed, kind="grassroots_committee")
    assert paths(span(EAST, date(2024, 1, 1), changed), became) == [("2024-01", "2025-05", (EAST, ROOT))]


def test_a_path_with_an_unknown_unit_waits() -> None:
    assert branch_paths(BRANCH, {BRANCH: (span(EAST, date(2024, 1, 1)),)}) == []


def test_a_unit_above_that_begins_later_is_waited_for() -> None:
    above = {ROOT: ABOVE[ROOT], EAST: (span(ROOT, date(2025, 2, 10), kind="direct_committee"),)}
    segments = branch_paths(BRANCH, {**above, BRANCH: (span(EAST, date(2024, 1, 1)),)})
    assert segments == [Segment(BRANCH, "2025-02", None, (BRANCH, EAST, ROOT))]


def test_a_circle_has_no_path() -> None:
    circle = {EAST: (span(WEST, date(2020, 1, 1)),), WEST: (span(EAST, date(2020, 1, 1)),)}
    assert branch_paths(BRANCH, {**circle, BRANCH: (span(EAST, date(2024, 1, 1)),)}) == []


def test_a_unit_that_never_was_has_no_month_and_is_on_no_path() -> None:
    day = date(2025, 7, 1)
    never = span(EAST, day, day)

    assert paths(never) == []
    spans = {**ABOVE, EAST: (span(ROOT, day, day, kind="direct_committee"),), BRANCH: (span(EAST, date(2024, 1, 1)),)}
    assert branch_paths(BRANCH, spans) == []


MONTHS = [f"2025-{month:02d}" for month in range(1, 9)]


@st.composite
def _segments(draw: st.DrawFn) -> list[Segment]:
    starts = sorted(draw(st.sets(st.sampled_from(MONTHS), max_size=4)))
    ends = [*starts[1:], draw(st.sampled_from([None, "2025-09"]))]
    paths = st.sampled_from([(BRANCH, EAST, ROOT), (BRANCH, WEST, ROOT)])
    return [Segment(BRANCH, start, end, draw(paths)) for start, end in zip(starts, ends, strict=False)]


def _path_in(segments: list[Segment], month: str) -> tuple[UUID, ...] | None:
    return next(
        (s.path for s in segments if s.from_month <= month and (s.to_month is None or month < s.to_month)), None
    )


@given(_segments(), _segments())
def test_before_the_first_difference_the_paths_are_the_same(one: list[Segment], other: list[Segment]) -> None:
    month = first_difference(one, other)

    assert (month is None) == (one == other)
    same = [m for m in [*MONTHS, "2025-09"] if month is None or m < month]
    assert [_path_in(one, m) for m in same] == [_path_in(other, m) for m in same]
