"""Scorecards that changed, to the outbox: each at least once after its last change, in its newest state.

Not once a change: under load the province's scorecard changes with every batch, and readers of a topic of state want
the newest (docs/adr/0005-scorecards-are-published-coalesced.md). The rows every batch adds to are read, never locked.
"""

from uuid import UUID

import msgspec

from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.store import frames
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table

_CHANGES = 2


def publish_scorecards(conn: Connection) -> int:
    """Publish the scorecards of up to two changes (a change is at most 1,000 of them); returns how many."""
    conn.execute("select pg_advisory_xact_lock(%s)", (0x63617264,))  # "card": one publisher, so a key's order holds
    due = conn.execute(
        """
        with taken as (
            delete from scorecard_due where position in (
                select position from scorecard_due order by position limit %s
            ) returning unit_ids, months
        )
        select distinct unit_id, month from taken, unnest(unit_ids, months) as changed (unit_id, month)
        """,
        (_CHANGES,),
    ).fetchall()
    if not due:
        return 0
    # A statement of its own, so that it sees all that was committed with what was taken, and perhaps more: what else
    # changed is due once more, under the version it is published with now or a newer one.
    rows = conn.execute(
        frames.select(
            """
            select u.unit_id, u.month, u.version,
                   (select coalesce(sum(b.change), 0)::bigint from unit_branches b
                    where b.unit_id = u.unit_id and b.month <= u.month),
                   array[{}]
            from unit_month u join unnest(%b::uuid[], %b::text[]) as d (unit_id, month) using (unit_id, month)
            """,
            SUMMED_NAMES,
        ),
        ([unit_id for unit_id, _ in due], [month for _, month in due]),
    ).fetchall()
    cards = msgspec.convert(rows, list[tuple[UUID, str, int, int, list[int]]])
    table.append(conn, [_event(*card) for card in cards])
    return len(due)


def _event(unit_id: UUID, month: str, version: int, branches: int, sums: list[int]) -> Event:
    parts = {"branches": branches, **dict(zip(SUMMED_NAMES, sums, strict=True))}
    return Event(
        topic="evaluation.scorecards.v1",
        type="evaluation.scorecard.v1",
        source="/evaluation",
        key=f"{unit_id}:{month}",
        data={"unit_id": str(unit_id), "period": month, "version": version, "parts": parts},
        traceparent="",
    )
