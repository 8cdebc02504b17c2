"""Recording that a member was disciplined, and taking a record back that was a mistake."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.commands import publish
from services.registry.commands.work import Work
from services.registry.domain import discipline
from services.registry.domain.audit import Entry
from services.registry.domain.discipline import Discipline, Particulars
from services.registry.domain.members import Member, place_on
from services.registry.store import audit as audit_rows
from services.registry.store import discipline as rows
from services.registry.store import people as people_rows
from services.registry.store import rules as rule_rows
from shared.errors import Conflict, NotFound, Text, Unprocessable


def record(work: Work, member: Member, discipline_id: UUID, on: date, given: Particulars) -> Discipline:
    """A member was disciplined; `member` is as `member_to_change` gave it.

    Raises Conflict when the id is taken or the member was erased, Unprocessable.
    """
    if member.person is None:
        raise people_rows.erased()
    faults = [*discipline.faults(member, on, given, rule_rows.load(work.conn), work.today)]
    if faults:
        raise Unprocessable.of(faults)
    made = Discipline(discipline_id, member.member_id, on, given)
    if not rows.add(work.conn, work.vault, made):
        message = Text("discipline_id đã dùng. Hãy dùng mã khác.", "The discipline_id is taken. Use another one.")
        raise Conflict("discipline-exists", message)
    _told(work, member, "member.disciplined", None, made)
    return made


def withdraw(work: Work, member: Member, discipline_id: UUID) -> Discipline:
    """A record that was a mistake counts no more; it stays, marked. Raises NotFound."""
    found = {one.discipline_id: one for one in rows.of_member(work.conn, work.vault, member.member_id)}
    before = found.get(discipline_id)
    if before is None:
        message = Text("Không có bản ghi kỷ luật này. Hãy kiểm tra mã.", "There is no such record. Check the id.")
        raise NotFound("discipline", message)
    if before.withdrawn_at is None:
        rows.withdraw(work.conn, discipline_id)
        _told(work, member, "member.discipline_withdrawn", before, None)
    return next(
        one for one in rows.of_member(work.conn, work.vault, member.member_id) if one.discipline_id == discipline_id
    )


def _told(work: Work, member: Member, action: str, before: Discipline | None, after: Discipline | None) -> None:
    about = after or before
    assert about is not None
    branch_id = place_on(member, about.on)
    # Form and decision go into the trail under the member's key only.
    personal = None
    if about.particulars is not None:
        said = {"before": before and before.particulars, "after": after and after.particulars}
        personal = people_rows.seal_as(work.conn, work.vault, member.member_id, msgspec.json.encode(said), b"audit")
    entry = Entry(action, "member", member.member_id, branch_id, _shown(before), _shown(after), personal)
    audit_rows.record(work.conn, work.author, [entry])
    publish.rosters(work, {branch_id})


def _shown(one: Discipline | None) -> dict[str, object] | None:
    return None if one is None else {"discipline_id": one.discipline_id, "on": one.on}
