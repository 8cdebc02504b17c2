"""Days, months and sums over a tree, for the oracle."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Final

VIET_NAM: Final = timezone(timedelta(hours=7))
REPORT_WITHIN_DAYS: Final = 2


def add(
    units: Mapping[str, dict[str, int]], tree: Mapping[str, str | None], code: str, parts: Mapping[str, int]
) -> None:
    """Add `parts` to the unit `code` and to every unit above it in `tree` (the code above each code)."""
    at: str | None = code
    while at is not None:
        of_unit = units[at]
        for name, value in parts.items():
            of_unit[name] += value
        at = tree[at]


def local_day(instant: datetime) -> date:
    """The day it is in Việt Nam."""
    return instant.astimezone(VIET_NAM).date()


def month_of(day: date) -> str:
    """The month of a day, as 2025-06."""
    return f"{day.year:04d}-{day.month:02d}"


def is_closed(month: str, today: date) -> bool:
    """Whether the last day on which a meeting of `month` could be reported in time has passed."""
    year, number = int(month[:4]), int(month[5:])
    following = date(year + number // 12, number % 12 + 1, 1)
    return today >= following + timedelta(days=REPORT_WITHIN_DAYS)
