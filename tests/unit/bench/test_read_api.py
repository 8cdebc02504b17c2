"""What the bench of the read API calls met."""

import pytest

from bench.freshness import Spread
from bench.read_api import Phase


@pytest.mark.parametrize(
    ("answers", "p99", "meets"),
    [
        ({"200": 100}, 0.020, True),
        ({"200": 60, "304": 40}, 0.020, True),
        ({"200": 100}, 0.026, False),
        ({"200": 99, "429": 1}, 0.020, False),
        ({"200": 99, "0": 1}, 0.020, False),
    ],
)
def test_a_bar_is_met_by_all_or_not_at_all(answers: dict[str, int], p99: float, meets: bool) -> None:
    reading = Spread.of([p99] * 100)
    assert Phase(500, 0.0, 100, 500, answers, reading, 50, None, None).meets_bar is meets
