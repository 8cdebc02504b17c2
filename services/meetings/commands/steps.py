"""Steps of a meeting that are one fact each: opening, the voted and the official score, the superior's visit."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.commands.inspecting import Standards
from services.meetings.domain import steps
from services.meetings.domain.branch import Branch
from services.meetings.domain.facts import Mark, Visit
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.store import branches, rules
from shared.db import Connection


def open_(conn: Connection, meeting_id: UUID, *, by: str, now: datetime) -> Meeting:
    """Open the meeting now. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.open_(known, Mark(now, by)), by=by, at=now)


def vote_score(conn: Connection, meeting_id: UUID, points: Mapping[str, float], *, by: str, now: datetime) -> Meeting:
    """Keep the score the branch voted. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    book, branch = _yardstick(conn, known)
    voted = steps.vote_score(known, points, book, Mark(now, by), branch)
    return saving.save_one(conn, known, voted, by=by, at=now, standards=_standards(book, branch))


def grade(
    conn: Connection, meeting_id: UUID, points: Mapping[str, float], remarks: str, *, by: str, now: datetime
) -> Meeting:
    """Keep the superior's official score. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    book, branch = _yardstick(conn, known)
    graded = steps.grade(known, points, remarks, book, Mark(now, by), branch)
    return saving.save_one(conn, known, graded, by=by, at=now, standards=_standards(book, branch))


def visit(conn: Connection, meeting_id: UUID, present: bool, remarks: str, *, by: str, now: datetime) -> Meeting:
    """Keep whether the superior came, and what they remarked. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    return saving.save_one(conn, known, steps.visit(known, Visit(present, remarks, now, by)), by=by, at=now)


def _yardstick(conn: Connection, meeting: Meeting) -> tuple[RuleBook, Branch | None]:
    """What scores are laid on: the dated rules, and the branch with its rubrics (None until it has arrived)."""
    unit_id = meeting.plan.unit_id
    return rules.load(conn), branches.without_rosters(conn, [unit_id]).get(unit_id)


def _standards(book: RuleBook, branch: Branch | None) -> Standards:
    return Standards(book, {branch.unit_id: branch} if branch else {})
