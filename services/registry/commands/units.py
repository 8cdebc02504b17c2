"""Changes of single units."""

from datetime import date
from uuid import UUID

from services.registry.commands import publish
from services.registry.domain import members, tree
from services.registry.domain.units import Unit, UnitChange, UnitSpan, changed, closed
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from shared.db import Connection
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.ids import new_id


def create_unit(conn: Connection, code: str, span: UnitSpan, unit_id: UUID | None, today: date) -> Unit:
    """A new unit with its first span. Raises Conflict when the code or the id is taken, Unprocessable."""
    locks.hold_tree(conn)
    known = unit_rows.load_tree(conn)
    unit = Unit(unit_id or new_id(), code, (span,))
    if unit.unit_id in known or any(other.code == code for other in known.values()):
        raise Conflict(
            "unit-exists",
            Text(
                f"Mã {code}, hoặc unit_id này, đã dùng cho một đơn vị khác. Hãy dùng mã khác.",
                f"The code {code}, or this unit_id, belongs to another unit. Use another one.",
            ),
        )
    return _keep(conn, known, unit, today)


def change_unit(conn: Connection, unit_id: UUID, day: date, change: UnitChange, today: date) -> Unit:
    """What is new about a unit from `day` on. Raises KeyError, Conflict, Unprocessable."""
    locks.hold_tree(conn)
    known = unit_rows.load_tree(conn)
    before = known[unit_id]
    after = changed(before, day, change)
    return before if after == before else _keep(conn, known, after, today)


def close_unit(conn: Connection, unit_id: UUID, day: date, today: date) -> Unit:
    """The unit no longer exists from `day` on. Raises KeyError, Conflict, Unprocessable."""
    locks.hold_tree(conn)
    known = unit_rows.load_tree(conn)
    before = known[unit_id]
    after = closed(before, day)
    return before if after == before else _keep(conn, known, after, today, field="closed_on")


def _keep(conn: Connection, known: dict[UUID, Unit], unit: Unit, today: date, *, field: str | None = None) -> Unit:
    """Judge `unit` in its tree, save and publish it; faults name `field` when the request has no other."""
    faults = [
        Fault(field or breach.field, breach.rule, breach.message, breach.source)
        for breach in tree.breaches({**known, unit.unit_id: unit}, [unit.unit_id], rule_rows.load(conn))
    ]
    if any(members.homeless(stay, unit.spans) for _, stay in member_rows.stays_in(conn, [unit.unit_id])):
        faults.append(members_left_fault(field or "kind", unit.code))
    if faults:
        raise Unprocessable.of(faults)
    publish.units(conn, [unit], unit_rows.save(conn, [unit]))
    publish.rosters(conn, publish.new_branches(known, [unit]), today)
    return unit


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
