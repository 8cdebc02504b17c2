"""A member over time: the person, and where, as what and with which post they stand."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from services.registry.domain import spans
from services.registry.domain.rules import Rules
from services.registry.domain.spans import vi
from services.registry.domain.units import BRANCH_KINDS, UnitSpan
from shared.errors import Conflict, Fault, Text

MemberKind = Literal["official", "probationary"]
Status = Literal["active", "exempt", "temporary_elsewhere", "received_temporarily", "left", "removed", "deceased"]
Post = Literal["secretary", "deputy_secretary", "committee_member"]
Sex = Literal["male", "female"]

ENDINGS: Final = frozenset({"left", "removed", "deceased"})
"""Statuses with which a member stands in no branch any more."""

EARLIEST_BIRTH: Final = date(1900, 1, 1)


class Person(msgspec.Struct, frozen=True):
    """Who a member is. Personal data: stays in the registry's database and answers, never in an event or a log."""

    full_name: str
    birth_date: date
    sex: Sex | None = None
    ethnicity: str | None = None
    phone: str | None = None


class MemberSpan(msgspec.Struct, frozen=True):
    """Where and as what a member stands from `valid_from` to the day before `valid_to` (None: still).

    With a status that ends membership, `unit_id` is the branch they last stood in, and they stand in no roster.
    """

    valid_from: date
    valid_to: date | None
    unit_id: UUID
    kind: MemberKind
    status: Status
    post: Post | None = None


class Member(msgspec.Struct, frozen=True):
    """A member with all their spans, in order, without gap or overlap."""

    member_id: UUID
    code: str
    person: Person
    spans: tuple[MemberSpan, ...]

    @property
    def stays(self) -> tuple[MemberSpan, ...]:
        """The spans in which the member stands in a branch's roster."""
        return tuple(span for span in self.spans if span.status not in ENDINGS)


class MemberChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is new about a member's place from a day on; what is UNSET stays."""

    unit_id: UUID | UnsetType = UNSET
    kind: MemberKind | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    post: Post | UnsetType | None = UNSET


def changed(member: Member, day: date, change: MemberChange) -> Member:
    """`member` with `change` in force from `day`: a new last span, or the last one corrected when it begins that day.

    A post ends with a move to another branch or an ending status unless the change names one. A change that changes
    nothing gives the same member. Raises Conflict when a change from a later day is kept, or the member is deceased.
    """
    last = member.spans[-1]
    if day < last.valid_from:
        raise Conflict(
            "later-change",
            Text(
                f"Đảng viên {member.code} đã có thay đổi từ ngày {vi(last.valid_from)}; "
                "không thể chèn một thay đổi trước ngày đó. Hãy chọn ngày sau, hoặc nhập lại toàn bộ lịch sử.",
                f"Member {member.code} already has a change from {last.valid_from}; none can be put before it. "
                "Choose a later day, or import the member's whole history.",
            ),
        )
    if last.status == "deceased" and day > last.valid_from:
        raise Conflict(
            "member-deceased",
            Text(
                f"Đảng viên {member.code} đã từ trần ngày {vi(last.valid_from)}; không ghi thay đổi sau ngày đó. "
                "Nếu ghi nhầm, hãy gửi thay đổi đúng ngày đó.",
                f"Member {member.code} is deceased since {last.valid_from}; nothing can change after that day. "
                "If that was a mistake, send a change of that very day.",
            ),
        )
    if not spans.holds(last, day):
        raise Conflict(
            "member-not-in-force",
            Text(
                f"Lịch sử của đảng viên {member.code} đã kết thúc trước ngày {vi(day)}. Hãy kiểm tra lại ngày.",
                f"The history of member {member.code} ends before {day}. Check the day.",
            ),
        )
    given = msgspec.to_builtins(change, builtin_types=(UUID,))
    moves = given.get("unit_id", last.unit_id) != last.unit_id
    if moves or given.get("status", last.status) in ENDINGS:
        given.setdefault("post", None)
    new: MemberSpan = msgspec.structs.replace(last, valid_from=day, **given)
    if msgspec.structs.replace(new, valid_from=last.valid_from) == last:
        return member
    if day == last.valid_from:
        return msgspec.structs.replace(member, spans=(*member.spans[:-1], new))
    ended = msgspec.structs.replace(last, valid_to=day)
    return msgspec.structs.replace(member, spans=(*member.spans[:-1], ended, new))


def birthday(birth: date, years: int) -> date:
    """The day on which someone born on `birth` is full `years` years old (29 February: 1 March in a common year)."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def faults(member: Member, today: date, rules: Rules) -> Iterator[tuple[int, Fault]]:
    """The rules `member` breaks on their own, each with the number of the span it is about."""
    for flaw in spans.flaws(member.spans):
        yield flaw.index, Fault(flaw.field, flaw.rule, flaw.message)
    birth = member.person.birth_date
    if not EARLIEST_BIRTH <= birth <= today:
        yield (
            0,
            Fault(
                "birth_date",
                "birth-date",
                Text(
                    f"Ngày sinh phải từ {vi(EARLIEST_BIRTH)} đến hôm nay. Hãy kiểm tra lại.",
                    f"The date of birth must lie between {EARLIEST_BIRTH} and today. Check it.",
                ),
            ),
        )
        return
    admitted = member.spans[0].valid_from
    age = rules.admission_age_on(max(admitted, EARLIEST_BIRTH))
    if admitted < birthday(birth, age.value):
        yield (
            0,
            Fault(
                "valid_from",
                "admission-age",
                Text(
                    f"Đến ngày {vi(admitted)} đảng viên chưa đủ {age.value} tuổi. Hãy kiểm tra ngày sinh và ngày này.",
                    f"On {admitted} the member is not {age.value} years old yet. Check the date of birth and this day.",
                ),
                age.source,
            ),
        )


def homeless(stay: MemberSpan, unit: Sequence[UnitSpan]) -> bool:
    """Whether, on some day of `stay`, its unit (`unit` are its spans) is not in force as a branch."""
    return not spans.within(stay, [span for span in unit if span.kind in BRANCH_KINDS])


def homeless_fault(field: str, unit_code: str) -> Fault:
    """What is said of a stay in a unit that is no branch in force all the while."""
    return Fault(
        field,
        "branch-not-in-force",
        Text(
            f"Đơn vị {unit_code} không phải là chi bộ có hiệu lực trong suốt thời gian này. "
            "Hãy chọn chi bộ khác hoặc sửa ngày.",
            f"Unit {unit_code} is not a branch in force all this time. Choose another branch or correct the dates.",
        ),
    )
