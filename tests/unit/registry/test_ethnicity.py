"""Counts of ethnicity: from half-year to half-year, and none that are too small."""

import unicodedata
from datetime import date
from uuid import UUID

from services.registry.domain.ethnicity import Group, GroupSpan, counted, group_of
from services.registry.domain.members import MemberSpan, Status

BRANCH = UUID(int=1)


def stay(begin: date, end: date | None = None, status: Status = "active") -> MemberSpan:
    return MemberSpan(begin, end, BRANCH, "official", status)


def of(group: Group, number: int, begin: date, end: date | None = None) -> list[tuple[MemberSpan, Group | None]]:
    return [(stay(begin, end), group)] * number


def test_a_group_is_told_by_how_its_people_are_written() -> None:
    majority = frozenset({"kinh", "việt"})
    assert [group_of(name, majority) for name in ("Kinh", " KINH ", "Việt", "Gia Rai", "", None)] == [
        "majority",
        "majority",
        "majority",
        "minority",
        None,
        None,
    ]


def test_a_name_is_the_same_in_every_way_its_letters_are_typed() -> None:
    """A Vietnamese letter is one character or several (NFC, NFD), by the keyboard."""
    name = unicodedata.normalize("NFD", "Việt")
    assert group_of(name, frozenset({"việt"})) == "majority"


def test_counts_begin_with_the_half_year_after_the_day() -> None:
    told = counted([*of("majority", 4, date(2020, 3, 10)), *of("minority", 3, date(2020, 1, 1))])
    assert told == (
        GroupSpan(date(2020, 1, 1), date(2020, 7, 1), "majority", 0),
        GroupSpan(date(2020, 1, 1), None, "minority", 3),
        GroupSpan(date(2020, 7, 1), None, "majority", 4),
    )


def test_while_a_group_has_one_or_two_neither_is_told() -> None:
    stays = of("majority", 8, date(2020, 1, 1))
    assert counted([*stays, *of("minority", 2, date(2020, 1, 1))]) == ()
    some = counted(
        [*stays, *of("minority", 2, date(2020, 1, 1)), *of("minority", 1, date(2021, 5, 2), date(2022, 5, 2))]
    )
    assert some == (
        GroupSpan(date(2021, 7, 1), date(2022, 7, 1), "majority", 8),
        GroupSpan(date(2021, 7, 1), date(2022, 7, 1), "minority", 3),
    )


def test_who_comes_and_goes_between_two_half_years_leaves_no_trace() -> None:
    stays = [*of("majority", 5, date(2020, 1, 1)), *of("minority", 4, date(2020, 1, 1))]
    assert counted([*stays, *of("minority", 1, date(2021, 2, 1), date(2021, 6, 30))]) == counted(stays)


def test_guests_count_at_home_and_the_unknown_nowhere() -> None:
    stays: list[tuple[MemberSpan, Group | None]] = [*of("minority", 3, date(2020, 1, 1))]
    guests = [(stay(date(2020, 1, 1), None, "received_temporarily"), "minority")] * 5
    unknown = [(stay(date(2020, 1, 1)), None)] * 5
    assert counted([*stays, *guests, *unknown]) == counted(stays)  # type: ignore[list-item]  # groups are literals


def test_a_branch_of_nobody_tells_nothing() -> None:
    assert counted([]) == ()
    ended = counted(of("minority", 3, date(2020, 1, 1), date(2021, 1, 1)))
    assert ended == (
        GroupSpan(date(2020, 1, 1), date(2021, 1, 1), "majority", 0),
        GroupSpan(date(2020, 1, 1), date(2021, 1, 1), "minority", 3),
    )
