"""Adopt minutes, report them, correct adopted ones, and take back a wrong click."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from services.meetings.commands import saving
from services.meetings.commands.inspecting import Standards
from services.meetings.domain import drafts, life, refusals, steps, task, undoing
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.facts import Mark
from services.meetings.domain.meeting import Contents, Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.task import Task
from services.meetings.domain.values import Line
from services.meetings.store import meetings, rules, standing, tasks
from shared.clock import local_day
from shared.db import Connection


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a correction replaces (None: stays), and why."""

    reason: Line
    attendance: RollCall | None = None
    minutes: Minutes | None = None
    score: SelfScore | None = None


class Adoption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who read the minutes out before they were adopted, and whether they are reported with it or `later`."""

    read_by: UUID | None = None
    report_later: bool = False


def adopt(
    conn: Connection,
    meeting_id: UUID,
    given: Adoption | None = None,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Adopt the minutes now, report them unless that comes later, and assign their tasks.

    What is known of the pre-meeting and of the last resolution's tasks is counted now.
    Raises NotFound, Conflict (Stale), Unprocessable.
    """
    given = given or Adoption()
    known = saving.locked(conn, meeting_id)
    drafts.must_be_whole(known, based_on, ours)
    branch, book = saving.branch(conn, known.plan.unit_id), rules.load(conn)
    reported_at = None if given.report_later else now
    adopted = life.adopt(known, branch, book, adopted_at=now, reported_at=reported_at, now=now)
    is_regular = adopted.plan.kind == "regular"
    if is_regular:
        standing.hold(conn, known.plan.unit_id)
    closed = steps.close(
        adopted,
        Mark(now, by),
        branch,
        read_by=given.read_by,
        prepared_by=standing.prepared_by(conn, adopted) if is_regular else None,
        results=standing.results(conn, adopted) if is_regular else None,
    )
    standards = Standards(book, {branch.unit_id: branch})
    return saving.save_one(conn, known, closed, _tasks(conn, known, closed), by=by, at=now, standards=standards)


def report(conn: Connection, meeting_id: UUID, *, by: str, now: datetime) -> Meeting:
    """Report adopted minutes upwards. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.report(known, Mark(now, by)), by=by, at=now)


def correct(conn: Connection, meeting_id: UUID, correction: Correction, *, by: str, now: datetime) -> Meeting:
    """Make the next revision of adopted minutes, keeping the one before. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    if known.status == "not_held":
        raise refusals.recorded_as_not_held()
    kept = known.contents
    if kept is None or known.status != "adopted":
        raise refusals.not_adopted()
    contents = Contents(
        correction.attendance or kept.attendance, correction.minutes or kept.minutes, correction.score or kept.score
    )
    branch, book = saving.branch(conn, known.plan.unit_id), rules.load(conn)
    corrected = life.correct(known, contents, branch, book)
    named = _tasks(conn, known, corrected)
    standards = Standards(book, {branch.unit_id: branch})
    return saving.save_one(conn, known, corrected, named, by=by, at=now, reason=correction.reason, standards=standards)


def undo(conn: Connection, meeting_id: UUID, *, by: str, now: datetime) -> Meeting:
    """Take back an adoption or a "not held" within minutes; the withdrawn revision is kept. Raises NotFound, Conflict.

    Tasks the minutes gave wait as cancelled and come back with the next adoption.
    """
    known = saving.locked(conn, meeting_id)
    today = rules.load(conn).on(local_day(now))
    if known.status != "adopted":
        restored = undoing.meeting(known, today, by=by, now=now)
        month = restored.month_taken
        if month is not None and month in meetings.regular_of(conn, [month]):
            raise refusals.second_regular(restored.plan.period)
        return saving.save_one(conn, known, restored, by=by, at=now)
    standing.hold(conn, known.plan.unit_id)
    held = _locked_tasks(conn, known, known)
    restored = undoing.meeting(known, today, by=by, now=now, stands=standing.on_minutes(conn, known))
    return saving.save_one(conn, known, restored, undoing.tasks_of(known, held), by=by, at=now)


def _tasks(conn: Connection, before: Meeting, adopted: Meeting) -> list[Task]:
    return task.of_meeting(adopted, _locked_tasks(conn, before, adopted))


def _locked_tasks(conn: Connection, before: Meeting, adopted: Meeting) -> dict[UUID, Task]:
    """Every task the minutes give, carry over, or gave or carried over before."""
    named: set[UUID] = set()
    for record in (before.minutes, adopted.minutes):
        if record is not None:
            named |= {wanted.task_id for wanted in record.written.tasks}
            named |= {carried.task_id for carried in record.written.carried_over}
    return tasks.lock(conn, named, of_meetings=[adopted.meeting_id])
