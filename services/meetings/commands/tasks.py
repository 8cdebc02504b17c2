"""Complete a task."""

from datetime import date, datetime
from uuid import UUID

from services.meetings.commands import saving
from services.meetings.domain import refusals
from services.meetings.domain import task as life
from services.meetings.domain.task import Task
from services.meetings.store import tasks
from shared.clock import local_day
from shared.db import Connection


def complete(conn: Connection, task_id: UUID, done_on: date, *, now: datetime) -> Task:
    """Record that the task was done. Raises NotFound, Conflict, Unprocessable."""
    known = tasks.lock(conn, [task_id]).get(task_id)
    if known is None:
        raise refusals.unknown_task()
    done = life.complete(known, done_on, local_day(now))
    if done == known:
        return known
    (saved,) = saving.save_tasks(conn, [done])
    return saved
