"""Tasks in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain import refusals
from services.meetings.domain.task import Task, TaskStatus
from shared.db import Connection

_Row = tuple[UUID, int, UUID, UUID, UUID, str, date, date, TaskStatus, date | None]


def lock(conn: Connection, task_ids: Collection[UUID], *, of_meetings: Collection[UUID] = ()) -> dict[UUID, Task]:
    """Those of `task_ids` that exist, and all tasks of `of_meetings`, locked until the transaction ends."""
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on
        from task where task_id = any(%s) or meeting_id = any(%s)
        order by task_id for update
        """,
        (list(task_ids), list(of_meetings)),
    )
    return {
        row[0]: Task(
            task_id=row[0],
            version=row[1],
            meeting_id=row[2],
            unit_id=row[3],
            member_id=row[4],
            content=row[5],
            assigned_on=row[6],
            due_on=row[7],
            status=row[8],
            done_on=row[9],
        )
        for row in msgspec.convert(rows.fetchall(), list[_Row])
    }


def save(conn: Connection, tasks: Sequence[Task]) -> list[Task]:
    """Save changed tasks with their next version; returns them as saved.

    Raises Conflict when another transaction saved one of them meanwhile.
    """
    saved = [replace(task, version=task.version + 1) for task in tasks]
    written = conn.execute(
        """
        insert into task (task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status,
                          done_on)
        select * from unnest(%b::uuid[], %b::bigint[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::date[],
                             %b::date[], %b::text[], %b::date[])
        on conflict (task_id) do update set
            version = excluded.version, member_id = excluded.member_id, content = excluded.content,
            due_on = excluded.due_on, status = excluded.status, done_on = excluded.done_on
        where task.version = excluded.version - 1
        """,
        (
            [task.task_id for task in saved],
            [task.version for task in saved],
            [task.meeting_id for task in saved],
            [task.unit_id for task in saved],
            [task.member_id for task in saved],
            [task.content for task in saved],
            [task.assigned_on for task in saved],
            [task.due_on for task in saved],
            [task.status for task in saved],
            [task.done_on for task in saved],
        ),
    ).rowcount
    if written != len(saved):
        raise refusals.changed_meanwhile()
    return saved


def units_of(conn: Connection, task_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The unit of each of `task_ids` that exists."""
    rows = conn.execute("select task_id, unit_id from task where task_id = any(%s)", (list(task_ids),))
    return dict(msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID]]))
