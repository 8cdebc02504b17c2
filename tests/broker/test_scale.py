"""More workers and fewer, more provinces under one root: no figure changes."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from uuid import UUID

import pytest
from kafka import KafkaConsumer, TopicPartition

from tests.broker.conftest import Province, Worker
from tests.broker.load import Load
from tests.broker.test_evaluation_worker import (
    BRANCHES,
    DEAD_LETTERS,
    DISTRICT,
    MEETINGS,
    PROVINCE,
    poison,
    require_set_aside_once,
    tree,
)
from tests.support.events import meeting, unit
from tests.support.waiting import until

_PARTITIONS = 12
_APPLIED, _DUPLICATE = (
    f'nenep_merge_events_total{{outcome="{outcome}",topic="{MEETINGS}"}}' for outcome in ("applied", "duplicate")
)


def _works(worker: Worker, since: float = 0.0) -> bool:
    return worker.metric(_APPLIED) > since


def _ends(province: Province) -> dict[int, int]:
    consumer = KafkaConsumer(bootstrap_servers=province.servers.bootstrap, enable_auto_commit=False)
    try:
        ends = consumer.end_offsets([TopicPartition(MEETINGS, number) for number in range(_PARTITIONS)])
        return {at.partition: end for at, end in ends.items()}
    finally:
        consumer.close(autocommit=False)


def _positions(province: Province) -> dict[int, int]:
    with province.connect() as conn:
        rows = conn.execute("select partition, next_offset from stream_position where topic = %s", (MEETINGS,))
        return {int(str(number)): int(str(offset)) for number, offset in rows}


def _merged_after(province: Province, reached: int, worker: Worker) -> bool:
    assert not worker.ended(), worker.log()
    return province.position(MEETINGS) > reached + 500


@pytest.mark.timeout(600)
def test_from_one_worker_to_three_to_one_under_load(province: Province) -> None:
    """One of the three stands still, its hands full, until the others have its partitions; then it goes on, stale."""
    province.send_units(*tree())
    first = province.another_worker(NENEP_STREAM_WITHIN="1")
    second, third = province.another_worker(), province.another_worker()
    keys = [f"poison {number}" for number in range(24)]
    first.start()
    try:
        with Load(province, BRANCHES) as load:
            until(lambda: province.held(PROVINCE) > 500, what="one worker to merge")
            second.start()
            third.start()
            for worker in (second, third):
                until(partial(_works, worker), what="each of three to merge", seconds=120)
            until(
                partial(_works, first, since=first.metric(_APPLIED)), what="the first to go on beside them", seconds=120
            )
            province.send(*map(poison, keys))
            first.pause()
            until(lambda: len(province.members()) == 2, what="the group to see that one does not answer")
            until(lambda: _set_aside(province) == len(keys), what="two to read what the third holds", seconds=120)
            first.resume()
            again = partial(_works, first, since=first.metric(_APPLIED))
            until(again, what="the one that stood still to work again", seconds=120)
            dropped = first.metric(_DUPLICATE)
            first.kill()
            until(
                partial(_merged_after, province, province.position(MEETINGS), second),
                what="two to go on after one was killed",
                seconds=120,
            )
            assert second.terminate() == 0
            until(
                partial(_merged_after, province, province.position(MEETINGS), third),
                what="one to go on after another ended",
                seconds=120,
            )
        until(lambda: _positions(province) == _ends(province), what="every partition merged to its end", seconds=120)
        assert all(end > 0 for end in _ends(province).values())
        require_set_aside_once(province, keys)
        assert dropped > 0, "the one that stood still held nothing that others merged"
        _require_counts(province, load.held)
        assert province.held(PROVINCE) == province.held(DISTRICT) == sum(load.held.values())
        province.rebuilt("--verify")
    finally:
        for worker in (first, second, third):
            worker.kill()


def _set_aside(province: Province) -> int:
    return int(province.scalar("select count(distinct key) from outbox where topic = %s", DEAD_LETTERS))


def _require_counts(province: Province, held: Mapping[UUID, int]) -> None:
    assert {unit_id: province.held(unit_id) for unit_id in held} == dict(held)


def test_three_provinces_under_one_root_add_up(province: Province) -> None:
    """A root above provinces is a unit like another: what it has is what they have, and theirs what branches have."""
    root = UUID(int=900)
    above: dict[UUID, list[UUID]] = {}
    units = [unit(root, None, kind="province_committee", level="province")]
    branches: list[UUID] = []
    for number in range(1, 4):
        provincial, district = UUID(int=1000 * number), UUID(int=1000 * number + 1)
        units += [
            unit(provincial, root, kind="province_committee", level="province"),
            unit(district, provincial, kind="direct_committee", level="district"),
        ]
        for place in range(5):
            branch = UUID(int=1000 * number + 10 + place)
            units.append(unit(branch, district, kind="grassroots_branch", level="grassroots"))
            above[branch] = [branch, district, provincial, root]
            branches.append(branch)
    province.send_units(*units)
    province.worker.start()
    with Load(province, branches) as load:
        until(lambda: province.held(root) > 1500, what="all provinces' figures")
        moved = branches[0]
        province.send_meetings(*(meeting(moved, "2025-03") for _ in range(7)))
    until(lambda: _positions(province) == _ends(province), what="every partition merged to its end")
    load.held[moved] += 7
    counts: Counter[UUID] = Counter()
    for branch, held in load.held.items():
        for unit_id in above[branch]:
            counts[unit_id] += held
    _require_counts(province, counts)
    assert province.held(root) == sum(province.held(UUID(int=1000 * number)) for number in (1, 2, 3))
    province.rebuilt("--verify")
