"""Record what happened at a meeting, before its minutes are adopted."""

from datetime import datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import life
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.scores import SelfScore
from services.meetings.store import rules
from shared.db import Connection


def record_attendance(conn: Connection, meeting_id: UUID, roll_call: RollCall, *, by: str, now: datetime) -> Meeting:
    """Take the roll call. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    branch = saving.branch(conn, known.plan.unit_id)
    recorded = life.record_attendance(known, roll_call, branch, rules.load(conn))
    return saving.save_one(conn, known, recorded, by=by, at=now)


def record_minutes(conn: Connection, meeting_id: UUID, written: Minutes, *, by: str, now: datetime) -> Meeting:
    """Write the minutes. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    branch = saving.branch(conn, known.plan.unit_id)
    recorded = life.record_minutes(known, written, branch, rules.load(conn))
    return saving.save_one(conn, known, recorded, by=by, at=now)


def record_score(conn: Connection, meeting_id: UUID, given: SelfScore, *, by: str, now: datetime) -> Meeting:
    """Record the branch's own score. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    recorded = life.record_score(known, given, rules.load(conn))
    return saving.save_one(conn, known, recorded, by=by, at=now)
