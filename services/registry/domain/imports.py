"""Rows of an import, gathered into units and members with their histories.

The rows of one code are together that unit's or member's whole history: what they state replaces what is kept. In all
rows but the last of a code, `valid_to` may be left out: it is the next row's `valid_from`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from services.registry.domain import names
from services.registry.domain.members import Member, MemberKind, MemberSpan, Person, Post, Sex, Status
from services.registry.domain.units import BranchType, Kind, Level, Unit, UnitSpan
from shared.errors import Fault, Text


class UnitRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span of a unit."""

    code: str
    parent_code: str | None
    kind: Kind
    level: Level
    name: str
    branch_type: BranchType | None = None
    valid_from: date
    valid_to: date | None = None


class MemberRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One span of a member, with who they are."""

    code: str
    unit_code: str
    full_name: str
    birth_date: date
    sex: Sex | None = None
    ethnicity: str | None = None
    phone: str | None = None
    kind: MemberKind
    status: Status
    valid_from: date
    valid_to: date | None = None
    post: Post | None = None
    card_number: str | None = None
    address: str | None = None
    agency: str | None = None


class _Row(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


R = TypeVar("R", bound=_Row)


class Gathered(msgspec.Struct, frozen=True):
    """Units or members that rows state, where each of their spans came from, and what is wrong with single rows.

    `rows[id][n]` is the number of the row that states span n; `spoilt` are those with a fault that makes further
    judgement idle.
    """

    rows: dict[UUID, list[int]]
    faults: list[Fault]
    spoilt: set[UUID]


class GatheredUnits(Gathered, frozen=True):
    """Units by id."""

    units: dict[UUID, Unit]


class GatheredMembers(Gathered, frozen=True):
    """Members by id."""

    members: dict[UUID, Member]


def gather_units(rows: Sequence[UnitRow], known: Mapping[str, UUID], new_id: Callable[[], UUID]) -> GatheredUnits:
    """The units that `rows` state; `known` are the ids of the codes the registry keeps."""
    coded = by_code(rows)
    ids = {code: known.get(code) or new_id() for code in coded}
    gathered = GatheredUnits({}, [], set(), {})
    for code, numbered in coded.items():
        unit_id = ids[code]
        spans = []
        for (number, row), valid_to in zip(numbered, ends(numbered), strict=True):
            parent_id = None
            if row.parent_code is not None:
                parent_id = ids.get(row.parent_code) or known.get(row.parent_code)
                if parent_id is None:
                    gathered.faults.append(unknown_unit(f"units[{number}].parent_code", row.parent_code))
                    gathered.spoilt.add(unit_id)
            spans.append(
                UnitSpan(
                    row.valid_from, valid_to, row.kind, row.level, parent_id, names.tidy(row.name), row.branch_type
                )
            )
        gathered.units[unit_id] = Unit(unit_id, code, tuple(spans))
        gathered.rows[unit_id] = [number for number, _ in numbered]
    return gathered


def gather_members(
    rows: Sequence[MemberRow], known: Mapping[str, UUID], units: Mapping[str, UUID], new_id: Callable[[], UUID]
) -> GatheredMembers:
    """The members that `rows` state; `known` are the ids of members' codes, `units` those of units' codes."""
    gathered = GatheredMembers({}, [], set(), {})
    for code, numbered in by_code(rows).items():
        member_id = known.get(code) or new_id()
        spans = []
        first = numbered[0][1]
        for (number, row), valid_to in zip(numbered, ends(numbered), strict=True):
            unit_id = units.get(row.unit_code)
            if unit_id is None:
                gathered.faults.append(unknown_unit(f"members[{number}].unit_code", row.unit_code))
                gathered.spoilt.add(member_id)
                continue
            if row is not first and _person(row) != _person(first):
                gathered.faults.append(_another_person(number, code))
                gathered.spoilt.add(member_id)
            spans.append(MemberSpan(row.valid_from, valid_to, unit_id, row.kind, row.status, row.post, row.agency))
        gathered.members[member_id] = Member(member_id, code, _person(first), tuple(spans))
        gathered.rows[member_id] = [number for number, _ in numbered]
    return gathered


def by_code(rows: Iterable[R]) -> dict[str, list[tuple[int, R]]]:
    """Numbered rows of each code, in the order of their first days."""
    found: dict[str, list[tuple[int, R]]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row.code].append((number, row))
    for numbered in found.values():
        if len(numbered) > 1:
            numbered.sort(key=lambda pair: pair[1].valid_from)
    return found


def ends(numbered: Sequence[tuple[int, _Row]]) -> list[date | None]:
    """The end of each of a code's spans: as stated, or the first day of the next."""
    following = [row.valid_from for _, row in numbered[1:]]
    return [row.valid_to or after for (_, row), after in zip(numbered, [*following, None], strict=True)]


def _person(row: MemberRow) -> Person:
    return Person(
        names.tidy(row.full_name), row.birth_date, row.sex, row.ethnicity, row.phone, row.card_number, row.address
    )


def unknown_unit(field: str, code: str) -> Fault:
    """What is said of a code that no unit has."""
    return Fault(
        field,
        "unknown-unit",
        Text(
            f"Không có đơn vị nào mang mã {code}, cả trong sổ lẫn trong dữ liệu gửi lên. Hãy sửa mã hoặc thêm đơn vị.",
            f"No unit has the code {code}, neither here nor in this import. Correct the code or add the unit.",
        ),
    )


def _another_person(number: int, code: str) -> Fault:
    return Fault(
        f"members[{number}].code",
        "person-differs",
        Text(
            f"Dòng này và một dòng khác cùng mã {code} nhưng khác thông tin cá nhân. "
            "Hãy sửa cho giống nhau, hoặc dùng mã khác.",
            f"This row and another one share the code {code} but state different persons. "
            "Make them agree, or use another code.",
        ),
    )
