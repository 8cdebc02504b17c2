"""Members over time and the rosters they stand in."""

from datetime import date
from uuid import UUID

import pytest

from services.registry.domain import members, roster
from services.registry.domain.members import MemberChange
from shared.errors import Conflict
from tests.unit.registry.examples import RULES, member, span, stay, unit_id

TODAY = date(2026, 6, 15)
FIRST = date(2015, 5, 19)


def test_a_change_ends_the_span_before_it() -> None:
    before = member(stay(4, FIRST, kind="probationary"))

    after = members.changed(before, date(2016, 5, 19), MemberChange(kind="official"))

    assert after.spans == (
        stay(4, FIRST, date(2016, 5, 19), kind="probationary"),
        stay(4, date(2016, 5, 19)),
    )


def test_a_change_from_the_first_day_of_the_last_span_corrects_it() -> None:
    after = members.changed(member(stay(4, FIRST)), FIRST, MemberChange(post="secretary"))

    assert after.spans == (stay(4, FIRST, post="secretary"),)


@pytest.mark.parametrize("change", [MemberChange(unit_id=unit_id(5)), MemberChange(status="left")])
def test_a_post_ends_with_a_move_or_the_membership(change: MemberChange) -> None:
    before = member(stay(4, FIRST, post="secretary"))

    assert members.changed(before, TODAY, change).spans[-1].post is None
    assert members.changed(before, TODAY, MemberChange(status="exempt")).spans[-1].post == "secretary"


def test_a_change_in_the_past_is_carried_on_up_to_the_change_of_the_same_fact() -> None:
    moved = member(stay(4, FIRST, date(2020, 1, 1)), stay(5, date(2020, 1, 1)))

    after = members.changed(moved, date(2019, 1, 1), MemberChange(status="exempt", unit_id=unit_id(6)))

    assert after.spans == (
        stay(4, FIRST, date(2019, 1, 1)),
        stay(6, date(2019, 1, 1), date(2020, 1, 1), status="exempt"),
        stay(5, date(2020, 1, 1), status="exempt"),
    )


def test_a_post_in_the_past_does_not_follow_into_another_branch() -> None:
    moved = member(stay(4, FIRST, date(2020, 1, 1)), stay(5, date(2020, 1, 1)))

    after = members.changed(moved, date(2019, 1, 1), MemberChange(post="secretary", agency="TYT"))

    assert after.spans == (
        stay(4, FIRST, date(2019, 1, 1)),
        stay(4, date(2019, 1, 1), date(2020, 1, 1), post="secretary", agency="TYT"),
        stay(5, date(2020, 1, 1)),
    )


def test_the_end_of_membership_ends_what_was_planned_up_to_joining_again() -> None:
    away = member(
        stay(4, FIRST, date(2020, 1, 1)),
        stay(4, date(2020, 1, 1), date(2021, 1, 1), status="temporary_elsewhere"),
        stay(4, date(2021, 1, 1), date(2022, 1, 1)),
        stay(4, date(2022, 1, 1), date(2023, 1, 1), status="left"),
        stay(5, date(2023, 1, 1)),
    )

    left = members.changed(away, date(2020, 6, 1), MemberChange(status="left"))
    dead = members.changed(away, date(2020, 6, 1), MemberChange(status="deceased"))

    assert left.spans == (
        *away.spans[:1],
        stay(4, date(2020, 1, 1), date(2020, 6, 1), status="temporary_elsewhere"),
        stay(4, date(2020, 6, 1), date(2023, 1, 1), status="left"),
        stay(5, date(2023, 1, 1)),
    )
    assert dead.spans[-1] == stay(4, date(2020, 6, 1), status="deceased")


def test_nothing_changes_before_the_first_day_or_after_death() -> None:
    moved = member(stay(4, FIRST, date(2020, 1, 1)), stay(5, date(2020, 1, 1)))
    with pytest.raises(Conflict, match="member-not-yet"):
        members.changed(moved, date(2015, 5, 18), MemberChange(post="secretary"))
    dead = members.changed(moved, TODAY, MemberChange(status="deceased"))
    with pytest.raises(Conflict, match="member-deceased"):
        members.changed(dead, date(2026, 6, 16), MemberChange(status="active"))
    assert members.changed(dead, TODAY, MemberChange(status="left")).spans[-1].status == "left"


def test_one_is_admitted_from_the_age_the_rule_names() -> None:
    def rules(birth: date, first: date) -> list[str]:
        return [fault.rule for _, fault in members.faults(member(stay(4, first), birth=birth), TODAY, RULES)]

    assert rules(date(2000, 2, 29), date(2018, 2, 28)) == ["admission-age"]
    assert rules(date(2000, 2, 29), date(2018, 3, 1)) == []
    assert rules(date(1899, 12, 31), date(1930, 2, 3)) == ["birth-date"]
    assert rules(date(2026, 6, 16), date(2026, 6, 15)) == ["birth-date"]


def test_a_stay_needs_a_branch_on_each_of_its_days() -> None:
    branch = span("branch", 3, valid_to=date(2025, 7, 1))
    committee = span("grassroots_committee", 2, valid_from=date(2025, 7, 1))

    assert members.homeless(stay(4, FIRST), [branch, committee])
    assert not members.homeless(stay(4, FIRST, date(2025, 7, 1)), [branch, committee])
    assert not members.homeless(stay(4, FIRST), [span("grassroots_branch", 2)])


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (date(2008, 6, 16), None),
        (date(2008, 6, 15), "18-30"),
        (date(1995, 6, 16), "18-30"),
        (date(1995, 6, 15), "31-40"),
        (date(1965, 6, 16), "51-60"),
        (date(1965, 6, 15), "61+"),
        (date(1930, 1, 1), "61+"),
    ],
)
def test_age_bands_count_full_years(birth: date, band: str | None) -> None:
    assert roster.age_band(birth, TODAY) == band


def test_only_rosters_that_differ_are_touched() -> None:
    before = member(stay(4, FIRST, date(2020, 1, 1)), stay(5, date(2020, 1, 1)))
    ended = members.changed(before, TODAY, MemberChange(status="left"))
    moved = members.changed(before, TODAY, MemberChange(unit_id=unit_id(6)))
    born = member(*before.spans, birth=date(1960, 1, 1))

    assert roster.touched(None, before) == {unit_id(4), unit_id(5)}
    assert roster.touched(before, ended) == {unit_id(5)}
    assert roster.touched(before, moved) == {unit_id(5), unit_id(6)}
    assert roster.touched(before, born) == {unit_id(4), unit_id(5)}
    assert roster.touched(before, member(*before.spans)) == set[UUID]()
