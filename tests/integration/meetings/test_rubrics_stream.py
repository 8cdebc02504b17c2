"""Rubrics over a real broker: from the topic to the score form, through the worker's own consumer."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from deploy.local.servers import Servers
from services.meetings import worker
from shared import db
from shared.contracts.catalogue import catalogue
from shared.envelope import Record, to_record
from shared.ids import new_id
from shared.kafka import positions
from shared.kafka.admin import create_topics, topic_ids
from shared.kafka.consumer import Consumer
from shared.kafka.producer import Producer
from tests.integration.meetings import scoring
from tests.integration.meetings.scoring import frame, rubric, version
from tests.integration.meetings.village import Meetings
from tests.support import events
from tests.support.waiting import until

TOPIC = "evaluation.rubrics.v1"


def _stand_at_the_end(servers: Servers, conn: db.Connection) -> None:
    """What other tests have sent to the topics is nothing of this one's."""
    reads = catalogue().groups[worker.GROUP].reads
    client: Any = KafkaConsumer(bootstrap_servers=servers.bootstrap.split(","))
    try:
        every = [TopicPartition(topic, at) for topic in reads for at in client.partitions_for_topic(topic)]
        ends = {(at.topic, at.partition): offset for at, offset in client.end_offsets(every).items()}
    finally:
        client.close()
    positions.register(conn, worker.GROUP, ends, topic_ids(servers.bootstrap, reads))


def _send(servers: Servers, records: Sequence[Record]) -> None:
    with Producer(servers.bootstrap, client_id="test") as producer:
        assert producer.send_all(records, timeout=30) == [None] * len(records)


@contextmanager
def _reading(servers: Servers, meetings: Meetings) -> Iterator[Callable[[], bool]]:
    """The worker's consumer in a thread; gives whether it has ended."""
    stop = threading.Event()
    with db.open_pool(meetings.url, size=2, name="rubrics-test") as pool, ThreadPoolExecutor(1) as executor:
        running = executor.submit(
            Consumer(worker.GROUP, servers.bootstrap, pool, worker.decode, worker.apply).run, stop
        )
        try:
            yield running.done
        finally:
            stop.set()
        running.result(timeout=60)


def test_a_rubric_reaches_the_form_and_what_is_broken_the_dead_letters(servers: Servers, meetings: Meetings) -> None:
    create_topics(servers.bootstrap, replication_factor=1)
    with db.connect(meetings.url, name="test") as conn:
        conn.execute("delete from stream_position")
        _stand_at_the_end(servers, conn)
    ward = new_id()

    def sent(state: dict[str, Any]) -> Record:
        return to_record(events.event("evaluation.rubric.v1", state))

    def name() -> Any:
        return frame(meetings)["name"]

    first = sent(rubric(version(1), rubric_id=ward))
    broken = Record(first.topic, first.key, b"{}", first.headers)
    with _reading(servers, meetings) as ended:
        _send(servers, [broken, first])
        until(lambda: ended() or name() == f"{ward}/1", what="the first version on the form", seconds=120)
    newer = sent(rubric(version(2), rubric_id=ward, number=3))
    with _reading(servers, meetings) as ended:
        _send(servers, [newer, first])
        until(lambda: ended() or name() == f"{ward}/2", what="the second version on the form", seconds=120)
        gone = scoring.gone(ward)
        _send(servers, [Record(TOPIC, gone.key, None, list(gone.headers))])
        until(lambda: ended() or name() == "hd-42-2025", what="the rule in its place", seconds=120)
    assert name() == "hd-42-2025"
    dead = [row.record for row in meetings.outbox() if row.record.topic == "meetings.replica.dlq"]
    assert [(letter.key, letter.value) for letter in dead] == [(first.key, b"{}")]
