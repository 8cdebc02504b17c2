"""Rebuilt tables take the place of the live ones while the stream goes on: nothing is lost, repeated or seen half done.

What the stream merged while the log was read is merged into the new tables first, until little is left. That little is
read from the topics before anything is locked; then one transaction locks the positions, sees that they stand where
they stood when it was read, swaps, merges it, and leaves the positions where the stream had them, or further.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec
from psycopg.errors import LockNotAvailable

from services.evaluation import backfill, bulk, merge, shadow
from services.evaluation.merger import GROUP, MERGES
from services.evaluation.registry_events import Target, Village, Withdrawn
from services.evaluation.registry_merge import MERGES_OF_FACTS
from services.evaluation.store import registry_facts
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.envelope import Received
from shared.kafka import batch, positions
from shared.kafka.positions import Partition, Position
from shared.outbox import table
from shared.units import replica

_LITTLE: Final = 2_000
_ROUNDS: Final = 10
_TRIES: Final = 20
_PATIENT: Final = 5


class Copies(msgspec.Struct, frozen=True):
    """What the log holds to its ends of what is kept as it comes: units, villages, targets."""

    units: Sequence[replica.Unit]
    villages: Sequence[Village] = ()
    targets: Sequence[Target | Withdrawn] = ()


class Busy(Exception):
    """Another rebuild of this database is going on, or the stream moves faster than a rebuild can follow."""


def follow(conn: Connection, bootstrap: str, ends: dict[Partition, int]) -> None:
    """Step 5: facts the stream merged since `ends` (moved along) into the new tables, while the stream goes on.

    Units wait for the swap: the tree is one for both.
    """
    for _ in range(_ROUNDS):
        behind = _behind(conn, ends)
        if sum(end - begin for begin, end in behind.values()) <= _LITTLE:
            return
        for at, offsets in behind.items():
            _merge_range(conn, bootstrap, at, offsets)
            ends[at] = offsets[1]


def draw_level(conn: Connection, bootstrap: str, ends: Mapping[Partition, int]) -> None:
    """All facts the stream has merged since `ends`, as the caller's transaction sees it, into the new tables."""
    for at, offsets in _behind(conn, ends).items():
        _merge_range(conn, bootstrap, at, offsets)


def _behind(conn: Connection, ends: Mapping[Partition, int]) -> dict[Partition, tuple[int, int]]:
    stands = positions.all_positions(conn, GROUP)
    return {
        at: (end, stands[at].next_offset)
        for at, end in ends.items()
        if at in stands and at[0] in bulk.SOURCES and end < stands[at].next_offset
    }


def _merge_range(conn: Connection, bootstrap: str, at: Partition, offsets: tuple[int, int]) -> None:
    facts = bulk.facts(bootstrap, at, offsets).frame
    with conn.transaction():
        shadow.unhurried(conn)
        conn.execute("set local search_path = rebuilt, public")
        MERGES_OF_FACTS[at[0]](conn, facts)
        conn.execute("set local search_path = public")


def swap(
    conn: Connection,
    bootstrap: str,
    copies: Copies,
    ends: Mapping[Partition, int],
    rejected: bulk.Rejected,
) -> None:
    """Step 6. What is left to merge is read before the positions are locked, so that nobody waits for Kafka; only where
    the stream goes on each time while it is read, the little since the last time is read under the locks.

    What is impossible and lies above the positions is set aside here: the stream will not come by there. A partition it
    has never stood at has no position: it will begin at the log's start.
    """
    rest: list[Received] = []
    reached = dict(ends)
    for left in reversed(range(_TRIES)):
        stood = positions.all_positions(conn, GROUP)
        rest += _rest(bootstrap, reached, stood)
        reached |= {at: max(end, stood[at].next_offset) for at, end in reached.items() if at in stood}
        with suppress(LockNotAvailable), conn.transaction():
            held = positions.lock(conn, GROUP, ends)
            last: list[Received] = []
            if any(held[at].next_offset != stood[at].next_offset for at in held):
                if left >= _TRIES - _PATIENT:
                    continue  # the stream went on while the rest was read
                # It never stands still: it waits while the little it merged since is read.
                last = _rest(bootstrap, reached, held)
            merge.lock_tree(conn, exclusive=True)
            shadow.lock_live(conn)
            conn.execute("set local statement_timeout = 0")
            _put_in_place(conn, copies, ends, held, [*rest, *last], rejected)
            return
    raise Busy("the stream, or a reader, never left room for the swap")


def _put_in_place(
    conn: Connection,
    copies: Copies,
    ends: Mapping[Partition, int],
    held: Mapping[Partition, Position],
    rest: Sequence[Received],
    rejected: bulk.Rejected,
) -> None:
    # The tree goes back to `ends` with its paths: a newer version would make the replay of a move look stale.
    conn.execute("delete from unit")
    replica.upsert(conn, copies.units)
    registry_facts.replace(conn, copies.villages, copies.targets)
    shadow.put_in_place(conn)
    aside = [
        (record, reason)
        for record, reason in rejected
        if (stands := held.get((record.topic, record.partition))) and record.offset >= stands.next_offset
    ]
    table.append_records(conn, [batch.dead_letter(GROUP, record, reason) for record, reason in aside])
    bulk.tell(bulk.reasons(aside))
    positions.advance(conn, GROUP, {at: Position(end, 0) for at, end in ends.items()})
    for topic in catalogue().groups[GROUP].reads:
        records = [record for record in rest if record.topic == topic]
        # What is impossible of these was set aside when the stream came by.
        known = {(record.partition, record.offset) for record, _ in bulk.decoded(records, MERGES[topic][0])[1]}
        if possible := [record for record in records if (record.partition, record.offset) not in known]:
            batch.merge(conn, GROUP, possible, *MERGES[topic])
    ahead = {at: stands for at, stands in held.items() if stands.next_offset > ends.get(at, 0)}
    positions.advance(conn, GROUP, ahead)


def _rest(bootstrap: str, ends: Mapping[Partition, int], stood: Mapping[Partition, Position]) -> list[Received]:
    ranges = {
        at: (end, stood[at].next_offset) for at, end in ends.items() if at in stood and end < stood[at].next_offset
    }
    return backfill.read_again(bootstrap, ranges)
