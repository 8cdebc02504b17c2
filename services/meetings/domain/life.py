"""The life of a meeting: planned, recorded, adopted or not held, corrected; its stages are in stages.py.

Adopted minutes change only by correction. Every function takes a meeting as it is and returns it as it becomes, or
raises a Refusal; nothing here reads or writes. `version` is the store's: it moves when the meeting is saved.
"""

from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from msgspec.structs import replace

from services.meetings.domain import (
    attendance,
    checks,
    examining,
    framing,
    groups,
    items,
    refusals,
    refused_steps,
    stages,
)
from services.meetings.domain.attendance import Attendance, RollCall
from services.meetings.domain.branch import Branch
from services.meetings.domain.facts import Facts
from services.meetings.domain.items import Item, ItemKind, Items
from services.meetings.domain.meeting import Contents, Meeting, Plan
from services.meetings.domain.minutes import Minutes, MinutesRecord
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.scores import SelfScore
from shared.clock import end_of_local_day
from shared.errors import Fault, Unprocessable

T = TypeVar("T")


def plan(meeting_id: UUID, wanted: Plan, branch: Branch, *, regular_of_month: UUID | None) -> Meeting:
    """A new meeting. `regular_of_month` is the branch's regular meeting of that month, if there is one.

    Raises Unprocessable when the unit holds no branch meetings that day, Conflict for a second regular meeting.
    """
    branch.must_meet_on(wanted.day)
    if wanted.kind == "regular" and regular_of_month not in (None, meeting_id):
        raise refusals.second_regular(wanted.period)
    return Meeting(meeting_id=meeting_id, plan=wanted)


def replan(meeting: Meeting, wanted: Plan, branch: Branch, *, regular_of_month: UUID | None) -> Meeting:
    """The same meeting under another plan. Raises as `plan` does; Conflict when it is past being moved."""
    stages.must_allow(meeting, "planned")
    known, facts = meeting.plan, meeting.facts
    if known.unit_id != wanted.unit_id:
        raise refusals.of_another_branch()
    moved = (known.kind, known.day) != (wanted.kind, wanted.day)
    if moved and (meeting.is_recorded or facts.opened is not None):
        raise refusals.already_recorded(known.day)
    if known.kind == "regular" and wanted.kind == "thematic" and facts.notified is not None:
        raise refused_steps.replaces_regular()
    plan(meeting.meeting_id, wanted, branch, regular_of_month=regular_of_month)
    return replace(meeting, plan=wanted, facts=_replanned(facts, known, wanted))


def _replanned(facts: Facts, known: Plan, wanted: Plan) -> Facts:
    """Members told of another time or place are told again; a meeting put off without a day has one now."""
    if (known.starts_at, known.place) != (wanted.starts_at, wanted.place):
        facts = replace(facts, notified=None)
    if facts.postponed and facts.postponed[-1].until is None and known.starts_at != wanted.starts_at:
        last = replace(facts.postponed[-1], until=wanted.starts_at.astimezone(UTC))
        facts = replace(facts, postponed=(*facts.postponed[:-1], last))
    return facts


def record_attendance(meeting: Meeting, roll_call: RollCall, branch: Branch, book: RuleBook) -> Meeting:
    """The meeting with its roll call taken. Raises Unprocessable, Conflict."""
    _must_be_planned(meeting)
    recorded, faults = _take(meeting, roll_call, branch, book)
    return replace(meeting, attendance=_sound(recorded, faults))


def record_minutes(meeting: Meeting, written: Minutes, branch: Branch, book: RuleBook) -> Meeting:
    """The meeting with its minutes written. Raises Unprocessable, Conflict."""
    _must_be_planned(meeting)
    roll_call = meeting.attendance.roll_call if meeting.attendance else None
    recorded, faults = _examine(meeting, written, roll_call, branch, book)
    left = items.left_after(meeting.items, written)
    return replace(meeting, minutes=_sound(recorded, faults), items=left)


def record_item(meeting: Meeting, kind: ItemKind, item: Item, branch: Branch, book: RuleBook) -> Meeting:
    """The meeting with one opinion, self-criticism, conclusion, vote or task saved. Raises Unprocessable, Conflict."""
    _must_be_planned(meeting)
    rules, roster = branch.rules_on(meeting.plan.day, book), branch.roster_on(meeting.plan.day)
    roll_call = meeting.attendance.roll_call if meeting.attendance else None
    voters = examining.voters_of(meeting.plan.kind, roll_call, roster, rules)
    source = rules.sources["attendance_denominator"]
    faults = list(items.faults(item, voters, meeting.plan.day, source))
    return _sound(replace(meeting, items=meeting.items.put(kind, item)), faults)


def drop_item(meeting: Meeting, kind: ItemKind, item_id: UUID) -> Meeting:
    """The meeting without a saved item. Raises Conflict."""
    _must_be_planned(meeting)
    return replace(meeting, items=meeting.items.without(kind, item_id))


def record_score(meeting: Meeting, given: SelfScore, book: RuleBook, branch: Branch | None = None) -> Meeting:
    """The meeting with the branch's own score; `branch` tells by which rubric, and whether who scored was there.

    Raises Unprocessable, Conflict.
    """
    _must_be_planned(meeting)
    recorded, faults = framing.examine(meeting, given, branch, book)
    if branch is not None:
        roll_call = meeting.attendance.roll_call if meeting.attendance else None
        faults += checks.was_there("scorer_id", given.scorer_id, roll_call, branch, meeting)
    return replace(meeting, score=_sound(recorded, faults))


def record(meeting: Meeting, contents: Contents, branch: Branch, book: RuleBook) -> Meeting:
    """The meeting with attendance, minutes and score all replaced, whatever its status.

    Raises Unprocessable naming every fault of the three (`attendance.late[0]`, `minutes.ended_at`, `score.points.x`).
    """
    taken, faults = _take(meeting, contents.attendance, branch, book)
    faults = _under("attendance", faults)
    written, found = _examine(meeting, contents.minutes, contents.attendance, branch, book)
    faults += _under("minutes", found)
    score = None
    if contents.score is not None:
        score, found = framing.examine(meeting, contents.score, branch, book)
        found += checks.was_there("scorer_id", contents.score.scorer_id, contents.attendance, branch, meeting)
        faults += _under("score", found)
    if faults:
        raise Unprocessable.of(faults)
    facts = replace(meeting.facts, groups=groups.of(taken, branch.roster_on(meeting.plan.day)))
    return replace(meeting, attendance=taken, minutes=written, score=score, items=Items(), facts=facts)


def adopt(
    meeting: Meeting,
    branch: Branch,
    book: RuleBook,
    *,
    adopted_at: datetime,
    reported_at: datetime | None,
    now: datetime,
) -> Meeting:
    """The meeting with what is recorded of it adopted, its items laid into the minutes.

    Raises Conflict when a part, or a step that a dated rule asks for, is missing; and as `adopt_with`.
    """
    _must_be_planned(meeting)
    if meeting.plan.starts_at > now:
        raise refusals.in_future()
    if meeting.attendance is None:
        raise refusals.missing("attendance", "điểm danh", "attendance")
    if meeting.minutes is None:
        raise refusals.missing("minutes", "nội dung biên bản", "text of the minutes")
    rules = book.on(meeting.plan.day)
    for step in (rules.required_steps or {}).get(meeting.plan.kind, ()):
        if getattr(meeting.facts, step) is None:
            raise refused_steps.step_missing(step, rules.sources["required_steps"])
    contents = meeting.contents
    assert contents is not None
    return adopt_with(meeting, contents, branch, book, adopted_at=adopted_at, reported_at=reported_at, now=now)


def adopt_with(
    meeting: Meeting,
    contents: Contents,
    branch: Branch,
    book: RuleBook,
    *,
    adopted_at: datetime,
    reported_at: datetime | None,
    now: datetime,
) -> Meeting:
    """The meeting with `contents` adopted by the branch and reported upwards (None: not yet): its first revision.

    Raises Conflict when the meeting has not begun or is closed; Unprocessable when the parts are faulty or do not
    agree, or when the times are out of order.
    """
    _must_be_planned(meeting)
    if meeting.plan.starts_at > now:
        raise refusals.in_future()
    faults = _out_of_order(meeting, adopted_at, reported_at, now)
    if faults:
        raise Unprocessable.of(faults)
    due = meeting.plan.day + timedelta(days=book.on(meeting.plan.day).report_within_days)
    return replace(
        record(meeting, contents, branch, book),
        status="adopted",
        revision=1,
        adopted_at=adopted_at,
        reported_at=reported_at,
        report_due_at=end_of_local_day(due),
    )


def correct(meeting: Meeting, contents: Contents, branch: Branch, book: RuleBook) -> Meeting:
    """The next revision of adopted minutes; when it was adopted and reported stays as it was.

    Raises Conflict when the minutes are not adopted, Unprocessable when nothing differs or what differs is faulty.
    """
    if meeting.status == "not_held":
        raise refusals.recorded_as_not_held()
    if meeting.status != "adopted":
        raise refusals.not_adopted()
    if contents == meeting.contents:
        raise Unprocessable.of([Fault("(body)", "nothing-corrected", refusals.NOTHING_CORRECTED, HOUSE)])
    return replace(record(meeting, contents, branch, book), revision=meeting.revision + 1)


def not_held(meeting: Meeting, reason: str) -> Meeting:
    """The meeting closed as not held. Raises Conflict when it is adopted or closed for another reason."""
    if meeting.status == "not_held" and meeting.not_held_reason == reason:
        return meeting
    stages.must_allow(meeting, "not_held")
    return replace(meeting, status="not_held", not_held_reason=reason)


def _must_be_planned(meeting: Meeting) -> None:
    stages.must_allow(meeting, "opened")


def _sound(recorded: T, faults: list[Fault]) -> T:
    if faults:
        raise Unprocessable.of(faults)
    return recorded


def _under(part: str, faults: list[Fault]) -> list[Fault]:
    return [replace(fault, field=f"{part}.{fault.field}") for fault in faults]


def _take(meeting: Meeting, roll_call: RollCall, branch: Branch, book: RuleBook) -> tuple[Attendance, list[Fault]]:
    rules = book.on(meeting.plan.day)
    return attendance.take(
        roll_call,
        branch.roster_on(meeting.plan.day),
        rules.attendance_denominator[meeting.plan.kind],
        rules.sources["attendance_denominator"],
    )


def _examine(
    meeting: Meeting, written: Minutes, roll_call: RollCall | None, branch: Branch, book: RuleBook
) -> tuple[MinutesRecord, list[Fault]]:
    return examining.examine(
        written,
        kind=meeting.plan.kind,
        day=meeting.plan.day,
        roll_call=roll_call,
        roster=branch.roster_on(meeting.plan.day),
        rules=branch.rules_on(meeting.plan.day, book),
    )


def _out_of_order(meeting: Meeting, adopted_at: datetime, reported_at: datetime | None, now: datetime) -> list[Fault]:
    faults = []
    if adopted_at < meeting.plan.starts_at:
        faults.append(Fault("adopted_at", "adopted-before-the-meeting", refusals.ADOPTED_FIRST, HOUSE))
    if reported_at is not None and reported_at < adopted_at:
        faults.append(Fault("reported_at", "reported-before-adopted", refusals.REPORTED_FIRST, HOUSE))
    if max(adopted_at, reported_at or adopted_at) > now:
        faults.append(Fault("reported_at", "time-in-future", refusals.TIME_IN_FUTURE, HOUSE))
    return faults
