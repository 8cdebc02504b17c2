"""Months of the calendar in Việt Nam, written `YYYY-MM`; the order of the texts is the order of the months.

Years are those from 1900 to 2199: beyond four digits the order of texts would no longer be that of months.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from shared.clock import local_day

PATTERN = r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$"


def month_of(day: date | datetime) -> str:
    """The month in which a day, or the local day of an instant, falls."""
    day = local_day(day) if isinstance(day, datetime) else day
    return f"{day.year:04d}-{day.month:02d}"


def is_month(text: str) -> bool:
    """Whether `text` is a month."""
    return re.fullmatch(PATTERN, text) is not None


def first_day(month: str) -> date:
    """The first day of `month`."""
    return date(int(month[:4]), int(month[5:]), 1)


def last_day(month: str) -> date:
    """The last day of `month`."""
    return first_day(add(month, 1)) - timedelta(days=1)


def add(month: str, count: int) -> str:
    """The month `count` months after `month` (before it, when negative)."""
    index = int(month[:4]) * 12 + int(month[5:]) - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def between(first: str, last: str) -> Iterator[str]:
    """Every month from `first` to `last`, both included."""
    while first <= last:
        yield first
        first = add(first, 1)
