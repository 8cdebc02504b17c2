"""Paths of branches by month, from the dated spans of units. Pure.

A month of a branch belongs to the units on its path at the month's end, or on its last day in force in that month
(docs/adr/0004-a-month-belongs-to-the-path-at-its-end.md).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from uuid import UUID

import msgspec

from shared import months
from shared.units.replica import MEETING_KINDS, Span

Spans = Mapping[UUID, tuple[Span, ...]]
_DAY = timedelta(days=1)


class Segment(msgspec.Struct, frozen=True):
    """A branch's path (itself first, the root last) from `from_month` to the month before `to_month` (None: still)."""

    branch_id: UUID
    from_month: str
    to_month: str | None
    path: tuple[UUID, ...]


def path_of_month(branch_id: UUID, month: str, spans: Spans) -> tuple[UUID, ...]:
    """The path of a branch in a month, itself first; empty where no segment holds the month."""
    for segment in branch_paths(branch_id, spans):
        if segment.from_month <= month and (segment.to_month is None or month < segment.to_month):
            return segment.path
    return ()


def branch_paths(branch_id: UUID, spans: Spans) -> list[Segment]:
    """The path segments of one branch, in order, without overlap.

    A time in which a unit above the branch is unknown, or not in force, or in a circle, has no segment: what the
    branch reports then waits until the path is whole.
    """
    segments: list[Segment] = []
    for begin, end, path in _intervals(branch_id, spans):
        from_month = months.month_of(begin)
        to_month = None if end is None else months.month_of(end)
        if end is not None and not _in_force(branch_id, spans, end):
            to_month = months.add(months.month_of(end - _DAY), 1)
        if segments:
            before = segments[-1]
            if before.to_month is None or before.to_month > from_month:
                segments[-1] = msgspec.structs.replace(before, to_month=from_month)
            if segments[-1].from_month == segments[-1].to_month:
                segments.pop()
        if to_month is not None and to_month <= from_month:
            continue
        if segments and segments[-1].path == path and segments[-1].to_month == from_month:
            segments[-1] = msgspec.structs.replace(segments[-1], to_month=to_month)
        else:
            segments.append(Segment(branch_id, from_month, to_month, path))
    return segments


def first_difference(one: Sequence[Segment], other: Sequence[Segment]) -> str | None:
    """The first month in which two lists of a branch's segments do not say the same; None when they never differ."""
    for mine, yours in zip_longest(one, other):
        if mine == yours:
            continue
        if mine is None or yours is None:
            return str((mine or yours).from_month)
        if (mine.from_month, mine.path) != (yours.from_month, yours.path):
            return min(mine.from_month, yours.from_month)
        return min(month for month in (mine.to_month, yours.to_month) if month is not None)
    return None


def _intervals(branch_id: UUID, spans: Spans) -> Iterator[tuple[date, date | None, tuple[UUID, ...]]]:
    """Half-open intervals of days in which the branch meets and its path is whole and the same."""
    for span in spans.get(branch_id, ()):
        if span.kind not in MEETING_KINDS:
            continue
        day = span.valid_from
        while span.valid_to is None or day < span.valid_to:
            path, until = _path_on(branch_id, day, spans)
            if span.valid_to is not None and (until is None or until > span.valid_to):
                until = span.valid_to
            if path is not None:
                yield day, until, path
            if until is None:
                break
            day = until


def _path_on(branch_id: UUID, day: date, spans: Spans) -> tuple[tuple[UUID, ...] | None, date | None]:
    """The path on `day` (None when it is not whole), and the first later day on which it may be another."""
    path: list[UUID] = []
    until: date | None = None
    unit_id: UUID | None = branch_id
    while unit_id is not None:
        if unit_id in path:
            return None, until
        path.append(unit_id)
        held = next((span for span in spans.get(unit_id, ()) if span.holds_on(day)), None)
        if held is None:
            later = [span.valid_from for span in spans.get(unit_id, ()) if span.valid_from > day]
            return None, min([*later, *([until] if until else [])], default=None)
        if held.valid_to is not None and (until is None or held.valid_to < until):
            until = held.valid_to
        unit_id = held.parent_id
    return tuple(path), until


def _in_force(unit_id: UUID, spans: Spans, day: date) -> bool:
    return any(span.holds_on(day) and span.kind in MEETING_KINDS for span in spans.get(unit_id, ()))
