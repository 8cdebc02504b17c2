"""Full-text search in adopted minutes, with Vietnamese folding, inside some units."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

import msgspec

from services.meetings.store import texts
from services.meetings.store.subtree import BELOW
from services.meetings.store.texts import Text
from shared.db import Connection


class Found(msgspec.Struct, frozen=True):
    """A meeting whose minutes hold every word asked for; `rank` orders hits and means nothing by itself."""

    meeting_id: UUID
    unit_id: UUID
    kind: str
    period: str
    starts_at: datetime
    rank: float


def find(
    conn: Connection,
    asked: str,
    *,
    above: Collection[UUID] | None,
    day: date,
    first: datetime | None,
    last: datetime | None,
    limit: int,
) -> list[Found]:
    """The best `limit` meetings whose minutes hold every folded word of `asked`, under `above` (None: anywhere).

    `first` and `last` bound when the meeting began. The latest 5,000 that match are ranked.
    """
    rows = conn.execute(
        f"""
        with {BELOW}, hit as (
            select t.meeting_id, t.words from minutes_text t
            where t.words @@ plainto_tsquery('simple', %(asked)s)
              and (%(everywhere)s or t.unit_id in (select unit_id from below))
              and (%(first)s::timestamptz is null or t.started_at >= %(first)s)
              and (%(last)s::timestamptz is null or t.started_at < %(last)s)
            order by t.started_at desc limit 5000
        ), best as (
            select meeting_id, ts_rank_cd(words, plainto_tsquery('simple', %(asked)s), 1 | 32) as rank from hit
        )
        select m.meeting_id, m.unit_id, m.kind, m.period, m.starts_at, best.rank
        from best join meeting m using (meeting_id)
        order by best.rank desc, m.starts_at desc, m.meeting_id limit %(limit)s
        """,
        {
            "asked": asked,
            "above": list(above or ()),
            "everywhere": above is None,
            "day": day,
            "first": first,
            "last": last,
            "limit": limit,
        },
    )
    return [Found(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID, str, str, datetime, float]])]


def texts_of(conn: Connection, found: Collection[Found]) -> dict[UUID, Text]:
    """The minutes that were found."""
    return texts.load(conn, [one.meeting_id for one in found])
