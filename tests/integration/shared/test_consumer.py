"""The consumer loop over a real broker: it stands where the database says, and stops at a topic that was made again."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from deploy.local.servers import Servers
from shared import db
from shared.contracts.catalogue import catalogue
from shared.envelope import Attributes, Event, Received, to_record
from shared.ids import new_id
from shared.kafka import positions
from shared.kafka.admin import create_topics, topic_ids
from shared.kafka.batch import Decoded
from shared.kafka.consumer import Consumer
from shared.kafka.positions import TopicRecreated
from shared.kafka.producer import Producer
from tests.support.waiting import until

GROUP = "notifications.notices"
TOPIC = "registry.units.v1"


def consumer(servers: Servers, pool: db.Pool) -> "Consumer[bytes]":
    def decode(record: Received, _about: Attributes) -> bytes:
        return record.key or b""

    def apply(conn: db.Connection, events: Sequence[Decoded[bytes]], /) -> int:
        conn.execute("insert into read select * from unnest(%s::text[])", ([event.data.decode() for event in events],))
        return len(events)

    return Consumer(GROUP, servers.bootstrap, pool, decode, apply)


def send(servers: Servers, keys: Sequence[str]) -> None:
    data: dict[str, Any] = {}
    with Producer(servers.bootstrap, client_id="test") as producer:
        records = [to_record(Event(topic=TOPIC, type="t", source="urn:test", key=key, data=data)) for key in keys]
        assert producer.send_all(records, timeout=30) == [None] * len(keys)


def read_until(servers: Servers, pool: db.Pool, condition: Callable[[], bool]) -> None:
    """Run a consumer until `condition` holds."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(consumer(servers, pool).run, stop)
        try:
            until(lambda: condition() or running.done(), what="what was sent to be read", seconds=120)
        finally:
            stop.set()
        running.result(timeout=60)


@pytest.mark.usefixtures("conn")
def test_a_consumer_goes_on_where_the_database_says_whatever_kafka_remembers(servers: Servers, database: str) -> None:
    create_topics(servers.bootstrap, replication_factor=1)
    run = str(new_id())
    mine = [f"{run} {number}" for number in range(40)]

    with db.open_pool(database, size=3, name="test") as pool:
        with pool.connection() as conn:
            conn.execute("create table read (key text)")

        def count() -> int:
            with pool.connection() as conn:
                row = conn.execute("select count(*)::int from read where key like %s", (f"{run}%",)).fetchone()
            assert row is not None
            assert isinstance(row[0], int)
            return row[0]

        send(servers, mine[:20])
        read_until(servers, pool, lambda: count() == 20)
        send(servers, mine[20:])
        read_until(servers, pool, lambda: count() == 40)
        with pool.connection() as conn:
            keys = conn.execute("select key from read where key like %s", (f"{run}%",)).fetchall()
            assert sorted(keys) == sorted((key,) for key in mine)
            # As a restored database would stand: earlier than the offsets that Kafka keeps for the group.
            conn.execute("delete from read")
            conn.execute("update stream_position set next_offset = 0")
        read_until(servers, pool, lambda: count() == 40)


def test_a_topic_that_was_made_again_ends_the_consumer(servers: Servers, database: str, conn: db.Connection) -> None:
    create_topics(servers.bootstrap, replication_factor=1)
    ids = topic_ids(servers.bootstrap, catalogue().groups[GROUP].reads) | {TOPIC: "an-earlier-topic"}
    positions.register(conn, GROUP, {(TOPIC, 0): 0}, ids)
    with db.open_pool(database, size=3, name="test") as pool, pytest.raises(TopicRecreated, match="an-earlier-topic"):
        read_until(servers, pool, lambda: False)
