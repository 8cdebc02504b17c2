"""Where a consumer group stands, kept in the transaction that merged the records (Kafka's own advice for
exactly-once: KafkaConsumer documentation, "Storing Offsets Outside Kafka").

The row of a partition fences stale workers (its lock), drops records that are already merged, and shows a hole that an
engine left. It keeps the topic's id: a topic made again restarts at offset 0 and must stop us, not look like
duplicates.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from shared.db import Connection

DDL: Final = """
create table stream_position (
    consumer     text not null,
    topic        text not null,
    partition    integer not null,
    topic_id     text not null,
    next_offset  bigint not null,
    rejected_run integer not null default 0,
    primary key (consumer, topic, partition)
);
"""

Partition = tuple[str, int]


class Position(msgspec.Struct, frozen=True):
    """The next offset to merge, and how many records in a row were rejected just before it."""

    next_offset: int
    rejected_run: int


class TopicRecreated(Exception):
    """A topic is not the one this group has been reading; an operator must decide (docs/operations/topics.md)."""


def register(conn: Connection, consumer: str, starts: Mapping[Partition, int], topic_ids: Mapping[str, str]) -> None:
    """First sight of partitions: stand at `starts` (their log's start, not the first record an engine delivers).

    Raises TopicRecreated when a topic's id differs from the one the group knows.
    """
    conn.cursor().executemany(
        """
        insert into stream_position (consumer, topic, partition, topic_id, next_offset) values (%s, %s, %s, %s, %s)
        on conflict do nothing
        """,
        [(consumer, topic, partition, topic_ids[topic], start) for (topic, partition), start in sorted(starts.items())],
    )
    known = conn.execute("select distinct topic, topic_id from stream_position where consumer = %s", (consumer,))
    for topic, topic_id in known.fetchall():
        if str(topic) in topic_ids and topic_ids[str(topic)] != topic_id:
            raise TopicRecreated(f"{topic} has been made again: it was {topic_id}, it is {topic_ids[str(topic)]}")


def lock(conn: Connection, consumer: str, partitions: Iterable[Partition]) -> dict[Partition, Position]:
    """The positions of `partitions`, locked in sorted order until the transaction ends."""
    wanted = sorted(set(partitions))
    rows = conn.execute(
        """
        select topic, partition, next_offset, rejected_run
        from stream_position
        where consumer = %s and (topic, partition) in (select * from unnest(%s::text[], %s::int[]))
        order by topic, partition for update
        """,
        (consumer, [topic for topic, _ in wanted], [partition for _, partition in wanted]),
    )
    return {
        (topic, partition): Position(next_offset, rejected_run)
        for topic, partition, next_offset, rejected_run in msgspec.convert(
            rows.fetchall(), list[tuple[str, int, int, int]]
        )
    }


def all_positions(conn: Connection, consumer: str) -> dict[Partition, Position]:
    """Every position of `consumer`, not locked."""
    rows = conn.execute(
        "select topic, partition, next_offset, rejected_run from stream_position where consumer = %s", (consumer,)
    )
    return {
        (topic, partition): Position(next_offset, rejected_run)
        for topic, partition, next_offset, rejected_run in msgspec.convert(
            rows.fetchall(), list[tuple[str, int, int, int]]
        )
    }


def advance(conn: Connection, consumer: str, to: Mapping[Partition, Position]) -> None:
    """Move positions forward; the caller holds their locks."""
    moves: Sequence[tuple[Partition, Position]] = sorted(to.items())
    conn.execute(
        """
        update stream_position p
        set next_offset = m.next_offset, rejected_run = m.rejected_run
        from unnest(%s::text[], %s::int[], %s::bigint[], %s::int[]) as m (topic, partition, next_offset, rejected_run)
        where p.consumer = %s and p.topic = m.topic and p.partition = m.partition
        """,
        (
            [topic for (topic, _), _ in moves],
            [partition for (_, partition), _ in moves],
            [position.next_offset for _, position in moves],
            [position.rejected_run for _, position in moves],
            consumer,
        ),
    )
