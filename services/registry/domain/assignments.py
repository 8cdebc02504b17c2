"""Members of superior committees assigned to follow branches."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import spans
from services.registry.domain.spans import vi
from services.registry.domain.units import BRANCH_KINDS, OPENING, Unit
from shared.errors import Conflict, Fault, Text


class Assignment(msgspec.Struct, frozen=True):
    """`member_id`, of the committee `committee_id`, follows a branch from `valid_from` to the day before `valid_to`."""

    assignment_id: UUID
    member_id: UUID
    committee_id: UUID
    branch_id: UUID
    valid_from: date
    valid_to: date | None


def faults(given: Assignment, branch: Unit | None, others: Collection[Assignment]) -> Iterator[Fault]:
    """The rules `given` breaks; `others` are the assignments of the same member to the same branch."""
    flawed = [Fault(flaw.field, flaw.rule, flaw.message) for flaw in spans.flaws([given])]
    yield from flawed
    if given.valid_from < OPENING:
        message = Text(f"Ngày bắt đầu phải từ {vi(OPENING)}.", f"The start must not be before {OPENING}.")
        yield Fault("valid_from", "date-too-early", message)
    if flawed:
        return
    if branch is not None:
        now = spans.at(branch.spans, given.valid_from)
        if now is None or now.kind not in BRANCH_KINDS:
            yield Fault(
                "branch_id",
                "branch-not-in-force",
                Text(
                    f"Đơn vị {branch.code} không phải là chi bộ có hiệu lực vào ngày {vi(given.valid_from)}.",
                    f"Unit {branch.code} is not a branch in force on {given.valid_from}.",
                ),
            )
    for other in others:
        if other.assignment_id != given.assignment_id and spans.overlap(given, other):
            until = vi(other.valid_to) if other.valid_to else "nay"
            yield Fault(
                "valid_from",
                "assignment-overlap",
                Text(
                    f"Đảng viên này đã được phân công theo dõi chi bộ từ {vi(other.valid_from)} đến {until}.",
                    f"This member follows the branch from {other.valid_from} to {other.valid_to or 'now'} already.",
                ),
            )


def ended(given: Assignment, day: date) -> Assignment:
    """`given` no longer in force from `day` on. Raises Conflict when `day` is not within it, after its first day."""
    if given.valid_to == day:
        return given
    if day <= given.valid_from or (given.valid_to is not None and given.valid_to < day):
        until = vi(given.valid_to) if given.valid_to else "nay"
        raise Conflict(
            "assignment-not-in-force",
            Text(
                f"Phân công có hiệu lực từ {vi(given.valid_from)} đến {until}; "
                "ngày kết thúc phải nằm trong thời gian đó.",
                f"The assignment is in force from {given.valid_from} to {given.valid_to or 'now'}; "
                "it ends within that.",
            ),
        )
    return msgspec.structs.replace(given, valid_to=day)


def member_outside_fault() -> Fault:
    """What is said of a member who stands in no branch below the committee."""
    return Fault(
        "member_id",
        "member-not-below",
        Text(
            "Vào ngày bắt đầu, đảng viên này không thuộc cấp uỷ phân công. Hãy kiểm tra mã và ngày.",
            "On the first day this member does not stand below the committee that assigns. Check the id and the day.",
        ),
    )
