"""Changes of single members: their places, who they are, their erasure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from services.registry.commands import publish
from services.registry.commands.entries import member_entry
from services.registry.commands.work import Work
from services.registry.domain import members, probation, roster
from services.registry.domain.audit import Entry
from services.registry.domain.lineage import before_heirs
from services.registry.domain.members import Member, MemberChange, MemberSpan, Person
from services.registry.domain.probation import Outcome
from services.registry.domain.spans import at, rewrite, vi
from services.registry.store import audit as audit_rows
from services.registry.store import heirs as heir_rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks
from services.registry.store import members as member_rows
from services.registry.store import people as people_rows
from services.registry.store import rules as rule_rows
from services.registry.store import transfers as transfer_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.ids import new_id

UNKNOWN_UNIT = Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id.")
_ADMITTED_LATER = Text(
    "Ngày kết nạp không thể sau ngày đầu tiên sinh hoạt tại chi bộ. Hãy kiểm tra lại.",
    "The day of admission cannot come after the first day in the branch. Check it.",
)
Ground = Literal["request", "purpose_ended", "unlawful", "order"]
"""On which legal ground a person is erased: asked for by the person, no purpose left, kept unlawfully, ordered."""


def register_member(
    work: Work, code: str, person: Person, span: MemberSpan, *, member_id: UUID | None, admitted_on: date | None
) -> Member:
    """A new member with their first span; a probationary one's probation counts from `admitted_on`, else that span.

    Raises Conflict when the code or the id is taken, Unprocessable.
    """
    if admitted_on is not None and admitted_on > span.valid_from:
        raise Unprocessable.of([Fault("admitted_on", "admitted-later", _ADMITTED_LATER)])
    locks.share_tree(work.conn)
    member = _followed(work, Member(member_id or new_id(), code, person, (span,)))
    judge(work, member)
    if not member_rows.add(work.conn, work.vault, member):
        raise Conflict(
            "member-exists",
            Text(
                f"Mã {code}, hoặc member_id này, đã dùng cho một đảng viên khác. Hãy kiểm tra lại, hoặc dùng mã khác.",
                f"The code {code}, or this member_id, belongs to another member. Check it, or use another one.",
            ),
        )
    if span.kind == "probationary":
        kept = probation.begun(admitted_on or span.valid_from, rule_rows.load(work.conn))
        transfer_rows.save_probation(work.conn, member.member_id, kept)
    audit_rows.record(work.conn, work.author, [member_entry(None, member)])
    publish.rosters(work, roster.touched(None, member))
    return member


def change_member(work: Work, before: Member, day: date, change: MemberChange) -> Member:
    """What is new about a member's place from `day` on; `before` is as `member_to_change` gave it.

    Raises Conflict, Unprocessable.
    """
    leaving = before if change.unit_id is UNSET else without_heirs(work, before, day, change.unit_id)
    return keep_place(work, before, members.changed(leaving, day, change))


def without_heirs(work: Work, member: Member, day: date, unit_id: UUID | None) -> Member:
    """`member`, who goes to `unit_id` on `day`, without the branches that take over later from the one they leave."""
    now = at(member.spans, day)
    if unit_id is None or now is None or now.unit_id == unit_id:
        return member
    heirs = lineage_rows.successions(work.conn, day)
    timeline = before_heirs(member.spans, day, "unit_id", heirs, lost=["post"])
    return msgspec.structs.replace(member, spans=timeline)


def keep_place(work: Work, before: Member, after: Member) -> Member:
    """Keep and publish where a member stands, who is the same person. Raises Unprocessable."""
    if after == before:
        return before
    after = _followed(work, after)
    judge(work, after)
    member_rows.save_spans(work.conn, [after])
    audit_rows.record(work.conn, work.author, [member_entry(before, after)])
    publish.rosters(work, roster.touched(before, after))
    return after


def change_person(work: Work, before: Member, person: Person) -> Member:
    """Who a member is, corrected. Raises Conflict when they were erased, Unprocessable."""
    if before.person is None:
        raise people_rows.erased()
    after = msgspec.structs.replace(before, person=person)
    if after == before:
        return before
    judge(work, after)
    people_rows.save(work.conn, work.vault, [after])
    personal = people_rows.seal_changes(work.conn, work.vault, [(before, after)])
    audit_rows.record(work.conn, work.author, [member_entry(before, after, personal[after.member_id])])
    publish.rosters(work, roster.touched(before, after))
    return after


def review_probation(work: Work, before: Member, outcome: Outcome, day: date, next_review_on: date | None) -> Member:
    """The outcome of a probation's review. Raises Conflict, Unprocessable."""
    rules = rule_rows.load(work.conn)
    kept = transfer_rows.probations(work.conn, [before.member_id]).get(before.member_id)
    after, done = probation.reviewed(before, probation.of(before, kept, rules), outcome, day, next_review_on, rules)
    transfer_rows.save_probation(work.conn, before.member_id, done)
    entry = Entry("member.probation_reviewed", "member", before.member_id, before.spans[-1].unit_id, kept, done)
    audit_rows.record(work.conn, work.author, [entry])
    return keep_place(work, before, after)


def erase_member(work: Work, before: Member, ground: Ground, citation: str) -> Member:
    """Destroy who a member is: the data key and what it sealed here; what it sealed elsewhere is unreadable for good.

    Their spans stay, and so do all counts. Raises Conflict when they were erased before.
    """
    if before.person is None:
        raise people_rows.erased()
    people_rows.erase(work.conn, before.member_id, f"erased-{new_id()}")
    transfer_rows.forget_papers(work.conn, before.member_id)
    after = member_rows.load(work.conn, work.vault, before.member_id)
    assert after is not None
    told = {"ground": ground, "citation": citation}
    unit_id = before.spans[-1].unit_id
    audit_rows.record(work.conn, work.author, [Entry("member.erased", "member", before.member_id, unit_id, None, told)])
    publish.rosters(work, roster.touched(before, after))
    return after


def member_to_change(work: Work, member_id: UUID) -> Member | None:
    """The member as they are, locked until the transaction ends; None when there is none."""
    locks.share_tree(work.conn)
    member_rows.lock(work.conn, member_id)
    return member_rows.load(work.conn, work.vault, member_id)


def _followed(work: Work, member: Member) -> Member:
    """`member`, moved on into the branch that takes over where a later end of theirs is decided already.

    Raises Conflict where several take over: the decision must be asked where the member goes.
    """
    units = unit_rows.load(work.conn, [stay.unit_id for stay in member.spans if stay.status not in members.ENDINGS])
    while True:  # each turn is about a later day
        ended = next(
            (
                (span.unit_id, last.valid_to)
                for span in member.spans
                if span.status not in members.ENDINGS and span.unit_id in units
                for last in units[span.unit_id].spans[-1:]
                if last.valid_to is not None
                and span.valid_from < last.valid_to
                and (span.valid_to is None or last.valid_to < span.valid_to)
            ),
            None,
        )
        heirs = heir_rows.of(work.conn, *ended) if ended else []
        if ended is None or not heirs:
            return member
        unit_id, day = ended
        if len(heirs) > 1:
            raise _divided(units[unit_id].code, heirs[0].decision, day)
        heir = heirs[0].unit_id
        member = members.settled(msgspec.structs.replace(member, spans=_taken_over(member.spans, day, unit_id, heir)))
        units |= unit_rows.load(work.conn, [heir])


def _taken_over(spans: Sequence[MemberSpan], day: date, unit_id: UUID, heir: UUID) -> tuple[MemberSpan, ...]:
    def facts(span: MemberSpan) -> dict[str, Any]:
        return {"unit_id": heir, "post": None} if span.unit_id == unit_id else {}

    return rewrite(spans, day, facts)


def _divided(code: str, decision: str, day: date) -> Conflict:
    return Conflict(
        "branch-divides",
        Text(
            f"Theo quyết định {decision}, từ ngày {vi(day)} chi bộ {code} chia thành nhiều chi bộ. Hãy nêu chi bộ của "
            "đảng viên từ ngày đó, hoặc ghi nhận sau ngày đó.",
            f"By decision {decision}, branch {code} is divided among several from {day}. Say where the member stands "
            "from that day, or enter this after that day.",
        ),
    )


def judge(work: Work, member: Member) -> None:
    """Raises Unprocessable naming every rule the member breaks, alone or with the branches they stand in."""
    faults: list[Fault] = [fault for _, fault in members.faults(member, work.today, rule_rows.load(work.conn))]
    units = unit_rows.load(work.conn, [stay.unit_id for stay in member.stays])
    for stay in member.stays:
        unit = units.get(stay.unit_id)
        if unit is None:
            faults.append(Fault("unit_id", "unknown-unit", UNKNOWN_UNIT))
        elif members.homeless(stay, unit.spans):
            faults.append(members.homeless_fault("unit_id", unit.code))
    if faults:
        raise Unprocessable.of(faults)
