"""A whole province in one request: units and members, all or nothing, and again without effect."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.entries import member_entry, unit_entry
from services.registry.commands.units import members_left_fault
from services.registry.commands.work import Work
from services.registry.domain import members, roster, tree
from services.registry.domain.imports import (
    GatheredMembers,
    GatheredUnits,
    MemberRow,
    UnitRow,
    gather_members,
    gather_units,
)
from services.registry.domain.members import Member
from services.registry.domain.reach import Reach
from services.registry.domain.rules import Rules
from services.registry.domain.units import Unit
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from shared import logging
from shared.db import Connection
from shared.errors import Fault, Forbidden, Text, Unprocessable
from shared.ids import new_id

_log = logging.get(__name__)


class Counts(msgspec.Struct, frozen=True):
    """How many units or members an import made, changed, and found as they were."""

    created: int
    changed: int
    unchanged: int


class Imported(msgspec.Struct, frozen=True):
    """What an import did."""

    units: Counts
    members: Counts


def import_rows(
    work: Work, stated_units: Sequence[UnitRow], stated_members: Sequence[MemberRow], reach: Reach
) -> Imported:
    """Keep what the rows state, and publish what changed by it.

    Raises Forbidden naming the rows outside `reach`, Unprocessable naming the rows that break a rule; then nothing is
    kept.
    """
    conn = work.conn
    locks.hold_tree(conn)
    kept_units = unit_rows.load_tree(conn)
    ids = {unit.code: unit.unit_id for unit in kept_units.values()}
    units = gather_units(stated_units, ids, new_id)
    kept_members = member_rows.load_by_code(conn, list({row.code for row in stated_members}))
    people = gather_members(
        stated_members,
        {code: member.member_id for code, member in kept_members.items()},
        ids | {unit.code: unit.unit_id for unit in units.units.values()},
        new_id,
    )
    kept_by_id = {member.member_id: member for member in kept_members.values()}
    new_units = [unit for unit in units.units.values() if kept_units.get(unit.unit_id) != unit]
    new_members = [member for member in people.members.values() if kept_by_id.get(member.member_id) != member]

    _refuse_outside(reach, kept_units, kept_by_id, units, people, new_units, new_members)
    rules = rule_rows.load(conn)
    faults = [*units.faults, *people.faults]
    known = {**kept_units, **units.units}
    faults += _unit_faults(conn, known, units, new_units, {member.member_id for member in new_members}, rules)
    faults += _member_faults(known, people, new_members, work.today, rules)
    if faults:
        raise Unprocessable.of(faults)

    _save(work, kept_units, new_units, new_members, kept_by_id)
    done = Imported(
        _counts(units.units, new_units, kept_units.keys()), _counts(people.members, new_members, kept_by_id.keys())
    )
    _log.info("imported", units=msgspec.to_builtins(done.units), members=msgspec.to_builtins(done.members))
    return done


def _save(
    work: Work,
    kept_units: Mapping[UUID, Unit],
    units: Sequence[Unit],
    people: Sequence[Member],
    kept: Mapping[UUID, Member],
) -> None:
    if units:
        publish.units(work.conn, units, unit_rows.save(work.conn, units))
        entries = [unit_entry(kept_units.get(unit.unit_id), unit) for unit in units]
        audit_rows.record(work.conn, work.author, entries)
    if people:
        member_rows.save(work.conn, people)
        entries = [member_entry(kept.get(member.member_id), member) for member in people]
        audit_rows.record(work.conn, work.author, entries)
    touched = [roster.touched(kept.get(member.member_id), member) for member in people]
    publish.rosters(work, publish.new_branches(kept_units, units).union(*touched))


def _counts(stated: Mapping[UUID, object], new: Sequence[Unit | Member], kept: Collection[UUID]) -> Counts:
    created = sum(1 for unit_id in stated if unit_id not in kept)
    return Counts(created=created, changed=len(new) - created, unchanged=len(stated) - len(new))


def _refuse_outside(
    reach: Reach,
    kept_units: Mapping[UUID, Unit],
    kept_members: Mapping[UUID, Member],
    units: GatheredUnits,
    people: GatheredMembers,
    new_units: Sequence[Unit],
    new_members: Sequence[Member],
) -> None:
    """Rows may change what the rights cover: a unit kept here must be covered, and so must each new place it takes."""
    if reach.everything:
        return
    made = {unit.unit_id for unit in new_units if unit.unit_id not in kept_units}

    def reached(unit_id: UUID | None) -> bool:
        return unit_id in made or reach.covers(unit_id)

    fields = [fault.field for fault in (*units.faults, *people.faults) if fault.rule == "unknown-unit"]
    for unit in new_units:
        kept = kept_units.get(unit.unit_id)
        places = {span.parent_id for span in kept.spans} if kept else set()
        for number, span in zip(units.rows[unit.unit_id], unit.spans, strict=True):
            if kept is not None and not reached(unit.unit_id):
                fields.append(f"units[{number}].code")
            if span.parent_id not in places and not reached(span.parent_id):
                fields.append(f"units[{number}].parent_code")
    for member in new_members:
        before = kept_members.get(member.member_id)
        first = people.rows[member.member_id][0]
        if before is not None and not reached(before.spans[-1].unit_id):
            fields.append(f"members[{first}].code")
        if not all(reached(span.unit_id) for span in member.spans):
            fields.append(f"members[{first}].unit_code")
    if fields:
        raise _outside(list(dict.fromkeys(fields)))


def _outside(fields: Sequence[str]) -> Forbidden:
    message = Text(
        "Quyền của bạn không bao gồm đơn vị nêu ở dòng này, hoặc đơn vị chưa có ở đây.",
        "Your rights do not reach the unit this row names, or it is not known here.",
    )
    return Forbidden(
        "outside-rights",
        Text(
            f"{len(fields)} chỗ nằm ngoài quyền của bạn; chưa có gì được lưu. Hãy bỏ các dòng đó, "
            "hoặc nhờ cấp trên nhập.",
            f"{len(fields)} place(s) lie outside your rights; nothing was saved. Leave those rows out, "
            "or ask the level above to import them.",
        ),
        [Fault(field, "outside-rights", message) for field in fields],
    )


def _unit_faults(
    conn: Connection,
    known: Mapping[UUID, Unit],
    stated: GatheredUnits,
    new: Sequence[Unit],
    judged_elsewhere: Collection[UUID],
    rules: Rules,
) -> list[Fault]:
    faults = []
    changed = [unit.unit_id for unit in new if unit.unit_id not in stated.spoilt]
    for breach in tree.breaches(known, changed, rules):
        starts = [span.valid_from for span in known[breach.unit_id].spans]
        number = stated.rows[breach.unit_id][starts.index(breach.valid_from)]
        field = "parent_code" if breach.field == "parent_id" else breach.field
        faults.append(Fault(f"units[{number}].{field}", breach.rule, breach.message, breach.source))
    left = {
        stay.unit_id
        for member_id, stay in member_rows.stays_in(conn, changed)
        if member_id not in judged_elsewhere and members.homeless(stay, known[stay.unit_id].spans)
    }
    faults += [
        members_left_fault(f"units[{stated.rows[unit_id][-1]}].valid_to", known[unit_id].code)
        for unit_id in sorted(left)
    ]
    return faults


def _member_faults(
    known: Mapping[UUID, Unit], stated: GatheredMembers, new: Sequence[Member], today: date, rules: Rules
) -> list[Fault]:
    faults = []
    for member in new:
        if member.member_id in stated.spoilt:
            continue
        numbers = stated.rows[member.member_id]
        for index, fault in members.faults(member, today, rules):
            faults.append(msgspec.structs.replace(fault, field=f"members[{numbers[index]}].{fault.field}"))
        for number, span in zip(numbers, member.spans, strict=True):
            unit = known[span.unit_id]
            if span.status not in members.ENDINGS and members.homeless(span, unit.spans):
                faults.append(members.homeless_fault(f"members[{number}].unit_code", unit.code))
    return faults
