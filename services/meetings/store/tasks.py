"""Tasks in PostgreSQL."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain import refusals
from services.meetings.domain.facts import Mark
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Carry, Evidence, Task, TaskStatus
from shared.db import Connection

_Row = tuple[UUID, int, UUID, UUID, UUID, str, date, date, TaskStatus, date | None, str | None, str | None, str | None]
_encode = msgspec.json.Encoder()
_carries = msgspec.json.Decoder(tuple[Carry, ...])
_evidence = msgspec.json.Decoder(tuple[Evidence, ...])
_mark = msgspec.json.Decoder(Mark)


def lock(conn: Connection, task_ids: Collection[UUID], *, of_meetings: Collection[UUID] = ()) -> dict[UUID, Task]:
    """Those of `task_ids` that exist, and all tasks of `of_meetings`, locked until the transaction ends."""
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on,
               carries, evidence, completed
        from task where task_id = any(%s) or meeting_id = any(%s)
        order by task_id for update
        """,
        (list(task_ids), list(of_meetings)),
    )
    return _tasks(rows.fetchall())


def carried_by(conn: Connection, meeting: Meeting) -> dict[UUID, Task]:
    """The tasks that a meeting's minutes carry over, by id."""
    named = [one.task_id for one in meeting.minutes.written.carried_over] if meeting.minutes else []
    if not named:
        return {}
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on,
               carries, evidence, completed
        from task where task_id = any(%s) and unit_id = %s
        """,
        (named, meeting.plan.unit_id),
    )
    return _tasks(rows.fetchall())


def followed(conn: Connection, unit_id: UUID, meeting_id: UUID) -> list[Task]:
    """The tasks a meeting gave or carried over, by deadline; those dropped by a correction are left out."""
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on,
               carries, evidence, completed
        from task
        where unit_id = %s and status <> 'cancelled'
          and (meeting_id = %s or carries like '%%' || %s || '%%')
        order by due_on, task_id
        """,
        (unit_id, meeting_id, str(meeting_id)),
    )
    return list(_tasks(rows.fetchall()).values())


def page(
    conn: Connection, unit_id: UUID, status: str | None, after: tuple[date, UUID] | None, limit: int
) -> list[Task]:
    """Up to `limit` tasks of a branch after the sort key `after`, by their first deadline."""
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on,
               carries, evidence, completed
        from task
        where unit_id = %(unit)s and (%(status)s::text is null or status = %(status)s)
          and (%(on)s::date is null or (due_on, task_id) > (%(on)s, %(id)s))
        order by due_on, task_id limit %(limit)s
        """,
        {
            "unit": unit_id,
            "status": status,
            "on": after[0] if after else None,
            "id": after[1] if after else None,
            "limit": limit,
        },
    )
    return list(_tasks(rows.fetchall()).values())


def read(conn: Connection, task_ids: Collection[UUID]) -> dict[UUID, Task]:
    """Those of `task_ids` that exist, by deadline."""
    rows = conn.execute(
        """
        select task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status, done_on,
               carries, evidence, completed
        from task where task_id = any(%s) order by due_on, task_id
        """,
        (list(task_ids),),
    )
    return _tasks(rows.fetchall())


def _tasks(rows: Sequence[Sequence[object]]) -> dict[UUID, Task]:
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
            carries=_carries.decode(row[10]) if row[10] else (),
            evidence=_evidence.decode(row[11]) if row[11] else (),
            completed=_mark.decode(row[12]) if row[12] else None,
        )
        for row in msgspec.convert(rows, list[_Row])
    }


def save(conn: Connection, tasks: Sequence[Task]) -> list[Task]:
    """Save changed tasks with their next version; returns them as saved.

    Raises Conflict when another transaction saved one of them meanwhile.
    """
    saved = [replace(task, version=task.version + 1) for task in tasks]
    written = conn.execute(
        """
        insert into task (task_id, version, meeting_id, unit_id, member_id, content, assigned_on, due_on, status,
                          done_on, carries, evidence, completed)
        select * from unnest(%b::uuid[], %b::bigint[], %b::uuid[], %b::uuid[], %b::uuid[], %b::text[], %b::date[],
                             %b::date[], %b::text[], %b::date[], %b::text[], %b::text[], %b::text[])
        on conflict (task_id) do update set
            version = excluded.version, member_id = excluded.member_id, content = excluded.content,
            due_on = excluded.due_on, status = excluded.status, done_on = excluded.done_on,
            carries = excluded.carries, evidence = excluded.evidence, completed = excluded.completed
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
            [_text(task.carries) for task in saved],
            [_text(task.evidence) for task in saved],
            [_text(task.completed) for task in saved],
        ),
    ).rowcount
    if written != len(saved):
        raise refusals.changed_meanwhile()
    return saved


def _text(value: object) -> str | None:
    return _encode.encode(value).decode() if value else None


def units_of(conn: Connection, task_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The unit of each of `task_ids` that exists."""
    rows = conn.execute("select task_id, unit_id from task where task_id = any(%s)", (list(task_ids),))
    return dict(msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID]]))
