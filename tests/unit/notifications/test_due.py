"""Which months are due."""

from datetime import date, datetime

import pytest

from services.notifications.domain.due import due_months
from services.notifications.domain.rules import Missing, Version
from shared.clock import LOCAL

RULE = (
    Version(date(2020, 1, 1), date(2026, 6, 1), Missing(report_days=2), "issuer", "earlier"),
    Version(date(2026, 6, 1), None, Missing(report_days=5), "issuer", "later"),
)


def periods(now: datetime, through: str | None, lookback: int = 3) -> list[str]:
    return [month.period for month in due_months(now, through, lookback, RULE)]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (datetime(2026, 6, 2, 23, 59, 59, tzinfo=LOCAL), []),
        (datetime(2026, 6, 3, 0, 0, tzinfo=LOCAL), ["2026-05"]),
        (datetime(2026, 7, 5, 23, 59, tzinfo=LOCAL), ["2026-05"]),
        (datetime(2026, 7, 6, 0, 0, tzinfo=LOCAL), ["2026-05", "2026-06"]),
    ],
)
def test_a_month_is_due_when_its_last_reporting_day_is_over_in_viet_nam(now: datetime, expected: list[str]) -> None:
    assert periods(now, "2026-04") == expected


def test_months_examined_are_not_due_again() -> None:
    assert periods(datetime(2026, 5, 20, tzinfo=LOCAL), "2026-04") == []


def test_no_month_is_further_back_than_the_lookback() -> None:
    now = datetime(2026, 1, 20, tzinfo=LOCAL)
    assert periods(now, None) == periods(now, "2021-01") == ["2025-10", "2025-11", "2025-12"]
    assert periods(now, None, lookback=1) == ["2025-12"]


def test_a_month_before_the_rule_is_passed_over() -> None:
    assert periods(datetime(2020, 2, 20, tzinfo=LOCAL), None) == ["2020-01"]


def test_the_last_reporting_day_follows_the_version_of_the_months_end() -> None:
    (may, june) = due_months(datetime(2026, 7, 20, tzinfo=LOCAL), "2026-04", 3, RULE)
    assert (may.due_on, june.due_on) == (date(2026, 6, 2), date(2026, 7, 5))
