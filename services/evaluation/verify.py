"""Live figures against those of the log, in one snapshot of the database, while the stream goes on and waits for
nobody.

The log was read as far as the stream had merged. What it merged since is merged into the shadow too, up to the
snapshot; all that this writes lies in the schema `rebuilt`.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec
from psycopg import IsolationLevel
from psycopg.errors import SerializationFailure

from services.evaluation import differences, handover, shadow
from services.evaluation.domain.topics import UNITS
from services.evaluation.merger import GROUP
from shared.db import Connection
from shared.kafka import positions
from shared.kafka.positions import Partition

_TRIES: Final = 5


class Verified(msgspec.Struct, frozen=True):
    """How many unit-months differ, and the first of them with its causes; how many facts do, and some of them."""

    different: int
    first: differences.Difference | None
    facts: int
    some_facts: Sequence[differences.Cause]


def verify(conn: Connection, bootstrap: str, ends: Mapping[Partition, int]) -> Verified:
    """Live figures and facts against the log's. `conn` commits by itself.

    Raises Busy when units came meanwhile, or the stream moves faster than this can follow.
    """
    shadow.stand_in(conn)
    reached = dict(ends)
    conn.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        for _ in range(_TRIES):
            handover.follow(conn, bootstrap, reached)
            with suppress(SerializationFailure), conn.transaction():
                shadow.unhurried(conn)
                _require_same_tree(conn, ends)
                handover.draw_level(conn, bootstrap, reached)
                different = differences.find(conn)
                first = differences.first(conn) if different else None
                return Verified(different, first, *differences.facts(conn))
    finally:
        conn.isolation_level = None
    raise handover.Busy("the stream never left room for the comparison")


def _require_same_tree(conn: Connection, ends: Mapping[Partition, int]) -> None:
    stands = positions.all_positions(conn, GROUP)
    if any(at[0] == UNITS and at in stands and stands[at].next_offset > end for at, end in ends.items()):
        raise handover.Busy("units changed while the log was read; verify again")
