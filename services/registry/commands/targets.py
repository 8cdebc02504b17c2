"""Setting targets, breaking them down, reporting on them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.superiors import superior_faults
from services.registry.commands.work import Work
from services.registry.domain import targets
from services.registry.domain.audit import Entry
from services.registry.domain.targets import Part, Report, Target
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import rules as rule_rows
from services.registry.store import targets as target_rows
from shared.errors import Conflict, Fault, NotFound, Text, Unprocessable
from shared.ids import new_id


class Broken(msgspec.Struct, frozen=True):
    """A breakdown: the parts, what they make together, and by how much that differs from the whole."""

    parts: Sequence[Target]
    total: Decimal
    difference: Decimal


def set_target(work: Work, target: Target) -> Target:
    """A superior sets a unit's target. Raises Conflict when it has one of that kind and year, Unprocessable."""
    locks.share_tree(work.conn)
    locks.hold_inspections(work.conn, [target.unit_id])
    rules = rule_rows.load(work.conn)
    faults = [*targets.faults(target, rules)]
    faults += superior_faults(work, target.set_by, target.unit_id, field="set_by")
    if faults:
        raise Unprocessable.of(faults)
    if not target_rows.add(work.conn, target):
        raise Conflict(
            "target-exists",
            Text(
                f"Đơn vị đã có chỉ tiêu {target.kind} năm {target.year}, hoặc target_id đã dùng. Hãy sửa chỉ tiêu đó.",
                f"The unit already has a target {target.kind} for {target.year}, or the target_id is taken. Change it.",
            ),
        )
    audit_rows.record(work.conn, work.author, [_entry("target.set", None, target)])
    publish.targets(work.conn, rules, [target.target_id])
    return target


def target_to_change(work: Work, target_id: UUID) -> Target:
    """The target, locked until the transaction ends. Raises NotFound."""
    locks.share_tree(work.conn)
    found = target_rows.lock(work.conn, target_id)
    if found is None:
        raise unknown_target()
    return found


def change_target(work: Work, before: Target, change: dict[str, Any], difference: Decimal) -> Target:
    """Another value, day or citation; parts below must still make it up, or the `difference` be named.

    Raises Conflict for a target that is part of a breakdown, Unprocessable.
    """
    if before.part_of is not None:
        raise Conflict(
            "part-of-breakdown",
            Text(
                "Chỉ tiêu này là một phần của chỉ tiêu cấp trên. Hãy gửi lại bản phân bổ của cấp trên.",
                "This target is part of the one above. Send that one's breakdown again.",
            ),
        )
    after = msgspec.structs.replace(before, **change)
    if after == before:
        return before
    rules = rule_rows.load(work.conn)
    faults = [*targets.faults(after, rules, before)]
    if not faults and after.value != before.value:
        kind = targets.kind_of(after, rules)
        parts = [part.value for part in target_rows.parts_of(work.conn, after.target_id)]
        unnamed = targets.difference_fault(after, parts, difference, kind)
        faults += [unnamed] if unnamed else []
    if faults:
        raise Unprocessable.of(faults)
    target_rows.save(work.conn, [after])
    audit_rows.record(work.conn, work.author, [_entry("target.changed", before, after)])
    publish.targets(work.conn, rules, [after.target_id])
    return after


def break_down(work: Work, target: Target, parts: Sequence[Part], citation: str, difference: Decimal) -> Broken:
    """`target` in parts for the units directly below, in place of an earlier breakdown; all or nothing.

    Parts that are no longer named are taken back. Raises Unprocessable.
    """
    locks.hold_inspections(work.conn, [part.unit_id for part in parts])
    kept = {part.unit_id: part for part in target_rows.parts_of(work.conn, target.target_id)}
    named = {part.unit_id for part in parts}
    rules = rule_rows.load(work.conn)
    kind = targets.kind_of(target, rules)
    faults: list[Fault] = [
        *targets.part_faults(
            target,
            parts,
            target_rows.children(work.conn, target.unit_id, work.today),
            target_rows.taken(work.conn, named, target),
            kind,
        )
    ]
    unnamed = targets.difference_fault(target, [part.value for part in parts], difference, kind)
    gone = [part.target_id for unit_id, part in kept.items() if unit_id not in named]
    left = target_rows.begun(work.conn, gone)
    faults += [unnamed] if unnamed else []
    faults += [targets.left_fault(len(left))] if left else []
    if faults:
        raise Unprocessable.of(faults)
    made = [
        Target(
            target_id=kept[part.unit_id].target_id if part.unit_id in kept else new_id(),
            unit_id=part.unit_id,
            year=target.year,
            kind=target.kind,
            value=part.value,
            due_on=part.due_on or target.due_on,
            set_by=target.unit_id,
            citation=citation,
            part_of=target.target_id,
        )
        for part in parts
    ]
    target_rows.remove(work.conn, gone)
    target_rows.save(work.conn, made)
    entries = [_entry("target.withdrawn", part, None) for part in kept.values() if part.unit_id not in named]
    entries += [
        _entry("target.broken_down", kept.get(one.unit_id), one) for one in made if kept.get(one.unit_id) != one
    ]
    audit_rows.record(work.conn, work.author, entries)
    publish.targets_gone(work.conn, gone)
    publish.targets(work.conn, rules, [one.target_id for one in made if kept.get(one.unit_id) != one])
    values = [one.value for one in made]
    return Broken(made, sum(values, Decimal(0)), targets.difference(target, values))


def report(work: Work, target: Target, given: Report) -> Report:
    """A unit reports what it has reached. Raises Conflict, Unprocessable."""
    rules = rule_rows.load(work.conn)
    kind = targets.kind_of(target, rules)
    faults = [*targets.report_faults(target, given, kind, work.today)]
    if given.corrects is not None and target_rows.target_of_report(work.conn, given.corrects) != target.target_id:
        message = Text(
            "Không có báo cáo này về chỉ tiêu này. Hãy kiểm tra mã.",
            "There is no such report on this target. Check it.",
        )
        faults.append(Fault("corrects", "unknown-report", message))
    if faults:
        raise Unprocessable.of(faults)
    if not target_rows.add_report(work.conn, given):
        raise Conflict(
            "report-exists",
            Text(
                "report_id đã dùng, hoặc báo cáo này đã được đính chính. Hãy đính chính bản mới nhất.",
                "The report_id is taken, or that report was corrected already. Correct the newest one.",
            ),
        )
    # The evidence is free text and may name a person: the trail has the figures only.
    stated = {
        "report_id": given.report_id,
        "on": given.reported_on,
        "value": float(given.value),
        "corrects": given.corrects,
    }
    audit_rows.record(
        work.conn,
        work.author,
        [Entry("target.reported", "target", target.target_id, target.unit_id, None, stated)],
    )
    publish.targets(work.conn, rules, [target.target_id])
    return given


def unknown_target() -> NotFound:
    """What is said to whoever may know that there is no such target."""
    return NotFound("target", Text("Không có chỉ tiêu này. Hãy kiểm tra mã.", "There is no such target. Check the id."))


def _entry(action: str, before: Target | None, after: Target | None) -> Entry:
    about = after or before
    assert about is not None
    return Entry(action, "target", about.target_id, about.unit_id, _shown(before), _shown(after))


def _shown(target: Target | None) -> Any:
    return None if target is None else msgspec.structs.asdict(target) | {"value": float(target.value)}
