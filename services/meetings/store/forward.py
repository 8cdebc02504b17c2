"""The last adopted meetings of a branch, and the tasks its next one is measured by."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Task
from services.meetings.store import meetings, tasks
from shared.db import Connection


def last_of(conn: Connection, unit_id: UUID, kind: str, before: datetime) -> Meeting | None:
    """The last adopted meeting of a branch and kind that began before an instant."""
    row = conn.execute(
        """
        select meeting_id from meeting
        where unit_id = %s and kind = %s and status = 'adopted' and starts_at < %s
        order by starts_at desc limit 1
        """,
        (unit_id, kind, before),
    ).fetchone()
    return None if row is None else meetings.load(conn, msgspec.convert(row[0], UUID))


def tasks_to_measure(conn: Connection, unit_id: UUID, meeting_id: UUID, before: datetime) -> list[Task]:
    """The tasks a meeting gave or carried over, and earlier ones of the branch still to be done."""
    followed = {task.task_id: task for task in tasks.followed(conn, unit_id, meeting_id)}
    rows = conn.execute(
        """
        select task_id from task t join meeting m using (meeting_id)
        where t.unit_id = %(unit)s and t.status = 'assigned' and m.starts_at < %(before)s
        order by t.due_on limit 200
        """,
        {"unit": unit_id, "before": before},
    )
    earlier = [task_id for (task_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]
    return list((tasks.read(conn, earlier) | followed).values())
