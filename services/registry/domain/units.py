"""A unit of the organisation over time: kind, level and parent are three separate facts, each dated."""

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from services.registry.domain import spans
from services.registry.domain.rules import Rules
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
    """`unit` with `change` in force from `day`, before changes of later days that are kept already.

    What changes is carried on into them until one that changed this very fact itself. A change that changes nothing
    gives the same unit. Raises Conflict when the unit is not in force on `day`.
    """
    if spans.at(unit.spans, day) is None:
        raise not_in_force(unit, day)
    facts = {field: value for field, value in msgspec.structs.asdict(change).items() if value is not UNSET}
    return msgspec.structs.replace(unit, spans=spans.put(unit.spans, day, facts))


def closed(unit: Unit, day: date) -> Unit:
    """`unit` no longer in force from `day` on. The same unit when it is closed on that day already.

    Raises Conflict when it is closed on another day, or changes that are kept begin on `day` or later.
    """
    last = unit.spans[-1]
    if last.valid_to == day:
        return unit
    if last.valid_to is not None:
        raise not_in_force(unit, last.valid_to)
    later = [span.valid_from for span in unit.spans if span.valid_from >= day]
    if later:
        raise Conflict(
            "later-change",
            Text(
                f"Đơn vị {unit.code} đã có thay đổi từ ngày {', '.join(vi(first) for first in later)}; ngày kết thúc "
                "phải sau ngày đó. Hãy chọn ngày sau, hoặc thu hồi quyết định về các thay đổi đó.",
                f"Unit {unit.code} already has changes from {', '.join(str(first) for first in later)}; it can only be "
                "closed after them. Choose a later day, or withdraw the decision that made them.",
            ),
        )
    return msgspec.structs.replace(unit, spans=spans.end(unit.spans, day))


def not_in_force(unit: Unit, day: date) -> Conflict:
    """What is said of a unit that is not in force on `day`: before its first day, or closed."""
    if unit.spans and day < unit.spans[0].valid_from:
        first = unit.spans[0].valid_from
        return Conflict(
            "unit-not-yet",
            Text(
                f"Đơn vị {unit.code} chỉ có từ ngày {vi(first)}; không thể thay đổi trước ngày đó. Hãy chọn ngày khác.",
                f"Unit {unit.code} exists from {first} only; nothing can change before. Choose another day.",
            ),
        )
    return _closed(unit, day)


def _closed(unit: Unit, day: date) -> Conflict:
    return Conflict(
        "unit-closed",
        Text(
            f"Đơn vị {unit.code} đã kết thúc hoạt động, không còn hiệu lực vào ngày {vi(day)}. Hãy kiểm tra lại ngày.",
            f"Unit {unit.code} is closed and not in force on {day}. Check the day.",
        ),
    )


def breaches(unit: Unit, rules: Rules) -> Iterator[Breach]:
    """The rules `unit` breaks on its own, whatever stands above and below it."""
    for flaw in spans.flaws(unit.spans):
        yield Breach(unit.unit_id, unit.spans[flaw.index].valid_from, flaw.field, flaw.rule, flaw.message)
    for span in unit.spans:
        if span.valid_from < OPENING:
            message = Text(f"Ngày bắt đầu phải từ {vi(OPENING)}.", f"The start must not be before {OPENING}.")
            yield Breach(unit.unit_id, span.valid_from, "valid_from", "date-too-early", message)
        for field, rule, message, source in _kind_faults(span, rules):
            yield Breach(unit.unit_id, span.valid_from, field, rule, message, source)


def _kind_faults(span: UnitSpan, rules: Rules) -> Iterator[tuple[str, str, Text, str]]:
    """What is wrong with kind, level and branch type by the rule in force on the first day of `span`."""
    first = max(span.valid_from, OPENING)
    kinds = rules.kinds_on(first)
    kind = kinds.value.get(span.kind)
    if kind is None:
        yield (
            "kind",
            "kind-not-in-force",
            Text(
                f"Ngày {vi(first)} không có loại tổ chức “{span.kind}”. Hãy chọn loại khác hoặc sửa ngày.",
                f"On {first} there is no unit of kind {span.kind}. Choose another kind or correct the date.",
            ),
            kinds.source,
        )
        return
    if span.level not in kind.levels:
        levels = ", ".join(kind.levels)
        yield (
            "level",
            "level-of-kind",
            Text(
                f"Từ ngày {vi(first)}, loại “{kind.vi}” không ở cấp “{span.level}” mà ở: {levels}. "
                "Hãy sửa level hoặc kind.",
                f"From {first} a {kind.en} does not stand at the level {span.level} but at: {levels}. "
                "Correct the level or the kind.",
            ),
            kinds.source,
        )
    if kind.holds_members and span.branch_type is None:
        yield (
            "branch_type",
            "branch-type-needed",
            Text(
                f"Loại “{kind.vi}” phải có loại hình. Hãy ghi branch_type.",
                f"A {kind.en} has a type. Give its branch_type.",
            ),
            kinds.source,
        )
    if not kind.holds_members and span.branch_type is not None:
        yield (
            "branch_type",
            "branch-type-not-for-this-kind",
            Text(
                f"Loại “{kind.vi}” không có loại hình; hãy để trống branch_type.",
                f"A {kind.en} has no branch_type; leave it null.",
            ),
            kinds.source,
        )
