"""Denominators of votes, and what makes minutes complete."""

import pytest

from services.meetings.domain.examining import examine
from services.meetings.domain.minutes import MinutesRecord, Opinion, Resolution, Sections, Votes
from services.meetings.domain.roster import Entry
from shared.errors import Fault
from tests.unit.meetings.papers import DAY, book, branch, entry, member, minutes, roll_call


def _examine(
    *entries: Entry, absent: tuple[int, ...] = (), came: tuple[int, ...] = (), **changes: object
) -> tuple[MinutesRecord, list[Fault]]:
    call = roll_call(*absent, exempt_present=tuple(member(number) for number in came))
    roster = branch(*entries).roster_on(DAY)
    return examine(minutes(**changes), kind="regular", day=DAY, roll_call=call, roster=roster, rules=book().on(DAY))


def _voted(count: int) -> Resolution:
    return Resolution("Đồng ý.", Votes(count, 0, 0))


def test_absent_official_members_stay_in_the_denominator() -> None:
    """17 present of 20 vote over 20."""
    members = [entry(number) for number in range(1, 21)]
    record, faults = _examine(*members, absent=(18, 19, 20), resolution=_voted(17))
    assert (record.voters, faults) == (20, [])


def test_probationary_members_do_not_vote() -> None:
    record, faults = _examine(resolution=_voted(5))
    assert record.voters == 4
    assert [(fault.field, fault.rule) for fault in faults] == [("resolution.votes", "votes-over-denominator")]
    assert faults[0].source == "Ban Tổ chức, HD 1"


def test_exempt_members_vote_only_when_they_came() -> None:
    members = (entry(1), entry(2), entry(3), entry(4, status="exempt"), entry(5, status="temporary_elsewhere"))
    assert _examine(*members)[0].voters == 3
    assert _examine(*members, came=(4,))[0].voters == 4


def test_who_is_absent_shows_no_hand() -> None:
    _, faults = _examine(absent=(4,), resolution=_voted(4))
    assert [fault.rule for fault in faults] == ["votes-over-those-present"]


def test_a_branch_may_resolve_nothing() -> None:
    assert _examine(resolution=None)[1] == []


@pytest.mark.parametrize(
    ("sections", "filled", "complete", "concluded"),
    [
        (Sections(opening="a", conclusion="b"), 2, True, True),
        (Sections(opening="a", conclusion=" \n"), 1, False, False),
        (Sections(ideology="a"), 0, False, False),
    ],
)
def test_minutes_are_complete_when_every_required_section_is_written(
    sections: Sections, filled: int, complete: bool, concluded: bool
) -> None:
    record, _ = _examine(sections=sections)
    assert (record.sections_required, record.sections_filled) == (2, filled)
    assert (record.is_complete, record.has_conclusion) == (complete, concluded)


def test_who_speaks_twice_is_one_speaker() -> None:
    record, _ = _examine(opinions=(Opinion(member(1), "a"), Opinion(member(1), "b"), Opinion(member(2), "c")))
    assert record.speakers == 2
