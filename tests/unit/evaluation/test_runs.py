"""Runs of records in Faust's own books, without a broker: what is acked is committed, whole, and nothing else."""

import asyncio
from collections.abc import Iterator
from random import Random
from types import SimpleNamespace
from typing import Any

import faust
import pytest
from faust.transport.base import Fetcher
from faust.types import TP

from services.evaluation.runs import Consumer, Transport, in_runs_of

AT = TP("t", 0)
Fetched = dict[TP, list[Any]]


def record(offset: int) -> Any:
    return SimpleNamespace(topic=AT.topic, partition=AT.partition, offset=offset, timestamp=1, timestamp_type=0)


def test_what_is_fetched_is_handed_over_in_runs_from_the_partitions_in_turn() -> None:
    other = TP("t", 1)
    fetched = {AT: [record(offset) for offset in range(5)], other: [record(offset) for offset in range(2)]}
    handed = [(at, run.offset, len(run.value)) for at, run in in_runs_of(2)().iterate(fetched)]
    assert handed == [(AT, 1, 2), (other, 1, 2), (AT, 3, 2), (AT, 4, 1)]


class Fed(Consumer):
    """Faust's consumer of a log that is fetched in these portions."""

    portions: Iterator[Fetched] = iter(())

    async def _getmany(self, active_partitions: set[TP] | None, timeout: float) -> Fetched:
        found = next(self.portions, None)
        if found is None:
            self._stopped.set()
        return found or {}

    def highwater(self, tp: TP) -> int:
        return 0


class FedTransport(Transport):
    Consumer = Fed


def log(rng: Random, begin: int) -> Iterator[Fetched]:
    """Forty portions, a fifth of them with holes as compaction leaves them, often of one record."""
    for _ in range(40):
        count = rng.choice((1, 1, 2, 3, 50))
        holes = rng.random() < 0.2
        offsets = sorted(rng.sample(range(begin, begin + 2 * count), count)) if holes else range(begin, begin + count)
        begin = offsets[-1] + 1
        yield {AT: [record(offset) for offset in offsets]}


@pytest.mark.parametrize("stood", [None, 1, 2, 1000])
@pytest.mark.parametrize("seed", range(8))
def test_offsets_follow_what_is_acked(stood: int | None, seed: int) -> None:
    """Holes are committed over; a run that is not acked is not; what is acked is committed at the next commit."""
    asyncio.run(_follow(stood, Random(seed)))


async def _follow(stood: int | None, rng: Random) -> None:
    app = faust.App("test", broker="kafka://127.0.0.1:9", web_enabled=False, ConsumerScheduler=in_runs_of(20))
    app.transport = FedTransport(app.conf.broker_consumer, app)
    app.topics.acking_topics.add(AT.topic)
    waiting: list[Any] = []
    done = stood or 0

    async def came(message: Any) -> None:
        nonlocal done
        message.incref()
        waiting.append(message)
        for _ in range(rng.randint(0, len(waiting))):
            acked = waiting.pop(0)
            acked.ack(books)
            done = acked.offset + 1
        offset = books._new_offset(AT)
        if offset is not None and books._should_commit(AT, offset):
            books._committed_offset[AT] = offset
        assert (books._committed_offset[AT] or 0) == done

    books: Any = app.transport.create_consumer(
        callback=came, on_partitions_revoked=came, on_partitions_assigned=came, beacon=app.beacon
    )
    books.portions = log(rng, stood or 0)
    books._set_active_tps({AT})
    books._read_offset[AT], books._committed_offset[AT] = stood, stood
    await books._drain_messages(Fetcher(app))
    assert done > (stood or 0)
    books._thread.thread_loop.close()
