"""A whole province at once: units, members and villages, all or nothing, and again without effect."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeVar
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.entries import member_entry, unit_entry
from services.registry.commands.import_rights import fields_outside, outside, reached_with, villages_outside
from services.registry.commands.import_villages import VillageImport
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
from services.registry.domain.village_rows import VillageRow
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import people as people_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from shared import logging
from shared.db import Connection
from shared.errors import Fault, Unprocessable
from shared.ids import new_id

_log = logging.get(__name__)
_BATCH: Final = 5000
"""Members saved, and branches published, by one statement: progress is seen between them."""

Step = Literal["judged", "saved"]
Told = Callable[[Step, int], None]
"""Told how many rows are judged or saved by now."""

T = TypeVar("T")


class Counts(msgspec.Struct, frozen=True):
    """How many units, members or villages an import made, changed, and found as they were."""

    created: int
    changed: int
    unchanged: int


class Imported(msgspec.Struct, frozen=True):
    """What an import did."""

    units: Counts
    members: Counts
    villages: Counts = Counts(0, 0, 0)


def import_rows(
    work: Work,
    stated_units: Sequence[UnitRow],
    stated_members: Sequence[MemberRow],
    reach: Reach,
    stated_villages: Sequence[VillageRow] = (),
    told: Told = lambda step, rows: None,
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
    ids |= {unit.code: unit.unit_id for unit in units.units.values()}
    kept_members = {
        member.member_id: member
        for member in member_rows.load_by_code(conn, work.vault, list({row.code for row in stated_members})).values()
    }
    people = _with_guests(
        gather_members(
            stated_members, {member.code: member_id for member_id, member in kept_members.items()}, ids, new_id
        ),
        kept_members,
    )
    new_units = [unit for unit in units.units.values() if kept_units.get(unit.unit_id) != unit]
    new_members = [member for member in people.members.values() if kept_members.get(member.member_id) != member]
    villages = VillageImport(work, stated_villages, ids, people)

    fields = fields_outside(reach, kept_units, kept_members, units, people, new_units, new_members, work.today)
    if not reach.everything:
        reached = reached_with(reach, kept_units, new_units)
        fields += villages_outside(reached, villages.kept, villages.stated, villages.new)
    if fields:
        raise outside(list(dict.fromkeys(fields)))
    rules = rule_rows.load(conn)
    faults = [*units.faults, *people.faults, *villages.stated.faults]
    known = {**kept_units, **units.units}
    faults += _unit_faults(conn, known, units, new_units, {member.member_id for member in new_members}, rules)
    told("judged", len(stated_units))
    faults += _member_faults(known, people, new_members, work.today, rules)
    faults += villages.faults(known, people.members)
    told("judged", len(stated_units) + len(stated_members) + len(stated_villages))
    if faults:
        raise Unprocessable.of(faults)

    _save(work, kept_units, new_units, new_members, kept_members, lambda rows: told("saved", rows))
    villages.save(work)
    told("saved", len(stated_units) + len(stated_members) + len(stated_villages))
    done = Imported(
        _counts(units.units, new_units, kept_units.keys()),
        _counts(people.members, new_members, kept_members.keys()),
        _counts(villages.stated.villages, villages.new, villages.kept.keys()),
    )
    _log.info("imported", **msgspec.to_builtins(done))
    return done


def _with_guests(people: GatheredMembers, kept: Mapping[UUID, Member]) -> GatheredMembers:
    """Rows say nothing of stays as a guest: those kept stay, as far as the new history leaves them days."""
    for member_id, before in kept.items():
        if before.guest_stays:
            stated = msgspec.structs.replace(people.members[member_id], guest_stays=before.guest_stays)
            people.members[member_id] = members.settled(stated)
    return people


def _save(
    work: Work,
    kept_units: Mapping[UUID, Unit],
    units: Sequence[Unit],
    people: Sequence[Member],
    kept: Mapping[UUID, Member],
    told: Callable[[int], None],
) -> None:
    if units:
        publish.units(work.conn, units, unit_rows.save(work.conn, units))
        entries = [unit_entry(kept_units.get(unit.unit_id), unit) for unit in units]
        audit_rows.record(work.conn, work.author, entries)
    saved = sum(len(unit.spans) for unit in units)
    told(saved)
    for part in _parts(people):
        member_rows.save(work.conn, work.vault, part)
        changes = [(kept.get(member.member_id), member) for member in part]
        personal = people_rows.seal_changes(work.conn, work.vault, changes)
        entries = [member_entry(before, after, personal.get(after.member_id)) for before, after in changes]
        audit_rows.record(work.conn, work.author, entries)
        saved += sum(len(member.spans) for member in part)
        told(saved)
    touched = [roster.touched(kept.get(member.member_id), member) for member in people]
    # In one order over all parts: two imports that lock the same branches must not meet the other way round.
    for branches in _parts(sorted(publish.new_branches(kept_units, units).union(*touched))):
        publish.rosters(work, branches)


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]


def _counts(stated: Mapping[UUID, object], new: Sequence[object], kept: Collection[UUID]) -> Counts:
    created = sum(1 for unit_id in stated if unit_id not in kept)
    return Counts(created=created, changed=len(new) - created, unchanged=len(stated) - len(new))


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
