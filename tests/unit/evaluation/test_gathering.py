"""Batches that may be merged beside each other: none of a partition that is in hand, each partition in its order."""

from collections import defaultdict
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from services.evaluation.gathering import Gathering, partition_of


def event(partition: int, *offsets: int) -> Any:
    return SimpleNamespace(message=SimpleNamespace(topic="t", partition=partition, value=offsets))


def values(batch: Any) -> list[tuple[int, ...]]:
    return [one.message.value for one in batch]


def test_a_batch_holds_no_more_than_it_may_unless_one_run_does() -> None:
    gathered = Gathering(most=5, lanes=1)
    for one in (event(0, 1, 2, 3), event(1, 1, 2), event(2, 1), event(3, *range(9))):
        gathered.add(one)
    first = gathered.next_batch()
    assert values(first) == [(1, 2, 3), (1, 2)]
    assert gathered.records == 10
    assert gathered.next_batch() == ()
    gathered.merged(first)
    second = gathered.next_batch()
    assert values(second) == [(1,)]
    gathered.merged(second)
    assert values(gathered.next_batch()) == [tuple(range(9))]


def test_a_partition_in_hand_waits_for_its_turn() -> None:
    gathered = Gathering(most=4, lanes=2)
    for one in (event(0, 1, 2), event(1, 1, 2), event(0, 3), event(2, 1), event(1, 3), event(3, 1)):
        gathered.add(one)
    first, second = gathered.next_batch(), gathered.next_batch()
    assert (values(first), values(second)) == ([(1, 2), (1, 2)], [(1,), (1,)])
    assert gathered.next_batch() == ()
    gathered.merged(second)
    gathered.merged(first)
    assert values(gathered.next_batch()) == [(3,), (3,)]


def test_a_run_that_does_not_fit_holds_back_what_follows_it_in_its_partition() -> None:
    gathered = Gathering(most=3, lanes=1)
    for one in (event(0, 1, 2), event(1, 1, 2), event(1, 3), event(2, 1)):
        gathered.add(one)
    assert values(gathered.next_batch()) == [(1, 2), (1,)]


def test_the_oldest_waits_from_when_it_came() -> None:
    now = 10.0
    gathered = Gathering(most=2, lanes=1, clock=lambda: now)
    assert gathered.waited == 0
    gathered.add(event(0, 1))
    now = 11.0
    gathered.add(event(0, 2))
    gathered.add(event(1, 1))
    now = 13.0
    assert gathered.waited == 3
    batch = gathered.next_batch()
    assert gathered.waited == 2, "what is merged waits no more, what is left does since it came"
    gathered.merged(batch)
    gathered.next_batch()
    assert gathered.waited == 0


def test_a_second_batch_is_not_begun_for_a_little() -> None:
    gathered = Gathering(most=10, lanes=2)
    gathered.add(event(0, 1))
    assert values(gathered.next_batch()) == [(1,)]
    for partition in (1, 2, 3, 4):
        gathered.add(event(partition, 1))
    assert gathered.next_batch() == ()
    gathered.add(event(5, 1))
    assert len(gathered.next_batch()) == 5


@pytest.mark.parametrize("seed", range(20))
def test_each_partition_is_handed_out_whole_and_in_its_order(seed: int) -> None:
    rng = Random(seed)
    gathered = Gathering(most=rng.randint(1, 30), lanes=rng.randint(1, 3))
    came: dict[tuple[str, int], int] = defaultdict(int)
    merged: dict[tuple[str, int], int] = defaultdict(int)
    in_hand: list[Any] = []
    for step in range(600):
        if step < 400 and rng.random() < 0.6:
            partition = ("t", rng.randrange(6))
            begin = came[partition]
            came[partition] += rng.randint(1, 12)
            gathered.add(event(partition[1], *range(begin, came[partition])))
        if batch := gathered.next_batch():
            at_work = [partition_of(one) for other in in_hand for one in other]
            assert not {partition_of(one) for one in batch} & set(at_work)
            in_hand.append(batch)
        if in_hand and rng.random() < 0.5:
            done = in_hand.pop(rng.randrange(len(in_hand)))
            for one in done:
                assert one.message.value[0] == merged[partition_of(one)]
                merged[partition_of(one)] = one.message.value[-1] + 1
            gathered.merged(done)
    assert merged == came
    assert (gathered.records, gathered.idle) == (0, True)
