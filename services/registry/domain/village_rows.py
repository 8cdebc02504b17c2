"""Rows of villages, gathered into villages with their histories, as `domain/imports.py` does for units and members."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import names
from services.registry.domain.imports import Gathered, by_code, ends, unknown_unit
from services.registry.domain.villages import Head, Village, VillageSpan
from shared.errors import Fault, Text


class VillageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One span of a village."""

    code: str
    name: str
    unit_code: str
    branch_code: str | None = None
    branch_elsewhere: bool = False
    head: Head
    head_code: str | None = None
    valid_from: date
    valid_to: date | None = None


class GatheredVillages(Gathered, frozen=True):
    """Villages by id."""

    villages: dict[UUID, Village]


def gather_villages(
    rows: Sequence[VillageRow],
    known: Mapping[str, UUID],
    units: Mapping[str, UUID],
    members: Mapping[str, UUID],
    new_id: Callable[[], UUID],
) -> GatheredVillages:
    """The villages that `rows` state; `known` are the ids of villages' codes, `units` and `members` of those codes."""
    gathered = GatheredVillages({}, [], set(), {})
    for code, numbered in by_code(rows).items():
        village_id = known.get(code) or new_id()
        spans = []
        for (number, row), valid_to in zip(numbered, ends(numbered), strict=True):
            place = f"villages[{number}]"
            unit_id = units.get(row.unit_code)
            branch_id = units.get(row.branch_code) if row.branch_code else None
            head_id = members.get(row.head_code) if row.head_code else None
            faults = []
            if unit_id is None:
                faults.append(unknown_unit(f"{place}.unit_code", row.unit_code))
            if row.branch_code and branch_id is None:
                faults.append(unknown_unit(f"{place}.branch_code", row.branch_code))
            if row.head_code and head_id is None:
                faults.append(_unknown_member(f"{place}.head_code", row.head_code))
            gathered.faults.extend(faults)
            if faults or unit_id is None:
                gathered.spoilt.add(village_id)
                continue
            spans.append(
                VillageSpan(
                    row.valid_from,
                    valid_to,
                    names.tidy(row.name),
                    unit_id,
                    branch_id,
                    row.head,
                    head_id,
                    row.branch_elsewhere,
                )
            )
        gathered.villages[village_id] = Village(village_id, code, tuple(spans))
        gathered.rows[village_id] = [number for number, _ in numbered]
    return gathered


def _unknown_member(field: str, code: str) -> Fault:
    return Fault(
        field,
        "unknown-member",
        Text(
            f"Không có đảng viên nào mang mã {code}, cả trong sổ lẫn trong dữ liệu gửi lên. Hãy sửa mã.",
            f"No member has the code {code}, neither here nor in this import. Correct the code.",
        ),
    )
