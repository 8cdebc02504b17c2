"""Planning inspections and supervision, and recording what was carried out."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.superiors import superior_faults
from services.registry.commands.work import Work
from services.registry.domain import inspections, plans
from services.registry.domain.audit import Entry
from services.registry.domain.inspections import Inspection, InspectionPlan
from services.registry.store import audit as audit_rows
from services.registry.store import inspections as inspection_rows
from services.registry.store import locks
from services.registry.store import progress as progress_rows
from services.registry.store import reach as reach_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.units import replica


def set_plan(work: Work, plan: InspectionPlan) -> InspectionPlan:
    """A superior sets a unit's plan for a year. Raises Conflict when it has one, Unprocessable."""
    locks.share_tree(work.conn)
    faults = [*inspections.plan_faults(plan, rule_rows.load(work.conn))]
    faults += superior_faults(work, plan.set_by, plan.unit_id, field="set_by")
    if faults:
        raise Unprocessable.of(faults)
    if not inspection_rows.add(work.conn, plan):
        raise Conflict(
            "plan-exists",
            Text(
                f"Đơn vị đã có kế hoạch kiểm tra, giám sát năm {plan.year}, hoặc plan_id đã dùng. Hãy sửa kế hoạch đó.",
                f"The unit already has an inspection plan for {plan.year}, or the plan_id is taken. Change that one.",
            ),
        )
    audit_rows.record(work.conn, work.author, [_entry("inspection.planned", None, plan)])
    return plan


def change_plan(work: Work, plan_id: UUID, change: dict[str, Any]) -> InspectionPlan:
    """Other numbers, another day or citation. Raises NotFound, Unprocessable."""
    before = inspection_rows.find(work.conn, plan_id, lock=True)
    if before is None:
        raise unknown_plan()
    after = msgspec.structs.replace(before, **change)
    if after == before:
        return before
    faults = [*inspections.plan_faults(after, rule_rows.load(work.conn))]
    if faults:
        raise Unprocessable.of(faults)
    inspection_rows.save(work.conn, after)
    audit_rows.record(work.conn, work.author, [_entry("inspection.plan_changed", before, after)])
    return after


def record(work: Work, given: Inspection) -> Inspection:
    """A unit records what it has carried out. Raises Conflict, Unprocessable."""
    locks.share_tree(work.conn)
    locks.hold_inspections(work.conn, [given.unit_id])
    faults = [*inspections.faults(given, rule_rows.load(work.conn), work.today)]
    if not faults:
        faults += _subject_faults(work, given, given.carried_out_on)
    if given.corrects is not None and inspection_rows.unit_of(work.conn, given.corrects) != given.unit_id:
        message = Text(
            "Đơn vị này không có cuộc kiểm tra, giám sát đó. Hãy kiểm tra mã.",
            "This unit has no such inspection. Check the id.",
        )
        faults.append(Fault("corrects", "unknown-inspection", message))
    if faults:
        raise Unprocessable.of(faults)
    if not inspection_rows.add_inspection(work.conn, given):
        raise Conflict(
            "inspection-exists",
            Text(
                "inspection_id đã dùng, hoặc bản ghi này đã được đính chính. Hãy đính chính bản mới nhất.",
                "The inspection_id is taken, or that record was corrected already. Correct the newest one.",
            ),
        )
    # The conclusion's reference is free text and may name a person: the trail does not repeat it.
    stated = {name: value for name, value in msgspec.structs.asdict(given).items() if name != "conclusion"}
    entry = Entry("inspection.recorded", "inspection", given.inspection_id, given.unit_id, None, stated)
    audit_rows.record(work.conn, work.author, [entry])
    years = {given.carried_out_on.year}
    if given.corrects is not None:
        years.add(inspection_rows.day_of(work.conn, given.corrects).year)
    concerned = progress_rows.of_inspections(work.conn, given.unit_id, years)
    publish.targets(work.conn, rule_rows.load(work.conn), concerned)
    return given


def _subject_faults(work: Work, given: Inspection, day: date) -> list[Fault]:
    if given.subject_member_id is not None:
        inside = reach_rows.within(work.conn, given.unit_id, [given.subject_member_id], day)
        return [] if inside else [inspections.outside_fault("subject_member_id")]
    assert given.subject_unit_id is not None
    if given.subject_unit_id not in unit_rows.load(work.conn, [given.subject_unit_id]):
        return [Fault("subject_unit_id", "unknown-unit", plans.UNKNOWN_UNIT)]
    if not replica.covers(work.conn, frozenset([given.unit_id]), given.subject_unit_id, day):
        return [inspections.outside_fault("subject_unit_id")]
    return []


def unknown_plan() -> NotFound:
    """What is said to whoever may know that there is no such plan."""
    return NotFound("plan", Text("Không có kế hoạch này. Hãy kiểm tra mã.", "There is no such plan. Check the id."))


def _entry(action: str, before: InspectionPlan | None, after: InspectionPlan) -> Entry:
    return Entry(action, "inspection", after.plan_id, after.unit_id, before, after)
