"""The outbox and its relay, over a real database and broker: nothing lost, a key's order kept, one relay at a time."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from kafka import KafkaConsumer
from kafka.errors import KafkaError, KafkaTimeoutError
from prometheus_client import REGISTRY

from deploy.local.servers import Servers
from shared import db, metrics
from shared.contracts.catalogue import ContractError
from shared.envelope import Event, Record
from shared.kafka.producer import Producer
from shared.outbox import table
from shared.outbox.relay import Relay
from tests.support.waiting import until

_TOO_LARGE = 2 * 1024 * 1024  # Kafka takes records of up to 1 MiB


@pytest.fixture
def producer(servers: Servers) -> Iterator[Producer]:
    """A producer as the relay has one."""
    with Producer(servers.bootstrap, client_id="test") as producer:
        yield producer


def new_relay(servers: Servers, database: str, batch: int = 100) -> Relay:
    return Relay(database, servers.bootstrap, batch=batch, keep_days=7, name="test-relay")


def record(topic: str, key: str, value: str) -> Record:
    return Record(topic, key.encode(), value.encode(), [("a", b"1")])


def consume(servers: Servers, topic: str, count: int) -> list[tuple[str, str]]:
    """The first `count` keys and values of `topic`, and whatever has come with them."""
    consumer: Any = KafkaConsumer(
        topic, bootstrap_servers=servers.bootstrap, auto_offset_reset="earliest", enable_auto_commit=False
    )
    found: list[tuple[str, str]] = []
    try:
        deadline = time.monotonic() + 60
        while len(found) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} records came"
            for records in consumer.poll(timeout_ms=200).values():
                found += [(read.key.decode(), read.value.decode()) for read in records]
    finally:
        consumer.close(autocommit=False)
    return found


def unsent(conn: db.Connection) -> list[str]:
    return [(row.record.value or b"").decode() for row in table.unsent(conn, 1000)]


def test_a_row_that_commits_late_is_not_lost(
    servers: Servers, fresh_topic: Callable[[], str], database: str, conn: db.Connection, producer: Producer
) -> None:
    topic, relay = fresh_topic(), new_relay(servers, database)
    with db.connect(database, name="slow") as slow, db.connect(database, name="quick") as quick:
        table.append_records(slow, [record(topic, "slow", "1")])
        table.append_records(quick, [record(topic, "quick", "2")])
        quick.commit()
        assert relay.turn(conn, producer) == 1
        slow.commit()
        assert relay.turn(conn, producer) == 1
    assert consume(servers, topic, 2) == [("quick", "2"), ("slow", "1")]
    assert unsent(conn) == []


def test_a_keys_events_are_in_the_order_of_its_versions_however_transactions_commit(
    servers: Servers, fresh_topic: Callable[[], str], database: str, conn: db.Connection, producer: Producer
) -> None:
    """Two writers take turns at one aggregate's row lock, while rows of other keys commit between them."""
    topic, relay = fresh_topic(), new_relay(servers, database, batch=7)
    conn.execute("create table aggregate (key text primary key, version integer not null)")
    conn.execute("insert into aggregate values ('a', 0), ('b', 0)")
    changes = 60

    def write(_: int) -> None:
        with db.connect(database, name="writer") as writer:
            for turn in range(changes):
                for key in ("a", "b") if turn % 2 else ("b", "a"):
                    with writer.transaction():
                        row = writer.execute(
                            "update aggregate set version = version + 1 where key = %s returning version", (key,)
                        ).fetchone()
                        assert row is not None
                        table.append_records(writer, [record(topic, key, str(row[0]))])

    with ThreadPoolExecutor(2) as writers:
        running = [writers.submit(write, number) for number in range(2)]
        while not all(writer.done() for writer in running):
            relay.turn(conn, producer)
        for writer in running:
            writer.result()
    while relay.turn(conn, producer):
        pass
    read = consume(servers, topic, 4 * changes)
    for key in ("a", "b"):
        assert [int(value) for name, value in read if name == key] == list(range(1, 2 * changes + 1))


def test_only_what_kafka_acknowledged_is_marked_and_nothing_behind_a_failed_row_of_its_key(
    servers: Servers, fresh_topic: Callable[[], str], database: str, conn: db.Connection, producer: Producer
) -> None:
    topic, relay = fresh_topic(), new_relay(servers, database)
    table.append_records(
        conn,
        [
            record(topic, "a", "x" * _TOO_LARGE),
            record(topic, "b", "1"),
            record(topic, "a", "2"),
            record(topic, "c", "3"),
        ],
    )
    with pytest.raises(KafkaError):
        relay.turn(conn, producer)
    assert [value[:1] for value in unsent(conn)] == ["x", "2"]

    conn.execute("update outbox set value = 'mended' where length(value) > 1000")
    assert relay.turn(conn, producer) == 2
    assert unsent(conn) == []
    last_of_a = [value for key, value in consume(servers, topic, 5) if key == "a"][-2:]
    assert last_of_a == ["mended", "2"]


def test_a_topic_that_is_not_there_is_waited_for_once_and_holds_up_no_other(
    fresh_topic: Callable[[], str], producer: Producer
) -> None:
    there = fresh_topic()
    failures = producer.send_all(
        [record("test.nowhere", "a", "1"), record("test.nowhere", "b", "2"), record(there, "c", "3")], timeout=30
    )
    assert isinstance(failures[0], KafkaTimeoutError)
    assert failures[1] is failures[0]
    assert failures[2] is None


def test_a_relay_that_stands_by_says_nothing_of_what_waits(
    servers: Servers, database: str, conn: db.Connection
) -> None:
    conn.execute("select pg_advisory_lock(%s)", (0x6E656E65,))  # as the active relay holds it
    metrics.OUTBOX_OLDEST_SECONDS.set(300)  # as this one saw it when it was active
    stop = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        standby = executor.submit(new_relay(servers, database).run, stop)
        try:
            until(lambda: REGISTRY.get_sample_value("nenep_outbox_oldest_seconds") == 0, what="the gauge to be let go")
        finally:
            stop.set()
        standby.result(timeout=30)


def test_one_relay_sends_and_the_next_takes_over_when_it_stops(
    servers: Servers, fresh_topic: Callable[[], str], database: str, conn: db.Connection
) -> None:
    topic = fresh_topic()
    stops = [threading.Event(), threading.Event()]
    with ThreadPoolExecutor(2) as executor:
        try:
            active = executor.submit(new_relay(servers, database).run, stops[0])
            until(lambda: len(_holders(conn)) == 1, what="the relay")
            (first,) = _holders(conn)
            standby = executor.submit(new_relay(servers, database).run, stops[1])
            until(lambda: len(_relays(conn)) == 2, what="the relay")
            table.append_records(conn, [record(topic, str(number), str(number)) for number in range(50)])
            until(lambda: unsent(conn) == [], what="the relay")
            assert _holders(conn) == [first]

            stops[0].set()
            active.result(timeout=30)
            table.append_records(conn, [record(topic, "after", "after")])
            until(lambda: unsent(conn) == [], what="the relay")
            assert len(_holders(conn)) == 1
            assert _holders(conn) != [first]
        finally:
            for stop in stops:
                stop.set()
        standby.result(timeout=30)
    assert sorted(consume(servers, topic, 51)) == sorted([*((str(n), str(n)) for n in range(50)), ("after", "after")])


def test_rows_sent_long_ago_are_purged_and_unsent_ones_never(conn: db.Connection) -> None:
    table.append_records(conn, [record("t", "a", str(number)) for number in range(6)])
    conn.execute(
        """
        update outbox set enqueued_at = clock_timestamp() - interval '30 days',
                          sent_at = case when position <= 3 then clock_timestamp() - interval '8 days'
                                         when position = 4 then clock_timestamp() - interval '6 days' end
        """
    )
    assert [table.purge(conn, 7, limit=2) for _ in range(3)] == [2, 1, 0]
    assert conn.execute("select position from outbox order by 1").fetchall() == [(4,), (5,), (6,)]


def test_depth_counts_what_is_unsent_and_how_long(conn: db.Connection) -> None:
    assert table.depth(conn) == (0, 0)
    table.append_records(conn, [record("t", "a", "1"), record("t", "a", "2")])
    conn.execute("update outbox set enqueued_at = clock_timestamp() - interval '100 seconds' where position = 2")
    unsent_rows, oldest_seconds = table.depth(conn)
    assert unsent_rows == 2
    assert 100 <= oldest_seconds < 1000


def test_what_a_contract_does_not_allow_is_not_published(conn: db.Connection) -> None:
    event = Event(
        topic="registry.units.v1",
        type="registry.unit.v1",
        source="urn:test",
        key="a",
        data={"unit_id": "Nguyễn Văn A", "version": 1, "code": "c", "spans": []},
    )
    with pytest.raises(ContractError) as refused:
        table.append(conn, [event])
    assert "unit_id" in str(refused.value) or "spans" in str(refused.value)
    assert "Nguyễn" not in str(refused.value)
    assert unsent(conn) == []


def test_a_change_that_is_rolled_back_publishes_nothing(database: str, conn: db.Connection) -> None:
    with db.connect(database, name="writer") as writer:
        table.append_records(writer, [record("t", "a", "1")])
        writer.rollback()
    assert unsent(conn) == []


def _relays(conn: db.Connection) -> list[tuple[object, ...]]:
    return conn.execute(
        "select pid from pg_stat_activity where application_name = 'test-relay' and datname = current_database()"
    ).fetchall()


def _holders(conn: db.Connection) -> list[int]:
    rows = conn.execute(
        """
        select pid from pg_locks where locktype = 'advisory' and granted
        and database = (select oid from pg_database where datname = current_database())
        """
    ).fetchall()
    return [pid for (pid,) in msgspec.convert(rows, list[tuple[int]])]
