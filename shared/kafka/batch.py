"""What every consumer does with a batch before its own merge: drop what is merged, decode, set aside what cannot be.

One transaction, the same five steps for kafka-python's loop and for Faust's agents:
1. lock the positions of the batch's partitions, in sorted order;
2. drop records below the position (merged already: a replay, or a stale worker);
3. decode each record; one that is impossible becomes a dead letter, with its bytes untouched;
4. stop if impossible records flood in (a bad deploy must not drain the topic: getsentry/arroyo, dlq.py);
5. apply, publish dead letters through the outbox, advance the positions. The commit is the caller's last step.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar

import msgspec

from shared import logging, metrics, tracing
from shared.contracts.catalogue import dead_letter_topic
from shared.db import Connection
from shared.envelope import Attributes, Received, Record, attributes
from shared.errors import Impossible
from shared.kafka import positions
from shared.kafka.positions import Partition, Position
from shared.outbox import table

REJECTED_RUN_LIMIT = 100
REJECTED_SHARE_LIMIT = 0.5
SHARE_FROM = 50

T = TypeVar("T")
_log = logging.get(__name__)


class Decoded(msgspec.Struct, Generic[T], frozen=True):
    """A record with its CloudEvents attributes and its decoded data."""

    record: Received
    attributes: Attributes
    data: T


class Flooded(Exception):
    """Too many records in a row, or too large a share of a batch, are impossible. Nothing of the batch was merged."""


class Apply(Protocol[T]):
    """A consumer's own merge, inside the transaction; returns how many events were applied (the others were stale)."""

    def __call__(self, conn: Connection, events: Sequence[Decoded[T]], /) -> int: ...


Decode = Callable[[Received, Attributes], T]


Check = Callable[[Sequence[Received], Mapping[Partition, Position]], None]
"""Looks at a batch before anything of it is merged, given where the group stands; what it raises ends the merge."""


class Merged(msgspec.Struct, Generic[T], frozen=True):
    """What became of a batch: how many of its records were new, and the events decoded from them."""

    count: int
    events: Sequence[Decoded[T]]


def merge(
    conn: Connection,
    group: str,
    records: Sequence[Received],
    decode: Decode[T],
    apply: Apply[T],
    *,
    check: Check | None = None,
) -> Merged[T]:
    """Steps 1 to 5. Raises Flooded, and what `check`, `apply` or PostgreSQL raises."""
    held = positions.lock(conn, group, ((record.topic, record.partition) for record in records))
    if check is not None:
        check(records, held)
    fresh = [record for record in records if record.offset >= held[record.topic, record.partition].next_offset]
    if len(fresh) < len(records):
        merged = (record for record in records if record.offset < held[record.topic, record.partition].next_offset)
        for topic, count in Counter(record.topic for record in merged).items():
            metrics.MERGE_EVENTS.labels(topic=topic, outcome="duplicate").inc(count)
    if not fresh:
        return Merged(0, ())
    decoded: list[Decoded[T]] = []
    dead: list[Record] = []
    runs = {partition: position.rejected_run for partition, position in held.items()}
    for record in fresh:
        partition = (record.topic, record.partition)
        try:
            about = attributes(record)
            decoded.append(Decoded(record, about, decode(record, about)))
            runs[partition] = 0
        except Impossible as reason:
            runs[partition] += 1
            dead.append(dead_letter(group, record, reason))
            metrics.DEAD_LETTERS.labels(topic=record.topic, reason=reason.reason).inc()
            _log.warning(
                "dead letter",
                topic=record.topic,
                partition=record.partition,
                offset=record.offset,
                reason=reason.reason,
                traceparent=dict(record.headers).get("ce_traceparent", b"").decode(errors="replace"),
            )
            if runs[partition] > REJECTED_RUN_LIMIT:
                raise Flooded(
                    f"{runs[partition]} records in a row of {record.topic} partition {record.partition} cannot be "
                    f"applied, the last at offset {record.offset}: {reason.detail}"
                ) from reason
    if len(fresh) >= SHARE_FROM and len(dead) > REJECTED_SHARE_LIMIT * len(fresh):
        raise Flooded(f"{len(dead)} of {len(fresh)} records of a batch of {group} cannot be applied")
    # A batch of one goes on with its event's trace; one of many has many.
    tracing.begin(decoded[0].attributes.traceparent if len(decoded) == 1 else None)
    applied = apply(conn, decoded) if decoded else 0
    table.append_records(conn, dead)
    positions.advance(conn, group, _ends(fresh, runs))
    _count(decoded, dead, applied)
    return Merged(len(fresh), decoded)


def _ends(records: Iterable[Received], runs: dict[Partition, int]) -> dict[Partition, Position]:
    ends: dict[Partition, int] = {}
    for record in records:
        partition = (record.topic, record.partition)
        ends[partition] = max(ends.get(partition, 0), record.offset + 1)
    return {partition: Position(end, runs[partition]) for partition, end in ends.items()}


def _count(decoded: Sequence[Decoded[T]], dead: Sequence[Record], applied: int) -> None:
    read = Counter(event.record.topic for event in decoded)
    for topic, count in read.items():
        # `apply` answers for the batch; where a batch mixes topics, what was stale is counted under the largest.
        stale = len(decoded) - applied if topic == read.most_common(1)[0][0] else 0
        metrics.MERGE_EVENTS.labels(topic=topic, outcome="applied").inc(max(0, count - stale))
        metrics.MERGE_EVENTS.labels(topic=topic, outcome="stale").inc(min(count, stale))
    for letter in dead:
        topic = dict(letter.headers)["dlt-topic"].decode()
        metrics.MERGE_EVENTS.labels(topic=topic, outcome="rejected").inc()


def dead_letter(group: str, record: Received, reason: Impossible) -> Record:
    """The record as it came, and why it could not be applied (header names after Spring's recoverer)."""
    about = [
        ("dlt-topic", record.topic),
        ("dlt-partition", str(record.partition)),
        ("dlt-offset", str(record.offset)),
        ("dlt-reason", reason.reason),
        ("dlt-detail", reason.detail),
        ("dlt-consumer", group),
        ("dlt-at", datetime.now(UTC).isoformat()),
    ]
    headers = [*record.headers, *((name, text.encode()) for name, text in about)]
    return Record(dead_letter_topic(group), record.key, record.value, headers)


def observe_ages(events: Sequence[Decoded[T]], committed_at: datetime) -> None:
    """After the commit: how old each event was when its figures became visible."""
    of_topic = {
        topic: metrics.EVENT_AGE_SECONDS.labels(topic=topic) for topic in {event.record.topic for event in events}
    }
    for event in events:
        age = (committed_at - event.attributes.time).total_seconds()
        of_topic[event.record.topic].observe(max(0.0, age))
