"""Scorecards that changed, to the outbox: each at least once after its last change, in its newest state.

Not once a change: under load the province's scorecard changes with every batch, and readers of a topic of state want
the newest (docs/adr/0005-scorecards-are-published-coalesced.md).
"""

from uuid import UUID

import msgspec

from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.store import frames
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table

_LIMIT = 1000


def publish_scorecards(conn: Connection) -> int:
    """Publish up to 1,000 scorecards that changed since they were published; returns how many."""
    conn.execute("select pg_advisory_xact_lock(%s)", (0x63617264,))  # "card": one publisher, so a key's order holds
    rows = conn.execute(
        frames.select(
            """
            with due as (
                select unit_id, month from unit_month where version > published_version
                order by unit_id, month limit %s for update
            ), published as (
                update unit_month u set published_version = u.version from due d
                where u.unit_id = d.unit_id and u.month = d.month returning u.*
            )
            select p.unit_id, p.month, p.version,
                   (select coalesce(sum(b.change), 0)::bigint from unit_branches b
                    where b.unit_id = p.unit_id and b.month <= p.month),
                   array[{}]
            from published p
            """,
            SUMMED_NAMES,
        ),
        (_LIMIT,),
    ).fetchall()
    table.append(
        conn,
        [
            Event(
                topic="evaluation.scorecards.v1",
                type="evaluation.scorecard.v1",
                source="/evaluation",
                key=f"{unit_id}:{month}",
                data={
                    "unit_id": str(unit_id),
                    "period": month,
                    "version": version,
                    "parts": {"branches": branches, **dict(zip(SUMMED_NAMES, sums, strict=True))},
                },
                traceparent="",
            )
            for unit_id, month, version, branches, sums in msgspec.convert(
                rows, list[tuple[UUID, str, int, int, list[int]]]
            )
        ],
    )
    return len(rows)
