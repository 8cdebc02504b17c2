"""Complete a task, add evidence to it, or take a completion back."""

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from services.meetings.commands import saving
from services.meetings.domain import refusals, undoing
from services.meetings.domain import task as life
from services.meetings.domain.facts import Mark
from services.meetings.domain.task import Evidence, Task
from services.meetings.store import rules, standing, tasks
from shared.clock import local_day
from shared.db import Connection


def complete(
    conn: Connection,
    task_id: UUID,
    done_on: date,
    evidence: tuple[Evidence, ...] = (),
    *,
    by: str,
    now: datetime,
) -> Task:
    """Record that the task was done. Raises NotFound, Conflict, Unprocessable."""
    known = _locked(conn, task_id)
    done = life.complete(known, done_on, local_day(now))
    if done is not known:
        done = replace(done, completed=Mark(now, by))
    for piece in evidence:
        done = life.with_evidence(done, piece)
    return _saved(conn, known, done)


def add_evidence(conn: Connection, task_id: UUID, evidence: Evidence) -> Task:
    """Keep a piece of evidence with the task. Raises NotFound, Conflict."""
    known = _locked(conn, task_id)
    return _saved(conn, known, life.with_evidence(known, evidence))


def undo(conn: Connection, task_id: UUID, *, by: str, now: datetime) -> Task:
    """Take a completion back within minutes. Raises NotFound, Conflict."""
    # Held before the task is locked: an adoption holds it, and then locks the tasks it carries over.
    unit_id = tasks.units_of(conn, [task_id]).get(task_id)
    if unit_id is not None:
        standing.hold(conn, unit_id)
    known = _locked(conn, task_id)
    today = rules.load(conn).on(local_day(now))
    counted = known.completed is not None and standing.counted_since(conn, known.unit_id, known.completed.at)
    stands = ["later minutes"] if counted else []
    return _saved(conn, known, undoing.completion(known, today, by=by, now=now, stands=stands))


def _locked(conn: Connection, task_id: UUID) -> Task:
    known = tasks.lock(conn, [task_id]).get(task_id)
    if known is None:
        raise refusals.unknown_task()
    return known


def _saved(conn: Connection, known: Task, changed: Task) -> Task:
    if changed == known:
        return known
    (saved,) = saving.save_tasks(conn, [changed])
    return saved
