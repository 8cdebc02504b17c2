"""kafka-python's loop for the services that keep local copies: poll → one transaction → commit.

Positions live in PostgreSQL; Kafka's committed offsets are for operators' tools only. A database that is away is
waited for with the batch in hand and the partitions paused, so that the group does not think us dead.
"""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import psycopg
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from shared import db, logging, metrics
from shared.contracts.catalogue import catalogue
from shared.envelope import Received, headers_of
from shared.kafka import positions
from shared.kafka.admin import topic_ids
from shared.kafka.batch import Apply, Decode, Merged, merge, observe_ages

_BATCH = 500
_JOIN_MS = 200
_ASK_MS = 20
_REST_SECONDS = 0.05
_LONGEST_REST_SECONDS = 0.2
_SMALL = 50
_NOTE_SECONDS = 1.0

T = TypeVar("T")
_log = logging.get(__name__)


class Consumer(Generic[T]):
    """Reads the topics of `group` and merges them with `decode` and `apply` until asked to stop."""

    def __init__(self, group: str, bootstrap: str, pool: db.Pool, decode: Decode[T], apply: Apply[T]) -> None:
        self._group = group
        self._topics = catalogue().groups[group].reads
        self._bootstrap = bootstrap
        self._pool = pool
        self._decode = decode
        self._apply = apply
        self.turned_at = time.monotonic()
        self.caught_up = False
        self._stands = False
        self._measured: set[TopicPartition] = set()

    def run(self, stop: threading.Event) -> None:
        """Consume until `stop`. A broker that is away is waited for. Raises Flooded, TopicRecreated, and defects."""
        wait = 0.1
        while not stop.is_set():
            try:
                self._session(stop)
            except (KafkaError, TimeoutError) as error:
                _log.warning("consumer waits", cause=type(error).__name__, next_try_seconds=wait)
                self.turned_at = time.monotonic()
                stop.wait(wait)
                wait = min(wait * 2, 5.0)
            else:
                wait = 0.1

    def _session(self, stop: threading.Event) -> None:
        consumer: Any = KafkaConsumer(
            bootstrap_servers=self._bootstrap.split(","),
            group_id=self._group,
            client_id=self._group,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_poll_records=_BATCH,
            max_partition_fetch_bytes=4_194_304,
            fetch_max_wait_ms=500,
            session_timeout_ms=10_000,  # a killed worker's partitions wait this long for another
            heartbeat_interval_ms=3_000,
            # Who joins before the broker knows a new topic is assigned none of its partitions ("No partition metadata",
            # kafka/coordinator/assignors/range.py) and joins anew only when this age makes it look again.
            metadata_max_age_ms=5_000,
        )
        try:
            ids = topic_ids(self._bootstrap, self._topics)
            consumer.subscribe(self._topics)
            standing: frozenset[TopicPartition] = frozenset()
            rest, noted, unnoted = _REST_SECONDS, 0.0, False
            while not stop.is_set():
                self.turned_at = time.monotonic()
                # kafka-python 3.0.12 can spin in a long poll, a whole core, until a slow fetch returns
                # (kafka/consumer/fetcher.py names the loop): once it stands, it is asked briefly and waits here, longer
                # while nothing comes. What comes meanwhile is one batch: a few records cost as much as one.
                polled = consumer.poll(timeout_ms=_ASK_MS if standing else _JOIN_MS)
                assigned = frozenset(consumer.assignment())
                if assigned != standing:
                    # Not in a rebalance listener: kafka-python 3 calls it on its I/O thread, where nothing may block.
                    # What was polled meanwhile began at Kafka's offsets, not ours, and is polled again.
                    self._stand(consumer, assigned, ids, stop)
                    standing = assigned
                    self._stands = bool(assigned)
                elif polled:
                    records = [received(record) for batch in polled.values() for record in batch]
                    unnoted = self._merge(consumer, records, stop)
                    if not unnoted:
                        standing = frozenset()
                if unnoted and time.monotonic() - noted > _NOTE_SECONDS:
                    consumer.commit_async()
                    noted, unnoted = time.monotonic(), False
                self.caught_up = bool(assigned) and self._report_lag(consumer) == 0
                if standing and sum(map(len, polled.values())) < _SMALL:
                    rest = _REST_SECONDS if polled else min(rest * 1.5, _LONGEST_REST_SECONDS)
                    stop.wait(rest)
        finally:
            self.caught_up = self._stands = False
            consumer.close(autocommit=False, timeout_ms=5000)

    def _stand(
        self,
        consumer: Any,
        assigned: frozenset[TopicPartition],
        ids: dict[str, str],
        stop: threading.Event,
    ) -> None:
        """Stand where the database says, or at the log's start when the group is new there."""
        for partition in self._measured - assigned:
            metrics.CONSUMER_LAG.remove(partition.topic, str(partition.partition))
        self._measured &= assigned
        beginnings = consumer.beginning_offsets(list(assigned)) if assigned else {}
        starts = {(at.topic, at.partition): offset for at, offset in beginnings.items()}

        def transaction() -> dict[positions.Partition, positions.Position]:
            with self._pool.connection() as conn:
                positions.register(conn, self._group, starts, ids)
                return positions.all_positions(conn, self._group)

        known = db.until_committed(transaction, what=f"{self._group} assignment", stopping=stop.is_set)
        for partition in assigned:
            at = (partition.topic, partition.partition)
            consumer.seek(partition, max(known[at].next_offset, starts[at]))
        _log.info("partitions assigned", group=self._group, count=len(assigned))

    def _merge(self, consumer: Any, records: Sequence[Received], stop: threading.Event) -> bool:
        """Merge until committed; False when the partitions must be stood on anew (or the process stops)."""
        let_go = False

        def transaction() -> Merged[T]:
            with self._pool.connection() as conn:
                return merge(conn, self._group, records, self._decode, self._apply)

        def waiting() -> bool:
            nonlocal let_go
            self.turned_at = time.monotonic()
            consumer.pause(*consumer.assignment())
            # A rebalance resumes what was paused; what this poll then hands over is not merged by us.
            let_go = bool(consumer.poll(timeout_ms=0)) or let_go
            return stop.is_set()

        try:
            with metrics.MERGE_SECONDS.time():
                merged = db.until_committed(transaction, what=self._group, stopping=waiting)
        except psycopg.Error as error:
            if not (db.is_transient(error) and stop.is_set()):
                raise
            return False
        observe_ages(merged.events, datetime.now(UTC))
        consumer.resume(*consumer.paused())
        return not let_go

    def _report_lag(self, consumer: Any) -> int:
        total = 0
        for partition in consumer.assignment():
            end = consumer.highwater(partition)
            # Until the first fetch of a partition its end is not known, and it counts as behind.
            lag = max(0, end - consumer.position(partition)) if end is not None else 1
            metrics.CONSUMER_LAG.labels(topic=partition.topic, partition=partition.partition).set(lag)
            self._measured.add(partition)
            total += lag
        return total

    def idle_because(self) -> str | None:
        """None while partitions are assigned and stood on, else a reason."""
        return None if self._stands else "no partitions yet"


def received(record: Any) -> Received:
    """A record of kafka-python as the house knows records."""
    return Received(record.topic, record.partition, record.offset, record.key, record.value, headers_of(record.headers))
