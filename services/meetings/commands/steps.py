"""Steps of a meeting that are one fact each: opening, the voted and the official score, the superior's visit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import steps
from services.meetings.domain.facts import Mark, Visit
from services.meetings.domain.meeting import Meeting
from services.meetings.store import rules
from shared.db import Connection


def open_(conn: Connection, meeting_id: UUID, *, by: str, now: datetime) -> Meeting:
    """Open the meeting now. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.open_(known, Mark(now, by)), by=by, at=now)


def vote_score(conn: Connection, meeting_id: UUID, points: Mapping[str, float], *, by: str, now: datetime) -> Meeting:
    """Keep the score the branch voted. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.vote_score(known, points, rules.load(conn), Mark(now, by)), by=by, at=now)


def grade(
    conn: Connection, meeting_id: UUID, points: Mapping[str, float], remarks: str, *, by: str, now: datetime
) -> Meeting:
    """Keep the superior's official score. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    graded = steps.grade(known, points, remarks, rules.load(conn), Mark(now, by))
    return saving.save_one(conn, known, graded, by=by, at=now)


def visit(conn: Connection, meeting_id: UUID, present: bool, remarks: str, *, by: str, now: datetime) -> Meeting:
    """Keep whether the superior came, and what they remarked. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.visit(known, Visit(present, remarks, now, by)), by=by, at=now)
