"""Bring in meetings in bulk: all rows or none, judged by the same rules as the single doors.

1. Read what the rows refer to, one query a kind, meetings and tasks locked.
2. Judge every row without the database (judging.py).
3. Write what changed set by set, with one append to the outbox a kind of event.
"""

from datetime import datetime

import msgspec

from services.meetings.commands import saving
from services.meetings.commands.inspecting import Standards
from services.meetings.commands.judging import Judgement, Known
from services.meetings.commands.rows import HeldRow, NotHeldRow, Rows
from services.meetings.store import branches, meetings, rules, standing, tasks
from shared.db import Connection


class HeldCounts(msgspec.Struct, frozen=True):
    """What became of the meetings that were held."""

    created: int = 0
    corrected: int = 0
    unchanged: int = 0


class NotHeldCounts(msgspec.Struct, frozen=True):
    """What became of the meetings that were not held."""

    created: int = 0
    unchanged: int = 0


class CompletionCounts(msgspec.Struct, frozen=True):
    """What became of the completions."""

    done: int = 0
    unchanged: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What became of an import."""

    meetings: HeldCounts
    not_held: NotHeldCounts
    completions: CompletionCounts


def bring_in(conn: Connection, rows: Rows, *, by: str, now: datetime) -> Outcome:
    """Carry out an import. Rows that say what is known already change nothing.

    Raises Unprocessable naming every faulty row, Conflict while a branch has not arrived; then nothing is saved.
    """
    known = _read(conn, rows)
    judgement = Judgement(known, now)
    judgement.judge(rows.meetings, rows.not_held, rows.completions)
    standards = Standards(known.book, known.branches)
    saving.save(conn, judgement.changes, judgement.changed_tasks, by=by, at=now, standards=standards)
    counts = judgement.counts
    return Outcome(
        HeldCounts(**counts["meetings"]),
        NotHeldCounts(**counts["not_held"]),
        CompletionCounts(**counts["completions"]),
    )


def _read(conn: Connection, rows: Rows) -> Known:
    every: list[HeldRow | NotHeldRow] = [*rows.meetings, *rows.not_held]
    meeting_ids = {row.meeting_id for row in every}
    named = {assignment.task_id for row in rows.meetings for assignment in row.minutes.tasks}
    named |= {carried.task_id for row in rows.meetings for carried in row.minutes.carried_over}
    named |= {row.task_id for row in rows.completions}
    known = meetings.lock(conn, meeting_ids)
    named |= {
        carried.task_id
        for meeting in known.values()
        if meeting.minutes is not None
        for carried in meeting.minutes.written.carried_over
    }
    months = {(row.unit_id, row.plan.period) for row in every}
    return Known(
        book=rules.load(conn),
        branches=branches.load(conn, {row.unit_id for row in every}),
        meetings=known,
        regulars=meetings.regular_of(conn, months),
        tasks=tasks.lock(conn, named, of_meetings=meeting_ids),
        evenings=standing.evenings(conn, months),
    )
