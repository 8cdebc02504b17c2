"""Which meetings are to be published again."""

from uuid import UUID

import msgspec

from shared.db import Connection


def queue_all(conn: Connection) -> int:
    """Queue every adopted meeting; returns how many were not queued already."""
    return conn.execute(
        "insert into publish_queue (meeting_id) select meeting_id from meeting where status = 'adopted' "
        "on conflict do nothing"
    ).rowcount


def take(conn: Connection, limit: int) -> list[UUID]:
    """Take meetings out of the queue, with the transaction; another worker takes others."""
    rows = conn.execute(
        """
        delete from publish_queue where meeting_id in (
            select meeting_id from publish_queue order by meeting_id limit %s for update skip locked
        ) returning meeting_id
        """,
        (limit,),
    )
    return [meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]
