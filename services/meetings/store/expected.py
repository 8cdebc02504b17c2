"""What is expected of branches: what is due, and the days of a month. Everything below a unit, in one query each."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec

from services.meetings.domain.branch import MEETING_KINDS
from services.meetings.domain.calendar import Entry
from services.meetings.domain.expected import Due, What
from services.meetings.store.subtree import BELOW
from shared.db import Connection

DueKey = tuple[date, str, UUID, UUID]
_ZONE: Final = "Asia/Ho_Chi_Minh"
_WAITS: Final = """
    (m.status = 'planned' and m.facts is not null and m.facts::jsonb -> 'postponed' is not null
     and m.facts::jsonb #>> '{postponed,-1,until}' is null)
"""
"""That a meeting was put off without a day: it has none until it is planned again."""
_DUE: Final = f"""
    with {BELOW}, branch as (
        select below.unit_id from below join unit_span s using (unit_id)
        where s.kind = any(%(kinds)s) and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
    ), due as (
        select 'report' as what, m.unit_id, m.meeting_id as id, m.kind as detail,
               coalesce((m.report_due_at at time zone '{_ZONE}')::date,
                        held.day + coalesce((r.value #>> '{{}}')::integer, 0)) as due_on
        from below join meeting m using (unit_id)
        cross join lateral (select (m.starts_at at time zone '{_ZONE}')::date as day) held
        left join rule r on r.name = 'report_within_days' and r.valid_from <= held.day
                        and (r.valid_to is null or held.day < r.valid_to)
        where (m.status = 'planned' and m.starts_at < %(now)s and not {_WAITS})
           or (m.status = 'adopted' and m.reported_at is null)
        union all
        select 'task', t.unit_id, t.task_id, t.content, coalesce((t.carries::jsonb -> -1 ->> 'due_on')::date, t.due_on)
        from below join task t using (unit_id) where t.status = 'assigned'
        union all
        select 'regular-meeting', unit_id, unit_id, null, %(month_end)s::date from branch
        where not exists (select from meeting m where m.unit_id = branch.unit_id and m.period = %(month)s
                          and m.kind = 'regular' and (m.status <> 'planned' or m.starts_at < %(now)s)
                          and not {_WAITS})
        union all
        select 'thematic-meeting', unit_id, unit_id, null, %(quarter_end)s::date from branch
        where %(quarter_end)s::date is not null
          and not exists (select from meeting m where m.unit_id = branch.unit_id and m.kind = 'thematic'
                          and m.period between %(quarter_first)s and %(quarter_last)s and m.status = 'adopted')
        union all
        select case p.status when 'sent' then 'plan-to-approve' else 'plan' end, branch.unit_id, branch.unit_id,
               p.status, %(plan_by)s::date
        from branch left join year_plan p on p.unit_id = branch.unit_id and p.year = %(year)s
        where %(plan_by)s::date is not null and p.status is distinct from 'approved'
    )
"""


class Frame(msgspec.Struct, frozen=True):
    """The days that things fall due on, seen from one day; None: no rule asks for it."""

    day: date
    now: datetime
    month: str
    month_end: date
    quarter_first: str
    quarter_last: str
    quarter_end: date | None
    year: int
    plan_by: date | None


def due(conn: Connection, unit_id: UUID, frame: Frame, what: str | None, after: DueKey | None, limit: int) -> list[Due]:
    """Up to `limit` things due below a unit after the sort key `after`, the most urgent first."""
    rows = conn.execute(
        f"""
        {_DUE}
        select what, unit_id, id, detail, due_on from due
        where (%(what)s::text is null or what = %(what)s)
          and (%(on)s::date is null or (due_on, what, unit_id, id) > (%(on)s, %(of)s, %(unit)s, %(id)s))
        order by due_on, what, unit_id, id limit %(limit)s
        """,
        _asked(unit_id, frame)
        | {
            "what": what,
            "on": after[0] if after else None,
            "of": after[1] if after else None,
            "unit": after[2] if after else None,
            "id": after[3] if after else None,
            "limit": limit,
        },
    )
    return [Due(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[What, UUID, UUID, str | None, date]])]


def counted(conn: Connection, unit_id: UUID, frame: Frame) -> list[tuple[What, int, int]]:
    """How much of each kind is due below a unit, and how much of it is overdue."""
    rows = conn.execute(
        f"{_DUE} select what, count(*), count(*) filter (where due_on < %(day)s) from due group by what order by what",
        _asked(unit_id, frame),
    )
    return msgspec.convert(rows.fetchall(), list[tuple[What, int, int]])


def _asked(unit_id: UUID, frame: Frame) -> dict[str, Any]:
    return msgspec.structs.asdict(frame) | {"above": [unit_id], "kinds": sorted(MEETING_KINDS)}


class Day(msgspec.Struct, frozen=True):
    """What falls on a day, below a unit."""

    day: date
    planned: int
    adopted: int
    not_held: int
    reports_due: int
    tasks_due: int


def days(conn: Connection, unit_id: UUID, today: date, first: date, last: date) -> list[Day]:
    """The days from `first` to `last` on which anything falls, below a unit."""
    rows = conn.execute(
        f"""
        with {BELOW}, falls as (
            select (m.starts_at at time zone '{_ZONE}')::date as day, m.status as what
            from below join meeting m using (unit_id) where m.period = %(month)s
            union all
            select (m.report_due_at at time zone '{_ZONE}')::date, 'report'
            from below join meeting m using (unit_id)
            where m.status = 'adopted' and m.reported_at is null
            union all
            select coalesce((t.carries::jsonb -> -1 ->> 'due_on')::date, t.due_on), 'task'
            from below join task t using (unit_id) where t.status = 'assigned'
        )
        select day, count(*) filter (where what = 'planned'), count(*) filter (where what = 'adopted'),
               count(*) filter (where what = 'not_held'), count(*) filter (where what = 'report'),
               count(*) filter (where what = 'task')
        from falls where day between %(first)s and %(last)s group by day order by day
        """,
        {"above": [unit_id], "day": today, "month": f"{first:%Y-%m}", "first": first, "last": last},
    )
    return [Day(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[date, int, int, int, int, int]])]


class Meeting(msgspec.Struct, frozen=True):
    """A meeting of a branch as its calendar shows it."""

    meeting_id: UUID
    kind: str
    status: str
    starts_at: datetime
    ends_at: datetime
    theme: str | None
    place: str


_ENDS: Final = """
    left join minutes_text t using (meeting_id)
    left join lateral (
        select type.minutes_planned from template type
        where type.unit_id is null and type.kind = m.kind
          and type.branch_type = coalesce((
              select s.branch_type from unit_span s
              where s.unit_id = m.unit_id and s.valid_from <= held.day and (s.valid_to is null or held.day < s.valid_to)
          ), 'other')
          and type.valid_from <= held.day and (type.valid_to is null or held.day < type.valid_to)
    ) planned on true
"""


def meetings(conn: Connection, unit_id: UUID, month: str) -> list[Meeting]:
    """The meetings of a branch in a month, by start; `ends_at` is as minuted, else as its template plans."""
    rows = conn.execute(
        f"""
        select m.meeting_id, m.kind, m.status, m.starts_at,
               coalesce(t.ended_at, m.starts_at + make_interval(mins => coalesce(planned.minutes_planned, 90))),
               m.theme, m.place
        from meeting m cross join lateral (select (m.starts_at at time zone '{_ZONE}')::date as day) held
        {_ENDS}
        where m.unit_id = %s and m.period = %s order by m.starts_at, m.meeting_id
        """,
        (unit_id, month),
    )
    return [
        Meeting(*row)
        for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, str, str, datetime, datetime, str | None, str]])
    ]


def entries(conn: Connection, unit_id: UUID, first: datetime, last: datetime) -> list[Entry]:
    """The meetings of a branch between two instants, for its calendar feed."""
    rows = conn.execute(
        f"""
        select m.meeting_id, m.version, m.kind, case when {_WAITS} then 'postponed' else m.status end, m.starts_at,
               coalesce(extract(epoch from t.ended_at - t.started_at)::integer / 60, planned.minutes_planned, 90)
        from meeting m cross join lateral (select (m.starts_at at time zone '{_ZONE}')::date as day) held
        {_ENDS}
        where m.unit_id = %s and m.starts_at between %s and %s order by m.starts_at, m.meeting_id
        """,
        (unit_id, first, last),
    )
    return [Entry(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, int, str, str, datetime, int]])]


def names(conn: Connection, unit_ids: Sequence[UUID], day: date) -> dict[UUID, str]:
    """What each unit is called on `day`, or was last."""
    rows = conn.execute(
        """
        select distinct on (unit_id) unit_id, name from unit_span where unit_id = any(%(units)s)
        order by unit_id, valid_from > %(day)s, abs(valid_from - %(day)s)
        """,
        {"units": list(unit_ids), "day": day},
    )
    return dict(msgspec.convert(rows.fetchall(), list[tuple[UUID, str]]))
