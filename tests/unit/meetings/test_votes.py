"""Votes on several questions, by hands and by name, over their denominator; items saved one by one."""

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.meetings.domain import checks, drafts, items, life
from services.meetings.domain.examining import examine
from services.meetings.domain.items import Items
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Fees, Opinion, SelfCriticism
from services.meetings.domain.votes import Choice, Named, Question, Votes
from tests.unit.meetings.papers import (
    DAY,
    MEETING,
    NOW,
    STARTS,
    book,
    branch,
    entry,
    member,
    minutes,
    plan,
    roll_call,
    rule,
)

VOTE = UUID(int=50)
OTHER_VOTE = UUID(int=51)


def _named(*numbers: int, choice: Choice = "for") -> tuple[Named, ...]:
    return tuple(Named(member(number), choice) for number in numbers)


def test_a_question_carries_with_more_than_half_of_all_who_might_vote() -> None:
    """20 official members, 17 present: 10 of 20 is not more than half, 11 is."""
    of = branch(*(entry(number) for number in range(1, 21)))
    rules = book(rule("vote_majority", {"more_than": 0.5})).on(DAY)
    ten, eleven = Question(VOTE, "Mười", Votes(10, 7, 0)), Question(OTHER_VOTE, "Mười một", Votes(11, 6, 0))
    written = minutes(resolution=None, questions=(ten, eleven))
    record, faults = examine(
        written, kind="regular", day=DAY, roll_call=roll_call(18, 19, 20), roster=of.roster_on(DAY), rules=rules
    )
    assert faults == []
    results = [record.result(question.votes) for question in written.questions]
    assert [(result.of, result.present, result.carried) for result in results] == [(20, 17, False), (20, 17, True)]
    assert results[0].rule.source == results[0].rule.denominator_source == "Ban Tổ chức, HD 1"
    assert record.questions_carried == 1


def test_votes_by_name_are_counted() -> None:
    question = Question(VOTE, "Kết nạp", None, (*_named(1, 2), *_named(3, choice="against")))
    assert question.votes == Votes(2, 1, 0)


@pytest.mark.parametrize(
    ("question", "absent", "broken"),
    [
        (Question(VOTE, "?", None, _named(5)), (), {"questions[0].by_name[0].member_id": "may-not-vote"}),
        (Question(VOTE, "?", None, _named(99)), (), {"questions[0].by_name[0].member_id": "not-a-member"}),
        (Question(VOTE, "?", None, _named(4)), (4,), {"questions[0].by_name[0].member_id": "was-absent"}),
        (Question(VOTE, "?", None, _named(1, 1)), (), {"questions[0].by_name[1].member_id": "named-twice"}),
        (Question(VOTE, "?", Votes(5, 0, 0)), (), {"questions[0].hands": "votes-over-denominator"}),
        (Question(VOTE, "?", Votes(4, 0, 0)), (4,), {"questions[0].hands": "votes-over-those-present"}),
        (Question(VOTE, "?"), (), {"questions[0]": "hands-or-by-name"}),
        (Question(VOTE, "?", Votes(1, 0, 0), _named(1)), (), {"questions[0]": "hands-or-by-name"}),
    ],
)
def test_a_faulty_vote_is_named(question: Question, absent: tuple[int, ...], broken: dict[str, str]) -> None:
    written = minutes(resolution=None, questions=(question,))
    roster, rules = branch().roster_on(DAY), book().on(DAY)
    _, faults = examine(written, kind="regular", day=DAY, roll_call=roll_call(*absent), roster=roster, rules=rules)
    assert {fault.field: fault.rule for fault in faults} == broken
    for fault in faults:
        assert fault.source or fault.rule not in ("may-not-vote", "not-a-member", "votes-over-denominator")


def test_party_fees_count_no_more_members_than_there_are() -> None:
    for fees, broken in ((Fees(4, 1), []), (Fees(4, 1, 1), ["fees-over-members"])):
        _, faults = examine(
            minutes(fees=fees), kind="regular", day=DAY, roll_call=None, roster=branch().roster_on(DAY),
            rules=book().on(DAY),
        )  # fmt: skip
        assert [fault.rule for fault in faults] == broken


def test_items_are_laid_into_the_minutes_in_the_place_of_their_ids() -> None:
    first, second = Opinion(member(1), "Một.", UUID(int=1)), Opinion(member(2), "Hai.", UUID(int=2))
    changed = Opinion(member(1), "Một, sửa.", UUID(int=1))
    said = SelfCriticism(member(3), "Tự phê bình.", None, UUID(int=3))
    saved = Items().put("opinion", second).put("opinion", changed).put("self_criticism", said)
    laid = items.merged(minutes(opinions=(first, Opinion(member(4), "Không mã."))), saved)
    assert [opinion.text for opinion in laid.opinions] == ["Một, sửa.", "Không mã.", "Hai."]
    assert laid.self_criticisms == (said,)
    assert items.left_after(saved, laid) == Items()
    assert saved.without("opinion", UUID(int=1)).opinions == (second,)


def _saved(**parts: int) -> Meeting:
    known = life.plan(MEETING, plan(), branch(), regular_of_month=None)
    known = life.record_attendance(known, roll_call(2), branch(), book())
    return replace(known, touched=parts, version=max(parts.values()))


def test_a_draft_is_stale_when_its_own_part_moved_and_says_both_versions() -> None:
    known = _saved(plan=1, attendance=4, minutes=3)
    yours = roll_call(3)
    drafts.must_be_current(known, "attendance", None, yours)
    drafts.must_be_current(known, "attendance", 4, yours)
    drafts.must_be_current(known, "attendance", 3, roll_call(2))
    drafts.must_be_current(known, "attendance", 3, yours, ours={4})
    drafts.must_be_current(known, "minutes", 3, minutes())
    with pytest.raises(drafts.Stale) as stale:
        drafts.must_be_current(known, "attendance", 3, yours)
    assert (stale.value.version, stale.value.current, stale.value.yours) == (4, roll_call(2), yours)
    with pytest.raises(drafts.Stale, match="stale"):
        drafts.must_be_whole(known, 3)
    drafts.must_be_whole(known, 3, ours={4})


def test_nothing_is_recorded_of_a_day_that_has_not_come() -> None:
    known = life.plan(MEETING, plan(starts_at=STARTS), branch(), regular_of_month=None)
    checks.must_have_come(known, STARTS - timedelta(hours=10))
    with pytest.raises(Exception, match="meeting-in-future"):
        checks.must_have_come(known, STARTS - timedelta(days=1))
    checks.must_have_come(known, NOW)
