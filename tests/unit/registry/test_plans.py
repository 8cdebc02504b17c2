"""Shares of plans and time, differences of breakdowns, and spans of assignments."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import assignments, plans, targets
from services.registry.domain.assignments import Assignment
from services.registry.domain.rules import TargetKind
from services.registry.domain.targets import Target
from shared.errors import Conflict
from tests.unit.registry.examples import span, unit

MEMBERS = TargetKind("Kết nạp", "New members", "members", "at_least", adds_up=True)
SHARE = TargetKind("Tỷ lệ", "Share", "percent", "at_least", adds_up=False)
TARGET = Target(UUID(int=1), UUID(int=2), 2026, "new_members", Decimal(12), date(2026, 12, 31), UUID(int=3), "NQ 05")
FOLLOWS = Assignment(UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4), date(2026, 1, 1), date(2026, 6, 1))
BRANCH = unit(4, span("branch", 3))


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2025, 12, 31), 0.0),
        (date(2026, 1, 1), 0.27),
        (date(2026, 7, 2), 50.14),
        (date(2026, 12, 31), 100.0),
        (date(2027, 5, 1), 100.0),
    ],
)
def test_time_runs_from_the_first_of_january_to_the_day_it_is_due(day: date, percent: float) -> None:
    assert plans.percent_of_time(2026, date(2026, 12, 31), day) == percent


def test_a_share_of_nothing_is_none() -> None:
    assert plans.percent(3, 0) is None
    assert plans.percent(Decimal("1.5"), 12) == 12.5


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=20))
def test_the_difference_that_a_refusal_names_is_the_one_that_is_accepted(parts: list[Decimal]) -> None:
    difference = targets.difference(TARGET, parts)

    assert targets.difference_fault(TARGET, parts, difference, MEMBERS) is None
    refused = targets.difference_fault(TARGET, parts, difference + 1, MEMBERS)
    assert refused is not None
    assert f"difference {difference}" in refused.message.en
    assert sum(parts) == TARGET.value + difference


def test_shares_need_not_add_up() -> None:
    assert targets.difference_fault(TARGET, [Decimal(1)], Decimal(0), SHARE) is None
    assert [fault.rule for fault in targets.value_faults("value", Decimal(101), SHARE)] == ["value-range"]
    assert list(targets.value_faults("value", Decimal(101), MEMBERS)) == []


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "rules"),
    [
        (date(2026, 6, 1), None, []),
        (date(2025, 1, 1), date(2026, 1, 1), []),
        (date(2026, 5, 31), None, ["assignment-overlap"]),
        (date(2025, 1, 1), None, ["assignment-overlap"]),
        (date(2026, 6, 1), date(2026, 6, 1), ["span-empty"]),
        (date(2009, 1, 1), date(2010, 1, 1), ["branch-not-in-force"]),
    ],
)
def test_spans_of_one_pair_do_not_overlap(valid_from: date, valid_to: date | None, rules: list[str]) -> None:
    new = Assignment(UUID(int=9), FOLLOWS.member_id, FOLLOWS.committee_id, FOLLOWS.branch_id, valid_from, valid_to)

    assert [fault.rule for fault in assignments.faults(new, BRANCH, [FOLLOWS])] == rules


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 6, 2)])
def test_an_assignment_ends_within_its_days(day: date) -> None:
    assert assignments.ended(FOLLOWS, date(2026, 3, 1)).valid_to == date(2026, 3, 1)
    assert assignments.ended(FOLLOWS, date(2026, 6, 1)) == FOLLOWS
    with pytest.raises(Conflict):
        assignments.ended(FOLLOWS, day)
