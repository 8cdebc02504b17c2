"""Steps of a meeting that are facts with a time: notice, opening, postponement, report, scores of others, the visit."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from msgspec.structs import replace

from services.meetings.domain import checks, framing, life, refusals, refused_steps, scores, stages
from services.meetings.domain.branch import Branch
from services.meetings.domain.facts import Documents, Given, Mark, Postponement, Results, Visit
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.scores import SelfScore
from shared.errors import Unprocessable


def notify(meeting: Meeting, mark: Mark) -> Meeting:
    """The meeting members and the superior were told of. Raises Conflict."""
    stages.must_allow(meeting, "notified")
    return replace(meeting, facts=replace(meeting.facts, notified=mark))


def distribute(meeting: Meeting, count: int, mark: Mark, *, in_time: bool) -> Meeting:
    """The meeting with `count` documents distributed, the last of them now. Raises Conflict once it is closed."""
    stages.must_allow(meeting, "planned")
    known = meeting.facts.documents
    documents = Documents(count, mark.at, in_time and (known is None or known.in_time))
    return replace(meeting, facts=replace(meeting.facts, documents=documents))


def open_(meeting: Meeting, mark: Mark) -> Meeting:
    """The meeting opened; opened already, it is itself. Raises Conflict, also while its day has not come."""
    if stages.of(meeting) == "opened":
        return meeting
    stages.must_allow(meeting, "opened")
    checks.must_have_come(meeting, mark.at)
    return replace(meeting, facts=replace(meeting.facts, opened=mark))


def postpone(
    meeting: Meeting,
    until: datetime | None,
    reason: str,
    branch: Branch,
    mark: Mark,
    *,
    regular_of_month: UUID | None,
) -> Meeting:
    """The meeting put off to another time, or without one. Raises Conflict, Unprocessable as a new plan does."""
    stages.must_allow(meeting, "postponed")
    if _is_put_off(meeting, until, reason, mark.by):
        return meeting
    if meeting.is_recorded:
        raise refusals.already_recorded(meeting.plan.day)
    was = meeting.plan.starts_at
    if until is not None:
        wanted = replace(meeting.plan, starts_at=until)
        life.plan(meeting.meeting_id, wanted, branch, regular_of_month=regular_of_month)
        meeting = replace(meeting, plan=wanted)
    put_off = Postponement(was, until and until.astimezone(UTC), reason, mark.at, mark.by)
    facts = replace(meeting.facts, notified=None, opened=None, postponed=(*meeting.facts.postponed, put_off))
    return replace(meeting, facts=facts)


def _is_put_off(meeting: Meeting, until: datetime | None, reason: str, by: str) -> bool:
    last = meeting.facts.postponed[-1] if meeting.facts.postponed else None
    if last is None or (last.until, last.reason, last.by) != (until, reason, by):
        return False
    return until is None or meeting.plan.starts_at == until


def close(
    adopted: Meeting,
    mark: Mark,
    branch: Branch,
    *,
    read_by: UUID | None,
    prepared_by: UUID | None,
    results: Results | None,
) -> Meeting:
    """Adopted minutes with who closed them, who read them out, and what the last resolution came to.

    Raises Unprocessable when the reader was not there.
    """
    assert adopted.attendance is not None
    faults = checks.was_there("read_by", read_by, adopted.attendance.roll_call, branch, adopted)
    if faults:
        raise Unprocessable.of(faults)
    facts = replace(
        adopted.facts,
        closed=mark,
        reported=None if adopted.reported_at is None else mark,
        read_by=read_by,
        prepared_by=prepared_by,
        results=results,
    )
    return replace(adopted, facts=facts)


def report(meeting: Meeting, mark: Mark) -> Meeting:
    """Adopted minutes reported upwards. Raises Conflict."""
    if meeting.status == "planned":
        raise refusals.not_adopted()
    stages.must_allow(meeting, "reported")
    return replace(meeting, reported_at=mark.at, facts=replace(meeting.facts, reported=mark))


def vote_score(
    meeting: Meeting, points: Mapping[str, float], book: RuleBook, mark: Mark, branch: Branch | None = None
) -> Meeting:
    """The meeting with the score the branch voted, those before it kept; `branch` tells by which rubric.

    Raises Conflict, Unprocessable.
    """
    if stages.of(meeting) == "graded":
        raise refused_steps.already_graded()
    if meeting.status == "planned":
        stages.must_allow(meeting, "opened")
        checks.must_have_come(meeting, mark.at)
    elif meeting.status == "not_held":
        raise refusals.recorded_as_not_held()
    given = _given(meeting, points, book, branch, mark, "")
    if _is_last(meeting.facts.voted, given):
        return meeting
    return replace(meeting, facts=replace(meeting.facts, voted=(*meeting.facts.voted, given)))


def grade(
    meeting: Meeting,
    points: Mapping[str, float],
    remarks: str,
    book: RuleBook,
    mark: Mark,
    branch: Branch | None = None,
) -> Meeting:
    """The meeting with its official score, those before it kept. Raises as `vote_score`."""
    stages.must_allow(meeting, "graded")
    given = _given(meeting, points, book, branch, mark, remarks)
    if _is_last(meeting.facts.official, given):
        return meeting
    return replace(meeting, facts=replace(meeting.facts, official=(*meeting.facts.official, given)))


def visit(meeting: Meeting, seen: Visit) -> Meeting:
    """The meeting with the superior's attendance and remarks, those before them kept. Raises Conflict."""
    if meeting.status == "not_held":
        raise refusals.recorded_as_not_held()
    checks.must_have_come(meeting, seen.at)
    known = meeting.facts.visit
    if known is not None and replace(known, at=seen.at) == seen:
        return meeting
    earlier = meeting.facts.earlier_visits + (() if known is None else (known,))
    return replace(meeting, facts=replace(meeting.facts, visit=seen, earlier_visits=earlier))


def conclude(meeting: Meeting, mark: Mark) -> Meeting:
    """Adopted minutes whose notice of conclusion was issued. Raises Conflict."""
    if meeting.status != "adopted":
        raise refusals.not_adopted() if meeting.status == "planned" else refusals.recorded_as_not_held()
    return replace(meeting, facts=replace(meeting.facts, concluded=mark))


def _is_last(kept: tuple[Given, ...], given: Given) -> bool:
    """Whether the same person gave the same last: sent twice, it is one score."""
    return bool(kept) and replace(kept[-1], at=given.at) == given


def _given(
    meeting: Meeting, points: Mapping[str, float], book: RuleBook, branch: Branch | None, mark: Mark, remarks: str
) -> Given:
    frame = framing.of_meeting(meeting, branch, book)
    score, faults = scores.examine(SelfScore(points), frame)
    if faults:
        raise Unprocessable.of(faults)
    named = scores.grade(score.total, frame, book.on(meeting.plan.day))
    return Given(points, score.frame, named, mark.at, mark.by, remarks)
