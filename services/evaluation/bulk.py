"""Many events at once: a partition's records decoded straight into columns, in as many processes as there are cores.

All versions of a meeting or task lie in one partition, so each partition is decoded, reduced to the newest versions
and stored by itself, and what it adds to the figures is added up in the end.
"""

import asyncio
import gc
import os
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from datetime import datetime
from multiprocessing import connection, get_context, parent_process
from threading import Thread
from typing import Any, Final, LiteralString, TypeVar

import msgspec
import polars as pl

from services.evaluation import decode, log, registry_events, standing
from services.evaluation.domain.topics import MEETINGS, ROSTERS, TASKS
from services.evaluation.facts import MEETING_FACT, TASK_FACT, meeting_facts, newest, task_facts
from services.evaluation.log import Range
from shared import logging, metrics
from shared.envelope import Received, attributes
from shared.errors import Impossible
from shared.kafka.batch import REJECTED_SHARE_LIMIT, SHARE_FROM, Decode, Flooded
from shared.kafka.positions import Partition

_ALONE_BELOW: Final = 20_000
_MOST_PROCESSES: Final = 4
_log = logging.get(__name__)
T = TypeVar("T")
Rejected = list[tuple[Received, Impossible]]


class Source(msgspec.Struct, frozen=True):
    """How a topic's events become facts: table, key, decoder, fold."""

    table: LiteralString
    key: str
    decode: Decode[Any]
    fold: Callable[[Sequence[Any]], pl.DataFrame]
    schema: Mapping[str, Any]


SOURCES: Final[dict[str, Source]] = {
    MEETINGS: Source("meeting_fact", "meeting_id", decode.meeting, meeting_facts, MEETING_FACT),
    TASKS: Source("task_fact", "task_id", decode.task, task_facts, TASK_FACT),
    ROSTERS: Source("roster_fact", "branch_id", registry_events.roster, standing.roster_facts, standing.ROSTER_FACT),
}
"""The topics of facts."""


def decoded(records: Sequence[Received], decode_: Decode[T]) -> tuple[list[T], Rejected]:
    """What `records` carry, and those that are impossible, with the reason."""
    found: list[T] = []
    rejected: Rejected = []
    for record in records:
        try:
            found.append(decode_(record, attributes(record)))
        except Impossible as reason:
            # As it was raised it holds, by its frames, all that was decoded and read beside it.
            rejected.append((record, Impossible(reason.reason, reason.detail)))
    return found, rejected


def reasons(rejected: Rejected) -> dict[tuple[str, str], int]:
    """How many there are of each topic and reason."""
    return Counter((record.topic, reason.reason) for record, reason in rejected)


def tell(set_aside: Mapping[tuple[str, str], int]) -> None:
    """Say that so many dead letters of each topic and reason were made (batch.py says it of those it makes)."""
    for (topic, reason), count in set_aside.items():
        metrics.DEAD_LETTERS.labels(topic=topic, reason=reason).inc(count)
        _log.warning("dead letters", topic=topic, reason=reason, count=count)


class Facts(msgspec.Struct, frozen=True):
    """Facts, each key once and in its newest version; how many events they come from, and which were impossible."""

    frame: pl.DataFrame
    events: int
    rejected: Rejected


async def chunks(
    bootstrap: str, partition: Partition, offsets: Range, *, size: int
) -> AsyncIterator[tuple[Facts, int]]:
    """The facts of a range of a partition, from at least `size` events at a time, each time with the next offset.

    Raises Flooded, aiokafka.errors.KafkaError.
    """
    source = SOURCES[partition[0]]
    frames: list[pl.DataFrame] = []
    rejected: Rejected = []
    events, position = 0, offsets[0]

    def gathered() -> Facts:
        if events >= SHARE_FROM and len(rejected) > REJECTED_SHARE_LIMIT * events:
            raise Flooded(f"{len(rejected)} of {events} records of {partition} cannot be applied")
        together = pl.concat([pl.DataFrame(schema=source.schema), *frames])
        return Facts(newest(together, source.key), events, rejected)

    async for records in log.read(bootstrap, partition, offsets):
        with _uncollected():
            found, impossible = decoded(records, source.decode)
            frames.append(source.fold(found))
        rejected += impossible
        events += len(records)
        position = records[-1].offset + 1
        if events >= size and position < offsets[1]:
            yield gathered(), position
            frames, rejected, events = [], [], 0
    yield gathered(), offsets[1]


def facts(bootstrap: str, partition: Partition, offsets: Range) -> Facts:
    """All facts of a range of a partition. Raises Flooded, aiokafka.errors.KafkaError."""

    async def gather() -> Facts:
        async for found, _ in chunks(bootstrap, partition, offsets, size=offsets[1] - offsets[0] + 1):
            return found
        raise AssertionError

    with _uncollected():
        return asyncio.run(gather())


def made_by(records: Sequence[Received], until: datetime) -> tuple[list[Received], list[Received]]:
    """Those of `records` that were made by `until`, by their envelope, and those made later; one whose envelope does
    not say is among the first."""
    known: list[Received] = []
    later: list[Received] = []
    for record in records:
        with suppress(Impossible):
            if attributes(record).time > until:
                later.append(record)
                continue
        known.append(record)
    return known, later


def facts_until(bootstrap: str, partition: Partition, offsets: Range, until: datetime) -> tuple[Facts, int]:
    """The facts of a range of a partition that were made by `until`, each in its newest version of then; and how many
    others may have been known then: the log holds only later versions of them, none of which is the first.

    Raises aiokafka.errors.KafkaError.
    """
    source = SOURCES[partition[0]]
    name = "unit_id" if partition[0] == ROSTERS else source.key

    async def gather() -> tuple[Facts, int]:
        frames = [pl.DataFrame(schema=source.schema)]
        rejected: Rejected = []
        first: dict[str, int] = {}
        events = 0
        async for records in log.read(bootstrap, partition, offsets):
            known, later = made_by(records, until)
            found, impossible = decoded(known, source.decode)
            frames.append(source.fold(found))
            rejected += impossible
            events += len(known)
            for one in decoded(later, source.decode)[0]:
                key = str(getattr(one, name))
                first[key] = min(one.version, first.get(key, one.version))
        facts_ = newest(pl.concat(frames), source.key)
        there = set(facts_[source.key].to_list())
        gone = sum(version > 1 and key not in there for key, version in first.items())
        return Facts(facts_, events, rejected), gone

    return asyncio.run(gather())


def each(function: Callable[..., T], calls: Sequence[tuple[Any, ...]], *, records: int) -> Iterator[T]:
    """`function` of every one of `calls`, as they are done: where `records` are worth it, in this process and others
    beside it, as many as there are cores."""
    processes = 1 if records < _ALONE_BELOW else min(os.cpu_count() or 1, len(calls), _MOST_PROCESSES)
    if processes <= 1:
        for call in calls:
            yield function(*call)
        return
    left, running = deque(calls), set[Future[T]]()
    with _executor(processes - 1) as executor:
        while left or running:
            while left and len(running) < processes - 1:
                running.add(executor.submit(function, *left.popleft()))
            if left:
                yield function(*left.popleft())
            done, running = wait(running, timeout=0 if left else None, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without looking for cycles: thousands of events hold none, and looking takes as long as decoding them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def _executor(processes: int) -> Iterator[Executor]:
    # "spawn": a fork would take this process's threads' locks along, held (Python manual, multiprocessing).
    executor = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_end_with_parent)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """A process of the pool does not see that its parent was killed: it would go on, perhaps into the tables of the
    next rebuild, and then wait for more without end."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent.sentinel,), name="parent", daemon=True).start()


def _end_after(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
