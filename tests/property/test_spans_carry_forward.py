"""Changes put before kept later spans: on every day, every fact is what was last said of it."""

from datetime import date, timedelta
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import assume, given

from services.registry.domain import spans

START = date(2020, 1, 1)
DAYS = range(-2, 40)


class Place(msgspec.Struct, frozen=True):
    """A span of two facts."""

    valid_from: date
    valid_to: date | None
    colour: str
    size: int


def day(number: int) -> date:
    """The day so many days after the start."""
    return START + timedelta(days=number)


facts = st.fixed_dictionaries({}, optional={"colour": st.sampled_from("abc"), "size": st.integers(0, 2)})


@st.composite
def timelines(draw: st.DrawFn) -> tuple[Place, ...]:
    """Up to five spans that follow one another; the last may have an end."""
    cuts = sorted(draw(st.lists(st.integers(0, 30), min_size=1, max_size=5, unique=True)))
    last = draw(st.one_of(st.none(), st.integers(31, 36)))
    return tuple(
        Place(day(one), None if two is None else day(two), draw(st.sampled_from("abc")), draw(st.integers(0, 2)))
        for one, two in zip(cuts, [*cuts[1:], last], strict=True)
    )


def said(timeline: tuple[Place, ...], number: int) -> dict[str, Any] | None:
    """The facts on a day."""
    found = spans.at(timeline, day(number))
    return None if found is None else {"colour": found.colour, "size": found.size}


def carried(timeline: tuple[Place, ...], at: int, change: dict[str, Any]) -> dict[int, dict[str, Any] | None]:
    """By the definition, day by day: a changed fact holds until a day on which the kept timeline changes it."""
    expected: dict[int, dict[str, Any] | None] = {number: said(timeline, number) for number in DAYS}
    for fact, value in change.items():
        here = said(timeline, at)
        assert here is not None
        if here[fact] == value:
            continue
        for number in range(at, DAYS.stop):
            now = said(timeline, number)
            if now is None or now[fact] != here[fact]:
                break
            expected[number] = (expected[number] or {}) | {fact: value}
    return expected


@given(timelines(), st.integers(0, 35), facts)
def test_a_change_is_carried_on_until_the_fact_was_changed_itself(
    timeline: tuple[Place, ...], at: int, change: dict[str, Any]
) -> None:
    assume(said(timeline, at) is not None)

    after = spans.put(timeline, day(at), change)

    assert {number: said(after, number) for number in DAYS} == carried(timeline, at, change)
    assert list(spans.flaws(after)) == []


@given(timelines(), st.integers(0, 35), facts)
def test_the_same_change_again_changes_nothing(timeline: tuple[Place, ...], at: int, change: dict[str, Any]) -> None:
    assume(said(timeline, at) is not None)
    once = spans.put(timeline, day(at), change)

    assert spans.put(once, day(at), change) == once
    assert spans.put(timeline, day(at), said(timeline, at) or {}) == timeline


@given(timelines(), st.integers(0, 35), st.sampled_from("abc"), st.integers(0, 2))
def test_changes_of_two_facts_may_come_in_any_order_or_at_once(
    timeline: tuple[Place, ...], at: int, colour: str, size: int
) -> None:
    assume(said(timeline, at) is not None)
    one, two = {"colour": colour}, {"size": size}

    at_once = spans.put(timeline, day(at), one | two)
    in_turn = spans.put(spans.put(timeline, day(at), one), day(at), two)
    the_other_way = spans.put(spans.put(timeline, day(at), two), day(at), one)

    says = [[said(spans_, number) for number in DAYS] for spans_ in (at_once, in_turn, the_other_way)]
    assert says[0] == says[1] == says[2]


@given(timelines(), st.integers(-2, 38), facts)
def test_a_day_on_which_nothing_holds_is_refused(timeline: tuple[Place, ...], at: int, change: dict[str, Any]) -> None:
    assume(said(timeline, at) is None)

    with pytest.raises(LookupError):
        spans.put(timeline, day(at), change)


@given(timelines(), st.integers(-2, 38), st.dictionaries(st.sampled_from("abc"), st.sampled_from("abcd"), max_size=2))
def test_rewritten_facts_reach_every_later_day(timeline: tuple[Place, ...], at: int, other: dict[str, str]) -> None:
    after = spans.rewrite(timeline, day(at), lambda span: {"colour": other.get(span.colour, span.colour)})

    for number in DAYS:
        before = said(timeline, number)
        if before is not None and number >= at and before["colour"] in other:
            before = before | {"colour": other[before["colour"]]}
        assert said(after, number) == before
    assert list(spans.flaws(after)) == []


@given(timelines(), st.integers(-2, 38))
def test_an_end_keeps_every_day_before_it(timeline: tuple[Place, ...], at: int) -> None:
    last = timeline[-1]
    assume(last.valid_from < day(at) and (last.valid_to is None or day(at) <= last.valid_to))

    after = spans.end(timeline, day(at))

    assert [said(after, number) for number in DAYS if number < at] == [
        said(timeline, number) for number in DAYS if number < at
    ]
    assert [said(after, number) for number in DAYS if number >= at] == [None for number in DAYS if number >= at]


def test_an_end_before_later_spans_is_refused() -> None:
    timeline = (Place(day(0), day(10), "a", 0), Place(day(10), None, "b", 0))

    for number in (0, 5, 10):
        with pytest.raises(LookupError):
            spans.end(timeline, day(number))
