"""From a record in its topic to the figures of every level, committed: the live worker alone, without the doors.

A province's tree and some months of its past are merged; then adopted minutes, with their tasks, corrections and
repeats, go into the topics one by one at a constant rate. A record is in its topic when the broker has answered; it is
in the figures when the positions, which move in the transaction that adds to every level's sums, have passed it. They
are read every few milliseconds over one connection, so that what is measured is up to one reading too long. Every
record is timed. In the end every figure must equal the counts kept.
"""

import asyncio
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import aiokafka
import msgspec

from bench import engine
from bench.engine import Say
from bench.freshness import Spread
from bench.history import History
from bench.log import fill
from bench.processes import family, processor_seconds
from bench.tree import province
from deploy.local.errors import LocalError
from deploy.local.servers import EmbeddedServers
from shared import db
from shared.envelope import Record
from shared.kafka.admin import create_topics

RATES: Final = (50, 200)
SECONDS: Final = 20
BRANCHES: Final = 1_000
BAR_SECONDS: Final = 0.060
"""What is asked of the 99th percentile at 200 adopted minutes a second."""
_PAST_MONTHS: Final = 6
_READ_EVERY: Final = 0.003
_PATIENCE: Final = 120.0
_Place = tuple[str, int]


class Phase(msgspec.Struct, frozen=True):
    """One rate: how many records, how long each took, and milliseconds of processor for an adopted minute."""

    minutes_per_second: float
    messages: int
    latency: Spread
    worker_ms: float
    database_ms: float


class Outcome(msgspec.Struct, frozen=True):
    """All rates, with what they were measured on."""

    branches: int
    unit_months: int
    phases: list[Phase]


class _Positions:
    """Where the figures stand, read again and again: when each partition was first seen to have passed an offset."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._seen: dict[_Place, list[tuple[int, float]]] = defaultdict(list)
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="positions", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no more."""
        self._enough.set()
        self._thread.join()

    def passed(self, at: _Place, offset: int) -> float | None:
        """When the figures were first seen to hold the record at `offset`; None: not yet."""
        return next((seen for next_offset, seen in self._seen[at] if next_offset > offset), None)

    def _run(self) -> None:
        with db.connect(self._url, name="bench", autocommit=True) as conn:
            while not self._enough.wait(_READ_EVERY):
                rows = conn.execute("select topic, partition, next_offset from stream_position").fetchall()
                now = time.perf_counter()
                for topic, number, next_offset in msgspec.convert(rows, list[tuple[str, int, int]]):
                    found = self._seen[topic, number]
                    if not found or found[-1][0] < next_offset:
                        found.append((next_offset, now))


def measure(say: Say, *, rates: Sequence[int] = RATES, seconds: int = SECONDS, branches: int = BRANCHES) -> Outcome:
    """Raises LocalError when a process fails, a record is never merged, or figures are not what they must be."""
    tree = province(branches)
    past = History(tree, branches * _PAST_MONTHS)
    coming = [History(tree, rate * seconds, seed=2 + number) for number, rate in enumerate(rates)]
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as name, engine.servers(Path(name), say) as servers:
        create_topics(servers.bootstrap, replication_factor=1)
        url = engine.database(servers, "stream")
        say(f"filling the log: {branches * _PAST_MONTHS:,} minutes of {branches:,} branches")
        sent = fill(servers.bootstrap, chain(past.units(), past.records()))
        worker = engine.command("worker", "worker", url, servers.bootstrap, Path(name))
        worker.spawn()
        try:
            _until_merged(url, sent)
            _until_at_rest(url)
            phases = []
            for rate, history in zip(rates, coming, strict=True):
                records = list(history.records())
                say(f"{rate} adopted minutes a second for {seconds} s: {len(records):,} messages")
                phases.append(_phase(servers, url, worker.pid, records, rate, seconds))
        finally:
            worker.stop()
        truth = engine.together([one.truth() for one in (past, *coming)])
        engine.require_equal("stream", engine.figures(url), truth)
    return Outcome(len(tree.branches), len(truth), phases)


def _phase(
    servers: EmbeddedServers, url: str, worker: int | None, records: Sequence[Record], rate: int, seconds: int
) -> Phase:
    positions = _Positions(url)
    positions.start()
    members = family(worker)
    spent, database = processor_seconds(members), engine.database_processor(servers)
    places = asyncio.run(_send(servers.bootstrap, records, len(records) / seconds))
    deadline = time.monotonic() + _PATIENCE
    while any(positions.passed(at, offset) is None for at, offset in _last(places).items()):
        if time.monotonic() > deadline:
            raise LocalError("Có bản ghi không bao giờ vào số liệu.", "A record never came into the figures.")
        time.sleep(0.05)
    spent, database = processor_seconds(members) - spent, engine.database_processor(servers) - database
    positions.stop()
    latencies = [(positions.passed(at, offset) or 0.0) - there for at, offset, there in places]
    minutes = rate * seconds
    return Phase(rate, len(records), Spread.of(latencies), 1000 * spent / minutes, 1000 * database / minutes)


async def _send(bootstrap: str, records: Sequence[Record], rate: float) -> list[tuple[_Place, int, float]]:
    """Send at `rate` a second whatever the answers take; returns where each record lies, and when that was answered."""
    found: list[tuple[_Place, int, float]] = []

    def answered(future: Any) -> None:
        told = future.result()
        found.append(((told.topic, told.partition), told.offset, time.perf_counter()))

    producer = aiokafka.AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        waiting, began = [], time.perf_counter()
        for number, record in enumerate(records):
            if (early := began + number / rate - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            future = await producer.send(record.topic, record.value, record.key, headers=record.headers)
            future.add_done_callback(answered)
            waiting.append(future)
        await asyncio.gather(*waiting)
        await asyncio.sleep(0)
    finally:
        await producer.stop()
    return found


def _last(places: Sequence[tuple[_Place, int, float]]) -> dict[_Place, int]:
    last: dict[_Place, int] = {}
    for at, offset, _ in places:
        last[at] = max(last.get(at, 0), offset)
    return last


def _until_merged(url: str, messages: int) -> None:
    _until(url, "select coalesce(sum(next_offset), 0)::bigint >= %s from stream_position", messages)


def _until_at_rest(url: str) -> None:
    """What the worker does beside the stream is done."""
    _until(url, "select not exists (select 1 from scorecard_due) and not exists (select 1 from sheet_due)")


def _until(url: str, query: str, *parameters: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    with db.connect(url, name="bench", autocommit=True) as conn:
        while conn.execute(query.encode(), parameters or None).fetchone() != (True,):
            if time.monotonic() > deadline:
                raise LocalError("Bộ gộp không xong phần đã có.", "The worker did not finish what was there before.")
            time.sleep(0.2)
