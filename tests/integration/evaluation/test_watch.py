"""When the worker says of itself that it is stuck, and when it must not."""

from collections.abc import Iterator
from contextlib import contextmanager

from deploy.local.servers import Servers
from services.evaluation.merger import GROUP
from services.evaluation.watch import Watch
from shared import db
from shared.envelope import Record
from shared.kafka.admin import create_topics
from shared.kafka.producer import Producer
from tests.support.waiting import until

TOPIC = "meetings.tasks.v1"
STUCK_AFTER = 0.3


@contextmanager
def watching(servers: Servers, url: str) -> Iterator[tuple[Watch, db.Pool]]:
    """A watch over a worker to which every partition of a topic is assigned and which merges nothing."""
    create_topics(servers.bootstrap, replication_factor=1)
    with db.open_pool(url, size=2, name="test") as pool:
        watch = Watch(GROUP, servers.bootstrap, pool, stuck_after=STUCK_AFTER)
        watch.register()
        watch.assigned = lambda: [(TOPIC, number) for number in range(12)]
        with Producer(servers.bootstrap, client_id="test") as producer:
            sent = [Record(TOPIC, str(number).encode(), b"{}", []) for number in range(40)]
            assert not any(producer.send_all(sent, timeout=60))
        watch.start()
        try:
            yield watch, pool
        finally:
            watch.stop()


def _stands_at(pool: db.Pool, change: str) -> None:
    with pool.connection() as conn:
        conn.execute(f"update stream_position set next_offset = {change} where topic = %s".encode(), (TOPIC,))


def test_events_that_nobody_merges_are_seen_until_they_are_merged(servers: Servers, database: str) -> None:
    with watching(servers, database) as (watch, pool):
        until(lambda: TOPIC in (watch.progresses() or ""), what="the watch to see that nothing moves")
        _stands_at(pool, "1000000")
        until(lambda: watch.progresses() is None, what="the watch to see that nothing waits")


def test_one_partition_that_stands_still_is_not_hidden_by_another(servers: Servers, database: str) -> None:
    with watching(servers, database) as (watch, pool):

        def stuck_while_another_moves() -> bool:
            _stands_at(pool, "case when partition = 3 then next_offset else 1000000 end")
            return f"{TOPIC} 3 " in (watch.progresses() or "")

        until(stuck_while_another_moves, what="the watch to name the partition that stands still")


def test_a_database_that_is_away_is_not_the_workers_fault(servers: Servers, database: str) -> None:
    with watching(servers, database) as (watch, _):
        until(lambda: watch.progresses() is not None, what="the watch to see that nothing moves")
        servers.drop_database(database.rsplit("/", 1)[1])
        until(lambda: watch.progresses() is None, what="the watch to see that the database is away")
