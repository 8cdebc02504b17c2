"""Changes of single members."""

from datetime import date
from uuid import UUID

from services.registry.commands import publish
from services.registry.commands.entries import member_entry
from services.registry.commands.work import Work
from services.registry.domain import members, roster
from services.registry.domain.members import Member, MemberChange, MemberSpan, Person
from services.registry.store import audit as audit_rows
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.ids import new_id

_UNKNOWN_UNIT = Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id.")


def register_member(work: Work, code: str, person: Person, span: MemberSpan) -> Member:
    """A new member with their first span. Raises Conflict when the code is taken, Unprocessable."""
    locks.share_tree(work.conn)
    member = Member(new_id(), code, person, (span,))
    _judge(work, member)
    if not member_rows.add(work.conn, member):
        raise Conflict(
            "member-exists",
            Text(
                f"Mã {code} đã dùng cho một đảng viên khác. Hãy kiểm tra lại, hoặc dùng mã khác.",
                f"The code {code} belongs to another member. Check it, or use another one.",
            ),
        )
    audit_rows.record(work.conn, work.author, [member_entry(None, member)])
    publish.rosters(work, roster.touched(None, member))
    return member


def change_member(work: Work, before: Member, day: date, change: MemberChange) -> Member:
    """What is new about a member's place from `day` on; `before` is as `member_to_change` gave it.

    Raises Conflict, Unprocessable.
    """
    after = members.changed(before, day, change)
    if after == before:
        return before
    _judge(work, after)
    member_rows.save_spans(work.conn, [after])
    audit_rows.record(work.conn, work.author, [member_entry(before, after)])
    publish.rosters(work, roster.touched(before, after))
    return after


def member_to_change(work: Work, member_id: UUID) -> Member | None:
    """The member as they are, locked until the transaction ends; None when there is none."""
    locks.share_tree(work.conn)
    member_rows.lock(work.conn, member_id)
    return member_rows.load(work.conn, member_id)


def _judge(work: Work, member: Member) -> None:
    faults: list[Fault] = [fault for _, fault in members.faults(member, work.today, rule_rows.load(work.conn))]
    units = unit_rows.load(work.conn, [stay.unit_id for stay in member.stays])
    for stay in member.stays:
        unit = units.get(stay.unit_id)
        if unit is None:
            faults.append(Fault("unit_id", "unknown-unit", _UNKNOWN_UNIT))
        elif members.homeless(stay, unit.spans):
            faults.append(members.homeless_fault("unit_id", unit.code))
    if faults:
        raise Unprocessable.of(faults)
