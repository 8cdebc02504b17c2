"""The stages of a meeting, its steps and what is undone, without a database."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from services.meetings.domain import checks, life, stages, steps, undoing
from services.meetings.domain import task as tasks
from services.meetings.domain.facts import Mark, Visit
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Carried
from services.meetings.domain.refusals import HOUSE
from shared.errors import Conflict, Unprocessable
from tests.unit.meetings.papers import (
    DAY,
    MEETING,
    NOW,
    STARTS,
    TASK,
    adopted,
    book,
    branch,
    contents,
    member,
    minutes,
    plan,
    roll_call,
    rule,
)

MARK = Mark(NOW, "secretary")
POINTS = {"conduct": 50.0, "closing": 40.0}
UNDO = book(rule("undo_within_minutes", 10))


def _planned(**changes: object) -> Meeting:
    return life.plan(MEETING, plan(**changes), branch(), regular_of_month=None)


def _recorded() -> Meeting:
    known = life.record_attendance(_planned(), roll_call(), branch(), book())
    return life.record_minutes(known, minutes(), branch(), book())


def _closed(*, later: bool = False) -> Meeting:
    reported = None if later else NOW
    done = life.adopt(_recorded(), branch(), book(), adopted_at=NOW, reported_at=reported, now=NOW)
    return steps.close(done, MARK, branch(), read_by=member(2), prepared_by=None, results=None)


def test_a_meeting_goes_through_every_stage_in_order() -> None:
    known = _planned()
    seen = [stages.of(known)]
    taken: list[Callable[[Meeting], Meeting]] = [
        lambda m: steps.notify(m, Mark(STARTS - timedelta(days=3), "secretary")),
        lambda m: steps.open_(m, Mark(STARTS, "secretary")),
        lambda m: life.record_attendance(m, roll_call(), branch(), book()),
        lambda m: life.record_minutes(m, minutes(), branch(), book()),
        lambda m: life.adopt(m, branch(), book(), adopted_at=NOW, reported_at=None, now=NOW),
        lambda m: steps.report(m, MARK),
        lambda m: steps.grade(m, POINTS, "Tốt.", book(), MARK),
    ]
    for step in taken:
        known = step(known)
        seen.append(stages.of(known))
    assert seen == ["planned", "notified", "opened", "opened", "opened", "closed", "reported", "graded"]


@pytest.mark.parametrize(
    ("arrange", "act", "broken"),
    [
        (_planned, lambda m: steps.report(m, MARK), "not-adopted"),
        (_planned, lambda m: steps.grade(m, POINTS, "", book(), MARK), "not-reported"),
        (lambda: _closed(later=True), lambda m: steps.grade(m, POINTS, "", book(), MARK), "not-reported"),
        (_closed, lambda m: steps.report(m, MARK), "reported"),
        (_closed, lambda m: steps.notify(m, MARK), "adopted"),
        (_closed, lambda m: steps.open_(m, MARK), "adopted"),
        (_closed, lambda m: steps.distribute(m, 1, MARK, in_time=True), "adopted"),
        (lambda: life.not_held(_planned(), "Bão"), lambda m: steps.notify(m, MARK), "not-held"),
        (lambda: life.not_held(_planned(), "Bão"), lambda m: steps.visit(m, Visit(True, "", NOW, "x")), "not-held"),
        (lambda: steps.open_(_planned(), MARK), lambda m: steps.notify(m, MARK), "step-out-of-order"),
        (_planned, lambda m: steps.open_(m, Mark(STARTS - timedelta(days=1), "x")), "meeting-in-future"),
        (_planned, lambda m: steps.conclude(m, MARK), "not-adopted"),
        (_recorded, lambda m: _postpone(m, None), "already-recorded"),
    ],
)
def test_a_step_out_of_order_is_refused_by_a_rule_with_a_source(
    arrange: Callable[[], Meeting], act: Callable[[Meeting], Meeting], broken: str
) -> None:
    known = arrange()
    with pytest.raises(Conflict) as refused:
        act(known)
    assert refused.value.rule == broken
    assert refused.value.source


def _postpone(known: Meeting, until: object) -> Meeting:
    moved = None if until is None else STARTS + timedelta(days=5)
    return steps.postpone(known, moved, "Bão số 12", branch(), MARK, regular_of_month=MEETING)


def test_a_meeting_put_off_waits_for_a_day_and_members_are_told_again() -> None:
    told = steps.notify(_planned(), MARK)
    waiting = _postpone(told, None)
    assert (stages.of(waiting), waiting.facts.notified) == ("postponed", None)
    with pytest.raises(Conflict, match="postponed"):
        life.record_attendance(waiting, roll_call(), branch(), book())
    later = plan(starts_at=STARTS + timedelta(days=7))
    again = life.replan(waiting, later, branch(), regular_of_month=MEETING)
    assert stages.of(again) == "planned"
    assert [(put_off.was, put_off.until) for put_off in again.facts.postponed] == [(STARTS, later.starts_at)]
    assert _postpone(told, "a day").plan.starts_at == STARTS + timedelta(days=5)


def test_a_thematic_meeting_follows_the_regular_one_of_the_evening() -> None:
    regular, after = plan(), plan(kind="thematic", starts_at=STARTS + timedelta(minutes=90))
    checks.keep_order(after, [regular])
    checks.keep_order(regular, [after])
    for early in (STARTS, STARTS - timedelta(minutes=30)):
        thematic = plan(kind="thematic", starts_at=early)
        for wanted, other in ((thematic, regular), (regular, thematic)):
            with pytest.raises(Unprocessable) as refused:
                checks.keep_order(wanted, [after, other])
            assert refused.value.faults[0].rule == "thematic-follows-regular"


def test_members_who_were_told_of_a_regular_meeting_do_not_get_a_thematic_one_for_it() -> None:
    thematic = plan(kind="thematic")
    assert life.replan(_planned(), thematic, branch(), regular_of_month=None).plan.kind == "thematic"
    with pytest.raises(Conflict, match="thematic-never-replaces"):
        life.replan(steps.notify(_planned(), MARK), thematic, branch(), regular_of_month=None)


def test_a_dated_rule_may_ask_for_a_step_before_adoption() -> None:
    strict = book(rule("required_steps", {"regular": ["notified", "opened"]}))
    with pytest.raises(Conflict) as refused:
        life.adopt(_recorded(), branch(), strict, adopted_at=NOW, reported_at=NOW, now=NOW)
    assert (refused.value.rule, refused.value.source) == ("step-missing", "Ban Tổ chức, HD 1")
    ready = replace(_recorded(), facts=replace(_recorded().facts, notified=MARK, opened=MARK))
    assert life.adopt(ready, branch(), strict, adopted_at=NOW, reported_at=NOW, now=NOW).status == "adopted"


def test_who_was_away_did_not_read_the_minutes_out() -> None:
    away = contents(attendance=roll_call(4), minutes=minutes(resolution=None))
    with pytest.raises(Unprocessable) as refused:
        steps.close(adopted(away), MARK, branch(), read_by=member(4), prepared_by=None, results=None)
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [("read_by", "was-absent")]


def test_scores_stand_beside_one_another_and_none_is_overwritten() -> None:
    graded_book = book(rule("grade_bands", {"good": 90, "fair": 70, "average": 50}))
    known = steps.vote_score(_closed(), POINTS, graded_book, MARK)
    known = steps.grade(known, {"conduct": 40, "closing": 30}, "Chưa giao việc.", graded_book, Mark(NOW, "superior"))
    known = steps.grade(known, {"conduct": 20, "closing": 20}, "Xem lại.", graded_book, Mark(NOW, "superior"))
    assert [(given.total, given.grade) for given in known.facts.voted] == [(90.0, "good")]
    assert [(given.total, given.grade) for given in known.facts.official] == [(70.0, "fair"), (40.0, "weak")]
    with pytest.raises(Conflict, match="graded"):
        steps.vote_score(known, POINTS, graded_book, MARK)


def test_an_adoption_is_taken_back_and_its_task_waits() -> None:
    known = _closed()
    back = undoing.meeting(known, UNDO.on(DAY), by="secretary", now=NOW + timedelta(minutes=10))
    assert (back.status, back.revision, back.edition, back.reported_at) == ("planned", 0, 2, None)
    assert back.minutes == known.minutes
    (given,) = tasks.of_meeting(known, {})
    (waiting,) = undoing.tasks_of(known, {TASK: replace(given, version=1)})
    assert waiting.status == "cancelled"
    (again,) = tasks.of_meeting(_closed(), {TASK: replace(waiting, version=2)})
    assert again.status == "assigned"


@pytest.mark.parametrize(
    ("known", "by", "minutes_later", "stands", "broken"),
    [
        (_planned(), "secretary", 1, (), "nothing-to-undo"),
        (adopted(), "secretary", 1, (), "nothing-to-undo"),
        (_closed(), "another", 1, (), "undo-by-another"),
        (_closed(), "secretary", 11, (), "undo-too-late"),
        (_closed(), "secretary", 1, ("papers",), "undo-stood-on"),
        (steps.conclude(_closed(), MARK), "secretary", 1, (), "undo-stood-on"),
        (steps.grade(_closed(), POINTS, "", book(), MARK), "secretary", 1, (), "undo-stood-on"),
    ],
)
def test_what_is_too_late_anothers_or_stood_on_is_not_undone(
    known: Meeting, by: str, minutes_later: int, stands: tuple[str, ...], broken: str
) -> None:
    now = NOW + timedelta(minutes=minutes_later)
    with pytest.raises(Conflict) as refused:
        undoing.meeting(known, UNDO.on(DAY), by=by, now=now, stands=stands)
    assert refused.value.rule == broken
    assert refused.value.source in (HOUSE, "Ban Tổ chức, HD 1")


def test_a_task_carried_over_keeps_its_id_its_meeting_and_its_first_deadline() -> None:
    (given,) = tasks.of_meeting(adopted(), {})
    given = replace(given, version=1)
    later = replace(
        adopted(contents(minutes=minutes(tasks=(), carried_over=(Carried(TASK, DAY.replace(month=7, day=31)),)))),
        meeting_id=UUID(int=77),
    )
    (carried,) = tasks.of_meeting(later, {TASK: given})
    assert (carried.task_id, carried.meeting_id, carried.due_on) == (TASK, MEETING, given.due_on)
    assert carried.due_now == DAY.replace(month=7, day=31)
    assert carried.state_on(DAY.replace(month=7, day=15)) == "carried_over"
    assert carried.state_on(DAY.replace(month=8, day=1)) == "late"
    done = tasks.complete(carried, DAY.replace(month=7, day=20), DAY.replace(month=7, day=20))
    assert done.state_on(DAY.replace(month=8, day=1)) == "done_late"
    dropped = replace(later, minutes=None)
    no_longer = replace(adopted(contents(minutes=minutes(tasks=()))), meeting_id=dropped.meeting_id)
    assert tasks.of_meeting(no_longer, {TASK: carried}) == [given]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"status": "cancelled"}, "task-not-open"),
        ({"unit_id": UUID(int=9)}, "no-earlier-task"),
        ({"meeting_id": UUID(int=77)}, "no-earlier-task"),
    ],
)
def test_only_an_open_task_of_an_earlier_meeting_is_carried_over(change: dict[str, object], broken: str) -> None:
    (given,) = tasks.of_meeting(adopted(), {})
    carrying = minutes(tasks=(), carried_over=(Carried(TASK, DAY.replace(month=7)),))
    later = replace(adopted(contents(minutes=carrying)), meeting_id=UUID(int=77))
    with pytest.raises(Unprocessable) as refused:
        tasks.of_meeting(later, {TASK: replace(given, **change)})
    assert [(fault.field, fault.rule) for fault in refused.value.faults] == [
        ("minutes.carried_over[0].task_id", broken)
    ]
