"""A village (thôn, làng, tổ dân phố) over time: its organisation, the branch it has or shares, and its head."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from services.registry.domain import spans
from services.registry.domain.spans import Dated, vi
from services.registry.domain.units import BRANCH_KINDS, OPENING, Unit
from shared.errors import Conflict, Fault, Text

Head = Literal["member", "not_member", "vacant"]
"""Who heads a village: a member of the Party, somebody else, or nobody."""

_NO_ORGANISATION: Final = BRANCH_KINDS | {"group"}


class VillageSpan(msgspec.Struct, frozen=True):
    """What a village is from `valid_from` to the day before `valid_to` (None: still).

    `unit_id` is the organisation of its commune, a unit that is no branch. `branch_id` is the branch it has or shares;
    None: it has none (trắng chi bộ). `head_member_id` may name the head where `head` is `member`. With
    `branch_elsewhere` the branch belongs to a neighbouring organisation and not to `unit_id`.
    """

    valid_from: date
    valid_to: date | None
    name: str
    unit_id: UUID
    branch_id: UUID | None = None
    head: Head = "vacant"
    head_member_id: UUID | None = None
    branch_elsewhere: bool = False


class Village(msgspec.Struct, frozen=True):
    """A village with all its spans, in order, without gap or overlap."""

    village_id: UUID
    code: str
    spans: tuple[VillageSpan, ...]


class VillageChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is new about a village from a day on; what is UNSET stays."""

    name: str | UnsetType = UNSET
    unit_id: UUID | UnsetType = UNSET
    branch_id: UUID | UnsetType | None = UNSET
    head: Head | UnsetType = UNSET
    head_member_id: UUID | UnsetType | None = UNSET
    branch_elsewhere: bool | UnsetType = UNSET


def changed(village: Village, day: date, change: VillageChange) -> Village:
    """`village` with `change` in force from `day`, before changes of later days that are kept already.

    A head who is named ends with a change of `head`, and a branch elsewhere with a change of the branch, unless the
    change says otherwise. A change that changes nothing gives the same village. Raises Conflict when the village is not
    in force on `day`.
    """
    now = spans.at(village.spans, day)
    if now is None:
        raise _not_in_force(village, day)
    facts = {field: value for field, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    if facts.get("head", now.head) != now.head:
        facts.setdefault("head_member_id", None)
    if facts.get("branch_id", now.branch_id) != now.branch_id:
        facts.setdefault("branch_elsewhere", False)
    return msgspec.structs.replace(village, spans=spans.put(village.spans, day, facts))


def closed(village: Village, day: date) -> Village:
    """`village` no longer in force from `day` on; the same village when it is closed on that day already.

    Raises Conflict when it is closed on another day, or changes that are kept begin on `day` or later.
    """
    last = village.spans[-1]
    if last.valid_to == day:
        return village
    if last.valid_to is not None:
        raise _not_in_force(village, last.valid_to)
    if day <= last.valid_from:
        raise Conflict(
            "later-change",
            Text(
                f"Thôn {village.code} đã có thay đổi từ ngày {vi(last.valid_from)}; ngày kết thúc phải sau ngày đó.",
                f"Village {village.code} has a change from {last.valid_from}; it can only be closed after that day.",
            ),
        )
    return msgspec.structs.replace(village, spans=spans.end(village.spans, day))


def _not_in_force(village: Village, day: date) -> Conflict:
    return Conflict(
        "village-not-in-force",
        Text(
            f"Thôn {village.code} không có hiệu lực vào ngày {vi(day)}. Hãy kiểm tra lại ngày.",
            f"Village {village.code} is not in force on {day}. Check the day.",
        ),
    )


class Days(msgspec.Struct, frozen=True):
    """Some days, as a span."""

    valid_from: date
    valid_to: date | None


def faults(
    village: Village, units: Mapping[UUID, Unit], stays: Mapping[UUID, Sequence[Dated]]
) -> Iterator[tuple[int, Fault]]:
    """The rules `village` breaks, each with the number of the span it is about.

    `units` holds the units its spans name and all that ever stood above their branches; `stays` the days on which each
    member that heads it stands in a roster.
    """
    for flaw in spans.flaws(village.spans):
        yield flaw.index, Fault(flaw.field, flaw.rule, flaw.message)
    for index, span in enumerate(village.spans):
        for fault in (*_place(span, units), *_head(span, stays)):
            yield index, fault


def _place(span: VillageSpan, units: Mapping[UUID, Unit]) -> Iterator[Fault]:
    if span.valid_from < OPENING:
        message = Text(f"Ngày bắt đầu phải từ {vi(OPENING)}.", f"The start must not be before {OPENING}.")
        yield Fault("valid_from", "date-too-early", message)
    unit = units.get(span.unit_id)
    if unit is None:
        yield Fault("unit_id", "unknown-unit", _UNKNOWN)
    elif not spans.within(span, [one for one in unit.spans if one.kind not in _NO_ORGANISATION]):
        yield Fault(
            "unit_id",
            "organisation-not-in-force",
            Text(
                f"Đơn vị {unit.code} không phải là đảng bộ có hiệu lực trong suốt thời gian này. Thôn thuộc đảng bộ "
                "của xã; hãy chọn đảng bộ khác hoặc sửa ngày.",
                f"Unit {unit.code} is not a committee in force all this time. A village belongs to the organisation "
                "of its commune: choose another one or correct the dates.",
            ),
        )
    if span.branch_id is None:
        if span.branch_elsewhere:
            yield Fault(
                "branch_elsewhere",
                "branch-needed",
                Text(
                    "branch_elsewhere chỉ dùng khi có branch_id. Hãy nêu chi bộ, hoặc bỏ branch_elsewhere.",
                    "branch_elsewhere needs a branch_id. Name the branch, or leave branch_elsewhere out.",
                ),
            )
        return
    branch = units.get(span.branch_id)
    if branch is None:
        yield Fault("branch_id", "unknown-unit", _UNKNOWN)
    elif not spans.within(span, [one for one in branch.spans if one.kind in BRANCH_KINDS]):
        yield Fault(
            "branch_id",
            "branch-not-in-force",
            Text(
                f"Đơn vị {branch.code} không phải là chi bộ có hiệu lực trong suốt thời gian này. "
                "Hãy chọn chi bộ khác hoặc sửa ngày.",
                f"Unit {branch.code} is not a branch in force all this time. "
                "Choose another branch or correct the dates.",
            ),
        )
    elif unit is not None and not span.branch_elsewhere and not below(units, span.branch_id, span.unit_id, span):
        yield Fault(
            "branch_id",
            "branch-of-another-organisation",
            Text(
                f"Chi bộ {branch.code} không thuộc đảng bộ {unit.code} trong suốt thời gian này. Nếu thôn sinh hoạt "
                "ghép với chi bộ của đảng bộ lân cận, hãy ghi branch_elsewhere: true.",
                f"Branch {branch.code} does not stand below {unit.code} all this time. If the village shares a branch "
                "of a neighbouring organisation, say so with branch_elsewhere: true.",
            ),
        )


def _head(span: VillageSpan, stays: Mapping[UUID, Sequence[Dated]]) -> Iterator[Fault]:
    if span.head_member_id is None:
        return
    if span.head != "member":
        yield Fault(
            "head_member_id",
            "head-is-no-member",
            Text(
                "Chỉ nêu head_member_id khi head là member. Hãy sửa một trong hai.",
                "head_member_id goes with head: member only. Correct one of the two.",
            ),
        )
    elif not any(spans.holds(stay, span.valid_from) for stay in stays.get(span.head_member_id, ())):
        yield Fault(
            "head_member_id",
            "head-in-no-roster",
            Text(
                f"Đảng viên này không có tên trong chi bộ nào vào ngày {vi(span.valid_from)}. Hãy kiểm tra mã đảng "
                "viên hoặc ngày.",
                f"This member stands in no branch on {span.valid_from}. Check the member's id or the day.",
            ),
        )


def below(units: Mapping[UUID, Unit], here: UUID, top: UUID, days: Dated) -> bool:
    """Whether on every day of `days` the unit `here` is `top` or stands below it."""
    return _below(units, here, top, days, frozenset())


def _below(units: Mapping[UUID, Unit], here: UUID, top: UUID, days: Dated, passed: frozenset[UUID]) -> bool:
    if here == top:
        return True
    unit = units.get(here)
    if unit is None or here in passed or not spans.within(days, unit.spans):
        return False
    return all(
        span.parent_id is not None and _below(units, span.parent_id, top, _shared(span, days), passed | {here})
        for span in unit.spans
        if spans.overlap(span, days)
    )


def _shared(one: Dated, other: Dated) -> Days:
    ends = [day for day in (one.valid_to, other.valid_to) if day is not None]
    return Days(max(one.valid_from, other.valid_from), min(ends, default=None))


_UNKNOWN: Final = Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id.")
