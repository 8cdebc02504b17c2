"""Transfers of members between branches."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from services.registry.commands.members import UNKNOWN_UNIT, keep_place, member_to_change, without_heirs
from services.registry.commands.work import Work
from services.registry.domain import members, spans, transfers
from services.registry.domain.audit import Entry
from services.registry.domain.members import GuestStay, Member
from services.registry.domain.transfers import OPEN, Transfer
from services.registry.store import audit as audit_rows
from services.registry.store import heirs as heir_rows
from services.registry.store import transfers as transfer_rows
from services.registry.store import units as unit_rows
from shared.errors import Conflict, Fault, Text, Unprocessable


def begin(work: Work, before: Member, transfer: Transfer, received_on: date | None) -> Transfer:
    """A new transfer of a member, who is as `member_to_change` gave them; with `received_on` received at once.

    Raises Conflict when another one is open or its id is taken, Unprocessable.
    """
    other = transfer_rows.open_of(work.conn, before.member_id)
    if other is not None or transfer_rows.load(work.conn, transfer.transfer_id) is not None:
        raise Conflict(
            "transfer-open",
            Text(
                "Đảng viên đang có một lần chuyển sinh hoạt chưa xong, hoặc transfer_id này đã dùng. Hãy tiếp nhận, "
                "ghi trở về hoặc huỷ lần chuyển đó trước.",
                "Another transfer of this member is still open, or this transfer_id is taken. Receive, return or "
                "cancel that one first.",
            ),
        )
    faults = list(transfers.faults(transfer, before))
    if transfer.to_unit_id is not None:
        faults += _host_faults(work, transfer, transfer.to_unit_id)
    if faults:
        raise Unprocessable.of(faults)
    if transfer.kind == "temporary":
        keep_place(work, before, transfers.left(before, transfer))
    _keep(work, None, transfer)
    return transfer if received_on is None else receive(work, before, transfer, received_on)


def _host_faults(work: Work, transfer: Transfer, unit_id: UUID) -> list[Fault]:
    host = unit_rows.load(work.conn, [unit_id]).get(unit_id)
    if host is None:
        return [Fault("to_unit_id", "unknown-unit", UNKNOWN_UNIT)]
    end = transfer.planned_return_on or transfer.from_day + timedelta(days=1)
    if not members.homeless(GuestStay(transfer.from_day, end, unit_id), host.spans):
        return []
    return [members.homeless_fault("to_unit_id", host.code)]


def transfer_to_change(work: Work, transfer_id: UUID) -> tuple[Transfer, Member] | None:
    """The transfer and its member as they are, locked until the transaction ends; None when there is none."""
    transfer = transfer_rows.load(work.conn, transfer_id)
    member = member_to_change(work, transfer.member_id) if transfer else None
    again = transfer_rows.load(work.conn, transfer_id)  # another request may have ended it before the lock
    return (again, member) if again and member else None


def receive(work: Work, before: Member, transfer: Transfer, day: date) -> Transfer:
    """An official transfer received on `day`: the member stands in the new branch, or has left.

    Raises Conflict when it waits for no receipt, or the member stands in another branch, or none, by then.
    """
    _require(transfer, "official")
    if day < transfer.paper_issued_on:
        raise Unprocessable.of(
            [
                Fault(
                    "received_on",
                    "received-before-paper",
                    Text(
                        "Ngày tiếp nhận không thể trước ngày cấp giấy giới thiệu.",
                        "The day of receipt cannot come before that of the paper.",
                    ),
                )
            ]
        )
    now = spans.at(before.spans, day)
    if (
        now is None
        or now.status in members.ENDINGS
        or not (now.unit_id == transfer.to_unit_id or heir_rows.descends(work.conn, now.unit_id, transfer.from_unit_id))
    ):
        raise _elsewhere(day)
    leaving = without_heirs(work, before, day, transfer.to_unit_id)
    keep_place(work, before, transfers.received(leaving, transfer, day))
    return _keep(work, transfer, msgspec.structs.replace(transfer, state="received", ended_on=day))


def _elsewhere(day: date) -> Conflict:
    return Conflict(
        "transfer-elsewhere",
        Text(
            f"Ngày {spans.vi(day)} đảng viên không còn ở chi bộ ghi trong giấy chuyển. Hãy xem lại lịch sử, huỷ lần "
            "chuyển này và lập lần chuyển khác nếu cần.",
            f"On {day} the member stands no more in the branch that the paper is of. Look at the history; cancel this "
            "transfer, and begin another one if need be.",
        ),
    )


def come_back(work: Work, before: Member, transfer: Transfer, day: date) -> Transfer:
    """A temporary transfer ended by the return on `day`. Raises Conflict."""
    _require(transfer, "temporary")
    keep_place(work, before, transfers.returned(before, transfer, day))
    return _keep(work, transfer, msgspec.structs.replace(transfer, state="returned", ended_on=day))


def cancel(work: Work, before: Member, transfer: Transfer) -> Transfer:
    """A transfer that is open as if it had not been. Raises Conflict."""
    _require(transfer, transfer.kind)
    keep_place(work, before, transfers.cancelled(before, transfer))
    return _keep(work, transfer, msgspec.structs.replace(transfer, state="cancelled", ended_on=work.today))


def _require(transfer: Transfer, kind: str) -> None:
    if transfer.kind != kind or transfer.state not in OPEN:
        raise Conflict(
            "transfer-state",
            Text(
                "Lần chuyển sinh hoạt này không chờ bước đó: nó thuộc loại khác hoặc đã xong. Hãy xem lại trạng thái.",
                "This transfer does not wait for that step: it is of the other kind, or over. Look at its state.",
            ),
        )


def _keep(work: Work, before: Transfer | None, after: Transfer) -> Transfer:
    transfer_rows.save(work.conn, after)
    told = [None if one is None else msgspec.to_builtins(one) | {"paper_number": None} for one in (before, after)]
    entry = Entry(f"member.transfer_{after.state}", "member", after.member_id, after.from_unit_id, *told)
    audit_rows.record(work.conn, work.author, [entry])
    return after
