"""What targets, inspection plans, training classes and assignments share."""

from datetime import date
from decimal import Decimal
from typing import Final

from services.registry.domain.spans import FAR, vi
from services.registry.domain.units import OPENING
from shared.errors import Fault, Text


def percent(part: Decimal | int, whole: Decimal | int) -> float | None:
    """`part` of `whole` in percent, to two places; None of nothing."""
    return round(float(100 * Decimal(part) / Decimal(whole)), 2) if whole else None


def percent_of_time(year: int, due_on: date, day: date) -> float:
    """How much of the time from 1 January of `year` to `due_on` is over at the end of `day`, in percent, 0 to 100."""
    first = date(year, 1, 1)
    whole, gone = (due_on - first).days + 1, (day - first).days + 1
    return round(100 * min(max(gone / whole, 0.0), 1.0), 2)


def year_and_due_faults(year: int, due_on: date) -> list[Fault]:
    """What is wrong with the year of a plan and the day it is due."""
    if not OPENING.year <= year < FAR.year:
        message = Text(
            f"Năm phải từ {OPENING.year} đến {FAR.year - 1}.",
            f"The year must lie from {OPENING.year} to {FAR.year - 1}.",
        )
        return [Fault("year", "year", message)]
    first = date(year, 1, 1)
    if not first <= due_on < FAR:
        message = Text(
            f"Hạn phải từ {vi(first)} và trước {vi(FAR)}. Hãy sửa due_on hoặc year.",
            f"The day it is due must not lie before {first}, nor from {FAR} on. Correct due_on or year.",
        )
        return [Fault("due_on", "due-day", message)]
    return []


def not_above_fault(field: str, superior: str, unit: str) -> Fault:
    """What is said of a unit that sets something for one that does not stand below it."""
    return Fault(
        field,
        "not-above",
        Text(
            f"{superior} không phải là cấp trên của {unit}. Cấp trên mới được giao; chỉ đơn vị không có cấp trên mới "
            "tự đặt cho mình.",
            f"{superior} does not stand above {unit}. A superior sets this; only a unit with nobody above it sets its "
            "own.",
        ),
    )


def later_than_today_fault(field: str, today: date) -> Fault:
    """What is said of a day that has not come."""
    return Fault(
        field,
        "day-to-come",
        Text(
            f"Ngày này chưa đến (hôm nay là {vi(today)}). Chỉ ghi việc đã làm.",
            f"This day has not come yet (today is {today}). Only what has been done is recorded.",
        ),
    )


UNKNOWN_UNIT: Final = Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id.")
UNKNOWN_MEMBER: Final = Text("Không có đảng viên này. Hãy kiểm tra mã.", "There is no such member. Check the id.")
