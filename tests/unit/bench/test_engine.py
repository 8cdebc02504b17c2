"""Counts of several logs put together: a part that is zero in all is left out, as everywhere."""

from bench.engine import together


def test_what_cancels_out_is_left_out() -> None:
    at = ("unit", "2025-12")
    parts = [{at: {"held": 1, "above": 50}}, {at: {"held": 2, "above": -50}}]
    assert together(parts) == {at: {"held": 3}}
    assert together([{at: {"above": 50}}, {at: {"above": -50}}]) == {}
