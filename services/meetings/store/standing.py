"""What a meeting stands on, and what stands on it: the pre-meeting, the last resolution, later minutes, papers."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from services.meetings.domain.facts import Results
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.domain.rules import MeetingKind
from shared.db import Connection


def hold(conn: Connection, unit_id: UUID) -> None:
    """Hold what stands on a branch's minutes until the transaction ends.

    Who counts earlier minutes or done tasks into an adoption, and who takes such a step back, are one after another:
    each reads what the other is about to change, in rows it does not lock.
    """
    conn.execute("select pg_advisory_xact_lock(hashtextextended('standing:' || %s, 0))", (str(unit_id),))


def prepared_by(conn: Connection, meeting: Meeting) -> UUID | None:
    """The committee meeting that prepared a regular one: linked to it, adopted, and held before it."""
    row = conn.execute(
        """
        select meeting_id from meeting
        where regular_id = %s and status = 'adopted' and kind = 'committee' and starts_at < %s
        order by starts_at desc limit 1
        """,
        (meeting.meeting_id, meeting.plan.starts_at),
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def last_regular(conn: Connection, unit_id: UUID, before: datetime) -> UUID | None:
    """The branch's last adopted regular meeting that began before an instant."""
    row = conn.execute(
        """
        select meeting_id from meeting
        where unit_id = %s and kind = 'regular' and status = 'adopted' and starts_at < %s
        order by starts_at desc limit 1
        """,
        (unit_id, before),
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def results(conn: Connection, meeting: Meeting) -> Results | None:
    """What the tasks of the last regular meeting came to; None before the first. Carried ones count with its own."""
    row = conn.execute(
        """
        with last as (
            select meeting_id, unit_id from meeting
            where unit_id = %s and kind = 'regular' and status = 'adopted' and starts_at < %s
            order by starts_at desc limit 1
        )
        select last.meeting_id, count(t) filter (where t.status <> 'cancelled'),
               count(t) filter (where t.status = 'done'),
               count(t) filter (where t.status = 'done' and t.done_on > t.due_on)
        from last left join task t
            on t.meeting_id = last.meeting_id
            or (t.unit_id = last.unit_id and t.carries like '%%' || last.meeting_id::text || '%%')
        group by last.meeting_id
        """,
        (meeting.plan.unit_id, meeting.plan.starts_at),
    ).fetchone()
    if row is None:
        return None
    meeting_id, tasks, done, late = msgspec.convert(row, tuple[UUID, int, int, int])
    carried = len(meeting.minutes.written.carried_over) if meeting.minutes else 0
    return Results(meeting_id, tasks, done, late, carried)


def on_minutes(conn: Connection, meeting: Meeting) -> list[str]:
    """What stands on adopted minutes: later regular minutes, tasks that were done or carried on, numbered papers."""
    row = conn.execute(
        """
        select exists (select from meeting n where n.unit_id = %(unit)s and n.kind = 'regular'
                       and n.status = 'adopted' and n.starts_at > %(at)s and %(kind)s = 'regular')
               or exists (select from meeting n where n.meeting_id = %(prepares)s and n.status = 'adopted'
                          and n.adopted_at >= %(adopted_at)s),
               exists (select from task where meeting_id = %(id)s and (status = 'done' or carries is not null)),
               exists (select from paper where meeting_id = %(id)s)
        """,
        {
            "unit": meeting.plan.unit_id,
            "at": meeting.plan.starts_at,
            "kind": meeting.plan.kind,
            "id": meeting.meeting_id,
            "prepares": meeting.plan.regular_id,
            "adopted_at": meeting.adopted_at,
        },
    ).fetchone()
    later, done, papers = msgspec.convert(row, tuple[bool, bool, bool])
    return [
        *(["later minutes"] if later else []),
        *(["tasks"] if done else []),
        *(["papers"] if papers else []),
    ]


def counted_since(conn: Connection, unit_id: UUID, at: datetime) -> bool:
    """Whether a regular meeting of the branch was adopted since, counting the tasks that were done by then."""
    row = conn.execute(
        "select exists (select from meeting where unit_id = %s and kind = 'regular' and adopted_at >= %s)",
        (unit_id, at),
    ).fetchone()
    return msgspec.convert(row, tuple[bool])[0]


def evenings(conn: Connection, months: Collection[tuple[UUID, str]]) -> dict[UUID, Plan]:
    """The regular and thematic meetings of each branch and month; those not held do not count."""
    wanted = list(months)
    rows = conn.execute(
        """
        select m.meeting_id, m.unit_id, m.kind, m.starts_at, m.place
        from unnest(%b::uuid[], %b::text[]) as w (unit_id, period)
        join meeting m on m.unit_id = w.unit_id and m.period = w.period
        where m.kind in ('regular', 'thematic') and m.status <> 'not_held'
        """,
        ([unit_id for unit_id, _ in wanted], [period for _, period in wanted]),
    )
    return {
        meeting_id: Plan(unit_id, kind, starts_at, place)
        for meeting_id, unit_id, kind, starts_at, place in msgspec.convert(
            rows.fetchall(), list[tuple[UUID, UUID, MeetingKind, datetime, str]]
        )
    }


def others_of_day(conn: Connection, meeting_id: UUID, wanted: Plan) -> list[Plan]:
    """The branch's other regular and thematic meetings of the same local day; those not held do not count."""
    found = evenings(conn, [(wanted.unit_id, wanted.period)])
    return [plan for other, plan in found.items() if other != meeting_id and plan.day == wanted.day]
