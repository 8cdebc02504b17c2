"""The clock and the months of Việt Nam."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import months
from shared.clock import LOCAL, Clock, end_of_local_day, local_day
from tests.support.waiting import until

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


def test_the_real_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)


def test_a_rehearsals_clock_stands_where_its_file_says_and_follows_it(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("2026-07-31T23:30:00+07:00\n")
    clock = Clock(str(file))
    assert clock.now() == datetime(2026, 7, 31, 16, 30, tzinfo=UTC)
    assert clock.today() == date(2026, 7, 31)
    later = tmp_path / "later"
    later.write_text("2026-08-01T00:00:00+07:00")
    os.replace(later, file)
    until(lambda: clock.today() == date(2026, 8, 1), what="the file to be read again")


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 6, 30, 16, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 17, 0, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_local_day_begins_at_midnight_in_viet_nam(instant: datetime, day: date) -> None:
    assert local_day(instant) == day
    assert months.month_of(instant) == f"{day:%Y-%m}"


@given(DAYS)
def test_a_day_ends_one_microsecond_before_the_next_begins(day: date) -> None:
    end = end_of_local_day(day)
    assert local_day(end) == day
    assert local_day(end + timedelta(microseconds=1)) == day + timedelta(days=1)


@given(DAYS)
def test_a_day_lies_in_its_month(day: date) -> None:
    month = months.month_of(day)
    assert months.first_day(month) <= day <= months.last_day(month)
    assert months.month_of(months.last_day(month) + timedelta(days=1)) == months.add(month, 1)


@given(DAYS, st.integers(-500, 500))
def test_adding_months_can_be_undone_and_keeps_the_order(day: date, count: int) -> None:
    month = months.month_of(day)
    moved = months.add(month, count)
    assert months.add(moved, -count) == month
    assert (moved > month, moved == month) == (count > 0, count == 0)


def test_months_between_include_both_ends() -> None:
    assert list(months.between("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months.between("2026-02", "2026-02")) == ["2026-02"]
    assert list(months.between("2026-02", "2026-01")) == []


@pytest.mark.parametrize(
    ("text", "is_month"),
    [
        ("2026-07", True),
        ("2026-13", False),
        ("2026-00", False),
        ("2026-7", False),
        ("26-07", False),
        ("2026-07-01", False),
        ("2026-07\n", False),
    ],
)
def test_a_month_is_written_in_one_way(text: str, is_month: bool) -> None:
    assert months.is_month(text) is is_month


def test_viet_nam_is_seven_hours_ahead() -> None:
    assert datetime(2026, 1, 1, tzinfo=LOCAL).utcoffset() == timedelta(hours=7)
