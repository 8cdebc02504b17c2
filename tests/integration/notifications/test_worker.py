"""The worker over a real broker: it merges, examines what is due only when it has caught up, and sends."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaConsumer

from deploy.local.servers import Servers
from services.notifications import stream, worker
from services.notifications.lag import caught_up
from services.notifications.settings import NotificationsSettings
from services.notifications.store import choices
from services.notifications.store import meetings as store
from services.notifications.store.choices import ContactPoint
from shared import db
from shared.clock import LOCAL
from shared.envelope import Event
from shared.ids import new_id
from shared.kafka.admin import create_topics
from shared.outbox import table
from shared.outbox.relay import Relay
from shared.together import Together
from tests.integration.notifications.mailbox import Mailbox, mail_server
from tests.integration.notifications.province import attendance, meeting, unit
from tests.support.waiting import until


@pytest.fixture
def relayed(servers: Servers, settings: NotificationsSettings) -> Iterator[None]:
    """The topics exist, and the relay of the test's database runs."""
    create_topics(servers.bootstrap, replication_factor=1)
    relay = Relay(settings.database_url, servers.bootstrap, batch=500, keep_days=1, name="test-relay")
    stop = threading.Event()
    with ThreadPoolExecutor(1) as executor:
        running = executor.submit(relay.run, stop)
        yield
        stop.set()
        running.result(timeout=30)


@pytest.mark.usefixtures("relayed")
def test_from_the_topics_to_inbox_mailbox_and_deliveries(
    servers: Servers, settings: NotificationsSettings, pool: db.Pool, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text(datetime(2026, 8, 3, 6, tzinfo=LOCAL).isoformat())
    # Other tests of the session write to the same topics: what this one looks at are its own units.
    commune, branch, silent_branch = new_id(), new_id(), new_id()
    units = [
        unit(commune, "grassroots_committee", None, "Đảng uỷ xã Hoà Bình"),
        unit(branch, "branch", commune, "Chi bộ thôn 1"),
        unit(silent_branch, "branch", commune, "Chi bộ thôn 2"),
    ]
    states = [("registry.units.v1", "registry.unit.v1", unit["unit_id"], unit) for unit in units]
    low = meeting(date(2026, 7, 3), unit_id=str(branch), attendance=attendance(8))
    states.append(("meetings.meetings.v1", "meetings.meeting.v1", low["meeting_id"], low))
    with pool.connection() as conn:
        store.set_examined_through(conn, "2026-06")
        choices.put_contact_point(conn, silent_branch, ContactPoint("thon2@gialai.gov.vn", "en"))
        table.append(
            conn,
            [
                Event(topic=topic, type=type_, source="urn:test", key=key, data=data)
                for topic, type_, key, data in states
            ],
        )
    until(lambda: _count(pool, "select count(*) from outbox where sent_at is null") == 0, what="the worker")
    assert not caught_up(servers.bootstrap, pool, stream.GROUP)

    mailbox, stop = Mailbox(), threading.Event()
    with mail_server(mailbox) as port, ThreadPoolExecutor(1) as executor:
        loops = worker.build(
            msgspec.structs.replace(settings, smtp_port=port, clock_file=str(clock), watch_seconds=0.1)
        )
        running = executor.submit(loops.run, stop)
        try:
            until(lambda: running.done() or len(mailbox.letters) == 1, what="the worker")
        finally:
            stop.set()
        running.result(timeout=60)
    assert caught_up(servers.bootstrap, pool, stream.GROUP)
    assert mailbox.letters[0]["Subject"] == "No minutes of the regular meeting of 07/2026: Chi bộ thôn 2"
    with pool.connection() as conn:
        told = conn.execute(
            "select rule, recipient_unit_id from notice where about_unit_id = any(%s) order by 1, 2",
            ([branch, silent_branch],),
        ).fetchall()
    assert told == [
        ("attendance_low", commune),
        ("attendance_low", branch),
        ("minutes_missing", commune),
        ("minutes_missing", silent_branch),
    ]
    assert _deliveries_about(servers.bootstrap, {str(branch), str(silent_branch)}, 5) == [
        ("attendance_low", "inbox"),
        ("attendance_low", "inbox"),
        ("minutes_missing", "email"),
        ("minutes_missing", "inbox"),
        ("minutes_missing", "inbox"),
    ]


def test_when_one_loop_fails_the_other_ends_and_the_failure_is_raised() -> None:
    class Idle:
        turned_at = time.monotonic()

        def idle_because(self) -> str | None:
            return None

    class Broken(Idle):
        def run(self, stop: threading.Event) -> None:
            raise LookupError("a defect")

    class Patient(Idle):
        def run(self, stop: threading.Event) -> None:
            assert stop.wait(30)

    with pytest.raises(LookupError, match="a defect"):
        Together([Patient(), Broken()]).run(threading.Event())


def _count(pool: db.Pool, query: str) -> int:
    with pool.connection() as conn:
        return msgspec.convert(conn.execute(query).fetchone(), tuple[int])[0]


def _deliveries_about(bootstrap: str, units: set[str], count: int) -> list[tuple[str, str]]:
    consumer = KafkaConsumer(
        "notifications.deliveries.v1",
        bootstrap_servers=bootstrap,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    found: list[tuple[str, str]] = []
    try:
        deadline = time.monotonic() + 60
        while len(found) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} deliveries came"
            for records in consumer.poll(timeout_ms=200).values():
                for record in records:
                    event: dict[str, str] = msgspec.json.decode(record.value)
                    if event["about_unit_id"] in units:
                        found.append((event["rule"], event["channel"]))
    finally:
        consumer.close(autocommit=False)
    return sorted(found)
