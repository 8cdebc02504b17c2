"""A member over time: the person, and where, as what and with which post they stand."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import pairwise
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
    card_number: str | None = None
    address: str | None = None


class MemberSpan(msgspec.Struct, frozen=True):
    """Where and as what a member stands from `valid_from` to the day before `valid_to` (None: still).

    With a status that ends membership, `unit_id` is the branch they last stood in, and they stand in no roster.
    `agency` is the short code of the agency a member of a joint branch comes from.
    """

    valid_from: date
    valid_to: date | None
    unit_id: UUID
    kind: MemberKind
    status: Status
    post: Post | None = None
    agency: str | None = None


class GuestStay(msgspec.Struct, frozen=True):
    """Days that a member who is temporarily elsewhere spends with another branch of the suite."""

    valid_from: date
    valid_to: date | None
    unit_id: UUID


class Member(msgspec.Struct, frozen=True):
    """A member with all their spans, in order, without gap or overlap.

    `person` is None once it was erased (`erased_at`), and where only the spans were read (store/members.load_spans).
    """

    member_id: UUID
    code: str
    person: Person | None
    spans: tuple[MemberSpan, ...]
    guest_stays: tuple[GuestStay, ...] = ()
    erased_at: datetime | None = None

    @property
    def stays(self) -> tuple[MemberSpan, ...]:
        """The spans in which the member stands in a branch's roster, as a guest too."""
        home = tuple(span for span in self.spans if span.status not in ENDINGS)
        return home if not self.guest_stays else (*home, *guest_spans(self.spans, self.guest_stays))


def guest_spans(home: Sequence[MemberSpan], stays: Sequence[GuestStay]) -> Iterator[MemberSpan]:
    """Stays as a guest as the host's roster shows them: of the kind and agency of the days, without a post."""
    for stay in stays:
        for span in home:
            if spans.overlap(stay, span):
                ends = [day for day in (stay.valid_to, span.valid_to) if day is not None]
                yield MemberSpan(
                    max(stay.valid_from, span.valid_from),
                    min(ends, default=None),
                    stay.unit_id,
                    span.kind,
                    "received_temporarily",
                    None,
                    span.agency,
                )


def place_on(member: Member, day: date) -> UUID:
    """The branch a member belongs to on `day`: where they stand, last stood, or, before the first day, will stand."""
    begun = [span for span in member.spans if span.valid_from <= day]
    return (begun[-1] if begun else member.spans[0]).unit_id


class MemberChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is new about a member's place from a day on; what is UNSET stays."""

    unit_id: UUID | UnsetType = UNSET
    kind: MemberKind | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    post: Post | UnsetType | None = UNSET
    agency: str | UnsetType | None = UNSET


def changed(member: Member, day: date, change: MemberChange) -> Member:
    """`member` with `change` in force from `day`, before changes of later days that are kept already.

    What changes is carried on into them until one that changed this very fact itself; the end of membership ends what
    is kept for later days too, up to a day on which the member joined again. Post and agency end with a move to
    another branch or an ending status unless the change names them. Stays as a guest end with the absence from home.
    A change that changes nothing gives the same member. Raises Conflict when the member is not in force on `day`, or
    deceased before.
    """
    now = spans.at(member.spans, day)
    if now is None:
        raise _not_in_force(member, day)
    if now.status == "deceased" and day > now.valid_from:
        raise Conflict(
            "member-deceased",
            Text(
                f"Đảng viên {member.code} đã từ trần ngày {vi(now.valid_from)}; không ghi thay đổi sau ngày đó. "
                "Nếu ghi nhầm, hãy gửi thay đổi đúng ngày đó.",
                f"Member {member.code} is deceased since {now.valid_from}; nothing can change after that day. "
                "If that was a mistake, send a change of that very day.",
            ),
        )
    given = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    if given.get("unit_id", now.unit_id) != now.unit_id or given.get("status", now.status) in ENDINGS:
        given = {"post": None, "agency": None} | given
    after = spans.put(member.spans, day, given)
    if change.status in ENDINGS:
        after = _ended(member.spans, after, day)
    after = _posts_of_their_branches(member.spans, after, day)
    if after == member.spans:
        return member
    return settled(msgspec.structs.replace(member, spans=after))


def _posts_of_their_branches(
    before: Sequence[MemberSpan], after: Sequence[MemberSpan], day: date
) -> tuple[MemberSpan, ...]:
    """`after`, a change of `before` on `day`, with posts and agencies as they were kept from the next move on."""
    stop = next(
        (
            span.valid_from
            for previous, span in pairwise(after)
            if span.valid_from > day and (previous.unit_id != span.unit_id or {previous.status, span.status} & ENDINGS)
        ),
        None,
    )
    if stop is None:
        return tuple(after)
    kept = [(span, spans.at(before, span.valid_from)) for span in after]
    return tuple(
        msgspec.structs.replace(span, post=was.post, agency=was.agency) if was and span.valid_from >= stop else span
        for span, was in kept
    )


def _ended(before: Sequence[MemberSpan], after: Sequence[MemberSpan], day: date) -> tuple[MemberSpan, ...]:
    """`after`, in which membership ends on `day`, without what `before` planned for the days until the next end of
    membership or joining again; after death, without anything."""
    ending = next(span for span in after if spans.holds(span, day))
    stops = [
        span.valid_from
        for previous, span in pairwise(before)
        if span.valid_from > day and (previous.status in ENDINGS or span.status in ENDINGS)
    ]
    stop = min(stops, default=None)
    kept = [span for span in after if span.valid_from < ending.valid_from]
    if ending.status == "deceased" or stop is None or after[-1] is ending:
        return (*kept, msgspec.structs.replace(ending, valid_to=after[-1].valid_to))
    rest = [span for span in after if span.valid_from >= stop]
    if rest and rest[0].valid_from > stop:  # the later end of membership was alike, and is one span with this one
        stop = rest[0].valid_from
    if rest and msgspec.structs.replace(rest[0], valid_from=ending.valid_from, valid_to=ending.valid_to) == ending:
        stop = rest.pop(0).valid_to
    return (*kept, msgspec.structs.replace(ending, valid_to=stop), *rest)


def settled(member: Member) -> Member:
    """`member` whose stays as a guest lie within the days of their absence from home, with another branch than it."""
    if not member.guest_stays:
        return member
    stays: list[GuestStay] = []
    for stay in member.guest_stays:
        for span in member.spans:
            if span.status != "temporary_elsewhere" or span.unit_id == stay.unit_id or not spans.overlap(stay, span):
                continue
            ends = [day for day in (stay.valid_to, span.valid_to) if day is not None]
            part = GuestStay(max(stay.valid_from, span.valid_from), min(ends, default=None), stay.unit_id)
            if stays and stays[-1].valid_to == part.valid_from and stays[-1].unit_id == part.unit_id:
                part = msgspec.structs.replace(part, valid_from=stays.pop().valid_from)
            stays.append(part)
    return msgspec.structs.replace(member, guest_stays=tuple(stays))


def _not_in_force(member: Member, day: date) -> Conflict:
    if day < member.spans[0].valid_from:
        first = member.spans[0].valid_from
        return Conflict(
            "member-not-yet",
            Text(
                f"Đảng viên {member.code} chỉ có trong sổ từ ngày {vi(first)}; không thể thay đổi trước ngày đó. "
                "Hãy chọn ngày khác, hoặc nhập lại toàn bộ lịch sử.",
                f"Member {member.code} is on the books from {first} only; nothing can change before. Choose another "
                "day, or import the member's whole history.",
            ),
        )
    return Conflict(
        "member-not-in-force",
        Text(
            f"Lịch sử của đảng viên {member.code} đã kết thúc trước ngày {vi(day)}. Hãy kiểm tra lại ngày.",
            f"The history of member {member.code} ends before {day}. Check the day.",
        ),
    )


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
    if member.person is None:
        return
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


def homeless(stay: spans.Dated, unit: Sequence[UnitSpan]) -> bool:
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
