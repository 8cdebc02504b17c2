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


def member_entry(before: Member | None, after: Member, personal: bytes | None = None) -> Entry:
    """A member who was registered or changed: where and as what they stand, nothing personal.

    `personal` is who they were and are where that changed, sealed under their own key (store/people.seal_changes).
    """
    action = "member.registered" if before is None else "member.changed"
    unit_id = after.spans[-1].unit_id if after.spans else None
    return Entry(action, "member", after.member_id, unit_id, _standing(before), _standing(after), personal)


def _standing(member: Member | None) -> Any:
    if member is None:
        return None
    guests = {"guest_stays": msgspec.to_builtins(member.guest_stays)} if member.guest_stays else {}
    return {"spans": msgspec.to_builtins(member.spans)} | guests
