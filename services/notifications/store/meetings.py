"""What the service keeps of meetings, and which branches have not answered for a month."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.notifications.domain.meetings import Meeting
from shared.db import Connection
from shared.units.replica import MEETING_KINDS

_MONTHS_LOCK: Final = 0x6E656E64  # "nend": merging meetings shares it, the due check has it alone


def share_months(conn: Connection) -> None:
    """Until the transaction ends, no month is examined for missing minutes.

    Without it a month could be examined on a snapshot taken before minutes are merged that then find no notice to end.
    """
    conn.execute("select pg_advisory_xact_lock_shared(%s)", (_MONTHS_LOCK,))


def hold_months(conn: Connection) -> None:
    """Until the transaction ends, no meeting is merged."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_MONTHS_LOCK,))


def upsert(conn: Connection, meetings: Sequence[Meeting]) -> list[Meeting]:
    """Keep the meetings (each once) that are newer than what is known; returns those."""
    rows = conn.execute(
        """
        insert into meeting (meeting_id, version, unit_id, kind, period, status, day, owed, present, has_conclusion,
                             tasks, starts_at, notified_at)
        select * from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[],
                             %s::int[], %s::int[], %s::bool[], %s::int[], %s::timestamptz[],
                             %s::timestamptz[])
        on conflict (meeting_id) do update set
            version = excluded.version, unit_id = excluded.unit_id, kind = excluded.kind, period = excluded.period,
            status = excluded.status, day = excluded.day, owed = excluded.owed, present = excluded.present,
            has_conclusion = excluded.has_conclusion, tasks = excluded.tasks, starts_at = excluded.starts_at,
            notified_at = excluded.notified_at, awaits_unit = false
        where meeting.version < excluded.version
        returning meeting_id
        """,
        (
            [meeting.meeting_id for meeting in meetings],
            [meeting.version for meeting in meetings],
            [meeting.unit_id for meeting in meetings],
            [meeting.kind for meeting in meetings],
            [meeting.period for meeting in meetings],
            [meeting.status for meeting in meetings],
            [meeting.day for meeting in meetings],
            [meeting.owed for meeting in meetings],
            [meeting.present for meeting in meetings],
            [meeting.has_conclusion for meeting in meetings],
            [meeting.tasks for meeting in meetings],
            [meeting.starts_at for meeting in meetings],
            [meeting.notified_at for meeting in meetings],
        ),
    )
    kept = {row[0] for row in rows.fetchall()}
    return [meeting for meeting in meetings if meeting.meeting_id in kept]


def awaiting(conn: Connection, unit_ids: Sequence[UUID]) -> list[Meeting]:
    """The meetings of `unit_ids` that came before their branch was known here."""
    rows = conn.execute(
        """
        select meeting_id, version, unit_id, kind, period, status, day, owed, present, has_conclusion, tasks,
               starts_at, notified_at
        from meeting where awaits_unit and unit_id = any(%s) order by meeting_id
        """,
        (list(unit_ids),),
    )
    names = [column.name for column in rows.description or ()]
    return [msgspec.convert(dict(zip(names, row, strict=True)), Meeting) for row in rows.fetchall()]


def mark_awaiting(conn: Connection, considered: Sequence[UUID], waiting: Sequence[UUID]) -> None:
    """Of the meetings `considered`, those `waiting` are looked at again when their branch comes; the others are not."""
    conn.execute(
        "update meeting set awaits_unit = meeting_id = any(%s) where meeting_id = any(%s)",
        (list(waiting), list(considered)),
    )


def parents_on(conn: Connection, wanted: Sequence[tuple[UUID, date]]) -> dict[tuple[UUID, date], UUID | None]:
    """The unit above each unit on a day; a unit that is not known here, or not in force then, is left out."""
    rows = conn.execute(
        """
        select w.unit_id, w.day, s.parent_id
        from unnest(%s::uuid[], %s::date[]) as w (unit_id, day)
        join unit_span s on s.unit_id = w.unit_id and s.valid_from <= w.day
                        and (s.valid_to is null or w.day < s.valid_to)
        """,
        ([unit_id for unit_id, _ in wanted], [day for _, day in wanted]),
    )
    return {
        (unit_id, day): parent_id
        for unit_id, day, parent_id in msgspec.convert(rows.fetchall(), list[tuple[UUID, date, UUID | None]])
    }


def silent_branches(conn: Connection, period: str, last_day: date) -> list[UUID]:
    """Branches in force on the month's last day with no regular meeting of it, adopted or recorded as not held."""
    rows = conn.execute(
        """
        select s.unit_id from unit_span s
        where s.kind = any(%(kinds)s) and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
          and not exists (
              select 1 from meeting m
              where m.period = %(period)s and m.unit_id = s.unit_id and m.kind = 'regular'
                and m.status in ('adopted', 'not_held'))
        order by s.unit_id
        """,
        {"kinds": sorted(MEETING_KINDS), "day": last_day, "period": period},
    )
    return [unit_id for (unit_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]


def examined_through(conn: Connection, *, lock: bool = False) -> str | None:
    """The last month that was examined; with `lock` no other worker examines until the transaction ends."""
    row = conn.execute(
        "select examined_through from due_check for update" if lock else "select examined_through from due_check"
    ).fetchone()
    return msgspec.convert(row, tuple[str | None])[0]


def set_examined_through(conn: Connection, period: str) -> None:
    """Remember that `period`, and so every month before it, has been examined."""
    conn.execute("update due_check set examined_through = %s", (period,))
