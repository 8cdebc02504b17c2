"""The life of a meeting, without a database."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.meetings.domain import entry as bulk
from services.meetings.domain import life
from services.meetings.domain.branch import Branch, Term
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.scores import SelfScore
from shared.errors import Conflict, Unprocessable
from tests.unit.meetings.papers import (
    BRANCH,
    MEETING,
    NOW,
    STARTS,
    adopted,
    book,
    branch,
    contents,
    member,
    minutes,
    plan,
    roll_call,
)


def test_a_meeting_after_midnight_in_viet_nam_belongs_to_the_local_month() -> None:
    late = plan(starts_at=datetime(2026, 5, 31, 17, 30, tzinfo=UTC))
    assert (late.day, late.period) == (date(2026, 6, 1), "2026-06")


def test_a_report_is_due_at_the_end_of_the_second_local_day() -> None:
    assert adopted().report_due_at == datetime(2026, 6, 5, 16, 59, 59, 999_999, tzinfo=UTC)


def test_a_regular_meeting_leaves_room_for_others_in_its_month() -> None:
    other = UUID(int=9)
    with pytest.raises(Conflict) as refused:
        life.plan(MEETING, plan(), branch(), regular_of_month=other)
    assert refused.value.rule == "one-regular-meeting-a-month"
    assert life.plan(MEETING, plan(kind="thematic"), branch(), regular_of_month=other).status == "planned"
    assert life.plan(MEETING, plan(), branch(), regular_of_month=MEETING).status == "planned"


def test_a_branch_that_became_one_later_holds_no_meetings_before() -> None:
    terms = (
        Term(date(2020, 1, 1), date(2026, 6, 3), "group"),
        Term(date(2026, 6, 3), date(2026, 7, 1), "grassroots_branch"),
    )
    unit = Branch(BRANCH, terms, None)
    unit.must_meet_on(date(2026, 6, 3))
    for day, broken in ((date(2026, 6, 2), "not-a-branch"), (date(2026, 7, 1), "unit-not-in-force")):
        with pytest.raises(Unprocessable) as refused:
            unit.must_meet_on(day)
        assert refused.value.faults[0].rule == broken


def test_a_meeting_may_move_until_something_is_recorded() -> None:
    planned = life.plan(MEETING, plan(), branch(), regular_of_month=None)
    later = plan(starts_at=STARTS + timedelta(days=1))
    assert life.replan(planned, later, branch(), regular_of_month=None).plan == later
    recorded = life.record_attendance(planned, roll_call(), branch(), book())
    with pytest.raises(Conflict, match="already-recorded"):
        life.replan(recorded, later, branch(), regular_of_month=None)
    same_day = plan(starts_at=STARTS + timedelta(hours=1), place="Trường học")
    assert life.replan(recorded, same_day, branch(), regular_of_month=None).attendance == recorded.attendance


def test_faults_of_all_parts_are_named_together() -> None:
    faulty = contents(
        attendance=roll_call(99), minutes=minutes(chair_id=member(98)), score=SelfScore({"conduct": 61, "closing": 1})
    )
    with pytest.raises(Unprocessable) as refused:
        adopted(faulty)
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [
        ("attendance.absent[0].member_id", "not-a-member"),
        ("minutes.chair_id", "not-a-member"),
        ("score.points.conduct", "points-out-of-range"),
    ]


def test_a_correction_keeps_when_the_minutes_were_adopted() -> None:
    first = adopted()
    second = life.correct(first, contents(attendance=roll_call(5)), branch(), book())
    assert (second.revision, second.status) == (2, "adopted")
    assert (second.adopted_at, second.reported_at, second.report_due_at) == (NOW, NOW, first.report_due_at)


def test_an_adopted_meeting_is_closed_to_everything_but_corrections() -> None:
    meeting = adopted()
    acts: list[Callable[[], Meeting]] = [
        lambda: life.record_attendance(meeting, roll_call(), branch(), book()),
        lambda: life.record_minutes(meeting, minutes(), branch(), book()),
        lambda: life.record_score(meeting, SelfScore({}), book()),
        lambda: life.replan(meeting, plan(), branch(), regular_of_month=None),
        lambda: life.not_held(meeting, "Bão"),
        lambda: life.adopt(meeting, branch(), book(), adopted_at=NOW, reported_at=NOW, now=NOW),
    ]
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.rule == "adopted"


def test_not_held_twice_for_one_reason_is_once() -> None:
    closed = life.not_held(life.plan(MEETING, plan(), branch(), regular_of_month=None), "Bão")
    assert life.not_held(closed, "Bão") is closed
    acts: list[Callable[[], Meeting]] = [
        lambda: life.not_held(closed, "Lụt"),
        lambda: life.correct(closed, contents(), branch(), book()),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="not-held"):
            act()


def test_a_row_that_says_nothing_new_gives_the_meeting_itself() -> None:
    known = adopted()
    elsewhere = minutes(started_at=STARTS.astimezone().replace(microsecond=0))

    def hold(**changes: object) -> Meeting:
        return bulk.held(
            known,
            MEETING,
            plan(),
            contents(**changes),
            branch(),
            book(),
            regular_of_month=MEETING,
            adopted_at=NOW,
            reported_at=NOW,
            correcting=False,
            now=NOW,
        )

    assert hold() is known
    assert hold(minutes=elsewhere) is known
    with pytest.raises(Conflict, match="adopted"):
        hold(score=None)


def test_a_row_never_makes_another_meeting_of_an_adopted_one() -> None:
    with pytest.raises(Conflict, match="head-is-fixed"):
        bulk.held(
            adopted(),
            MEETING,
            plan(kind="thematic"),
            contents(),
            branch(),
            book(),
            regular_of_month=None,
            adopted_at=NOW,
            reported_at=NOW,
            correcting=True,
            now=NOW,
        )


def test_roster_of_the_day_is_taken_again_at_adoption() -> None:
    planned = life.plan(MEETING, plan(), branch(), regular_of_month=None)
    recorded = life.record_attendance(planned, roll_call(), branch(), book())
    recorded = life.record_minutes(recorded, minutes(resolution=None, tasks=()), branch(), book())
    grown = branch()
    assert grown.roster is not None
    members = grown.roster.members[:2]
    shrunk = replace(grown, roster=replace(grown.roster, members=members))
    meeting = life.adopt(recorded, shrunk, book(), adopted_at=NOW, reported_at=NOW, now=NOW)
    assert meeting.attendance is not None
    assert meeting.attendance.owed == 2
