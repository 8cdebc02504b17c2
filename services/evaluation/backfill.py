"""Holes in what the engine delivered, read again straight from the topic.

Faust can commit past events it never handed over (faust-streaming/faust#606, and the probes in pitfalls). The position
row shows it: a batch that begins above it left something out. On compacted topics an empty answer means compaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from shared import logging, metrics
from shared.envelope import Received
from shared.kafka.consumer import received
from shared.kafka.positions import Partition, Position

_log = logging.get(__name__)
_CHUNK = 2000


def holes(records: Sequence[Received], held: Mapping[Partition, Position]) -> dict[Partition, tuple[int, int]]:
    """For each partition with a hole at or above its position: the offsets from the first hole's start to the last
    hole's end (not included)."""
    expected = {partition: position.next_offset for partition, position in held.items()}
    found: dict[Partition, tuple[int, int]] = {}
    for record in sorted(records, key=lambda record: record.offset):
        partition = (record.topic, record.partition)
        if record.offset > expected[partition]:
            begin, _ = found.get(partition, (expected[partition], 0))
            found[partition] = (begin, record.offset)
        expected[partition] = max(expected[partition], record.offset + 1)
    return found


def committed_offsets(bootstrap: str, group: str) -> dict[Partition, int]:
    """Where Kafka would let `group` go on. Raises kafka.errors.KafkaError."""
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        offsets = admin.list_group_offsets([group]).get(group, {})
        return {(at.topic, at.partition): found.offset for at, found in offsets.items() if found.offset >= 0}
    finally:
        admin.close()


def chunks(bootstrap: str, ranges: Mapping[Partition, tuple[int, int]]) -> Iterator[list[Received]]:
    """What the topics still hold of `ranges`, partition by partition in order, up to 2,000 records at a time.

    Raises kafka.errors.KafkaError.
    """
    if not ranges:
        return
    consumer: Any = KafkaConsumer(bootstrap_servers=bootstrap.split(","), enable_auto_commit=False)
    try:
        for (topic, number), (begin, end) in sorted(ranges.items()):
            partition = TopicPartition(topic, number)
            consumer.assign([partition])
            consumer.seek(partition, max(begin, consumer.beginning_offsets([partition])[partition]))
            while consumer.position(partition) < end:
                polled = consumer.poll(timeout_ms=500, max_records=_CHUNK).get(partition, [])
                chunk = [received(record) for record in polled if record.offset < end]
                if chunk:
                    yield chunk
    finally:
        consumer.close(autocommit=False)


def read_again(bootstrap: str, ranges: Mapping[Partition, tuple[int, int]]) -> list[Received]:
    """What the topics still hold of `ranges`, in order. Raises kafka.errors.KafkaError."""
    return [record for chunk in chunks(bootstrap, ranges) for record in chunk]


def complete(
    records: Sequence[Received], ranges: Mapping[Partition, tuple[int, int]], bootstrap: str
) -> list[Received]:
    """`records` with what the topics hold of `ranges` besides, each partition in the order of its offsets.

    Raises kafka.errors.KafkaError.
    """
    known = {(record.topic, record.partition, record.offset) for record in records}
    missed = [
        record
        for record in read_again(bootstrap, ranges)
        if (record.topic, record.partition, record.offset) not in known
    ]
    for record in missed:
        metrics.OFFSET_GAPS.labels(topic=record.topic).inc()
    if missed:
        _log.warning("events the engine left out were read again", count=len(missed))
    return sorted([*records, *missed], key=lambda record: (record.topic, record.partition, record.offset))
