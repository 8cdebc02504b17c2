"""A broker and a database of one's own, and evaluation's worker as a process that can be killed."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import MemberToRemove

from deploy.local.ports import free_ports
from deploy.local.servers import EmbeddedServers
from services.evaluation.merger import GROUP
from shared import db, process
from shared.db import Connection
from shared.envelope import Event, Record, to_record
from shared.kafka.admin import create_topics
from shared.kafka.producer import Producer
from tests.integration.evaluation.conftest import MIGRATIONS
from tests.support import events
from tests.support.waiting import until

ROOT = Path(__file__).parents[2]


def environment(servers: EmbeddedServers, url: str, port: int) -> dict[str, str]:
    """What a process of evaluation is told; `port` is that of its probes."""
    return {
        **os.environ,
        "NENEP_SERVICE_NAME": "evaluation",
        "NENEP_DATABASE_URL": url,
        "NENEP_KAFKA_BOOTSTRAP": servers.bootstrap,
        "NENEP_OPS_PORT": str(port),
    }


class Worker:
    """`python -m services.evaluation worker` and what its probes say."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self._environment = environment
        self._log = log
        self._port = int(environment["NENEP_OPS_PORT"])
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready to merge."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.evaluation", "worker"],
                env=self._environment,
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        until(lambda: self.probe("readyz") == 200 or self.ended(), what="the worker's readiness")
        assert not self.ended(), self.log()

    def kill(self) -> None:
        """SIGKILL: no handler, no finally."""
        self._send(signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP: it does nothing and knows nothing of it, as on a machine that stands still."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: it goes on where it stood."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def terminate(self, *, within: float = 30.0) -> int:
        """SIGTERM; its exit status. Raises subprocess.TimeoutExpired when it has not ended `within` so many seconds."""
        self._send(signal.SIGTERM, within)
        return self.status

    @property
    def status(self) -> int:
        """The exit status of a worker that has ended."""
        assert self._process is not None
        assert self._process.returncode is not None
        return self._process.returncode

    def _send(self, number: signal.Signals, within: float = 30.0) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)
            self._process.wait(within)

    def ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None

    def log(self) -> str:
        return self._log.read_text()

    def probe(self, door: str) -> int:
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/{door}", timeout=5) as answer:
                return int(answer.status)
        except URLError as error:
            return int(getattr(error, "code", 0))
        except OSError:
            return 0

    def metric(self, line: str) -> float:
        """The value of the metric whose line begins with `line`; 0 when there is none."""
        with urlopen(f"http://127.0.0.1:{self._port}/metrics", timeout=5) as answer:
            for found in answer.read().decode().splitlines():
                if found.startswith(line):
                    return float(found.rsplit(" ", 1)[1])
        return 0.0


class Province:
    """A small province, what was sent of it, and what evaluation made of that."""

    def __init__(self, servers: EmbeddedServers, url: str, worker: Worker, folder: Path) -> None:
        self.servers = servers
        self.url = url
        self.worker = worker
        self._folder = folder

    def another_worker(self, **settings: str) -> Worker:
        """One more worker of the same group with these settings, not started yet; the test ends it."""
        port = free_ports(1)[0]
        return Worker({**environment(self.servers, self.url, port), **settings}, self._folder / f"worker-{port}.log")

    def members(self) -> list[str]:
        """Who is in the group, by the broker: a killed worker is until its session ends."""
        admin: Any = KafkaAdminClient(bootstrap_servers=self.servers.bootstrap)
        try:
            return [one["member_id"] for one in admin.describe_groups([GROUP])[GROUP]["members"]]
        finally:
            admin.close()

    def forget_members(self) -> None:
        """Whoever is in the group was killed, and need not be waited for."""
        admin: Any = KafkaAdminClient(bootstrap_servers=self.servers.bootstrap)
        try:
            admin.remove_group_members(GROUP, [MemberToRemove(member_id=one) for one in self.members()])
        finally:
            admin.close()

    def rebuild(self, *words: str) -> subprocess.Popen[str]:
        """`python -m services.evaluation rebuild`, started; what it says comes from its stdout, progress too."""
        return subprocess.Popen(
            [sys.executable, "-m", "services.evaluation", "rebuild", *words],
            env={**environment(self.servers, self.url, free_ports(1)[0]), "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def rebuilt(self, *words: str) -> str:
        """What a rebuild says that ends with status 0."""
        with self.rebuild(*words) as process:
            said, _ = process.communicate(timeout=300)
            assert process.returncode == 0, said
        return said

    def send(self, *sent: Event | Record) -> None:
        """Put events (or records that are none) into their topics, as relays do."""
        with Producer(self.servers.bootstrap, client_id="test") as producer:
            records = [one if isinstance(one, Record) else to_record(one) for one in sent]
            assert not any(producer.send_all(records, timeout=60))

    def send_units(self, *units: dict[str, Any]) -> None:
        self.send(*(events.event("registry.unit.v1", unit) for unit in units))

    def send_meetings(self, *meetings: dict[str, Any]) -> None:
        self.send(*(events.event("meetings.meeting.v1", meeting) for meeting in meetings))

    def connect(self) -> Connection:
        return db.connect(self.url, name="test", autocommit=True)

    def scalar(self, query: str, *parameters: Any) -> Any:
        with self.connect() as conn:
            row = conn.execute(query.encode(), parameters).fetchone()
            return row[0] if row else None

    def held(self, unit_id: Any) -> int:
        """Regular meetings held of a unit, over all months."""
        return int(
            self.scalar("select coalesce(sum(regular_held), 0)::bigint from unit_month where unit_id = %s", unit_id)
        )

    def position(self, topic: str) -> int:
        """Records of `topic` that are merged."""
        return int(
            self.scalar("select coalesce(sum(next_offset), 0)::bigint from stream_position where topic = %s", topic)
        )

    def acked(self, topic: str) -> int:
        """Records of `topic` that the group's committed offsets say are done."""
        admin: Any = KafkaAdminClient(bootstrap_servers=self.servers.bootstrap)
        try:
            offsets = admin.list_group_offsets([GROUP])[GROUP]
            return sum(at.offset for partition, at in offsets.items() if partition.topic == topic and at.offset > 0)
        finally:
            admin.close()

    def records(self, topic: str) -> list[Any]:
        """Everything in a topic of one partition."""
        consumer: Any = KafkaConsumer(bootstrap_servers=self.servers.bootstrap, enable_auto_commit=False)
        try:
            partition = TopicPartition(topic, 0)
            consumer.assign([partition])
            consumer.seek_to_beginning(partition)
            end = consumer.end_offsets([partition])[partition]
            found: list[Any] = []
            while consumer.position(partition) < end:
                found += consumer.poll(timeout_ms=500).get(partition, [])
            return found
        finally:
            consumer.close(autocommit=False)


@pytest.fixture
def province() -> Iterator[Province]:
    """Fresh servers, topics and database for one test; the worker is not started yet."""
    with tempfile.TemporaryDirectory(prefix="nenep-broker-") as folder:
        servers = EmbeddedServers(Path(folder), short_lived=True)
        servers.start()
        try:
            create_topics(servers.bootstrap, replication_factor=1)
            url = servers.database("evaluation")
            process.migrate(url, MIGRATIONS)
            worker = Worker(environment(servers, url, free_ports(1)[0]), Path(folder) / "worker.log")
            yield Province(servers, url, worker, Path(folder))
            worker.kill()
        finally:
            servers.stop()
