"""A unit of the organisation over time: kind, level and parent are three separate facts, each dated."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from services.registry.domain import spans
from services.registry.domain.spans import vi
from shared.errors import Conflict, Text

Kind = Literal[
    "province_committee",
    "direct_committee",
    "grassroots_committee",
    "grassroots_branch",
    "department_committee",
    "branch",
    "group",
]
Level = Literal["province", "district", "commune", "grassroots", "department", "branch", "group"]
BranchType = Literal[
    "commune",
    "ward",
    "township",
    "state_enterprise",
    "joint_stock",
    "private",
    "public_service",
    "administration",
    "armed_forces",
    "other",
]
BRANCH_KINDS: Final = frozenset({"branch", "grassroots_branch"})
"""Kinds that have members of their own and a branch type: chi bộ and chi bộ cơ sở."""

KIND_WORDS: Final[Mapping[Kind, str]] = {
    "province_committee": "tỉnh uỷ",
    "direct_committee": "đảng uỷ trực thuộc tỉnh uỷ",
    "grassroots_committee": "đảng bộ cơ sở",
    "grassroots_branch": "chi bộ cơ sở",
    "department_committee": "đảng bộ bộ phận",
    "branch": "chi bộ",
    "group": "tổ đảng",
}
"""What people call each kind."""

OPENING: Final = date(1930, 2, 3)
"""The first day a unit can have been in force: the founding of the Party."""


class UnitSpan(msgspec.Struct, frozen=True):
    """What a unit is from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    kind: Kind
    level: Level
    parent_id: UUID | None
    name: str
    branch_type: BranchType | None = None


class Unit(msgspec.Struct, frozen=True):
    """A unit with all its spans, in order, without gap or overlap."""

    unit_id: UUID
    code: str
    spans: tuple[UnitSpan, ...]

    @property
    def holds_members(self) -> bool:
        """Whether it is a branch at some time."""
        return any(span.kind in BRANCH_KINDS for span in self.spans)


class UnitChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is new about a unit from a day on; what is UNSET stays."""

    name: str | UnsetType = UNSET
    parent_id: UUID | UnsetType | None = UNSET
    kind: Kind | UnsetType = UNSET
    level: Level | UnsetType = UNSET
    branch_type: BranchType | UnsetType | None = UNSET


class Breach(msgspec.Struct, frozen=True):
    """A rule that a unit breaks in the span that begins on `valid_from`, in its fact `field`."""

    unit_id: UUID
    valid_from: date
    field: str
    rule: str
    message: Text
    source: str | None = None


def changed(unit: Unit, day: date, change: UnitChange) -> Unit:
    """`unit` with `change` in force from `day`: a new last span, or the last one corrected when it begins that day.

    A change that changes nothing gives the same unit. Raises Conflict when the unit is not in force on `day`, or a
    change from a later day is already kept: history is written in order.
    """
    last = unit.spans[-1]
    if day < last.valid_from:
        raise Conflict(
            "later-change",
            Text(
                f"Đơn vị {unit.code} đã có thay đổi từ ngày {vi(last.valid_from)}; "
                "không thể chèn một thay đổi trước ngày đó. Hãy chọn ngày sau, hoặc nhập lại toàn bộ lịch sử đơn vị.",
                f"Unit {unit.code} already has a change from {last.valid_from}; none can be put before it. "
                "Choose a later day, or import the unit's whole history.",
            ),
        )
    if not spans.holds(last, day):
        raise _closed(unit, day)
    new = msgspec.structs.replace(last, valid_from=day, **msgspec.to_builtins(change, builtin_types=(UUID,)))
    if msgspec.structs.replace(new, valid_from=last.valid_from) == last:
        return unit
    if day == last.valid_from:
        return msgspec.structs.replace(unit, spans=(*unit.spans[:-1], new))
    ended = msgspec.structs.replace(last, valid_to=day)
    return msgspec.structs.replace(unit, spans=(*unit.spans[:-1], ended, new))


def closed(unit: Unit, day: date) -> Unit:
    """`unit` no longer in force from `day` on. The same unit when it is closed on that day already.

    Raises Conflict when it is closed on another day, or `day` is not after the start of its last span.
    """
    last = unit.spans[-1]
    if last.valid_to == day:
        return unit
    if last.valid_to is not None:
        raise _closed(unit, last.valid_to)
    if day <= last.valid_from:
        raise Conflict(
            "later-change",
            Text(
                f"Đơn vị {unit.code} có thay đổi từ ngày {vi(last.valid_from)}; ngày kết thúc phải sau ngày đó.",
                f"Unit {unit.code} has a change from {last.valid_from}; it can only be closed after that day.",
            ),
        )
    return msgspec.structs.replace(unit, spans=(*unit.spans[:-1], msgspec.structs.replace(last, valid_to=day)))


def _closed(unit: Unit, day: date) -> Conflict:
    return Conflict(
        "unit-closed",
        Text(
            f"Đơn vị {unit.code} đã kết thúc hoạt động, không còn hiệu lực vào ngày {vi(day)}. Hãy kiểm tra lại ngày.",
            f"Unit {unit.code} is closed and not in force on {day}. Check the day.",
        ),
    )


def breaches(unit: Unit) -> Iterator[Breach]:
    """The rules `unit` breaks on its own, whatever stands above and below it."""
    for flaw in spans.flaws(unit.spans):
        yield Breach(unit.unit_id, unit.spans[flaw.index].valid_from, flaw.field, flaw.rule, flaw.message)
    for span in unit.spans:
        if span.valid_from < OPENING:
            yield Breach(
                unit.unit_id,
                span.valid_from,
                "valid_from",
                "date-too-early",
                Text(f"Ngày bắt đầu phải từ {vi(OPENING)}.", f"The start must not be before {OPENING}."),
            )
        if span.kind in BRANCH_KINDS and span.branch_type is None:
            yield Breach(
                unit.unit_id,
                span.valid_from,
                "branch_type",
                "branch-type-needed",
                Text("Chi bộ phải có loại hình. Hãy ghi branch_type.", "A branch has a type. Give its branch_type."),
            )
        if span.kind not in BRANCH_KINDS and span.branch_type is not None:
            yield Breach(
                unit.unit_id,
                span.valid_from,
                "branch_type",
                "branch-type-not-for-this-kind",
                Text(
                    "Chỉ chi bộ và chi bộ cơ sở mới có loại hình; hãy để trống branch_type.",
                    "Only a branch or grassroots branch has a branch_type; leave it null.",
                ),
            )
