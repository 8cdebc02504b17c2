"""What waits for a worker that starts: merged in bulk, and handed over to the stream to the record."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.errors import CoordinatorNotAvailableError, GroupIdNotFoundError
from prometheus_client import REGISTRY

from deploy.local.servers import Servers
from services.evaluation import backfill, catchup
from services.evaluation.merger import GROUP
from services.evaluation.rebuild import rebuild
from services.evaluation.settings import EvaluationSettings
from services.evaluation.watch import Watch
from shared import db
from shared.db import Connection
from shared.envelope import Event, Record, to_record
from shared.kafka import positions
from shared.kafka.admin import create_topics
from shared.kafka.positions import Partition
from shared.kafka.producer import Producer
from shared.settings import load
from tests.integration.evaluation.figures import parts
from tests.support.events import event, meeting, unit
from tests.support.waiting import until

MEETINGS = "meetings.meetings.v1"


class Waiting:
    """A province of its own whose events lie in the topics, and a database that has merged none of them."""

    def __init__(self, servers: Servers, url: str, pool: db.Pool) -> None:
        self.province, self.east = uuid4(), uuid4()
        self.branches = [uuid4() for _ in range(4)]
        self.bootstrap = servers.bootstrap
        self.url = url
        self.pool = pool
        self.settings = load(
            EvaluationSettings,
            {
                "NENEP_SERVICE_NAME": "evaluation",
                "NENEP_DATABASE_URL": url,
                "NENEP_KAFKA_BOOTSTRAP": servers.bootstrap,
                "NENEP_BULK_FROM": "1",
            },
        )
        Watch(GROUP, servers.bootstrap, pool, stuck_after=60).register()

    def send(self, *sent: Event | Record) -> None:
        """Put events into their topics; nobody merges them."""
        with Producer(self.bootstrap, client_id="test") as producer:
            records = [one if isinstance(one, Record) else to_record(one) for one in sent]
            assert not any(producer.send_all(records, timeout=60))

    def send_meetings(self, count: int, **changes: Any) -> list[dict[str, Any]]:
        """That many adopted meetings of June 2025, of any branch; returns them."""
        random = Random(5)
        sent = [meeting(random.choice(self.branches), "2025-06", **changes) for _ in range(count)]
        self.send(*(event("meetings.meeting.v1", one) for one in sent))
        return sent

    def catch_up(self) -> int:
        return catchup.catch_up(self.settings, self.pool)

    def stands(self) -> dict[Partition, int]:
        """The next offset of every partition that has events."""
        with self.pool.connection() as conn:
            found = positions.all_positions(conn, GROUP)
        return {at: position.next_offset for at, position in found.items() if position.next_offset}


def _told_of_letters() -> float:
    """What the alert on dead letters looks at."""
    about = {"topic": MEETINGS, "reason": "malformed"}
    return REGISTRY.get_sample_value("nenep_dead_letters_total", about) or 0.0


def _forget_offsets(bootstrap: str) -> None:
    """The group of the topics all tests share begins without offsets."""
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        until(lambda: _asked(lambda: admin.delete_groups([GROUP])), what="the group's coordinator")
    finally:
        admin.close()


def _asked(ask: Callable[[], Any]) -> bool:
    try:
        ask()
    except CoordinatorNotAvailableError:
        return False
    except GroupIdNotFoundError:
        pass
    return True


@pytest.fixture
def waiting(servers: Servers, database: str) -> Iterator[Waiting]:
    create_topics(servers.bootstrap, replication_factor=1)
    _forget_offsets(servers.bootstrap)
    with db.open_pool(database, size=3, name="test") as pool:
        waiting = Waiting(servers, database, pool)
        waiting.send(
            event("registry.unit.v1", unit(waiting.province, None, kind="province_committee", level="province")),
            event("registry.unit.v1", unit(waiting.east, waiting.province, kind="direct_committee", level="district")),
            *(event("registry.unit.v1", unit(branch, waiting.east)) for branch in waiting.branches),
        )
        yield waiting


@pytest.fixture(params=["nothing stored yet", "figures stored already"])
def held(request: pytest.FixtureRequest, waiting: Waiting, conn: Connection) -> Callable[[], int]:
    """How many meetings the province has held, less those it had held when the test began."""

    def count() -> int:
        with conn.transaction():
            return parts(conn, waiting.province, "2025-06").get("regular_held", 0)

    if request.param == "nothing stored yet":
        return count
    waiting.send_meetings(5)
    waiting.catch_up()
    assert count() == 5
    return lambda: count() - 5


def test_what_waits_is_in_the_figures_of_every_level_once(
    waiting: Waiting, held: Callable[[], int], conn: Connection
) -> None:
    first = waiting.send_meetings(300)
    waiting.send_meetings(20, kind="thematic")
    again = [event("meetings.meeting.v1", one) for one in first[:30]]
    later = [
        event("meetings.meeting.v1", {**one, "version": 2, "revision": 2, "period": "2025-07"}) for one in first[:10]
    ]
    waiting.send(*later, *again)
    assert waiting.catch_up() > 0
    assert held() == 290
    assert parts(conn, waiting.east, "2025-07")["regular_held"] == 10
    assert rebuild(waiting.url, waiting.bootstrap, swap=False, say=lambda _: None).different == 0
    assert waiting.catch_up() == 0


def test_the_stream_goes_on_where_it_ended(waiting: Waiting, held: Callable[[], int]) -> None:
    waiting.send_meetings(50)
    waiting.catch_up()
    assert held() == 50
    committed = backfill.committed_offsets(waiting.bootstrap, GROUP)
    assert {at: offset for at, offset in committed.items() if offset} == waiting.stands()


def test_what_is_impossible_is_set_aside_once(waiting: Waiting, held: Callable[[], int], conn: Connection) -> None:
    key = str(uuid4()).encode()
    good = to_record(event("meetings.meeting.v1", meeting(waiting.branches[0], "2025-06")))
    waiting.send(Record(MEETINGS, key, b'{"half": ', good.headers))
    waiting.send_meetings(40)
    told = _told_of_letters()
    waiting.catch_up()
    assert _told_of_letters() > told
    rebuild(waiting.url, waiting.bootstrap, swap=True, say=lambda _: None)
    assert held() == 40
    letters = conn.execute("select value from outbox where topic = %s and key = %s", (f"{GROUP}.dlq", key)).fetchall()
    assert letters == [(b'{"half": ',)]


def test_another_worker_that_merged_on_is_left_to_it(waiting: Waiting, conn: Connection) -> None:
    """Its position shows it, in the transaction that would merge."""
    waiting.send_meetings(60)
    waiting.catch_up()
    before = parts(conn, waiting.province, "2025-06")
    conn.rollback()
    for at, end in waiting.stands().items():
        if at[0] == MEETINGS:
            assert catchup.merge_partition(waiting.url, waiting.bootstrap, at, (0, end)) == (at, 0, 0, {})
    assert parts(conn, waiting.province, "2025-06") == before
