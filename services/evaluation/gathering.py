"""What waits to be merged: runs of records, handed out in batches that may be merged beside each other.

Two batches are never of the same partition: what a partition holds is merged and acked in its order. They may well add
to the same sums: each locks those last and in one order, as those of two workers do (merge.py).
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

LANES: Final = 2
"""Batches of facts merged at once: while PostgreSQL works on one, another is decoded."""

Partition = tuple[str, int]


class Gathering:
    """Events that carry runs, in the order they came, of `records` in all; up to `most` records go into a batch, and up
    to `lanes` batches are in hand at once."""

    def __init__(self, most: int, lanes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._lanes = lanes
        self._clock = clock
        self._waiting: deque[tuple[float, Any]] = deque()
        self._in_hand: set[Partition] = set()
        self._batches = 0
        self.records = 0

    def add(self, event: Any) -> None:
        """An event came."""
        self._waiting.append((self._clock(), event))
        self.records += len(event.message.value)

    @property
    def full(self) -> bool:
        """Whether enough waits for every batch that may be merged at once."""
        return self.records >= self._lanes * self._most

    @property
    def idle(self) -> bool:
        """Whether nothing is being merged."""
        return not self._batches

    @property
    def waited(self) -> float:
        """Seconds for which the oldest has waited; 0 when nothing waits."""
        return self._clock() - self._waiting[0][0] if self._waiting else 0.0

    def next_batch(self) -> Sequence[Any]:
        """The next batch, of partitions that are not being merged; empty when there is none, or no second one worth a
        transaction of its own."""
        if self._batches >= self._lanes or (self._batches and self.records < self._most // 2):
            return ()
        batch, left, records = list[Any](), deque[tuple[float, Any]](), 0
        passed = set(self._in_hand)
        while self._waiting:
            came, event = self._waiting.popleft()
            at = partition_of(event)
            if at in passed or (batch and records + len(event.message.value) > self._most):
                passed.add(at)
                left.append((came, event))
            else:
                batch.append(event)
                records += len(event.message.value)
        self._waiting = left
        if batch:
            self._in_hand |= {partition_of(event) for event in batch}
            self._batches += 1
            self.records -= records
        return batch

    def merged(self, batch: Sequence[Any]) -> None:
        """A batch that was handed out is merged and acked."""
        self._in_hand -= {partition_of(event) for event in batch}
        self._batches -= 1


def partition_of(event: Any) -> Partition:
    """Where an event's records lie."""
    return event.message.topic, event.message.partition
