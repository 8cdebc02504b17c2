"""What lies around meetings, in one query however many there are."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.meetings.domain import signals
from services.meetings.domain.around import Around, Held
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.plans import Step
from services.meetings.domain.rules import MeetingKind
from shared.db import Connection

_steps = msgspec.json.Decoder(tuple[Step, ...])
_Row = tuple[
    UUID,
    bool,
    str | None,
    str | None,
    list[UUID] | None,
    list[MeetingKind] | None,
    list[datetime] | None,
    list[datetime] | None,
]


def load(conn: Connection, meetings: Sequence[Meeting]) -> dict[UUID, Around]:
    """What lies around each of `meetings` that has minutes: others are adopted ones that touch its local days."""
    asked = []
    for meeting in meetings:
        assert meeting.minutes is not None
        written, plan = meeting.minutes.written, meeting.plan
        since, until = signals.day_around(written.started_at, written.ended_at)
        year = plan.day.year if plan.kind == "regular" else None
        asked.append((meeting.meeting_id, plan.unit_id, plan.day, year, plan.topic_id, plan.tag, since, until))
    rows = conn.execute(
        """
        select n.meeting_id,
               exists (select from follower f where f.unit_id = n.unit_id and f.valid_from <= n.day
                       and (f.valid_to is null or n.day < f.valid_to)),
               coalesce(n.tag, (select t.tag from topic t where t.topic_id = n.topic_id)),
               (select p.steps from year_plan p where p.unit_id = n.unit_id and p.year = n.year),
               o.ids, o.kinds, o.started, o.ended
        from unnest(%b::uuid[], %b::uuid[], %b::date[], %b::int[], %b::uuid[], %b::text[], %b::timestamptz[],
                    %b::timestamptz[]) as n (meeting_id, unit_id, day, year, topic_id, tag, since, until)
        left join lateral (
            select array_agg(t.meeting_id) as ids, array_agg(m.kind) as kinds, array_agg(t.started_at) as started,
                   array_agg(t.ended_at) as ended
            from minutes_text t join meeting m using (meeting_id)
            where t.unit_id = n.unit_id and t.started_at < n.until and t.ended_at > n.since
              and t.meeting_id <> n.meeting_id
        ) o on true
        """,
        tuple(list(column) for column in zip(*asked, strict=True)),
    )
    found = {}
    for meeting_id, followed, tag, steps, ids, kinds, started, ended in msgspec.convert(rows.fetchall(), list[_Row]):
        others = [Held(*other) for other in zip(ids or (), started or (), ended or (), kinds or (), strict=True)]
        found[meeting_id] = Around(followed, tag, _steps.decode(steps) if steps else (), others)
    return found


def judged_with(conn: Connection, meeting_ids: Collection[UUID]) -> set[UUID]:
    """Adopted regular meetings whose branch holds one of `meeting_ids`, a thematic one, on the same local day."""
    rows = conn.execute(
        """
        select r.meeting_id from meeting t
        join meeting r on r.unit_id = t.unit_id and r.period = t.period and r.kind = 'regular'
             and r.status = 'adopted'
        where t.meeting_id = any(%s) and t.kind = 'thematic'
          and (r.starts_at at time zone 'Asia/Ho_Chi_Minh')::date = (t.starts_at at time zone 'Asia/Ho_Chi_Minh')::date
        """,
        (list(meeting_ids),),
    )
    return {meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])}


def held_between(conn: Connection, unit_id: UUID, first: date, until: date | None) -> set[UUID]:
    """The adopted meetings of a branch from a local day on, up to the day before `until` (None: all since)."""
    rows = conn.execute(
        """
        select meeting_id from meeting
        where unit_id = %s and status = 'adopted'
          and daterange(%s, %s) @> (starts_at at time zone 'Asia/Ho_Chi_Minh')::date
        """,
        (unit_id, first, until),
    )
    return {meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])}


def of_topic(conn: Connection, topic_id: UUID) -> set[UUID]:
    """The adopted meetings on a registered topic."""
    rows = conn.execute("select meeting_id from meeting where topic_id = %s and status = 'adopted'", (topic_id,))
    return {meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])}
