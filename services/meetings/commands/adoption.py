"""Adopt minutes, and correct adopted ones."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.meetings.commands import saving
from services.meetings.domain import life, refusals, task
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.meeting import Contents, Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.task import Task
from services.meetings.domain.values import Line
from services.meetings.store import rules, tasks
from shared.db import Connection


class Correction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a correction replaces (None: stays), and why."""

    reason: Line
    attendance: RollCall | None = None
    minutes: Minutes | None = None
    score: SelfScore | None = None


def adopt(conn: Connection, meeting_id: UUID, *, by: str, now: datetime) -> Meeting:
    """Adopt and report the minutes now, and assign their tasks. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    branch = saving.branch(conn, known.plan.unit_id)
    adopted = life.adopt(known, branch, rules.load(conn), adopted_at=now, reported_at=now, now=now)
    return saving.save_one(conn, known, adopted, _tasks(conn, adopted), by=by, at=now)


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
    branch = saving.branch(conn, known.plan.unit_id)
    corrected = life.correct(known, contents, branch, rules.load(conn))
    return saving.save_one(conn, known, corrected, _tasks(conn, corrected), by=by, at=now, reason=correction.reason)


def _tasks(conn: Connection, adopted: Meeting) -> list[Task]:
    assert adopted.minutes is not None
    named = [wanted.task_id for wanted in adopted.minutes.written.tasks]
    return task.of_meeting(adopted, tasks.lock(conn, named, of_meetings=[adopted.meeting_id]))
