"""Parts a device sent back, each with the answer it got: the same part again is answered again."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from shared.db import Connection


def one_at_a_time(conn: Connection, unit_id: UUID) -> None:
    """Let two sendings of one branch wait for each other, so that the same parts sent twice at once are one."""
    conn.execute("select pg_advisory_xact_lock(hashtextextended('sent:' || %s, 0))", (str(unit_id),))


def known(conn: Connection, part_ids: Collection[UUID]) -> dict[UUID, tuple[bytes, str]]:
    """Those of `part_ids` that were sent before: digest and answer."""
    rows = conn.execute("select part_id, digest, answer from sent_part where part_id = any(%s)", (list(part_ids),))
    return {
        part_id: (digest, answer)
        for part_id, digest, answer in msgspec.convert(rows.fetchall(), list[tuple[UUID, bytes, str]])
    }


def keep(conn: Connection, part_id: UUID, unit_id: UUID, digest: bytes, answer: str, by: str, at: datetime) -> bool:
    """Keep an answer; False when another request kept one for the part meanwhile."""
    return (
        conn.execute(
            """
            insert into sent_part (part_id, unit_id, digest, answer, sent_by, sent_at)
            values (%s, %s, %s, %s, %s, %s) on conflict do nothing
            """,
            (part_id, unit_id, digest, answer, by, at),
        ).rowcount
        == 1
    )
