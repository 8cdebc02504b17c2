"""Codes of units in other systems."""

from services.registry.commands.work import Work
from services.registry.domain.audit import Entry
from services.registry.domain.unit_codes import UnitCode, given
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import unit_codes as rows
from services.registry.store import units as unit_rows


def give(work: Work, new: UnitCode) -> UnitCode:
    """Keep a unit's code in another system from a day on. Raises KeyError, Conflict, Unprocessable."""
    locks.hold_tree(work.conn)  # two units may ask for one code at once
    unit = unit_rows.load(work.conn, [new.unit_id])[new.unit_id]
    before = rows.of_unit(work.conn, new.unit_id, new.system)
    after = given(unit, before, rows.equal(work.conn, new.system, new.code), new)
    if after != before:
        rows.save(work.conn, new.unit_id, new.system, after)
        entry = Entry("unit.code_given", "unit", new.unit_id, new.unit_id, before, after)
        audit_rows.record(work.conn, work.author, [entry])
    return new
