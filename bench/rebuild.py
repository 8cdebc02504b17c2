"""From a full log to full figures: by the live worker, by the bulk rebuild, and what merely reading the log takes.

One machine, one run, one log: the tree of a province, adopted minutes (5 % sent twice, 3 % corrected later, some of the
corrections before what they correct) and tasks, in the topics of a fresh broker.

(a) raw: aiokafka's getmany over the same partitions, the median of three readings.
(b) live: `python -m services.evaluation worker` on an empty database, forbidden to merge in bulk, from the start of the
    process until its positions are at the ends of all partitions.
(c) start: the same as an installation starts, with a backlog that it merges in bulk before the stream begins.
(d) bulk: `python -m services.evaluation rebuild` on another empty database, from the start of the process to its end.

The figures of all three databases must be equal to each other, and to the counts kept while the log was drawn.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Any, Final

import msgspec
import psutil
from kafka import KafkaAdminClient

from bench.history import Figures, History
from bench.log import fill, read_raw
from bench.tree import BRANCHES, province
from deploy.local.errors import LocalError
from deploy.local.places import PROJECT_ROOT
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command
from deploy.local.servers import EmbeddedServers
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.merger import GROUP
from services.evaluation.store import frames
from shared import db, process
from shared.kafka.admin import create_topics

MINUTES: Final = 200_000
_MIGRATIONS = PROJECT_ROOT / "services" / "evaluation" / "store" / "migrations"
_PATIENCE_SECONDS = 3600.0
_POLL_SECONDS = 0.05
Say = Callable[[str], None]


class Run(msgspec.Struct, frozen=True):
    """One way from log to figures: seconds, messages a second, the process's processor seconds and peak memory."""

    seconds: float
    messages_per_second: float
    processor_seconds: float
    peak_mb: float
    first_after_seconds: float | None = None


class Outcome(msgspec.Struct, frozen=True):
    """What was read, and how fast each way was."""

    minutes: int
    messages: dict[str, int]
    mean_value_bytes: float
    unit_months: int
    raw_messages_per_second: float
    raw_readings: list[float]
    live: Run
    start: Run
    bulk: Run
    equal: bool

    @property
    def total(self) -> int:
        """Messages of all topics."""
        return sum(self.messages.values())


def measure(say: Say, *, minutes: int = MINUTES, branches: int = BRANCHES) -> Outcome:
    """Fill a log and measure. Raises LocalError when a process fails or the figures are not what they must be."""
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder, _servers(Path(folder), say) as servers:
        create_topics(servers.bootstrap, replication_factor=1)
        history = History(province(branches), minutes)
        say(f"filling the log: {minutes:,} minutes of {branches:,} branches")
        sent = fill(servers.bootstrap, chain(history.units(), history.records()))
        say(f"{sent:,} messages; reading them raw")
        readings = [read_raw(servers.bootstrap, GROUP) for _ in range(3)]
        if readings[0].messages != sent:
            raise LocalError(f"đã gửi {sent}, đọc lại {readings[0].messages}", f"sent {sent}, not so many are there")
        urls = {name: _database(servers, name) for name in ("live", "start", "bulk")}
        say("the live worker, from an empty database")
        live = _live(urls["live"], servers.bootstrap, Path(folder), sent, bulk_from=2**62)
        _forget_offsets(servers.bootstrap)
        say("a worker that starts with the whole log waiting")
        start = _live(urls["start"], servers.bootstrap, Path(folder), sent, bulk_from=1)
        say("the bulk rebuild, into another empty database")
        bulk = _bulk(urls["bulk"], servers.bootstrap, Path(folder), sent)
        say("comparing the figures")
        truth = history.truth()
        for name, url in urls.items():
            _require_equal(name, _figures(url), truth)
            _require_equal(
                name, _branches(url), {(unit, ""): {"branches": n} for unit, n in history.branches().items()}
            )
    return Outcome(
        minutes=minutes,
        messages=dict(readings[0]),
        mean_value_bytes=readings[0].value_bytes / sent,
        unit_months=len(truth),
        raw_messages_per_second=median(sent / reading.seconds for reading in readings),
        raw_readings=[sent / reading.seconds for reading in readings],
        live=live,
        start=start,
        bulk=bulk,
        equal=True,
    )


@contextlib.contextmanager
def _servers(folder: Path, say: Say) -> Iterator[EmbeddedServers]:
    servers = EmbeddedServers(folder, say=say)
    servers.start()
    try:
        yield servers
    finally:
        servers.stop()


def _database(servers: EmbeddedServers, name: str) -> str:
    url = servers.database(name, "evaluation")
    process.migrate(url, _MIGRATIONS)
    return url


def _forget_offsets(bootstrap: str) -> None:
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        admin.delete_groups([GROUP])
    finally:
        admin.close()


def _command(name: str, word: str, url: str, bootstrap: str, folder: Path, **settings: str) -> Child:
    environment = {
        "NENEP_SERVICE_NAME": "evaluation",
        "NENEP_DATABASE_URL": url,
        "NENEP_KAFKA_BOOTSTRAP": bootstrap,
        "NENEP_HTTP_HOST": HOST,
        "NENEP_OPS_PORT": str(free_ports(1)[0]),
        "NENEP_LOG_LEVEL": "warning",
        **settings,
    }
    argv = [sys.executable, "-m", "services.evaluation", word]
    return Child(Command(name, argv, folder / f"{name}.log", env=environment, cwd=PROJECT_ROOT))


def _live(url: str, bootstrap: str, folder: Path, messages: int, *, bulk_from: int) -> Run:
    worker = _command("worker", "worker", url, bootstrap, folder, NENEP_BULK_FROM=str(bulk_from))
    with db.connect(url, name="bench", autocommit=True) as conn:
        began = time.perf_counter()
        first: float | None = None
        worker.spawn()
        try:
            for use in _watched(worker):
                row = conn.execute("select coalesce(sum(next_offset), 0)::bigint from stream_position").fetchone()
                merged, seconds = msgspec.convert(row, tuple[int])[0], time.perf_counter() - began
                if merged and first is None:
                    first = seconds
                if merged == messages:
                    return Run(seconds, messages / seconds, use[0], use[1], first)
        finally:
            worker.stop()
    raise _failed(worker)


def _bulk(url: str, bootstrap: str, folder: Path, messages: int) -> Run:
    rebuild = _command("rebuild", "rebuild", url, bootstrap, folder)
    began = time.perf_counter()
    rebuild.spawn()
    try:
        # The last seen: a process that has ended says nothing any more.
        seen = list(_watched(rebuild))
    finally:
        rebuild.stop()
    seconds = time.perf_counter() - began
    if rebuild.exit_code != 0:
        raise _failed(rebuild)
    return Run(seconds, messages / seconds, seen[-1][0], max(peak for _, peak in seen))


def _watched(child: Child) -> Iterator[tuple[float, float]]:
    """Processor seconds and peak memory in MB of a process, every 50 ms while it runs. Raises LocalError in the end."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while child.running:
        if time.monotonic() > deadline:
            raise _failed(child)
        with contextlib.suppress(psutil.Error, OSError):
            use = _use(child.pid or 0)
            if use[1]:
                yield use
        time.sleep(_POLL_SECONDS)


def _use(pid: int) -> tuple[float, float]:
    """Processor seconds, and the sum of the peaks in MB, of a process and those it started."""
    seen = psutil.Process(pid)
    ended = seen.cpu_times()
    seconds, size = ended.children_user + ended.children_system, 0.0
    for one in (seen, *seen.children(recursive=True)):
        with contextlib.suppress(psutil.Error, OSError):
            used = one.cpu_times()
            seconds += used.user + used.system
            size += _peak(one)
    return seconds, size / 1e6


def _peak(process_: psutil.Process) -> int:
    status = Path(f"/proc/{process_.pid}/status")
    if not status.exists():  # on Linux the kernel keeps the peak; elsewhere the present size stands for it
        return int(process_.memory_info().rss)
    words = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    return 1024 * int(words.get("VmHWM", "0 kB").split()[0])


def _failed(child: Child) -> LocalError:
    return LocalError(
        f"{child.command.name} không xong (mã {child.exit_code}). Cuối nhật ký:\n{child.tail()}",
        f"{child.command.name} did not finish (status {child.exit_code}); the end of its log is above.",
    )


def _figures(url: str) -> Figures:
    """Every unit-month that is not all zero, as the database has it."""
    with db.connect(url, name="bench") as conn:
        rows: Iterable[tuple[Any, ...]] = conn.execute(
            frames.select("select unit_id::text, month, {} from unit_month", SUMMED_NAMES)
        ).fetchall()
    found = {(row[0], row[1]): {n: v for n, v in zip(SUMMED_NAMES, row[2:], strict=True) if v} for row in rows}
    return {at: parts for at, parts in found.items() if parts}


def _branches(url: str) -> Figures:
    """How many branches each unit has in the end; no month."""
    with db.connect(url, name="bench") as conn:
        rows: Iterable[tuple[Any, ...]] = conn.execute(
            "select unit_id::text, sum(change)::bigint from unit_branches group by unit_id"
        ).fetchall()
    return {(row[0], ""): {"branches": row[1]} for row in rows}


def _require_equal(name: str, found: Figures, truth: Figures) -> None:
    wrong = [at for at in found.keys() | truth.keys() if found.get(at, {}) != truth.get(at, {})]
    if wrong:
        at = min(wrong)
        raise LocalError(
            f"{name}: {len(wrong)}/{len(truth)} số liệu sai; {at}: {found.get(at)}, đúng là {truth.get(at)}",
            f"{name}: {len(wrong)} of {len(truth)} unit-months are wrong, for one {at}.",
        )
