"""Dead letters from the merge that sets them aside to the merge that takes them in the end, by the command's hand."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from kafka import KafkaConsumer, TopicPartition

import services.evaluation
from deploy.local.cli import nenep
from deploy.local.errors import LocalError
from deploy.local.suite import Suite
from services.evaluation import decode
from services.evaluation.arrivals import apply_facts
from services.evaluation.merger import GROUP
from shared import db, process
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.envelope import Attributes, Received, Record
from shared.errors import Impossible
from shared.kafka import batch, positions
from shared.kafka.admin import topic_ids
from shared.kafka.consumer import received
from shared.kafka.deadletters import read
from shared.kafka.producer import Producer
from shared.outbox.relay import Relay
from tests.support.events import meeting
from tests.support.events import received as event_received

TOPIC = "meetings.meetings.v1"
BRANCH = uuid4()
GOOD, REFUSED, NOT_JSON = uuid4(), uuid4(), uuid4()


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """A suite without its services, three records in the log of meetings, two of them set aside by the group."""
    made = Suite(tmp_path_factory.mktemp("deadletters") / "data", ephemeral=True, progress=False)
    made.start(only=())
    try:
        url = made.database_url("evaluation")
        process.migrate(url, Path(services.evaluation.__file__).parent / "store" / "migrations")
        places = [
            (topic, n) for topic in catalogue().groups[GROUP].reads for n in range(catalogue().topics[topic].partitions)
        ]
        with db.connect(url, name="test") as conn:
            ids = topic_ids(made.bootstrap, catalogue().groups[GROUP].reads)
            positions.register(conn, GROUP, dict.fromkeys(places, 0), ids)
        _publish(
            made,
            [
                event_received("meetings.meeting.v1", meeting(BRANCH, "2025-06", meeting_id=GOOD)),
                event_received("meetings.meeting.v1", meeting(BRANCH, "2025-06", meeting_id=REFUSED)),
                Received(TOPIC, 0, 0, str(NOT_JSON).encode(), b"{not json", _headers()),
            ],
        )
        _merge(made, _refusing)
        _relay(made)
        yield made
    finally:
        made.stop()


def _headers() -> list[tuple[str, bytes]]:
    return list(event_received("meetings.meeting.v1", meeting(BRANCH, "2025-06")).headers)


def _refusing(record: Received, about: Attributes) -> decode.Meeting:
    """The decoder of a deploy that does not know some meeting yet."""
    found = decode.meeting(record, about)
    if found.meeting_id == str(REFUSED):
        raise Impossible("impossible-value", "a kind nobody knows yet")
    return found


def _publish(suite: Suite, records: Sequence[Received]) -> None:
    with Producer(suite.bootstrap, client_id="test") as producer:
        sent = [Record(record.topic, record.key, record.value, list(record.headers)) for record in records]
        assert producer.send_all(sent, timeout=30) == [None] * len(sent)


def _log(suite: Suite) -> list[Received]:
    """Everything in the topic of meetings."""
    consumer: Any = KafkaConsumer(bootstrap_servers=suite.bootstrap, enable_auto_commit=False)
    try:
        places = [TopicPartition(TOPIC, number) for number in range(catalogue().topics[TOPIC].partitions)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[Received] = []
        deadline = time.monotonic() + 30
        while len(found) < sum(ends.values()):
            assert time.monotonic() < deadline
            found += [received(record) for records in consumer.poll(timeout_ms=200).values() for record in records]
        return found
    finally:
        consumer.close(autocommit=False)


def _merge(suite: Suite, decoder: batch.Decode[decode.Meeting]) -> None:
    with db.connect(suite.database_url("evaluation"), name="test") as conn:
        batch.merge(conn, GROUP, _log(suite), decoder, apply_facts)


def _relay(suite: Suite) -> None:
    url = suite.database_url("evaluation")
    relay = Relay(url, suite.bootstrap, batch=100, keep_days=7, name="test-relay")
    with db.connect(url, name="test", autocommit=True) as conn, Producer(suite.bootstrap, client_id="test") as producer:
        while relay.turn(conn, producer):
            pass


def _facts(conn: Connection) -> set[UUID]:
    return {UUID(str(row[0])) for row in conn.execute("select meeting_id from meeting_fact").fetchall()}


@pytest.fixture
def run(suite: Suite) -> Callable[..., Result]:
    def call(*words: str) -> Result:
        command, *rest = words
        return CliRunner().invoke(nenep, ["deadletters", command, *rest, "--data", str(suite.folder)])

    return call


def _offset_of(suite: Suite, key: UUID) -> int:
    (offset,) = [letter.offset for letter in read(suite.bootstrap, GROUP) if letter.original.key == str(key).encode()]
    return offset


def test_the_list_names_what_was_set_aside_and_nothing_else(run: Callable[..., Result]) -> None:
    shown = run("list", GROUP)
    assert shown.exit_code == 0, shown.output
    assert str(REFUSED) in shown.output
    assert str(NOT_JSON) in shown.output
    assert str(GOOD) not in shown.output
    assert "malformed 1" in shown.output
    assert "impossible-value 1" in shown.output


def test_the_list_of_one_reason(run: Callable[..., Result]) -> None:
    shown = run("list", GROUP, "--reason", "malformed")
    assert str(NOT_JSON) in shown.output
    assert str(REFUSED) not in shown.output


def test_a_record_is_shown_as_it_came(suite: Suite, run: Callable[..., Result]) -> None:
    shown = run("show", GROUP, str(_offset_of(suite, REFUSED)))
    assert shown.exit_code == 0, shown.output
    assert "a kind nobody knows yet" in shown.output
    assert f' "meeting_id": "{REFUSED}"' in shown.output
    assert "ce_type" in shown.output
    assert "dlt-" not in shown.output


def test_a_value_that_is_no_json_is_shown_too(suite: Suite, run: Callable[..., Result]) -> None:
    assert "{not json" in run("show", GROUP, str(_offset_of(suite, NOT_JSON))).output


def test_a_dry_run_sends_nothing(suite: Suite, run: Callable[..., Result]) -> None:
    before = len(_log(suite))
    shown = run("redrive", GROUP, "--all", "--dry-run")
    _relay(suite)
    assert shown.exit_code == 0, shown.output
    assert "2" in shown.output.splitlines()[-1]
    assert len(_log(suite)) == before


@pytest.mark.parametrize("choice", [(), ("--all", "--reason", "malformed")])
def test_exactly_one_way_to_choose(run: Callable[..., Result], choice: tuple[str, ...]) -> None:
    assert run("redrive", GROUP, *choice).exit_code == 2


@pytest.mark.parametrize("words", [("show", GROUP, "99"), ("redrive", GROUP, "--offset", "99"), ("list", "no.group")])
def test_what_is_not_there_is_named(run: Callable[..., Result], words: tuple[str, ...]) -> None:
    shown = run(*words)
    assert isinstance(shown.exception, LocalError)
    assert words[-1] in str(shown.exception)


def test_a_stopped_suite_is_said(tmp_path: Path) -> None:
    shown = CliRunner().invoke(nenep, ["deadletters", "list", GROUP, "--data", str(tmp_path)])
    assert isinstance(shown.exception, LocalError)
    assert "nenep up" in str(shown.exception)


def test_once_the_cause_is_mended_a_redriven_record_is_merged(suite: Suite, run: Callable[..., Result]) -> None:
    offset = _offset_of(suite, REFUSED)
    original = next(record for record in _log(suite) if record.key == str(REFUSED).encode())
    shown = run("redrive", GROUP, "--offset", str(offset))
    assert shown.exit_code == 0, shown.output
    password = suite.database_url("evaluation").split(":")[2].split("@")[0]
    assert password not in shown.output
    _relay(suite)
    again = [record for record in _log(suite) if record.key == str(REFUSED).encode()]
    assert [(record.value, list(record.headers)) for record in again] == [
        (original.value, list(original.headers)),
        (original.value, list(original.headers)),
    ]
    with db.connect(suite.database_url("evaluation"), name="test") as conn:
        assert _facts(conn) == {GOOD}
    _merge(suite, decode.meeting)
    with db.connect(suite.database_url("evaluation"), name="test") as conn:
        assert _facts(conn) == {GOOD, REFUSED}
        row = conn.execute(
            "select count(*) from meeting_fact where branch_id = %s and status = 'adopted'", (BRANCH,)
        ).fetchone()
    assert row == (2,)
