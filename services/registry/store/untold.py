"""What is due to be published again, as rows: the state of an aggregate, once more."""

from collections.abc import Mapping, Sequence
from typing import Final, LiteralString
from uuid import UUID

import msgspec
from psycopg import sql

from shared.db import Connection

_KEPT: Final[Mapping[str, LiteralString]] = {
    "registry.units.v1": "select unit_id from unit where code is not null",
    "registry.rosters.v1": "select unit_id from unit where roster_version > 0",
    "registry.decisions.v1": "select decision_id from decision where state = 'in_force'",
    "registry.villages.v1": "select village_id from village",
    "registry.targets.v1": "select target_id from target",
}
"""The aggregates each topic tells of. What a withdrawal took back is not among them: too little of it is kept."""

TOPICS: Final = tuple(_KEPT)
"""Every topic, in an order in which a reader that reads one after the other meets units before what names them."""


def mark(conn: Connection, topic: str) -> None:
    """Everything that `topic` tells of is due."""
    query = sql.SQL("insert into untold (topic, key) select %s, kept.* from ({}) kept on conflict do nothing")
    conn.execute(query.format(sql.SQL(_KEPT[topic])), (topic,))


def take(conn: Connection, topic: str, most: int) -> Sequence[UUID]:
    """Up to `most` of what is due of `topic`, in the order of keys; due no more once the transaction commits."""
    rows = conn.execute(
        """
        delete from untold where topic = %(topic)s and key in (
            select key from untold where topic = %(topic)s order by key limit %(most)s for update skip locked
        ) returning key
        """,
        {"topic": topic, "most": most},
    ).fetchall()
    return sorted(key for (key,) in msgspec.convert(rows, list[tuple[UUID]]))
