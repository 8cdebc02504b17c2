"""Transfers between branches: official, once received, and temporary, until the day of return."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.registry.domain import members, spans
from services.registry.domain.members import ENDINGS, GuestStay, Member, MemberChange, MemberSpan, Status
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from shared.errors import Conflict, Fault, Text

TransferKind = Literal["official", "temporary"]
TransferState = Literal["pending", "away", "received", "returned", "cancelled"]
OPEN: Final = frozenset({"pending", "away"})
"""States in which something is still to come: the receipt of an official transfer, the return from a temporary one."""


class Transfer(msgspec.Struct, frozen=True):
    """A transfer of a member from their branch to another, or (`to_unit_id` None) out of the suite.

    An official one is `pending` until it is `received`; the member stays on the old roster until then. A temporary one
    is `away` from `from_day` to the day before `planned_return_on`, when the member is on the home roster again.
    """

    transfer_id: UUID
    member_id: UUID
    kind: TransferKind
    state: TransferState
    from_unit_id: UUID
    to_unit_id: UUID | None
    from_day: date
    paper_issued_on: date
    paper_number: str | None = None
    planned_return_on: date | None = None
    ended_on: date | None = None


class Due(msgspec.Struct, frozen=True):
    """A day by which something is to be done, and the rule that sets it."""

    due_on: date
    rule: str
    source: str


def due(transfer: Transfer, rules: Rules) -> Due:
    """By when an official transfer's paper is to be presented, or the member is back from a temporary one."""
    if transfer.kind == "official":
        limit = rules.transfer_days_on(transfer.paper_issued_on)
        return Due(transfer.paper_issued_on + timedelta(days=limit.value), "transfer_days", limit.source)
    limit = rules.temporary_days_on(transfer.from_day)
    longest = transfer.from_day + timedelta(days=limit.value)
    planned = transfer.planned_return_on or longest
    return Due(min(planned, longest), "temporary_days", limit.source)


def faults(transfer: Transfer, member: Member) -> Iterator[Fault]:
    """What is wrong with a transfer before anything is done about it."""
    now = spans.at(member.spans, transfer.from_day)
    if now is None or now.status in ENDINGS or now.status == "temporary_elsewhere":
        yield Fault(
            "from_day",
            "not-in-branch",
            Text(
                f"Ngày {vi(transfer.from_day)} đảng viên không sinh hoạt tại chi bộ của mình. Hãy kiểm tra ngày.",
                f"On {transfer.from_day} the member does not stand in a branch of their own. Check the day.",
            ),
        )
    if transfer.to_unit_id is not None and now is not None and now.unit_id == transfer.to_unit_id:
        yield Fault(
            "to_unit_id",
            "same-branch",
            Text("Đảng viên đang ở chi bộ này. Hãy chọn chi bộ khác.", "The member is in this branch. Choose another."),
        )
    if transfer.paper_issued_on > transfer.from_day:
        yield Fault(
            "paper_issued_on",
            "paper-after-transfer",
            Text(
                "Giấy giới thiệu phải được cấp trước hoặc đúng ngày chuyển.",
                "The paper is issued before the day of the transfer, or on it.",
            ),
        )
    back = transfer.planned_return_on
    if (transfer.kind == "temporary") != (back is not None) or (back is not None and back <= transfer.from_day):
        yield Fault(
            "planned_return_on",
            "return-day",
            Text(
                "Chuyển sinh hoạt tạm thời cần ngày dự kiến trở về, sau ngày đi; chuyển chính thức thì không ghi.",
                "A temporary transfer needs a planned day of return, after its first day; an official one has none.",
            ),
        )


def left(member: Member, transfer: Transfer) -> Member:
    """`member` gone on a temporary transfer: elsewhere until the planned return, a guest of the host meanwhile.

    Raises Conflict when another change of status is kept for those days.
    """
    back = transfer.planned_return_on
    assert back is not None
    away = _elsewhere(member, transfer.from_day, back)
    if transfer.to_unit_id is None:
        return away
    stay = GuestStay(transfer.from_day, back, transfer.to_unit_id)
    stays = sorted((*away.guest_stays, stay), key=lambda one: one.valid_from)
    return members.settled(msgspec.structs.replace(away, guest_stays=tuple(stays)))


def received(member: Member, transfer: Transfer, day: date) -> Member:
    """`member` received by the other branch on `day`, or gone out of the suite. Raises Conflict."""
    if transfer.to_unit_id is None:
        return members.changed(member, day, MemberChange(status="left"))
    return members.changed(member, day, MemberChange(unit_id=transfer.to_unit_id))


def returned(member: Member, transfer: Transfer, day: date) -> Member:
    """`member` back from a temporary transfer on `day`, earlier or later than planned. Raises Conflict."""
    planned = transfer.planned_return_on
    assert planned is not None
    if day < planned:
        if day <= transfer.from_day:
            raise _too_early(transfer)
        return _home_from(member, day, planned)
    if day == planned:
        return member
    longer = _elsewhere(member, planned, day)
    stays = tuple(
        msgspec.structs.replace(stay, valid_to=day)
        if stay.valid_to == planned and transfer.to_unit_id is not None  # perhaps with its heir by now
        else stay
        for stay in longer.guest_stays
    )
    return members.settled(msgspec.structs.replace(longer, guest_stays=stays))


def _elsewhere(member: Member, first: date, end: date) -> Member:
    """`member` temporarily elsewhere from `first` to the day before `end`, then of the status kept for that day."""
    now, later = spans.at(member.spans, first), spans.at(member.spans, end)
    if (
        now is None
        or later is None
        or {now.status, later.status} & ENDINGS
        or any(_differs(span, now, first, end) for span in member.spans)
    ):
        raise Conflict(
            "status-changes-meanwhile",
            Text(
                f"Từ {vi(first)} đến {vi(end)} đảng viên {member.code} có thay đổi khác về chi bộ hoặc tình trạng. "
                "Hãy xem lại lịch sử và chọn ngày khác.",
                f"Between {first} and {end} member {member.code} has another change of branch or status. Look at the "
                "history and choose other days.",
            ),
        )
    return msgspec.structs.replace(member, spans=_over(member.spans, first, end, "temporary_elsewhere"))


def _over(kept: Sequence[MemberSpan], first: date, end: date, status: Status) -> tuple[MemberSpan, ...]:
    """`kept` with `status` from `first` to the day before `end`, and on all other days as it was."""
    parts: list[MemberSpan] = []
    for span in kept:
        cuts = [day for day in (first, end) if span.valid_from < day and spans.holds(span, day)]
        for begins, ends in pairwise([span.valid_from, *cuts, span.valid_to]):
            assert begins is not None
            part = msgspec.structs.replace(span, valid_from=begins, valid_to=ends)
            if first <= begins < end:
                part = msgspec.structs.replace(part, status=status)
            before = parts[-1] if parts else None
            if before and msgspec.structs.replace(before, valid_from=begins, valid_to=ends) == part:
                part = msgspec.structs.replace(part, valid_from=parts.pop().valid_from)
            parts.append(part)
    return tuple(parts)


def _differs(span: MemberSpan, now: MemberSpan, first: date, end: date) -> bool:
    return first < span.valid_from < end and (span.status, span.unit_id) != (now.status, now.unit_id)


def _too_early(transfer: Transfer) -> Conflict:
    return Conflict(
        "return-before-leave",
        Text(
            f"Ngày trở về phải sau ngày đi {vi(transfer.from_day)}. Nếu không đi nữa, hãy huỷ giấy chuyển.",
            f"The day of return comes after {transfer.from_day}, the first day away. A transfer that did not happen is "
            "cancelled.",
        ),
    )


def cancelled(member: Member, transfer: Transfer) -> Member:
    """`member` as if a transfer that is still open had not been. Raises Conflict."""
    if transfer.kind == "official" or transfer.planned_return_on is None:
        return member
    return _home_from(member, transfer.from_day, transfer.planned_return_on)


def _home_from(member: Member, day: date, planned: date) -> Member:
    """`member`, away until the day before `planned`, at home from `day` on with the status kept for `planned`."""
    now, home = spans.at(member.spans, day), spans.at(member.spans, planned)
    if now is None or now.status != "temporary_elsewhere":
        return member
    status = home.status if home is not None and home.status not in {*ENDINGS, "temporary_elsewhere"} else "active"
    changes = (span.valid_from for span in member.spans if span.valid_from > day and span.status != now.status)
    end = min((*changes, planned))
    after = _over(member.spans, day, end, status)
    return members.settled(msgspec.structs.replace(member, spans=after))
