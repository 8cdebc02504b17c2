"""Targets against plan and time."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from services.evaluation.domain.targets import Known, figure, share_of_time

WHOLE = Known(
    target_id=UUID(int=1),
    unit_id=UUID(int=11),
    year=2025,
    kind="new_members",
    measure="members",
    direction="at_least",
    adds_up=True,
    value=10.0,
    due_on=date(2025, 12, 31),
    part_of=None,
    reported_on=None,
    reported=None,
)
DAY = date(2025, 6, 30)


def part(number: int, of: Known = WHOLE, **changes: Any) -> Known:
    return msgspec.structs.replace(of, target_id=UUID(int=number), part_of=of.target_id, **changes)


def test_the_units_own_report_goes_before_its_parts() -> None:
    told = msgspec.structs.replace(WHOLE, reported=7.0, reported_on=date(2025, 6, 1))
    found = figure(told, {WHOLE.target_id: [part(2, reported=1.0), part(3)]}, DAY)
    assert (found.reached, found.own_report, found.parts, found.parts_reporting) == (7.0, True, 2, 1)
    assert (found.share_of_plan, found.standing) == (0.7, "ahead")


def test_without_one_the_lowest_parts_make_it_up() -> None:
    middle = part(2)
    below = {
        WHOLE.target_id: [middle, part(3, reported=2.0)],
        middle.target_id: [part(4, middle, reported=1.0), part(5)],
    }
    found = figure(WHOLE, below, DAY)
    assert (found.reached, found.own_report, found.parts, found.parts_reporting) == (3.0, False, 3, 2)
    assert found.standing == "behind"


def test_shares_of_percent_do_not_add_up() -> None:
    whole = msgspec.structs.replace(WHOLE, adds_up=False, measure="percent")
    found = figure(whole, {WHOLE.target_id: [part(2, reported=50.0)]}, DAY)
    assert (found.reached, found.share_of_plan, found.standing) == (None, None, None)


@pytest.mark.parametrize(
    ("direction", "value", "reported", "standing"),
    [
        ("at_least", 10.0, 10.0, "reached"),
        ("at_least", 10.0, 4.9, "behind"),
        ("at_least", 10.0, 5.0, "ahead"),
        ("at_least", 0.0, 0.0, "reached"),
        ("at_most", 3.0, 3.0, "within"),
        ("at_most", 3.0, 4.0, "exceeded"),
        ("at_most", 0.0, 1.0, "exceeded"),
    ],
)
def test_where_a_target_stands(direction: str, value: float, reported: float, standing: str) -> None:
    told = msgspec.structs.replace(WHOLE, direction=direction, value=value, reported=reported, reported_on=DAY)
    assert figure(told, {}, DAY).standing == standing


def test_the_time_that_is_over_lies_between_none_and_all() -> None:
    assert share_of_time(2025, date(2025, 12, 31), date(2024, 12, 31)) == 0.0
    assert share_of_time(2025, date(2025, 12, 31), date(2025, 1, 1)) == round(1 / 365, 4)
    assert share_of_time(2025, date(2025, 6, 30), date(2025, 6, 30)) == 1.0
    assert share_of_time(2025, date(2025, 6, 30), date(2026, 1, 1)) == 1.0


def test_parts_in_a_circle_end() -> None:
    first, second = part(2, reported=None), part(3, reported=1.0)
    found = figure(first, {first.target_id: [second], second.target_id: [first]}, DAY)
    assert found.reached == 1.0
