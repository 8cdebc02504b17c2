"""The limit on the best grade, by comparison group."""

from datetime import date
from uuid import UUID, uuid4

import pytest

from services.evaluation.domain import classification as domain
from services.evaluation.domain.classification import Grade, Limit
from services.evaluation.domain.committees import Place, Rule

LIMIT = Limit(20, "excellent", ("excellent", "good"), ("type",))
RULE = Rule(date(2018, 1, 1), None, LIMIT, "Bộ Chính trị", "20 %")


def group(excellent: int, good: int, completed: int = 0) -> tuple[dict[UUID, Grade], list[Place]]:
    """The grades of a group, and its units."""
    counts: dict[Grade, int] = {"excellent": excellent, "good": good, "completed": completed}
    grades = {uuid4(): grade for grade, count in counts.items() for _ in range(count)}
    return grades, [Place(unit_id, f"U-{n}", "", "branch", "ward", None) for n, unit_id in enumerate(grades)]


@pytest.mark.parametrize(
    ("excellent", "good", "completed", "kept"),
    [(1, 4, 0, True), (1, 3, 9, False), (2, 8, 0, True), (2, 7, 0, False), (0, 0, 3, True), (1, 0, 0, False)],
)
def test_the_limit_is_of_those_graded_well_or_better_and_not_rounded_up(
    excellent: int, good: int, completed: int, kept: bool
) -> None:
    found, places = group(excellent, good, completed)
    assert domain.allowance(list(found.values()), LIMIT).is_kept is kept
    assert bool([*domain.limit_faults(found, places, RULE, "decisions")]) is not kept


def test_the_refusal_says_how_many_are_allowed_and_who_is_in_the_group() -> None:
    (fault,) = domain.limit_faults(*group(2, 3), RULE, "decisions")
    assert "at most 1 may be" in fault.message.en
    assert all(f"U-{n}" in fault.message.vi for n in range(5))
    assert fault.source == "Bộ Chính trị: 20 %"


def test_units_of_another_type_or_kind_are_another_group() -> None:
    branch = Place(uuid4(), "", "", "branch", "ward", None)
    other = Place(uuid4(), "", "", "branch", "commune", None)
    committee = Place(uuid4(), "", "", "direct_committee", None, None)
    assert [domain.group_of(one, LIMIT) for one in (branch, other, committee)] == [
        "branch/ward",
        "branch/commune",
        "direct_committee",
    ]


@pytest.mark.parametrize(
    ("period", "fits"), [("2025", True), ("2025-Q4", True), ("2025-06", False), ("2025-H1", False)]
)
def test_units_are_classified_by_quarter_or_year(period: str, fits: bool) -> None:
    assert (domain.period_fault(period) is None) is fits
