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
    due = conn.execute(
        """
        select unit_id, month from unit_month where version > published_version
        order by unit_id, month limit %s for update
        """,
        (_LIMIT,),
    ).fetchall()
    # A statement of its own: one that waited for a row sees its newest state, but of other tables (unit_branches) only
    # what was committed before it began (PostgreSQL manual, Read Committed Isolation Level).
    rows = conn.execute(
        frames.select(
            """
            with published as (
                update unit_month u set published_version = u.version
                from unnest(%s::uuid[], %s::text[]) as d (unit_id, month)
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
        ([unit_id for unit_id, _ in due], [month for _, month in due]),
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
