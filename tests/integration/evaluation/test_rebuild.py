"""The figures computed again from a real log, while the stream goes on, and put in place."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from kafka import KafkaConsumer, TopicPartition

from deploy.local.servers import Servers
from services.evaluation import bulk, shadow
from services.evaluation.handover import Busy
from services.evaluation.merger import GROUP, merge_ranges
from services.evaluation.rebuild import Outcome, rebuild
from services.evaluation.scoring import score_due
from services.evaluation.watch import Watch
from shared import db
from shared.db import Connection
from shared.envelope import Event, Record, to_record
from shared.kafka import positions
from shared.kafka.admin import create_topics
from shared.kafka.producer import Producer
from tests.integration.evaluation.figures import parts
from tests.support.events import event, meeting, unit


class Live:
    """The log, a database that has merged all of it, and a province of its own: two districts, a branch in the east."""

    def __init__(self, servers: Servers, url: str, pool: db.Pool) -> None:
        self.province, self.east, self.west, self.branch = (uuid4() for _ in range(4))
        self.bootstrap = servers.bootstrap
        self.url = url
        self.pool = pool
        Watch(GROUP, servers.bootstrap, pool, stuck_after=60).register()

    def put(self, *sent: Event) -> None:
        """Put events into their topics; nobody merges them."""
        with Producer(self.bootstrap, client_id="test") as producer:
            assert not any(producer.send_all([to_record(one) for one in sent], timeout=60))

    def send(self, *sent: Event) -> None:
        """Put events into their topics and merge whatever the topics hold."""
        self.put(*sent)
        with self.pool.connection() as conn:
            stands = positions.all_positions(conn, GROUP)
        ends = _ends(self.bootstrap, list(stands))
        behind = {at: (stood.next_offset, ends[at]) for at, stood in stands.items() if stood.next_offset < ends[at]}
        merge_ranges(self.bootstrap, self.pool, behind)

    def branch_under(self, parent_id: UUID, *, version: int) -> Event:
        """The branch's unit, below `parent_id` from its first day."""
        data = unit(self.branch, parent_id, kind="grassroots_branch", level="grassroots", version=version)
        return event("registry.unit.v1", data)

    def rebuild(self, *, swap: bool = True, meanwhile: tuple[Event, ...] = ()) -> Outcome:
        """Rebuild; `meanwhile` is sent and merged after the log was read."""

        def say(step: str) -> None:
            if step == "folding" and meanwhile:
                self.send(*meanwhile)

        return rebuild(self.url, self.bootstrap, swap=swap, say=say)


def _ends(bootstrap: str, partitions: list[positions.Partition]) -> dict[positions.Partition, int]:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap.split(","), enable_auto_commit=False)
    try:
        ends = consumer.end_offsets([TopicPartition(*at) for at in partitions])
        return {(at.topic, at.partition): end for at, end in ends.items()}
    finally:
        consumer.close(autocommit=False)


@pytest.fixture
def live(servers: Servers, database: str) -> Iterator[Live]:
    create_topics(servers.bootstrap, replication_factor=1)
    with db.open_pool(database, size=3, name="test") as pool:
        live = Live(servers, database, pool)
        live.send(
            event("registry.unit.v1", unit(live.province, None, kind="province_committee", level="province")),
            event("registry.unit.v1", unit(live.east, live.province, kind="direct_committee", level="district")),
            event("registry.unit.v1", unit(live.west, live.province, kind="direct_committee", level="district")),
            live.branch_under(live.east, version=1),
            event("meetings.meeting.v1", meeting(live.branch, "2025-06")),
        )
        with pool.connection() as conn:
            while score_due(conn):  # what other tests left in the log is scored by a rebuild too
                pass
        yield live


def test_what_is_put_in_place_equals_what_was_there(live: Live, conn: Connection) -> None:
    before = parts(conn, live.east, "2025-06")
    conn.commit()
    outcome = live.rebuild()
    assert outcome.different == 0
    assert parts(conn, live.east, "2025-06") == before


def test_a_unit_that_moved_while_the_log_was_read_stands_where_it_moved_to(live: Live, conn: Connection) -> None:
    """Its newer version is known already, and must not make the replay of its move look stale."""
    live.rebuild(meanwhile=(live.branch_under(live.west, version=2),))
    assert parts(conn, live.east, "2025-06") == {}
    assert parts(conn, live.west, "2025-06")["regular_held"] == 1


def test_minutes_merged_while_the_log_was_read_are_not_lost(live: Live, conn: Connection) -> None:
    live.rebuild(meanwhile=(event("meetings.meeting.v1", meeting(live.branch, "2025-07")),))
    assert parts(conn, live.province, "2025-07")["regular_held"] == 1


def test_a_count_of_branches_that_drifted_is_seen_mended_and_published(live: Live, conn: Connection) -> None:
    conn.execute("update unit_branches set change = change + 1 where unit_id = %s", (live.province,))
    conn.execute("delete from scorecard_due")
    conn.commit()
    assert live.rebuild(swap=False).different > 0
    live.rebuild()
    assert parts(conn, live.province, "2025-06")["branches"] == 1
    due = conn.execute(
        "select distinct month from scorecard_due, unnest(unit_ids, months) as due (unit_id, month) where unit_id = %s",
        (live.province,),
    )
    assert due.fetchall() == [("2025-06",)]


def _impossible(live: Live, count: int) -> list[bytes]:
    """That many records that no retry can apply, in several partitions; returns their keys."""
    good = to_record(event("meetings.meeting.v1", meeting(live.branch, "2025-06")))
    keys = [str(uuid4()).encode() for _ in range(count)]
    with Producer(live.bootstrap, client_id="test") as producer:
        sent = [Record(good.topic, key, b'{"half": ', good.headers) for key in keys]
        assert not any(producer.send_all(sent, timeout=60))
    return keys


def test_what_is_impossible_does_not_stop_one_in_several_processes(
    live: Live, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_ALONE_BELOW", 1)
    keys = _impossible(live, 20)
    before = parts(conn, live.east, "2025-06")
    conn.commit()
    live.rebuild()
    assert parts(conn, live.east, "2025-06") == before
    letters = conn.execute("select count(distinct key) from outbox where key = any (%s)", (keys,)).fetchone()
    assert letters == (20,)


def test_where_no_stream_has_stood_yet_the_impossible_is_left_to_it(live: Live, conn: Connection) -> None:
    """The stream will begin at the log's start, and set it aside when it comes by."""
    keys = _impossible(live, 1)
    before = parts(conn, live.east, "2025-06")
    conn.execute("delete from stream_position")
    conn.commit()
    live.rebuild()
    assert parts(conn, live.east, "2025-06") == before
    assert conn.execute("select from outbox where key = any (%s)", (keys,)).fetchone() is None


def test_one_that_could_not_be_done_leaves_no_tables(live: Live, conn: Connection) -> None:
    with pytest.raises(Busy):
        live.rebuild(swap=False, meanwhile=(live.branch_under(live.west, version=2),))
    assert conn.execute("select from pg_namespace where nspname = 'rebuilt'").fetchone() is None
    assert live.rebuild(swap=False).different == 0


def test_every_table_has_the_indexes_of_the_live_one_even_if_that_has_none(live: Live, conn: Connection) -> None:
    shadow.create(conn)
    for name in shadow.TABLES:
        shadow.build_indexes(conn, name)
    written = """
        select tablename, replace(indexdef, schemaname || '.', '') from pg_indexes
        where schemaname = %s and tablename = any (%s) order by 1, 2
    """
    names = list(shadow.TABLES)
    live_ones = conn.execute(written, ("public", names)).fetchall()
    assert live_ones
    assert conn.execute(written, ("rebuilt", names)).fetchall() == live_ones
