"""Parts a device sent back, each with the answer it got: the same part again is answered again."""

from collections.abc import Collection, Sequence
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


def keep(conn: Connection, unit_id: UUID, answers: Sequence[tuple[UUID, bytes, str]], *, by: str, at: datetime) -> None:
    """Keep the answers of parts, each as (part, digest, answer); one kept meanwhile for another unit stays."""
    if not answers:
        return
    conn.execute(
        """
        insert into sent_part (part_id, unit_id, digest, answer, sent_by, sent_at)
        select n.part_id, %s, n.digest, n.answer, %s, %s
        from unnest(%b::uuid[], %b::bytea[], %b::text[]) as n (part_id, digest, answer)
        on conflict do nothing
        """,
        (
            unit_id,
            by,
            at,
            [part_id for part_id, _, _ in answers],
            [digest for _, digest, _ in answers],
            [answer for _, _, answer in answers],
        ),
    )
