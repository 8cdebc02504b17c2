"""What is done with a batch of a topic, whoever read it: the live stream, or a reading of what it left out.

A batch is completed outside the transaction that holds its partitions' positions, so that nobody waits for Kafka there:
the transaction finds the hole and ends; what the topic still holds of it is read; the batch is merged anew.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from kafka.errors import KafkaError

from services.evaluation import arrivals, backfill, registry_events, registry_merge
from services.evaluation.domain.topics import ROSTERS, TARGETS, UNITS, VILLAGES
from services.evaluation.reorganise import apply_units
from shared import db, logging, metrics
from shared.envelope import Received
from shared.kafka import batch
from shared.kafka.positions import Partition, Position
from shared.units import replica

GROUP: Final = "evaluation.figures"
MergeBatch = Callable[[Sequence[Received]], None]
MERGES: Final[dict[str, tuple[batch.Decode[Any], batch.Apply[Any]]]] = {
    UNITS: (replica.decode, apply_units),
    ROSTERS: (registry_events.roster, registry_merge.apply_rosters),
    VILLAGES: (registry_events.village, registry_merge.apply_villages),
    TARGETS: (registry_events.target, registry_merge.apply_targets),
    **dict.fromkeys(arrivals.TOPICS, (arrivals.decode_fact, arrivals.apply_facts)),
}
"""How each topic is decoded and merged; what is merged alike may share a batch."""

_log = logging.get(__name__)


class _Holes(Exception):
    """A batch left something out: these ranges of offsets, which have not been read yet."""

    def __init__(self, ranges: Mapping[Partition, tuple[int, int]]) -> None:
        super().__init__(ranges)
        self.ranges = ranges


def sharing() -> list[list[str]]:
    """The topics of `MERGES`, those that are merged alike together."""
    alike: dict[object, list[str]] = {}
    for topic, how in MERGES.items():
        alike.setdefault(how, []).append(topic)
    return list(alike.values())


def merger(bootstrap: str, pool: db.Pool, topic: str) -> MergeBatch:
    """What is done with a batch of `topic` and those merged like it: completed, merged till committed, its age told."""
    decode_, apply = MERGES[topic]

    def merge_batch(records: Sequence[Received]) -> None:
        read: dict[Partition, tuple[int, int]] = {}

        def check(records: Sequence[Received], held: Mapping[Partition, Position]) -> None:
            found = backfill.holes(records, held)
            # What is missing of a range that was read again is not in the topic any more: compacted away.
            unread = {at: (a, b) for at, (a, b) in found.items() if not (at in read and _within((a, b), read[at]))}
            if unread:
                raise _Holes(unread)

        def transaction() -> batch.Merged[Any]:
            with pool.connection() as conn:
                return batch.merge(conn, GROUP, records, decode_, apply, check=check)

        def attempt() -> batch.Merged[Any]:
            nonlocal records
            while True:
                try:
                    return transaction()
                except _Holes as holes:
                    records = backfill.complete(records, holes.ranges, bootstrap)
                    read.update(holes.ranges)

        with metrics.MERGE_SECONDS.time():
            merged = db.until_committed(attempt, what=f"{GROUP} {topic}", also=(KafkaError, TimeoutError))
        batch.observe_ages(merged.events, datetime.now(UTC))

    return merge_batch


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def merge_ranges(bootstrap: str, pool: db.Pool, ranges: Mapping[Partition, tuple[int, int]]) -> int:
    """Merge what the topics hold of `ranges` (from the first offset to before the second); returns how many records."""
    count = 0
    for chunk in backfill.chunks(bootstrap, ranges):
        merger(bootstrap, pool, chunk[0].topic)(chunk)
        metrics.OFFSET_GAPS.labels(topic=chunk[0].topic).inc(len(chunk))
        count += len(chunk)
    if count:
        _log.warning("events the figures lacked were read again", count=count)
    return count
