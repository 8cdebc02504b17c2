"""What is written into the audit trail about a unit and about a member."""

from typing import Any

import msgspec

from services.registry.domain.audit import Entry
from services.registry.domain.members import Member
from services.registry.domain.units import Unit


def unit_entry(before: Unit | None, after: Unit) -> Entry:
    """A unit that was made or changed."""
    action = "unit.created" if before is None else "unit.changed"
    return Entry(action, "unit", after.unit_id, after.unit_id, before, after)


def member_entry(before: Member | None, after: Member) -> Entry:
    """A member who was registered or changed: where and as what they stand, nothing personal."""
    action = "member.registered" if before is None else "member.changed"
    unit_id = after.spans[-1].unit_id if after.spans else None
    return Entry(action, "member", after.member_id, unit_id, _standing(before), _standing(after))


def _standing(member: Member | None) -> Any:
    return None if member is None else {"code": member.code, "spans": msgspec.to_builtins(member.spans)}
