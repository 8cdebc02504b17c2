"""kafka-python's loop for the services that keep local copies: poll → one transaction → commit.

Positions live in PostgreSQL; Kafka's committed offsets are for operators' tools only. A database that is away is
waited for with the batch in hand and the partitions paused, so that the group does not think us dead.
"""

import threading
import time
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from shared import db, logging, metrics
from shared.contracts.catalogue import catalogue
from shared.envelope import Received
from shared.kafka import positions
from shared.kafka.admin import topic_ids
from shared.kafka.batch import Apply, Decode, merge

_BATCH = 500
_POLL_MS = 200

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
            fetch_max_wait_ms=100,
        )
        try:
            ids = topic_ids(self._bootstrap, self._topics)
            consumer.subscribe(self._topics, listener=_SeekToPosition(consumer, self._group, self._pool, ids, stop))
            while not stop.is_set():
                self.turned_at = time.monotonic()
                polled = consumer.poll(timeout_ms=_POLL_MS)
                if polled:
                    self._merge(consumer, [received(record) for batch in polled.values() for record in batch], stop)
                    consumer.commit_async()
                self._report_lag(consumer)
        finally:
            consumer.close(autocommit=False, timeout_ms=5000)

    def _merge(self, consumer: Any, records: Sequence[Received], stop: threading.Event) -> None:
        def transaction() -> None:
            with self._pool.connection() as conn:
                merge(conn, self._group, records, self._decode, self._apply)

        def abandoned() -> bool:
            self.turned_at = time.monotonic()
            consumer.pause(*consumer.assignment())
            consumer.poll(timeout_ms=0)
            return stop.is_set()

        with metrics.MERGE_SECONDS.time():
            db.until_committed(transaction, what=self._group, stopping=abandoned)
        consumer.resume(*consumer.paused())

    def _report_lag(self, consumer: Any) -> None:
        for partition in consumer.assignment():
            end = consumer.highwater(partition)
            if end is not None:
                lag = metrics.CONSUMER_LAG.labels(topic=partition.topic, partition=partition.partition)
                lag.set(max(0, end - consumer.position(partition)))


class _SeekToPosition(ConsumerRebalanceListener):  # type: ignore[misc]  # kafka-python publishes no types
    """On assignment: stand where the database says, or at the log's start when the group is new there."""

    def __init__(self, consumer: Any, group: str, pool: db.Pool, ids: dict[str, str], stop: threading.Event) -> None:
        self._consumer = consumer
        self._group = group
        self._pool = pool
        self._ids = ids
        self._stop = stop

    def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:
        for partition in revoked:
            metrics.CONSUMER_LAG.remove(partition.topic, str(partition.partition))

    def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        if not assigned:
            return
        beginnings = self._consumer.beginning_offsets(list(assigned))
        starts = {(at.topic, at.partition): offset for at, offset in beginnings.items()}

        def transaction() -> dict[positions.Partition, positions.Position]:
            with self._pool.connection() as conn:
                positions.register(conn, self._group, starts, self._ids)
                return positions.all_positions(conn, self._group)

        known = db.until_committed(transaction, what=f"{self._group} assignment", stopping=self._stop.is_set)
        for partition in assigned:
            at = (partition.topic, partition.partition)
            self._consumer.seek(partition, max(known[at].next_offset, starts[at]))
        _log.info("partitions assigned", group=self._group, count=len(assigned))


def received(record: Any) -> Received:
    return Received(
        record.topic, record.partition, record.offset, record.key, record.value, tuple(record.headers or ())
    )
