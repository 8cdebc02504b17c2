"""Evaluation's own processes on a fresh broker and database, watched until their work is done, for benches whose load
goes into topics directly."""

import contextlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, LiteralString

import msgspec
import psutil
from kafka import KafkaAdminClient

from bench.history import Figures, nonzero
from deploy.local.errors import LocalError
from deploy.local.places import PROJECT_ROOT
from deploy.local.ports import HOST, free_ports
from deploy.local.process import Child, Command
from deploy.local.servers import EmbeddedServers
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.merger import GROUP
from services.evaluation.store import frames
from shared import db, process

NEVER_IN_BULK: Final = 2**62
_MIGRATIONS = PROJECT_ROOT / "services" / "evaluation" / "store" / "migrations"
_PATIENCE_SECONDS = 3600.0
_POLL_SECONDS = 0.05
_COUNTED: Final = tuple(name for name in SUMMED_NAMES if not name.startswith("evidence_"))
Say = Callable[[str], None]


class Run(msgspec.Struct, frozen=True):
    """One way from log to figures: seconds, messages a second, the process's processor seconds and peak memory; and
    PostgreSQL's processor seconds meanwhile. `starting_…`: what of both, and of the messages, was done by the time the
    first batch was seen to be merged."""

    seconds: float
    messages_per_second: float
    processor_seconds: float
    peak_mb: float
    first_after_seconds: float | None = None
    database_seconds: float = 0.0
    starting_seconds: float = 0.0
    starting_database_seconds: float = 0.0
    starting_messages: int = 0


@contextlib.contextmanager
def servers(folder: Path, say: Say) -> Iterator[EmbeddedServers]:
    """Kafka and PostgreSQL (with fsync) of their own, in `folder`."""
    opened = EmbeddedServers(folder, say=say)
    opened.start()
    try:
        yield opened
    finally:
        opened.stop()


def database(of: EmbeddedServers, name: str) -> str:
    """The URL of a new database with evaluation's tables."""
    url = of.database(name, "evaluation")
    process.migrate(url, _MIGRATIONS)
    return url


def forget_offsets(bootstrap: str) -> None:
    """The group begins at the topics' beginnings again."""
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        admin.delete_groups([GROUP])
    finally:
        admin.close()


def command(name: str, word: str, url: str, bootstrap: str, folder: Path, **settings: str) -> Child:
    """A process of evaluation, not started yet; `settings` are environment variables."""
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


def live(
    url: str,
    of: EmbeddedServers,
    folder: Path,
    messages: int,
    *,
    bulk_from: int,
    reached: Callable[[], None] | None = None,
) -> Run:
    """A worker from the start of its process until it has merged everything up to the `messages`-th of the log.

    `reached` is called then, while the worker still runs.
    """
    worker = command("worker", "worker", url, of.bootstrap, folder, NENEP_BULK_FROM=str(bulk_from))
    with db.connect(url, name="bench", autocommit=True) as conn:
        base = merged(conn)
        before, began = database_processor(of), time.perf_counter()
        first: float | None = None
        starting, starting_database, starting_messages = 0.0, 0.0, 0
        worker.spawn()
        try:
            for use in _watched(worker):
                reached_now, seconds = merged(conn), time.perf_counter() - began
                if reached_now > base and first is None:
                    first, starting = seconds, use[0]
                    starting_database, starting_messages = database_processor(of) - before, reached_now - base
                if reached_now >= messages:
                    spent = database_processor(of) - before
                    if reached is not None:
                        reached()
                    rate = (messages - base) / seconds
                    return Run(seconds, rate, *use, first, spent, starting, starting_database, starting_messages)
        finally:
            worker.stop()
    raise _failed(worker)


def merged(conn: db.Connection) -> int:
    """How many records of the log are merged, by the positions."""
    row = conn.execute("select coalesce(sum(next_offset), 0)::bigint from stream_position").fetchone()
    return msgspec.convert(row, tuple[int])[0]


def bulk(url: str, of: EmbeddedServers, folder: Path, messages: int) -> Run:
    """A rebuild, from the start of its process to its end."""
    rebuild = command("rebuild", "rebuild", url, of.bootstrap, folder)
    before, began = database_processor(of), time.perf_counter()
    rebuild.spawn()
    try:
        # The last seen: a process that has ended says nothing any more.
        seen = list(_watched(rebuild))
    finally:
        rebuild.stop()
    seconds = time.perf_counter() - began
    if rebuild.exit_code != 0:
        raise _failed(rebuild)
    spent = database_processor(of) - before
    return Run(seconds, messages / seconds, seen[-1][0], max(peak for _, peak in seen), None, spent)


def database_processor(of: EmbeddedServers) -> float:
    """Processor seconds of PostgreSQL with all its processes so far, those that ended among them."""
    child = of.postgres.child
    return 0.0 if child is None or child.pid is None else _use(child.pid)[0]


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


def figures(url: str, *, of: Sequence[str] | None = None) -> Figures:
    """Every unit-month (those of the units `of`) that is not all zero, as the database has it; without points by
    evidence, which the log's own counts do not know."""
    query: LiteralString = (
        "select unit_id::text, month, {} from unit_month where %s::uuid[] is null or unit_id = any(%s)"
    )
    units = None if of is None else list(of)
    with db.connect(url, name="bench") as conn:
        rows: Iterable[tuple[Any, ...]] = conn.execute(frames.select(query, _COUNTED), (units, units)).fetchall()
    return nonzero({(row[0], row[1]): dict(zip(_COUNTED, row[2:], strict=True)) for row in rows})


def branches(url: str) -> Figures:
    """How many branches each unit has in the end; no month."""
    with db.connect(url, name="bench") as conn:
        rows: Iterable[tuple[Any, ...]] = conn.execute(
            "select unit_id::text, sum(change)::bigint from unit_branches group by unit_id"
        ).fetchall()
    return {(row[0], ""): {"branches": row[1]} for row in rows}


def together(parts: Sequence[Figures]) -> Figures:
    """The figures of several histories of one tree, added."""
    sums: Figures = defaultdict(lambda: defaultdict(int))
    for part in parts:
        for at, counts in part.items():
            for name, count in counts.items():
                sums[at][name] += count
    return nonzero(sums)


def require_equal(name: str, found: Figures, truth: Figures) -> None:
    """Raises LocalError, naming the first unit-month that is not what it must be."""
    wrong = [at for at in found.keys() | truth.keys() if found.get(at, {}) != truth.get(at, {})]
    if wrong:
        at = min(wrong)
        raise LocalError(
            f"{name}: {len(wrong)}/{len(truth)} số liệu sai; {at}: {found.get(at)}, đúng là {truth.get(at)}",
            f"{name}: {len(wrong)} of {len(truth)} unit-months are wrong, for one {at}.",
        )
