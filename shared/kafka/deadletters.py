"""Dead letters, for the operator: read them, and send them back once the cause is mended.

Redriving writes to the outbox of the group's service, like everything that goes to Kafka; a record sent back may be
older than what its readers have, and then changes nothing (their version guard).
"""

import time
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaTimeoutError

from shared import db
from shared.contracts.catalogue import dead_letter_topic
from shared.envelope import Record
from shared.outbox import table

_SILENCE_SECONDS: Final = 30.0


class DeadLetter(msgspec.Struct, frozen=True):
    """A dead letter: where it lies (`offset`), where it came from, why, and the record as it came."""

    offset: int
    topic: str
    partition: int
    source_offset: int
    reason: str
    detail: str
    at: str
    original: Record


def read(bootstrap: str, group: str, *, first: int = 0, limit: int | None = None) -> Iterator[DeadLetter]:
    """The dead letters of `group` from offset `first` on, up to the end as it is now.

    Raises kafka.errors.KafkaError, KafkaTimeoutError among them when the broker is silent for 30 seconds.
    """
    topic = dead_letter_topic(group)
    consumer: Any = KafkaConsumer(
        bootstrap_servers=bootstrap.split(","), enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        partition = TopicPartition(topic, 0)
        consumer.assign([partition])
        end = consumer.end_offsets([partition])[partition]
        consumer.seek(partition, max(first, consumer.beginning_offsets([partition])[partition]))
        found = 0
        deadline = time.monotonic() + _SILENCE_SECONDS
        while consumer.position(partition) < end:
            polled = consumer.poll(timeout_ms=500).get(partition, [])
            # poll answers nothing, and raises nothing, while the broker is away.
            if not polled and time.monotonic() > deadline:
                raise KafkaTimeoutError(f"{topic}: nothing came for {_SILENCE_SECONDS:.0f} s")
            for record in polled:
                if record.offset >= end or found == limit:
                    return
                found += 1
                yield _dead_letter(record)
            deadline = time.monotonic() + _SILENCE_SECONDS if polled else deadline
    finally:
        consumer.close(autocommit=False)


def redrive(database_url: str, letters: Sequence[DeadLetter]) -> int:
    """Send `letters` back to the topics they came from, through the service's outbox; returns how many."""
    with db.connect(database_url, name="nenep-redrive") as conn:
        table.append_records(conn, [letter.original for letter in letters])
    return len(letters)


def _dead_letter(record: Any) -> DeadLetter:
    about = {name: value.decode() for name, value in record.headers if name.startswith("dlt-")}
    headers = [(name, value) for name, value in record.headers if not name.startswith("dlt-")]
    return DeadLetter(
        offset=record.offset,
        topic=about["dlt-topic"],
        partition=int(about["dlt-partition"]),
        source_offset=int(about["dlt-offset"]),
        reason=about["dlt-reason"],
        detail=about["dlt-detail"],
        at=about["dlt-at"],
        original=Record(about["dlt-topic"], record.key, record.value, headers),
    )
