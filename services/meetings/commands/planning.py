"""Plan a meeting, move it, or record that it was not held."""

from datetime import datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import life
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.store import meetings
from shared.db import Connection


def plan(conn: Connection, meeting_id: UUID, wanted: Plan, *, by: str, now: datetime) -> tuple[Meeting, bool]:
    """Plan the meeting, or plan it again; returns it and whether it is new. Raises Conflict, Unprocessable."""
    known = meetings.lock(conn, [meeting_id]).get(meeting_id)
    branch = saving.branch(conn, wanted.unit_id)
    month = (wanted.unit_id, wanted.period)
    regular = meetings.regular_of(conn, [month]).get(month)
    if known is None:
        planned = life.plan(meeting_id, wanted, branch, regular_of_month=regular)
    else:
        planned = life.replan(known, wanted, branch, regular_of_month=regular)
    return saving.save_one(conn, known, planned, by=by, at=now), known is None


def record_not_held(conn: Connection, meeting_id: UUID, reason: str, *, by: str, now: datetime) -> Meeting:
    """Close the meeting as not held. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, life.not_held(known, reason), by=by, at=now)
