"""Targets (chỉ tiêu) of units for a year: set by a superior, broken down to the units below, reported on."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.domain.rules import Rules, TargetKind
from services.registry.domain.spans import vi
from shared.errors import Fault, Text

MOST: Final = Decimal(1_000_000_000)


class Target(msgspec.Struct, frozen=True):
    """What a unit is to reach by `due_on`; `part_of` is the target of the unit above that this one is a part of."""

    target_id: UUID
    unit_id: UUID
    year: int
    kind: str
    value: Decimal
    due_on: date
    set_by: UUID
    citation: str
    part_of: UUID | None = None


class Part(msgspec.Struct, frozen=True):
    """What one unit below is to reach."""

    unit_id: UUID
    value: Decimal
    due_on: date | None = None


class Report(msgspec.Struct, frozen=True):
    """What a unit has reached, from the beginning of the year to the end of `reported_on`, and what shows it."""

    report_id: UUID
    target_id: UUID
    reported_on: date
    value: Decimal
    evidence: str
    reference: str | None
    reported_by: str
    corrects: UUID | None


def kind_of(target: Target, rules: Rules) -> TargetKind:
    """What the target's kind is on the day it is due, or was last known as."""
    return rules.target_kind(target.kind, target.due_on)


def faults(target: Target, rules: Rules, was: Target | None = None) -> Iterator[Fault]:
    """The rules `target` breaks on its own; `was`: the one it changes, whose kind may be in no rule any more."""
    wrong = plans.year_and_due_faults(target.year, target.due_on)
    yield from wrong
    if wrong:
        return
    version = rules.target_kinds_on(target.due_on)
    if target.kind not in version.value and (was is None or was.kind in rules.target_kinds_on(was.due_on).value):
        known = ", ".join(version.value)
        yield Fault(
            "kind",
            "target-kind",
            Text(
                f"Không có loại chỉ tiêu {target.kind} vào ngày {vi(target.due_on)}; có: {known}.",
                f"There is no kind of target {target.kind} on {target.due_on}; there are: {known}.",
            ),
            version.source,
        )
        return
    yield from value_faults("value", target.value, kind_of(target, rules))


def value_faults(field: str, value: Decimal, kind: TargetKind) -> Iterator[Fault]:
    """What is wrong with a value that a target of `kind` sets or a report on it states."""
    most = Decimal(100) if kind.measure == "percent" else MOST
    if not 0 <= value <= most:
        yield Fault(
            field, "value-range", Text(f"Giá trị phải từ 0 đến {most}.", f"The value must lie from 0 to {most}.")
        )


def difference(target: Target, parts: Collection[Decimal]) -> Decimal:
    """The sum of `parts` less the whole: above 0 they exceed it, below 0 they fall short."""
    return sum(parts, Decimal(0)) - target.value


def difference_fault(target: Target, parts: Collection[Decimal], named: Decimal, kind: TargetKind) -> Fault | None:
    """What is said where the parts do not make up the whole and the request does not name by how much."""
    if not kind.adds_up or not parts:
        return None
    actual = difference(target, parts)
    if actual == named:
        return None
    total = actual + target.value
    return Fault(
        "difference",
        "sum-differs",
        Text(
            f"Tổng các phần là {total}, chỉ tiêu là {target.value}: chênh lệch {actual:+f}. Hãy sửa các phần, hoặc ghi "
            f"rõ chênh lệch: difference {actual}.",
            f"The parts make {total}, the target is {target.value}: a difference of {actual:+f}. Correct the parts, or "
            f"name the difference: difference {actual}.",
        ),
    )


def part_faults(
    target: Target, parts: Sequence[Part], below: Collection[UUID], taken: Collection[UUID], kind: TargetKind
) -> Iterator[Fault]:
    """What is wrong with single parts of a breakdown.

    `below` are the units directly below the target's, `taken` those with a target of this kind and year of their own.
    """
    seen: set[UUID] = set()
    for number, part in enumerate(parts):
        field = f"parts[{number}].unit_id"
        if part.unit_id in seen:
            yield Fault(field, "unit-twice", Text("Đơn vị này đã nêu ở trên.", "This unit is named above already."))
        elif part.unit_id not in below:
            yield Fault(
                field,
                "not-directly-below",
                Text(
                    "Đơn vị này không trực thuộc đơn vị được giao chỉ tiêu. Chỉ phân bổ cho các đơn vị trực thuộc.",
                    "This unit does not stand directly below the one that has the target. Break it down to those.",
                ),
            )
        elif part.unit_id in taken:
            yield Fault(
                field,
                "target-exists",
                Text(
                    f"Đơn vị này đã có chỉ tiêu {target.kind} năm {target.year} do nơi khác giao. Hãy sửa chỉ tiêu đó.",
                    f"This unit already has a target {target.kind} for {target.year}, set elsewhere. Change that one.",
                ),
            )
        seen.add(part.unit_id)
        yield from value_faults(f"parts[{number}].value", part.value, kind)
        if part.due_on is not None:
            for fault in plans.year_and_due_faults(target.year, part.due_on):
                yield msgspec.structs.replace(fault, field=f"parts[{number}].due_on")
            if part.due_on > target.due_on:
                yield Fault(
                    f"parts[{number}].due_on",
                    "due-after-the-whole",
                    Text(
                        f"Hạn của phần này phải chậm nhất là hạn của cả chỉ tiêu, {vi(target.due_on)}.",
                        f"This part is due after the whole target, which is due on {target.due_on}. Name that day or "
                        "an earlier one.",
                    ),
                )


def left_fault(left: int) -> Fault:
    """What is said where a breakdown leaves out units that have reported on, or broken down, their part."""
    return Fault(
        "parts",
        "part-begun",
        Text(
            f"{left} đơn vị đã báo cáo tiến độ hoặc đã phân bổ tiếp phần của mình nhưng không còn được nêu. Hãy nêu đủ "
            "các đơn vị đó (giá trị 0 nếu không giao nữa).",
            f"{left} unit(s) that reported on their part, or broke it down further, are no longer named. Name them too "
            "(with value 0 if nothing is asked of them any more).",
        ),
    )


def report_faults(target: Target, report: Report, kind: TargetKind, today: date) -> Iterator[Fault]:
    """What is wrong with a report on `target`."""
    if report.reported_on > today:
        yield plans.later_than_today_fault("on", today)
    if report.reported_on < date(target.year, 1, 1):
        yield Fault(
            "on",
            "before-the-year",
            Text(
                f"Tiến độ tính từ ngày 1/1/{target.year}. Hãy sửa ngày.",
                f"Progress counts from 1 January {target.year}. Correct the day.",
            ),
        )
    yield from value_faults("value", report.value, kind)
