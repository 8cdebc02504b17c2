"""The log of access to personal data, as rows. The service's role may add to it and read it, never change it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.registry.domain.audit import Author
from shared.db import Connection


class Access(msgspec.Struct, frozen=True):
    """One reading: who read personal data, when, through which door, about which unit and what for."""

    access_id: int
    at: datetime
    actor: str
    request_id: str
    door: str
    purpose: str
    unit_id: UUID | None


def record(
    conn: Connection, author: Author, door: str, purpose: str, unit_id: UUID | None, member_ids: Sequence[UUID]
) -> None:
    """Keep who reads whose personal data and what for, in the transaction of the reading. Nobody read: nothing kept."""
    if member_ids:
        conn.execute(
            """
            insert into access (actor, request_id, door, purpose, unit_id, member_ids) values (%s, %s, %s, %s, %s, %b)
            """,
            (author.actor, author.request_id, door, purpose, unit_id, list(member_ids)),
        )


def of_member(conn: Connection, member_id: UUID, before: int | None, limit: int) -> list[Access]:
    """Up to `limit` readings of a member's data, the latest first, those before the one numbered `before`."""
    rows = conn.execute(
        """
        select access_id, at, actor, request_id, door, purpose, unit_id from access
        where member_ids @> array[%(member)s]::uuid[] and (%(before)s::bigint is null or access_id < %(before)s)
        order by access_id desc limit %(limit)s
        """,
        {"member": member_id, "before": before, "limit": limit},
    )
    return [Access(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types
