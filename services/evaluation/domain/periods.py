"""Periods that figures are asked for: a month, a quarter, a half-year, a year, or any range of months. Pure."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from shared import months
from shared.errors import Fault, Text, Unprocessable

LONGEST: Final = 120
"""Months of the longest period."""

_YEAR = r"((?:19|20|21)[0-9]{2})"
_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[str, int], tuple[str, str]]], ...]] = (
    (re.compile(rf"{_YEAR}-(0[1-9]|1[0-2])"), lambda year, n: (f"{year}-{n:02d}", f"{year}-{n:02d}")),
    (re.compile(rf"{_YEAR}-Q([1-4])"), lambda year, n: (f"{year}-{3 * n - 2:02d}", f"{year}-{3 * n:02d}")),
    (re.compile(rf"{_YEAR}-H([12])"), lambda year, n: (f"{year}-{6 * n - 5:02d}", f"{year}-{6 * n:02d}")),
    (re.compile(rf"{_YEAR}()"), lambda year, _: (f"{year}-01", f"{year}-12")),
)
_WRITTEN = Text(
    "viết tháng như 2025-06, quý như 2025-Q2, nửa năm như 2025-H1, năm như 2025, khoảng tháng như 2025-03..2025-08",
    "write a month as 2025-06, a quarter as 2025-Q2, a half-year as 2025-H1, a year as 2025, a range of months as"
    " 2025-03..2025-08",
)


class Period(msgspec.Struct, frozen=True, order=True):
    """The months from `first` to `last`, both included; `key` is how the period is written."""

    key: str
    first: str
    last: str

    def months(self) -> tuple[str, ...]:
        """Its months, in order."""
        return tuple(months.between(self.first, self.last))

    def previous(self) -> "Period":
        """The period of the same form that ends just before this one begins; of a range, one as long."""
        length = len(self.months())
        first, last = months.add(self.first, -length), months.add(self.first, -1)
        return Period(_key_like(self.key, first, last), first, last)

    def quarters(self) -> tuple["Period", ...]:
        """Its quarters, when it is made of whole quarters; else none."""
        every = self.months()
        if self.first[5:] not in _QUARTER_BEGINS or len(every) % 3:
            return ()
        return tuple(quarter_of(month) for month in every[::3])


_QUARTER_BEGINS: Final = ("01", "04", "07", "10")


def of_month(month: str) -> Period:
    """`month` as a period."""
    return Period(month, month, month)


def quarter_of(month: str) -> Period:
    """The quarter in which `month` lies."""
    return parse(f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}")


def containing(month: str, form: str) -> Period:
    """The `month`, `quarter`, `half` or `year` (its `form`) in which `month` lies."""
    year, number = month[:4], int(month[5:])
    return parse(
        {"month": month, "quarter": f"{year}-Q{(number + 2) // 3}", "half": f"{year}-H{(number + 5) // 6}"}.get(
            form, year
        )
    )


def year_before(period: Period) -> Period:
    """The same period of the year before."""
    first, last = months.add(period.first, -12), months.add(period.last, -12)
    return Period(_key_like(period.key, first, last), first, last)


def parse(text: str, field: str = "period") -> Period:
    """The period written as `text`. Raises Unprocessable (`field` is named in it): no such form, a range that ends
    before it begins, or one of more than `LONGEST` months."""
    if (bounds := _bounds(text)) is not None:
        return Period(text, *bounds)
    begin, dots, end = text.partition("..")
    if not (dots and months.is_month(begin) and months.is_month(end)):
        raise _refused(
            field,
            "period-form",
            f"“{_shown(text)}” không phải là một kỳ: {_WRITTEN.vi}.",
            f"“{_shown(text)}” is not a period: {_WRITTEN.en}.",
        )
    if end < begin:
        raise _refused(
            field,
            "period-ends-before-it-begins",
            f"Kỳ {text} kết thúc trước khi bắt đầu: viết tháng đầu trước, {end}..{begin}.",
            f"The period {text} ends before it begins: write the first month first, {end}..{begin}.",
        )
    if months.add(begin, LONGEST) <= end:
        raise _refused(
            field,
            "period-too-long",
            f"Kỳ {text} dài hơn {LONGEST} tháng: hỏi từng khoảng ngắn hơn.",
            f"The period {text} is longer than {LONGEST} months: ask for shorter ranges.",
        )
    return Period(text, begin, end)


def is_period(text: str) -> bool:
    """Whether `text` is written as a period."""
    try:
        parse(text)
    except Unprocessable:
        return False
    return True


def _bounds(text: str) -> tuple[str, str] | None:
    for form, bounds in _FORMS:
        if match := form.fullmatch(text):
            return bounds(match[1], int(match[2] or 0))
    return None


def _key_like(key: str, first: str, last: str) -> str:
    """The months from `first` to `last`, written in the form of `key`."""
    if ".." in key:
        return f"{first}..{last}"
    if "Q" in key:
        return f"{first[:4]}-Q{(int(first[5:]) + 2) // 3}"
    if "H" in key:
        return f"{first[:4]}-H{(int(first[5:]) + 5) // 6}"
    return first if "-" in key else first[:4]


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _refused(field: str, rule: str, vi: str, en: str) -> Unprocessable:
    return Unprocessable.of([Fault(field, rule, Text(vi, en))])
