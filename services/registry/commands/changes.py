"""Changes of many units, members and villages at once: saved, recorded and published."""

from services.registry.commands import publish
from services.registry.commands.entries import member_entry, unit_entry
from services.registry.commands.villages import village_entry
from services.registry.commands.work import Work
from services.registry.domain import roster
from services.registry.domain.books import Places
from services.registry.store import audit as audit_rows
from services.registry.store import members as member_rows
from services.registry.store import units as unit_rows
from services.registry.store import villages as village_rows


def write(work: Work, kept: Places, changes: Places) -> None:
    """Save, record and publish `changes` of `kept`. Units without spans never were: they are forgotten."""
    units = [unit for unit in changes.units.values() if unit.spans]
    gone = [unit for unit in changes.units.values() if not unit.spans]
    versions = unit_rows.save(work.conn, units) if units else {}
    member_rows.save_spans(work.conn, list(changes.members.values()))
    village_rows.save(work.conn, list(changes.villages.values()))
    if gone:
        versions |= unit_rows.forget(work.conn, gone)
    entries = [unit_entry(kept.units.get(unit.unit_id), unit) for unit in changes.units.values()]
    entries += [member_entry(kept.members[member.member_id], member) for member in changes.members.values()]
    entries += [village_entry(kept.villages[village.village_id], village) for village in changes.villages.values()]
    audit_rows.record(work.conn, work.author, entries)
    told = [unit if unit.spans else publish.never_was(kept.units[unit.unit_id]) for unit in changes.units.values()]
    publish.units(work.conn, told, versions)
    publish.villages(work.conn, changes.villages.keys())
    touched = [roster.touched(kept.members[member.member_id], member) for member in changes.members.values()]
    emptied = {unit.unit_id for unit in gone if kept.units[unit.unit_id].holds_members}
    publish.rosters(work, publish.new_branches(kept.units, units).union(emptied, *touched))
