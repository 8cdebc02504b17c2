"""Open-loop load, and the pairing of answers with what a reader saw."""

import threading
import time
from itertools import pairwise

import pytest

from bench.load import Shot, Watcher, attribute, between, offer


def test_each_answer_is_paired_with_the_first_reading_that_counts_it() -> None:
    seen = [(0.9, 5), (1.1, 6), (1.5, 8), (2.0, 8)]
    assert attribute([1.0, 1.2, 1.4], seen, base=5) == pytest.approx([0.1, 0.3, 0.1])


def test_answers_are_paired_in_the_order_of_their_moments() -> None:
    assert attribute([1.4, 1.0, 1.2], [(1.1, 1), (1.5, 3)], base=0) == pytest.approx([0.1, 0.3, 0.1])


def test_a_change_that_was_visible_before_its_answer_waited_less_than_nothing() -> None:
    assert attribute([1.0], [(0.8, 1)], base=0) == pytest.approx([-0.2])


def test_an_answer_that_was_never_counted_is_not_passed_over() -> None:
    with pytest.raises(ValueError, match="1 of 2"):
        attribute([1.0, 1.1], [(1.2, 1)], base=0)


def test_requests_leave_at_their_moments_though_answers_are_slow() -> None:
    barrier = threading.Barrier(8)

    def send(number: int) -> int:
        barrier.wait(timeout=30)  # nobody is answered until all have left
        return 200 + number

    shots = offer(send, 8, rate=100)
    assert [shot.status for shot in shots] == list(range(200, 208))
    gaps = [later.intended - earlier.intended for earlier, later in pairwise(shots)]
    assert gaps == pytest.approx([0.01] * 7)
    # The first was answered only after the last had left, and its latency says so.
    assert shots[0].answered >= shots[-1].intended
    assert shots[0].latency >= 0.07 - 1e-6


def test_latency_is_from_the_intended_moment() -> None:
    assert Shot(intended=1.0, answered=1.5, status=200).latency == 0.5


def test_a_watcher_remembers_when_the_count_was_seen() -> None:
    counts = iter([3, 3, 4])
    last = 4

    watcher = Watcher(lambda: next(counts, last), 0.001)
    began = time.perf_counter()
    watcher.start()
    assert watcher.wait_for(4, timeout=30)
    watcher.stop()
    assert [count for _, count in watcher.seen[:3]] == [3, 3, 4]
    moments = [moment for moment, _ in watcher.seen]
    assert moments == sorted(moments)
    assert moments[0] >= began
    assert len(watcher.reading) == len(watcher.seen)


def test_a_count_that_never_comes_is_not_waited_for_for_ever() -> None:
    watcher = Watcher(lambda: 1, 0.001)
    watcher.start()
    assert not watcher.wait_for(2, timeout=0.05)
    watcher.stop()


def test_what_a_histogram_counted_between_two_readings() -> None:
    infinite = float("inf")
    assert between({0.1: 2.0, infinite: 3.0}, {0.1: 2.0, 0.5: 4.0, infinite: 8.0}) == {
        0.1: 0.0,
        0.5: 4.0,
        infinite: 5.0,
    }
