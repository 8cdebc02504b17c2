"""Dated spans: half-open, `valid_from` ≤ day < `valid_to`; `valid_to` None means still."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Protocol, TypeVar

from shared.errors import Text

FAR: Final = date(2200, 1, 1)
"""No span begins or ends on this day or later. Other systems write 9999-12-31 for "still", which here is null."""


class Dated(Protocol):
    """Something that holds for a span of days."""

    @property
    def valid_from(self) -> date:
        """The first day."""
        ...

    @property
    def valid_to(self) -> date | None:
        """The day after the last; None: still."""
        ...


D = TypeVar("D", bound=Dated)


class Flaw(Exception):
    """A timeline is broken at the span numbered `index`: `rule` is a stable name."""

    def __init__(self, index: int, field: str, rule: str, message: Text) -> None:
        super().__init__(f"{rule}: {message.en}")
        self.index = index
        self.field = field
        self.rule = rule
        self.message = message


def flaws(spans: Sequence[Dated]) -> Iterator[Flaw]:
    """What keeps `spans`, in order of their first days, from being one timeline: far days, no days, overlaps, gaps."""
    for index, span in enumerate(spans):
        for field, day in (("valid_from", span.valid_from), ("valid_to", span.valid_to)):
            if day is not None and day >= FAR:
                yield Flaw(
                    index,
                    field,
                    "date-too-late",
                    Text(
                        f"Ngày phải trước {vi(FAR)}. Nếu chưa có ngày kết thúc, hãy để trống.",
                        f"The day must lie before {FAR}. If there is no end yet, leave it out.",
                    ),
                )
        if span.valid_to is not None and span.valid_to <= span.valid_from:
            yield Flaw(
                index,
                "valid_to",
                "span-empty",
                Text(
                    f"Ngày kết thúc {vi(span.valid_to)} phải sau ngày bắt đầu {vi(span.valid_from)}.",
                    f"The end {span.valid_to} must come after the start {span.valid_from}.",
                ),
            )
            continue
        if index + 1 == len(spans):
            return
        following = spans[index + 1].valid_from
        if span.valid_to is None or span.valid_to > following:
            yield Flaw(
                index + 1,
                "valid_from",
                "span-overlap",
                Text(
                    f"Giai đoạn bắt đầu {vi(following)} chồng lên giai đoạn bắt đầu {vi(span.valid_from)}. "
                    "Hai giai đoạn phải nối tiếp nhau.",
                    f"The span from {following} overlaps the one from {span.valid_from}; one must follow the other.",
                ),
            )
        elif span.valid_to < following:
            yield Flaw(
                index + 1,
                "valid_from",
                "span-gap",
                Text(
                    f"Có khoảng trống từ {vi(span.valid_to)} đến {vi(following)}. Hãy bổ sung hoặc nối hai giai đoạn.",
                    f"There is a gap from {span.valid_to} to {following}; fill it or join the two spans.",
                ),
            )


def holds(span: Dated, day: date) -> bool:
    """Whether the span is in force on `day`."""
    return span.valid_from <= day and (span.valid_to is None or day < span.valid_to)


def at(spans: Sequence[D], day: date) -> D | None:
    """The span in force on `day`, if there is one."""
    return next((span for span in spans if holds(span, day)), None)


def overlap(one: Dated, other: Dated) -> bool:
    """Whether the two share a day."""
    return (other.valid_to is None or one.valid_from < other.valid_to) and (
        one.valid_to is None or other.valid_from < one.valid_to
    )


def within(one: Dated, others: Sequence[Dated]) -> bool:
    """Whether every day of `one` is a day of `others`, which are in order and do not overlap."""
    reached = one.valid_from
    for other in others:
        if not holds(other, reached):
            continue
        if other.valid_to is None or (one.valid_to is not None and one.valid_to <= other.valid_to):
            return True
        reached = other.valid_to
    return False


def vi(day: date) -> str:
    """A day as it is written in Việt Nam: 30/6/2025."""
    return f"{day.day}/{day.month}/{day.year}"
