"""Timelines of half-open spans."""

from datetime import date, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import spans

START = date(2020, 1, 1)


class Span(msgspec.Struct, frozen=True):
    """A span."""

    valid_from: date
    valid_to: date | None


def day(number: int) -> date:
    """The day so many days after the start."""
    return START + timedelta(days=number)


def span(first: int, end: int | None) -> Span:
    """A span from day number `first` to the day before number `end`."""
    return Span(day(first), None if end is None else day(end))


def rules(*timeline: Span) -> list[tuple[int, str]]:
    """Which rules a timeline breaks, and where."""
    return [(flaw.index, flaw.rule) for flaw in spans.flaws(timeline)]


def test_flaws_are_named_at_their_span() -> None:
    assert rules(span(0, 5), span(5, 9), span(9, None)) == []
    assert rules(span(0, 0)) == [(0, "span-empty")]
    assert rules(span(0, 6), span(5, None)) == [(1, "span-overlap")]
    assert rules(span(0, None), span(5, None)) == [(1, "span-overlap")]
    assert rules(span(0, 4), span(5, None)) == [(1, "span-gap")]


def test_an_end_that_stands_for_never_is_refused() -> None:
    (flaw,) = spans.flaws([Span(START, date(9999, 12, 31))])

    assert (flaw.field, flaw.rule) == ("valid_to", "date-too-late")
    assert "để trống" in flaw.message.vi
    assert rules(Span(date(9999, 12, 31), None)) == [(0, "date-too-late")]


ends = st.one_of(st.none(), st.integers(1, 12))
some_span = st.tuples(st.integers(0, 10), ends).map(lambda pair: span(pair[0], pair[1] and pair[0] + pair[1]))
timelines = st.lists(st.integers(0, 14), min_size=1, max_size=5, unique=True).map(
    lambda cuts: [span(one, two) for one, two in zip(sorted(cuts), [*sorted(cuts)[1:], None], strict=True)]
)


@given(some_span, timelines, st.integers(0, 4))
def test_within_says_what_counting_days_says(one: Span, timeline: list[Span], left_out: int) -> None:
    holed = [other for number, other in enumerate(timeline) if number != left_out]

    def covered(number: int) -> bool:
        return spans.at(holed, day(number)) is not None

    # Day 40 stands for every day to come: all that is drawn ends before it, or never.
    days = [number for number in range(41) if spans.holds(one, day(number))]
    assert spans.within(one, holed) == all(covered(number) for number in days)


@given(some_span, some_span)
def test_overlap_says_what_counting_days_says(one: Span, other: Span) -> None:
    shared = [number for number in range(41) if spans.holds(one, day(number)) and spans.holds(other, day(number))]

    assert spans.overlap(one, other) == bool(shared)
