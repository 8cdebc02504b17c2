"""The service's own copy of rosters, kept from registry.rosters.v1 and guarded by their version."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from services.meetings.domain.roster import Roster
from shared.db import Connection

_encode = msgspec.json.Encoder()


def upsert(conn: Connection, rosters: Sequence[Roster]) -> int:
    """Keep the rosters that are newer than what is known; returns how many were.

    A roster may come before its unit: the topics are not ordered among each other.
    """
    newest: dict[UUID, Roster] = {}
    for roster in rosters:
        if roster.unit_id not in newest or newest[roster.unit_id].version < roster.version:
            newest[roster.unit_id] = roster
    # In the order of ids, so that two workers lock rows alike.
    ordered = [newest[unit_id] for unit_id in sorted(newest)]
    return conn.execute(
        """
        insert into roster (unit_id, version, members)
        select * from unnest(%b::uuid[], %b::bigint[], %b::text[])
        on conflict (unit_id) do update set version = excluded.version, members = excluded.members
        where roster.version < excluded.version
        """,
        (
            [roster.unit_id for roster in ordered],
            [roster.version for roster in ordered],
            [_encode.encode(roster.members).decode() for roster in ordered],
        ),
    ).rowcount
