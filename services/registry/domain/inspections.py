"""Inspection and supervision (kiểm tra, giám sát): what a unit plans for a year, and what it has carried out."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from services.registry.domain.units import OPENING
from shared.errors import Fault, Text

_MOST: Final = 100_000


class InspectionPlan(msgspec.Struct, frozen=True):
    """How many inspections of each kind a unit is to carry out in a year, until `due_on`; set by a superior."""

    plan_id: UUID
    unit_id: UUID
    year: int
    due_on: date
    set_by: UUID
    citation: str
    planned: Mapping[str, int]


class Inspection(msgspec.Struct, frozen=True):
    """One that `unit_id` has carried out, on a unit or on a member; `conclusion` is the reference of its conclusion."""

    inspection_id: UUID
    unit_id: UUID
    carried_out_on: date
    kind: str
    subject_unit_id: UUID | None
    subject_member_id: UUID | None
    conclusion: str
    corrects: UUID | None = None


def plan_faults(plan: InspectionPlan, rules: Rules) -> Iterator[Fault]:
    """The rules `plan` breaks on its own."""
    wrong = plans.year_and_due_faults(plan.year, plan.due_on)
    yield from wrong
    if wrong:
        return
    if not plan.planned:
        message = Text("Hãy nêu ít nhất một loại với số cuộc.", "Name at least one kind and how many.")
        yield Fault("planned", "nothing-planned", message)
    for kind, number in plan.planned.items():
        yield from _kind_faults(f"planned.{kind}", kind, plan.due_on, rules)
        if not 0 <= number <= _MOST:
            message = Text(f"Số cuộc phải từ 0 đến {_MOST}.", f"The number must lie from 0 to {_MOST}.")
            yield Fault(f"planned.{kind}", "number-range", message)


def faults(inspection: Inspection, rules: Rules, today: date) -> Iterator[Fault]:
    """The rules `inspection` breaks on its own."""
    on = inspection.carried_out_on
    if on < OPENING:
        message = Text(f"Ngày phải từ {vi(OPENING)}.", f"The day must not be before {OPENING}.")
        yield Fault("on", "date-too-early", message)
    elif on > today:
        yield plans.later_than_today_fault("on", today)
    else:
        yield from _kind_faults("kind", inspection.kind, on, rules)
    if (inspection.subject_unit_id is None) == (inspection.subject_member_id is None):
        yield Fault(
            "subject_unit_id",
            "one-subject",
            Text(
                "Hãy nêu hoặc đơn vị (subject_unit_id), hoặc đảng viên (subject_member_id) được kiểm tra, giám sát.",
                "Name either the unit (subject_unit_id) or the member (subject_member_id) that was inspected.",
            ),
        )


def outside_fault(field: str) -> Fault:
    """What is said of a subject that does not stand at or below the unit that inspected it."""
    return Fault(
        field,
        "subject-not-below",
        Text(
            "Đối tượng không thuộc đơn vị đã kiểm tra, giám sát. Hãy kiểm tra mã, hoặc ghi cho cấp đã tiến hành.",
            "The subject does not belong to the unit that inspected it. Check the id, or record it for the unit above.",
        ),
    )


def _kind_faults(field: str, kind: str, day: date, rules: Rules) -> Iterator[Fault]:
    version = rules.inspection_kinds_on(day)
    if kind not in version.value:
        known = ", ".join(version.value)
        yield Fault(
            field,
            "inspection-kind",
            Text(
                f"Không có loại {kind} vào ngày {vi(day)}; có: {known}.",
                f"No kind {kind} on {day}; there are: {known}.",
            ),
            version.source,
        )
