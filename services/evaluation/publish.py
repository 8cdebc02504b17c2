"""Scorecards that changed, to the outbox: each at least once after its last change, in its newest state.

Not once a change: under load the province's scorecard changes with every batch, and readers of a topic of state want
the newest (docs/adr/0005-scorecards-are-published-coalesced.md). The rows every batch adds to are read, never locked.
"""

from uuid import UUID

import msgspec
from psycopg import sql

from services.evaluation.figures import PARTS
from services.evaluation.store import changes, frames, stands
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table

_MOST = 2000
_NAMES = tuple(part.name for part in PARTS)
_CARDS = (
    sql.SQL(
        """
        select u.unit_id, u.month, u.version, array[{parts}]
        from unit_month u join unnest(%b::uuid[], %b::text[]) as d (unit_id, month) using (unit_id, month)
        {standing}
        """
    )
    .format(parts=frames.columns(_NAMES), standing=stands.at_end("u.unit_id", "u.month"))
    .as_bytes(None)
)


def publish_scorecards(conn: Connection) -> int:
    """Publish the scorecards that changed first, at most 2,000 (a change is at most 1,000); returns how many."""
    conn.execute("select pg_advisory_xact_lock(%s)", (0x63617264,))  # "card": one publisher, so a key's order holds
    due = conn.execute(
        """
        with first as (
            select position, cardinality(unit_ids) as cards from scorecard_due order by position limit %(most)s
        ), added as (
            select position, sum(cards) over (order by position) as cards from first
        ), taken as (
            delete from scorecard_due where position in (select position from added where cards <= %(most)s)
            returning unit_ids, months
        ), changed as (
            select distinct unit_id, month from taken, unnest(unit_ids, months) as u (unit_id, month)
        ), looked_at as (
            insert into alert_due (unit_ids, months)
            select array_agg(unit_id), array_agg(month)
            from (select unit_id, month, row_number() over () as place from changed) numbered
            group by (place - 1) / 1000
        )
        select unit_id, month from changed
        """,
        {"most": _MOST},
    ).fetchall()
    if not due:
        return 0
    # A statement of its own, so that it sees all that was committed with what was taken, and perhaps more: what else
    # changed is due once more, under the version it is published with now or a newer one.
    rows = conn.execute(_CARDS, ([unit_id for unit_id, _ in due], [month for _, month in due])).fetchall()
    cards = msgspec.convert(rows, list[tuple[UUID, str, int, list[int]]])
    table.append(conn, [_event(*card) for card in cards])
    if cards:
        changes.keep(conn, [card[:3] for card in cards])
    return len(due)


def _event(unit_id: UUID, month: str, version: int, counts: list[int]) -> Event:
    parts = dict(zip(_NAMES, counts, strict=True))
    return Event(
        topic="evaluation.scorecards.v1",
        type="evaluation.scorecard.v1",
        source="/evaluation",
        key=f"{unit_id}:{month}",
        data={"unit_id": str(unit_id), "period": month, "version": version, "parts": parts},
        traceparent="",
    )
