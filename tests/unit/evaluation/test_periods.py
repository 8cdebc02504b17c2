"""How periods are written, what they hold, and what is said of those that are none."""

import pytest

from services.evaluation.domain import periods
from shared.errors import Unprocessable


@pytest.mark.parametrize(
    ("text", "first", "last", "length"),
    [
        ("2025-06", "2025-06", "2025-06", 1),
        ("2025-Q1", "2025-01", "2025-03", 3),
        ("2025-Q4", "2025-10", "2025-12", 3),
        ("2025-H1", "2025-01", "2025-06", 6),
        ("2025-H2", "2025-07", "2025-12", 6),
        ("2025", "2025-01", "2025-12", 12),
        ("2024-11..2025-02", "2024-11", "2025-02", 4),
        ("2025-06..2025-06", "2025-06", "2025-06", 1),
        ("2016-01..2025-12", "2016-01", "2025-12", 120),
    ],
)
def test_each_form_has_its_months(text: str, first: str, last: str, length: int) -> None:
    period = periods.parse(text)
    assert (period.key, period.first, period.last) == (text, first, last)
    assert (period.months()[0], period.months()[-1], len(period.months())) == (first, last, length)


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("2025-01", "2024-12"),
        ("2025-Q1", "2024-Q4"),
        ("2025-Q3", "2025-Q2"),
        ("2025-H1", "2024-H2"),
        ("2025-H2", "2025-H1"),
        ("2025", "2024"),
        ("2025-03..2025-08", "2024-09..2025-02"),
    ],
)
def test_the_period_before_is_of_the_same_form(text: str, before: str) -> None:
    assert periods.parse(text).previous() == periods.parse(before)


@pytest.mark.parametrize(
    ("text", "quarters"),
    [
        ("2025-Q2", ["2025-Q2"]),
        ("2025-H2", ["2025-Q3", "2025-Q4"]),
        ("2024-10..2025-03", ["2024-Q4", "2025-Q1"]),
        ("2025-06", []),
        ("2025-02..2025-04", []),
        ("2025-01..2025-04", []),
    ],
)
def test_only_a_period_of_whole_quarters_has_quarters(text: str, quarters: list[str]) -> None:
    assert [quarter.key for quarter in periods.parse(text).quarters()] == quarters


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "period-form"),
        ("2025-13", "period-form"),
        ("2025-Q5", "period-form"),
        ("2025-H3", "period-form"),
        ("1899", "period-form"),
        ("2025-06\n", "period-form"),
        ("2025..2026", "period-form"),
        ("2025-06..", "period-form"),
        ("٢٠٢٥", "period-form"),
        ("2025-08..2025-03", "period-ends-before-it-begins"),
        ("2016-01..2026-01", "period-too-long"),
    ],
)
def test_what_is_no_period_is_refused_with_the_forms_there_are(text: str, rule: str) -> None:
    assert not periods.is_period(text)
    with pytest.raises(Unprocessable) as refused:
        periods.parse(text, field="from")
    (fault,) = refused.value.faults
    assert (fault.field, fault.rule) == ("from", rule)
    if rule == "period-form":
        assert all(form in fault.message.vi for form in ("2025-06", "2025-Q2", "2025-H1", "2025-03..2025-08"))


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2025-Q2", "2024-Q2"),
        ("2025-H1", "2024-H1"),
        ("2025", "2024"),
        ("2025-06", "2024-06"),
        ("2024-11..2025-02", "2023-11..2024-02"),
    ],
)
def test_the_same_months_a_year_before(period: str, before: str) -> None:
    assert periods.year_before(periods.parse(period)).key == before
