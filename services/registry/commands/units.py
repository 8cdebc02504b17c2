"""Changes of single units."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

import msgspec
from msgspec import UNSET

from services.registry.commands import publish
from services.registry.commands.entries import unit_entry
from services.registry.commands.work import Work
from services.registry.domain import members, remarks, spans, tree, villages
from services.registry.domain.lineage import before_heirs
from services.registry.domain.units import Unit, UnitChange, UnitSpan, changed, closed
from services.registry.store import audit as audit_rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from services.registry.store import villages as village_rows
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.ids import new_id


def create_unit(work: Work, code: str, span: UnitSpan, unit_id: UUID | None) -> Unit:
    """A new unit with its first span. Raises Conflict when the code or the id is taken, Unprocessable."""
    locks.hold_tree(work.conn)
    known = unit_rows.load_tree(work.conn)
    unit = Unit(unit_id or new_id(), code, (span,))
    if unit.unit_id in known or any(other.code == code for other in known.values()):
        raise Conflict(
            "unit-exists",
            Text(
                f"Mã {code}, hoặc unit_id này, đã dùng cho một đơn vị khác. Hãy dùng mã khác.",
                f"The code {code}, or this unit_id, belongs to another unit. Use another one.",
            ),
        )
    return _keep(work, known, unit)


def change_unit(work: Work, unit_id: UUID, day: date, change: UnitChange) -> Unit:
    """What is new about a unit from `day` on. Raises KeyError, Conflict, Unprocessable."""
    locks.hold_tree(work.conn)
    known = unit_rows.load_tree(work.conn)
    before = known[unit_id]
    after = changed(_without_heirs(work, before, day, change), day, change)
    return before if after == before else _keep(work, known, after)


def _without_heirs(work: Work, unit: Unit, day: date, change: UnitChange) -> Unit:
    """`unit`, if it goes to another superior on `day`, without those that take over later from the one it leaves."""
    now = spans.at(unit.spans, day)
    if change.parent_id is UNSET or now is None or now.parent_id == change.parent_id:
        return unit
    heirs = lineage_rows.successions(work.conn, day)
    return msgspec.structs.replace(unit, spans=before_heirs(unit.spans, day, "parent_id", heirs))


def close_unit(work: Work, unit_id: UUID, day: date) -> Unit:
    """The unit no longer exists from `day` on. Raises KeyError, Conflict, Unprocessable."""
    locks.hold_tree(work.conn)
    known = unit_rows.load_tree(work.conn)
    before = known[unit_id]
    after = closed(before, day)
    return before if after == before else _keep(work, known, after, field="closed_on")


def _keep(work: Work, known: dict[UUID, Unit], unit: Unit, *, field: str | None = None) -> Unit:
    """Judge `unit` in its tree, save and publish it; faults name `field` when the request has no other."""
    faults = [
        Fault(field or breach.field, breach.rule, breach.message, breach.source)
        for breach in tree.breaches({**known, unit.unit_id: unit}, [unit.unit_id], rule_rows.load(work.conn))
    ]
    faults += _village_faults(work, {**known, unit.unit_id: unit}, unit, field)
    if any(members.homeless(stay, unit.spans) for _, stay in member_rows.stays_in(work.conn, [unit.unit_id])):
        faults.append(members_left_fault(field or "kind", unit.code))
    if faults:
        raise Unprocessable.of(faults)
    publish.units(work.conn, [unit], unit_rows.save(work.conn, [unit]))
    audit_rows.record(work.conn, work.author, [unit_entry(known.get(unit.unit_id), unit)])
    publish.rosters(work, publish.new_branches(known, [unit]))
    return unit


def _village_faults(work: Work, known: Mapping[UUID, Unit], unit: Unit, field: str | None) -> list[Fault]:
    """What the villages in or below `unit` would suffer."""
    faults = []
    for village in village_rows.load_of_units(work.conn, tree.ever_below(known, [unit.unit_id])).values():
        for _, fault in villages.faults(village, known, {}):
            if fault.field != "head_member_id":
                message = remarks.village_misplaced(village.code, fault.message)
                faults.append(Fault(field or "parent_id", f"village-{fault.rule}", message))
    return faults


def members_left_fault(field: str, code: str) -> Fault:
    """What is said of a unit that would leave members without a branch."""
    return Fault(
        field,
        "members-left",
        Text(
            f"Vẫn còn đảng viên trong {code} khi đơn vị không còn là chi bộ có hiệu lực. Hãy chuyển họ trước.",
            f"Members would still stand in {code} when it is no longer a branch in force. Move them first.",
        ),
    )
