"""Dated spans: half-open, `valid_from` ≤ day < `valid_to`; `valid_to` None means still."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol, TypeVar

import msgspec

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


def lasts(span: Dated, day: date) -> bool:
    """Whether the span is in force on `day` or later."""
    return span.valid_to is None or day < span.valid_to


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


def put(spans: Sequence[D], day: date, facts: Mapping[str, Any]) -> tuple[D, ...]:
    """`spans` with `facts` (names of members of a span → values) in force from `day` on.

    Spans of later days stay where they begin. A fact that changes on `day` is carried on into them until one that
    changed this very fact itself. Facts that are in force on `day` already change nothing: the same spans. Neighbours
    that have become alike are one span. `spans` are structs in order, without gap or overlap. Raises LookupError when
    none of them is in force on `day`.
    """
    index = _index(spans, day)
    pending = {name: value for name, value in facts.items() if getattr(spans[index], name) != value}
    if not pending:
        return tuple(spans)
    cut = _cut(spans, index, day)
    index += len(cut) - len(spans)
    result = [*cut[:index], _replaced(cut[index], pending)]
    for before, span in zip(cut[index:], cut[index + 1 :], strict=False):
        pending = {name: value for name, value in pending.items() if getattr(span, name) == getattr(before, name)}
        result.append(_replaced(span, pending))
    return _joined(result, index)


def rewrite(spans: Sequence[D], day: date, facts: Callable[[D], Mapping[str, Any]]) -> tuple[D, ...]:
    """`spans` in which, from `day` on, each has the facts that `facts` gives for it.

    Unlike `put` it reaches spans of later days whatever they changed themselves. `spans` are in order and do not
    overlap, gaps may be. Neighbours that have become alike are one span.
    """
    result: list[D] = []
    first: int | None = None
    for span in spans:
        new = _replaced(span, facts(span)) if lasts(span, day) else span
        if new == span:
            result.append(span)
            continue
        if span.valid_from < day:
            result.append(_replaced(span, {"valid_to": day}))
            new = _replaced(new, {"valid_from": day})
        first = len(result) if first is None else first
        result.append(new)
    return tuple(spans) if first is None else _joined(result, first)


def end(spans: Sequence[D], day: date) -> tuple[D, ...]:
    """`spans` that hold no more from `day` on. Raises LookupError when `day` is not within the last, after its start.

    The caller refuses an end before later spans: what they say would be lost.
    """
    last = spans[-1]
    if day <= last.valid_from or (last.valid_to is not None and last.valid_to < day):
        raise LookupError(f"the last span does not hold before {day}")
    return (*spans[:-1], _replaced(last, {"valid_to": day}))


def _index(spans: Sequence[Dated], day: date) -> int:
    found = next((number for number, span in enumerate(spans) if holds(span, day)), None)
    if found is None:
        raise LookupError(f"no span is in force on {day}")
    return found


def _cut(spans: Sequence[D], index: int, day: date) -> Sequence[D]:
    """`spans` in which one begins on `day`: the one numbered `index` holds then."""
    span = spans[index]
    if span.valid_from == day:
        return spans
    parts = _replaced(span, {"valid_to": day}), _replaced(span, {"valid_from": day})
    return (*spans[:index], *parts, *spans[index + 1 :])


def _joined(spans: Sequence[D], first: int) -> tuple[D, ...]:
    """`spans`, those from the one before `first` on joined with neighbours that say the same."""
    start = max(first - 1, 0)
    result = list(spans[: start + 1])
    for span in spans[start + 1 :]:
        before = result[-1]
        alike = _replaced(span, {"valid_from": before.valid_from, "valid_to": before.valid_to}) == before
        if alike and before.valid_to == span.valid_from:
            result[-1] = _replaced(before, {"valid_to": span.valid_to})
        else:
            result.append(span)
    return tuple(result)


def _replaced(span: D, facts: Mapping[str, Any]) -> D:
    replaced: D = msgspec.structs.replace(span, **facts)  # type: ignore[type-var]  # spans are structs
    return replaced


def vi(day: date) -> str:
    """A day as it is written in Việt Nam: 30/6/2025."""
    return f"{day.day}/{day.month}/{day.year}"
