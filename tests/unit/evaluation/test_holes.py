"""Which offsets a batch left out."""

from services.evaluation.backfill import holes
from shared.envelope import Received
from shared.kafka.positions import Partition, Position


def records(*offsets: int, partition: int = 0) -> list[Received]:
    return [Received("t", partition, offset, None, b"", ()) for offset in offsets]


def standing(*next_offsets: int) -> dict[Partition, Position]:
    return {("t", number): Position(offset, 0) for number, offset in enumerate(next_offsets)}


def test_a_batch_that_follows_its_position_has_none() -> None:
    assert holes(records(5, 6, 7), standing(5)) == {}


def test_what_is_merged_already_is_no_hole() -> None:
    assert holes(records(3, 4, 5, 6), standing(5)) == {}


def test_a_batch_that_begins_later_left_its_beginning_out() -> None:
    assert holes(records(8, 9), standing(5)) == {("t", 0): (5, 8)}


def test_several_holes_are_read_in_one_go() -> None:
    assert holes(records(6, 9), standing(5)) == {("t", 0): (5, 9)}


def test_each_partition_is_looked_at_by_itself() -> None:
    assert holes([*records(5), *records(2, partition=1)], standing(5, 0)) == {("t", 1): (0, 2)}


def test_order_within_a_batch_does_not_matter() -> None:
    assert holes(records(7, 5, 6), standing(5)) == {}
