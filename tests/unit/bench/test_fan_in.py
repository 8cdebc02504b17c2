"""What a message costs, reckoned from what was seen of a run."""

from bench.engine import Run
from bench.fan_in import Point

_LIVE = Run(
    seconds=10.0,
    messages_per_second=100.0,
    processor_seconds=9.0,
    peak_mb=1.0,
    first_after_seconds=2.0,
    database_seconds=3.0,
    starting_seconds=4.0,
    starting_database_seconds=1.0,
    starting_messages=300,
)
_REBUILD = Run(seconds=2.0, messages_per_second=500.0, processor_seconds=2.0, peak_mb=1.0, database_seconds=1.0)


def _point(messages: int) -> Point:
    return Point(1, 10, 500, messages, 20, _LIVE, _REBUILD)


def test_what_was_merged_by_the_first_look_counts_neither_as_cost_nor_as_work() -> None:
    """Its cost cannot be told from that of starting: taken out alone it would make every message look cheaper."""
    point = _point(1000)
    assert point.microseconds(point.live) == 1e6 * (5.0 + 2.0) / 700
    assert point.per_million_meetings(point.live) == 1e6 * (5.0 + 2.0) / 700 * 1000 / 500


def test_a_rebuild_costs_all_it_took() -> None:
    point = _point(1000)
    assert point.microseconds(point.rebuild) == 1e6 * 3.0 / 1000


def test_one_batch_costs_what_the_worker_took() -> None:
    point = _point(300)
    assert point.microseconds(point.live) == 1e6 * 12.0 / 300
