"""Plans of a branch's year, and registered topics."""

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.domain import refusals
from services.meetings.domain.plans import Kept, PlanStatus, Step, Topic, YearPlan
from shared.db import Connection

_encode = msgspec.json.Encoder()
_plan = msgspec.json.Decoder(YearPlan)
_steps = msgspec.json.Decoder(tuple[Step, ...])
_TOPIC = ("topic_id", "unit_id", "year", "quarter", "version", "title", "status", "remark", "set_by", "set_at", "tag")


def load(conn: Connection, unit_id: UUID, year: int, *, lock: bool = False) -> Kept | None:
    """The plan of a year, locked until the transaction ends if asked; None when there is none."""
    row = conn.execute(
        "select version, status, body, steps from year_plan where unit_id = %s and year = %s for update"
        if lock
        else "select version, status, body, steps from year_plan where unit_id = %s and year = %s",
        (unit_id, year),
    ).fetchone()
    if row is None:
        return None
    version, status, body, steps = msgspec.convert(row, tuple[int, PlanStatus, str, str])
    return Kept(
        unit_id=unit_id,
        year=year,
        version=version,
        status=status,
        plan=_plan.decode(body),
        steps=_steps.decode(steps),
    )


def save(conn: Connection, kept: Kept) -> Kept:
    """Save the plan with its next version. Raises Conflict when another transaction was first."""
    saved = replace(kept, version=kept.version + 1)
    written = conn.execute(
        """
        insert into year_plan (unit_id, year, version, status, body, steps) values (%s, %s, %s, %s, %s, %s)
        on conflict (unit_id, year) do update set
            version = excluded.version, status = excluded.status, body = excluded.body, steps = excluded.steps
        where year_plan.version = excluded.version - 1
        """,
        (
            saved.unit_id,
            saved.year,
            saved.version,
            saved.status,
            _encode.encode(saved.plan).decode(),
            _encode.encode(saved.steps).decode(),
        ),
    ).rowcount
    if written != 1:
        raise refusals.changed_meanwhile()
    return saved


def topics(
    conn: Connection, topic_ids: Collection[UUID] = (), *, unit_id: UUID | None = None, year: int | None = None
) -> list[Topic]:
    """Those of `topic_ids` that exist, and all of a branch's year, by quarter; locked until the transaction ends."""
    rows = conn.execute(
        """
        select topic_id, unit_id, year, quarter, version, title, status, remark, set_by, set_at, tag
        from topic
        where topic_id = any(%(ids)s) or (unit_id = %(unit)s and year = %(year)s)
        order by year, quarter, topic_id for update
        """,
        {"ids": list(topic_ids), "unit": unit_id, "year": year},
    )
    return [msgspec.convert(dict(zip(_TOPIC, row, strict=True)), Topic) for row in rows]


def topics_of_year(conn: Connection, unit_id: UUID, year: int) -> list[Topic]:
    """The topics of a branch's year, by quarter."""
    rows = conn.execute(
        """
        select topic_id, unit_id, year, quarter, version, title, status, remark, set_by, set_at, tag
        from topic
        where unit_id = %s and year = %s order by quarter, topic_id
        """,
        (unit_id, year),
    )
    return [msgspec.convert(dict(zip(_TOPIC, row, strict=True)), Topic) for row in rows]


def save_topics(conn: Connection, changed: Sequence[Topic]) -> list[Topic]:
    """Save topics with their next version. Raises Conflict when another transaction was first."""
    saved = [replace(topic, version=topic.version + 1) for topic in changed]
    written = conn.execute(
        """
        insert into topic (topic_id, unit_id, year, quarter, version, title, status, remark, set_by, set_at, tag)
        select * from unnest(%b::uuid[], %b::uuid[], %b::int[], %b::int[], %b::bigint[], %b::text[], %b::text[],
                             %b::text[], %b::text[], %b::timestamptz[], %b::text[])
        on conflict (topic_id) do update set
            quarter = excluded.quarter, version = excluded.version, title = excluded.title, status = excluded.status,
            remark = excluded.remark, set_by = excluded.set_by, set_at = excluded.set_at, tag = excluded.tag
        where topic.version = excluded.version - 1 and topic.unit_id = excluded.unit_id
        """,
        tuple([getattr(topic, name) for topic in saved] for name in _TOPIC),
    ).rowcount
    if written != len(saved):
        raise refusals.changed_meanwhile()
    return saved
