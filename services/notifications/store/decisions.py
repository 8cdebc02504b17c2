"""Which decisions are known, in which version."""

from collections.abc import Sequence

from services.notifications.domain.decisions import Decision
from shared.db import Connection


def upsert(conn: Connection, decisions: Sequence[Decision]) -> list[Decision]:
    """Note the decisions (each once) that are newer than what is known; returns those."""
    rows = conn.execute(
        """
        insert into decision (decision_id, version)
        select * from unnest(%s::uuid[], %s::bigint[])
        on conflict (decision_id) do update set version = excluded.version
        where decision.version < excluded.version
        returning decision_id
        """,
        ([decision.decision_id for decision in decisions], [decision.version for decision in decisions]),
    )
    kept = {row[0] for row in rows.fetchall()}
    return [decision for decision in decisions if decision.decision_id in kept]
