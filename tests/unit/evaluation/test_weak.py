"""Causes of weakness, and plans."""

from datetime import date
from uuid import uuid4

import pytest

from services.evaluation.domain import weak as domain
from services.evaluation.domain.committees import Rule
from services.evaluation.domain.weak import FigureCause, Step, WeakRule

RULE = Rule(
    date(2018, 1, 1),
    None,
    WeakRule((FigureCause("attendance", "attendance_rate", 0.75, "owed", 10, "ít dự", "few attend"),), ("completed",)),
    "Tỉnh uỷ",
    "12-QĐ/TU",
)
TODAY = date(2025, 6, 30)


def seen(value: float | None, owed: int, graded: tuple[int, str] | None = None) -> list[str]:
    found = domain.causes(RULE, "2025-Q2", lambda _: value, lambda _: owed, graded)
    return [cause.code for cause in found]


@pytest.mark.parametrize(
    ("value", "owed", "is_cause"), [(0.7499, 10, True), (0.75, 10, False), (0.1, 9, False), (None, 100, False)]
)
def test_a_figure_under_its_threshold_with_enough_behind_it(value: float | None, owed: int, is_cause: bool) -> None:
    assert seen(value, owed) == (["attendance"] if is_cause else [])


def test_a_cause_says_what_it_stands_on() -> None:
    (cause,) = domain.causes(RULE, "2025-Q2", lambda _: 0.5, lambda _: 10, None)
    assert (cause.figure, cause.value, cause.threshold, cause.period, cause.source) == (
        "attendance_rate",
        0.5,
        0.75,
        "2025-Q2",
        "Tỉnh uỷ: 12-QĐ/TU",
    )


@pytest.mark.parametrize(("grade", "codes"), [("completed", ["graded-low"]), ("good", [])])
def test_a_low_grade_of_the_year_is_a_cause(grade: str, codes: list[str]) -> None:
    assert seen(0.9, 100, (2024, grade)) == codes


def test_a_step_is_overdue_from_the_day_after() -> None:
    due = Step(uuid4(), "x", TODAY)
    assert not due.is_overdue(TODAY)
    assert due.is_overdue(date(2025, 7, 1))
    assert not Step(uuid4(), "x", TODAY, done_on=TODAY).is_overdue(date(2026, 1, 1))


def test_a_step_that_is_done_stays_in_the_plan_as_it_is() -> None:
    done = Step(uuid4(), "x", TODAY, done_on=TODAY)
    left_out = [fault.rule for fault in domain.plan_faults([done], [], TODAY)]
    changed = [fault.rule for fault in domain.plan_faults([done], [Step(done.step_id, "y", TODAY)], TODAY)]
    kept = [*domain.plan_faults([done], [Step(done.step_id, "x", TODAY)], TODAY)]
    assert (left_out, changed, kept) == (["done-step-left-out"], ["step-done"], [])


def test_a_step_is_due_after_the_opening_and_named_once() -> None:
    step = Step(uuid4(), "x", date(2025, 6, 29))
    assert [fault.rule for fault in domain.plan_faults([], [step, step], TODAY)] == [
        "due-before-opened",
        "step-twice",
        "due-before-opened",
    ]
