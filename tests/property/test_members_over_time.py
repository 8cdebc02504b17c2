"""Members through any sequence of changes and transfers, in any order of days: one place a day, and no day lost."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import hypothesis.strategies as st
import msgspec
from hypothesis import given

from services.registry.domain import members, spans, transfers
from services.registry.domain.members import ENDINGS, Member, MemberChange, MemberSpan
from services.registry.domain.transfers import Transfer
from shared.errors import Conflict

START = date(2020, 1, 1)
DAYS = [START + timedelta(days=number) for number in range(-2, 44)]
BRANCHES = [UUID(int=number) for number in range(3)]
OWING = {"active", "received_temporarily"}

days = st.integers(0, 40).map(lambda number: START + timedelta(days=number))
changes = st.fixed_dictionaries(
    {},
    optional={
        "unit_id": st.sampled_from(BRANCHES),
        "kind": st.sampled_from(["official", "probationary"]),
        "status": st.sampled_from(["active", "exempt", "temporary_elsewhere", "left", "removed", "deceased"]),
        "post": st.sampled_from([None, "secretary"]),
        "agency": st.sampled_from([None, "TYT"]),
    },
)
steps = st.one_of(
    st.tuples(st.just("change"), days, changes),
    st.tuples(st.just("leave"), days, st.tuples(st.integers(1, 15), st.sampled_from([None, *BRANCHES]))),
    st.tuples(st.just("receive"), days, st.sampled_from([None, *BRANCHES])),
    st.tuples(st.just("return"), days, st.none()),
    st.tuples(st.just("cancel"), days, st.none()),
)


def transfer(kind: Any, member: Member, day: date, to: UUID | None, back: date | None = None) -> Transfer:
    """A transfer from where the member is on `day`."""
    home = members.place_on(member, day)
    return Transfer(UUID(int=9), member.member_id, kind, "pending", home, to, day, day, None, back)


def applied(member: Member, away: Transfer | None, step: tuple[str, date, Any]) -> tuple[Member, Transfer | None]:
    """The member and the open temporary transfer after a step; what is refused changes nothing."""
    what, day, given = step
    try:
        if what == "change":
            return members.changed(member, day, MemberChange(**given)), away
        if what == "receive" and away is None:
            move = transfer("official", member, day, given)
            return (member if list(transfers.faults(move, member)) else transfers.received(member, move, day)), None
        if what == "leave" and away is None:
            begun = transfer("temporary", member, day, given[1], day + timedelta(days=given[0]))
            return (member, None) if list(transfers.faults(begun, member)) else (transfers.left(member, begun), begun)
        if what == "return" and away is not None:
            return transfers.returned(member, away, day), None
        if what == "cancel" and away is not None:
            return transfers.cancelled(member, away), None
    except Conflict:
        pass
    return member, away


def check(member: Member) -> None:
    """One timeline; on every day of membership one place at home, and attendance owed in one branch at most."""
    assert list(spans.flaws(member.spans)) == []
    for before, after in zip(member.spans, member.spans[1:], strict=False):
        assert msgspec.structs.replace(after, valid_from=before.valid_from, valid_to=before.valid_to) != before
    for day in DAYS:
        home = spans.at(member.spans, day)
        stays = [stay for stay in member.stays if spans.holds(stay, day)]
        owing = [stay for stay in stays if stay.status in OWING]
        assert len(owing) <= 1
        assert len({stay.unit_id for stay in stays}) == len(stays), "a branch has a member once a day"
        if home is None or home.status in ENDINGS:
            assert stays == []
        else:
            assert home in stays
            assert owing or home.status in {"exempt", "temporary_elsewhere"}
        if home is not None and home.status == "deceased":
            assert home.valid_to is None


@given(st.lists(steps, max_size=12))
def test_one_place_a_day_and_no_day_lost(story: list[tuple[str, date, Any]]) -> None:
    member = Member(UUID(int=1), "M", None, (MemberSpan(START, None, BRANCHES[0], "official", "active"),))
    away: Transfer | None = None
    for step in story:
        member, away = applied(member, away, step)
        check(member)


@given(st.lists(st.tuples(days, changes), max_size=6), days, changes)
def test_what_is_said_last_of_a_day_holds_on_that_day(
    story: list[tuple[date, dict[str, Any]]], day: date, last: dict[str, Any]
) -> None:
    member = Member(UUID(int=1), "M", None, (MemberSpan(START, None, BRANCHES[0], "official", "active"),))
    for earlier, change in story:
        member, _ = applied(member, None, ("change", earlier, change))

    try:
        after = members.changed(member, day, MemberChange(**last))
    except Conflict:
        return

    now = spans.at(after.spans, day)
    assert now is not None
    assert {name: getattr(now, name) for name in last} == last
    for before in (one for one in DAYS if one < day):
        was, is_ = spans.at(member.spans, before), spans.at(after.spans, before)
        assert (was is None) == (is_ is None)
        if was is not None and is_ is not None:
            facts = ("unit_id", "kind", "status", "post", "agency")
            assert [getattr(was, name) for name in facts] == [getattr(is_, name) for name in facts]


@given(days, st.integers(2, 15), st.sampled_from([None, BRANCHES[1]]), days)
def test_a_return_gives_back_what_the_leave_took(first: date, long: int, to: UUID | None, back: date) -> None:
    member = Member(UUID(int=1), "M", None, (MemberSpan(START, None, BRANCHES[0], "official", "active", "secretary"),))
    begun = transfer("temporary", member, first, to, first + timedelta(days=long))
    away = transfers.left(member, begun)

    assert transfers.cancelled(away, begun) == member
    if back <= first:
        return
    home = transfers.returned(away, begun, back)
    for day in DAYS:
        now = spans.at(home.spans, day)
        if now is not None:
            assert now.status == ("temporary_elsewhere" if first <= day < back else "active")
            assert now.post == "secretary"
        hosted = [stay.unit_id for stay in home.guest_stays if spans.holds(stay, day)]
        assert hosted == ([to] if to is not None and first <= day < back else [])
