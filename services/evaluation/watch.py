"""Whether the stream turns, how far behind it is, and whether it is stuck.

Stuck is: events of a partition wait, none of them was merged for `stuck_after` seconds, and database and broker answer.
Agents have died quietly while their group looked empty (faust-streaming/faust#523, #532), so liveness looks at
progress, never at lag alone; and at each partition, as the others hide one that is stuck (zendesk/racecar#309).
"""

import threading
import time
from collections.abc import Callable, Collection
from typing import Any

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from shared import db, logging, metrics
from shared.contracts.catalogue import catalogue
from shared.kafka import positions
from shared.kafka.admin import topic_ids
from shared.kafka.positions import Partition

_log = logging.get(__name__)


class _Waiting(msgspec.Struct, frozen=True):
    """A partition whose events wait: how many, where the group stands in it, and since when it has stood there."""

    lag: int
    next_offset: int
    since: float


class Watch:
    """What the worker's probes answer from; fed by the beat and a thread that asks broker and database.

    `assigned` gives the partitions this worker reads: what waits in another's says nothing about this one.
    """

    def __init__(self, group: str, bootstrap: str, pool: db.Pool, *, stuck_after: float) -> None:
        self._group = group
        self._bootstrap = bootstrap
        self._pool = pool
        self._stuck_after = stuck_after
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._measure, name="lag", daemon=True)
        self._turned_at = time.monotonic()
        self._waiting: dict[Partition, _Waiting] = {}
        self.assigned: Callable[[], Collection[Partition]] = tuple

    def turned(self) -> None:
        """The event loop turned."""
        self._turned_at = time.monotonic()

    def loop_turns(self) -> str | None:
        """None while the event loop turns, else for how long it has not."""
        idle = time.monotonic() - self._turned_at
        return None if idle < 60 else f"the event loop has not turned for {idle:.0f} s"

    def progresses(self) -> str | None:
        """None unless the stream is stuck, else what waits."""
        for (topic, number), waiting in self._waiting.items():
            idle = time.monotonic() - waiting.since
            if idle > self._stuck_after:
                return f"{waiting.lag} events of {topic} {number} wait and none was merged for {idle:.0f} s"
        return None

    def register(self) -> None:
        """First sight of partitions: stand at their log's start. Raises TopicRecreated, KafkaError, psycopg.Error."""
        topics = catalogue().groups[self._group].reads
        consumer: Any = KafkaConsumer(bootstrap_servers=self._bootstrap.split(","), enable_auto_commit=False)
        try:
            beginnings = consumer.beginning_offsets(_partitions(consumer, topics))
        finally:
            consumer.close(autocommit=False)
        starts = {(at.topic, at.partition): offset for at, offset in beginnings.items()}
        ids = topic_ids(self._bootstrap, topics)
        with self._pool.connection() as conn:
            positions.register(conn, self._group, starts, ids)

    def start(self) -> None:
        """Measure lag every second, in a thread of its own, until `stop`."""
        self._thread.start()

    def stop(self) -> None:
        """Measure no more."""
        self._ending.set()
        self._thread.join()

    def _measure(self) -> None:
        topics = catalogue().groups[self._group].reads
        while not self._ending.is_set():
            consumer: Any = None
            try:
                consumer = KafkaConsumer(bootstrap_servers=self._bootstrap.split(","), enable_auto_commit=False)
                partitions = _partitions(consumer, topics)
                while not self._ending.wait(1.0):
                    self._compare(consumer.end_offsets(partitions))
            except Exception as error:
                self._waiting = {}  # nothing can be said now: a restart would bring neither broker nor database back
                if not isinstance(error, KafkaError | TimeoutError) and not db.is_transient(error):
                    _log.exception("lag cannot be measured")
                self._ending.wait(2.0)
            finally:
                if consumer is not None:
                    consumer.close(autocommit=False)

    def _compare(self, ends: dict[TopicPartition, int]) -> None:
        with self._pool.connection() as conn:
            stands = positions.all_positions(conn, self._group)
        mine = set(self.assigned())
        waiting: dict[Partition, _Waiting] = {}
        for at, end in ends.items():
            partition = (at.topic, at.partition)
            next_offset = stands[partition].next_offset if partition in stands else end
            lag = max(0, end - next_offset)
            metrics.CONSUMER_LAG.labels(topic=at.topic, partition=at.partition).set(lag)
            if lag and partition in mine:
                before = self._waiting.get(partition)
                stays = before is not None and before.next_offset == next_offset
                waiting[partition] = _Waiting(lag, next_offset, before.since if stays and before else time.monotonic())
        self._waiting = waiting


def _partitions(consumer: Any, topics: list[str]) -> list[TopicPartition]:
    return [
        TopicPartition(topic, number)
        for topic in topics
        for number in sorted(consumer.partitions_for_topic(topic) or ())
    ]
