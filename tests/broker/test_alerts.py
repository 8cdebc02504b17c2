"""From minutes to a notice: worker, relay, topic, notifications; the worker is killed in between, and nobody is told
twice or not at all."""

import os
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from kafka import KafkaConsumer, TopicPartition

from deploy.local.ports import free_ports
from shared import db, process
from shared.contracts.catalogue import catalogue
from tests.broker.conftest import ROOT, Province, Worker
from tests.integration.notifications.province import MIGRATIONS
from tests.support.events import meeting, unit
from tests.support.waiting import until

PROVINCE, DISTRICT = UUID(int=1), UUID(int=2)
BRANCHES = [UUID(int=10 + number) for number in range(6)]
SILENT = BRANCHES[:4]
ALERTS = "evaluation.alerts.v1"
HELD: dict[str, Any] = {"attendance": {"owed": 10, "present": 9, "absent_with_reason": 1, "absent_without_reason": 0}}


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nenep-alerts-") as folder:
        yield Path(folder)


def _environment(folder: Path, service: str, url: str, bootstrap: str) -> dict[str, str]:
    clock = folder / "clock"
    clock.write_text("2025-06-04T12:00:00+07:00")  # May is closed
    return {
        **os.environ,
        "NENEP_SERVICE_NAME": service,
        "NENEP_DATABASE_URL": url,
        "NENEP_KAFKA_BOOTSTRAP": bootstrap,
        "NENEP_OPS_PORT": str(free_ports(1)[0]),
        "NENEP_CLOCK_FILE": str(clock),
    }


@contextmanager
def _running(module: str, command: str, environment: dict[str, str]) -> Iterator[None]:
    running = subprocess.Popen([sys.executable, "-m", module, command], env=environment, cwd=ROOT)
    try:
        yield
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def _told(bootstrap: str) -> list[dict[str, object]]:
    """Everything in the topic of alerts."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        partitions = [TopicPartition(ALERTS, number) for number in range(catalogue().topics[ALERTS].partitions)]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        found: list[dict[str, object]] = []
        while any(consumer.position(at) < end for at, end in ends.items()):
            for records in consumer.poll(timeout_ms=500).values():
                found += [msgspec.json.decode(record.value) for record in records]
        return found
    finally:
        consumer.close(autocommit=False)


def _killed_while_it_looks(province: Province, change: Callable[[], None]) -> None:
    """`change` is merged, the worker takes what is due, and dies before it has stored what it found."""
    with province.connect() as conn, conn.transaction():
        conn.execute("lock table alert in access exclusive mode")
        change()
        until(
            lambda: province.scalar("select count(*) from pg_locks where relation = 'alert'::regclass and not granted"),
            what="the worker to be in the middle of a look",
            seconds=180,
        )
        province.worker.kill()


def test_minutes_that_do_not_come_reach_the_offices_once_though_the_worker_dies(
    province: Province, folder: Path, request: pytest.FixtureRequest
) -> None:
    bootstrap = province.servers.bootstrap
    mine = _environment(folder, "evaluation", province.url, bootstrap) | {"NENEP_ALERTS_EVERY": "0.3"}
    province.worker = worker = Worker(mine, folder / "worker.log")
    request.addfinalizer(worker.kill)
    with province.connect() as conn:
        conn.execute("delete from alert_rule where name <> 'no_meeting'")
        conn.execute("update alert_rule set valid_from = '2025-01-01'")
    province.send_units(
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(DISTRICT, PROVINCE, kind="direct_committee", level="district"),
        *(unit(branch, DISTRICT, kind="grassroots_branch", level="grassroots") for branch in BRANCHES),
    )
    province.send_meetings(
        *(meeting(branch, f"2025-0{month}", **HELD) for branch in BRANCHES for month in (1, 2, 3)),
        *(meeting(branch, f"2025-0{month}", **HELD) for branch in BRANCHES if branch not in SILENT for month in (4, 5)),
    )

    _killed_while_it_looks(province, province.worker.start)
    assert province.scalar("select count(*) from alert") == 0
    province.worker.start()
    until(lambda: province.scalar("select count(*) from alert") == len(SILENT), what="the alerts", seconds=180)
    province.worker.kill()
    province.worker.start()

    _killed_while_it_looks(
        province, lambda: province.send_meetings(*(meeting(branch, "2025-06", **HELD) for branch in SILENT[:2]))
    )
    notices = province.servers.database("notifications")
    process.migrate(notices, MIGRATIONS)
    theirs = _environment(folder, "notifications", notices, bootstrap)
    relay = mine | {"NENEP_OPS_PORT": str(free_ports(1)[0])}
    with (
        _running("services.evaluation", "relay", relay),
        _running("services.notifications", "worker", theirs),
        db.connect(notices, name="test", autocommit=True) as conn,
    ):

        def told(*, still: bool) -> Counter[object]:
            rows = conn.execute(
                "select about_unit_id, recipient_unit_id from notice"
                " where rule = 'no_meeting' and (resolved_at is null) = %s",
                (still,),
            ).fetchall()
            return Counter(rows)

        each = Counter((branch, office) for branch in SILENT for office in (branch, DISTRICT))
        until(lambda: told(still=True) == each, what="a notice to each branch and the district above", seconds=180)
        province.worker.start()
        over = Counter({pair: 1 for pair in each if pair[0] in SILENT[:2]})
        until(lambda: told(still=False) == over, what="the end of the notices of the two that met", seconds=180)
        assert told(still=True) == each - over
        deliveries = conn.execute(
            "select count(*) from delivery join notice using (notice_id) where rule = 'no_meeting'"
        )
        assert deliveries.fetchone() == (len(each),)
    records = Counter((one["unit_id"], one["state"]) for one in _told(bootstrap))
    assert records == Counter(
        {(str(branch), "begun"): 1 for branch in SILENT} | {(str(branch), "ceased"): 1 for branch in SILENT[:2]}
    )
