"""A province of four levels: committee, districts, communes, branches; the same each time it is made."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

import msgspec

BRANCHES: Final = 4558
"""Branches of a province as the sources give it for Gia Lai (design.md, section 5)."""
VALID_FROM: Final = "2015-01-01"
_DISTRICTS, _COMMUNES = 17, 218
_SPACE: Final = uuid.UUID("6e656e65-7000-4000-8000-62656e636800")


class Unit(msgspec.Struct, frozen=True):
    """A unit that never changes; `path` is its id and those above it, the root last."""

    unit_id: str
    code: str
    kind: str
    level: str
    name: str
    branch_type: str | None
    parent: "Unit | None"

    @property
    def path(self) -> Iterator[str]:
        """The unit's id and those above it, the root last."""
        unit: Unit | None = self
        while unit is not None:
            yield unit.unit_id
            unit = unit.parent


class Province(msgspec.Struct, frozen=True):
    """A whole tree: `units` has parents before children, `branches` the lowest of them."""

    root: Unit
    units: list[Unit]
    branches: list[Unit]


def province(branches: int = BRANCHES, *, prefix: str = "", under: Unit | None = None) -> Province:
    """A province with so many branches, spread evenly; smaller ones have fewer districts and communes.

    `prefix` begins every code, `under` is the unit above the province, if it has one.
    """
    root = _unit(f"{prefix}P", "province_committee", "province", "Tỉnh uỷ", under)
    communes = max(1, round(_COMMUNES * branches / BRANCHES))
    districts = [
        _unit(f"{prefix}D{number:02d}", "direct_committee", "district", f"Huyện uỷ {number}", root)
        for number in range(max(1, round(_DISTRICTS * branches / BRANCHES)))
    ]
    middle = [
        _unit(
            f"{prefix}C{number:03d}",
            "grassroots_committee",
            "commune",
            f"Đảng uỷ xã {number}",
            districts[number % len(districts)],
        )
        for number in range(communes)
    ]
    lowest = [
        _unit(f"{prefix}B{number:05d}", "branch", "branch", f"Chi bộ thôn {number}", middle[number % communes])
        for number in range(branches)
    ]
    return Province(root, [root, *districts, *middle, *lowest], lowest)


def country(provinces: int, branches: int) -> Province:
    """So many provinces of so many branches each, under one root."""
    # The contract knows no level above a province's; what is above it is drawn as one.
    root = _unit("N", "province_committee", "province", "Trung ương", None)
    parts = [province(branches, prefix=f"{number:02d}-", under=root) for number in range(provinces)]
    return Province(
        root, [root, *(unit for part in parts for unit in part.units)], [one for part in parts for one in part.branches]
    )


def _unit(code: str, kind: str, level: str, name: str, parent: Unit | None) -> Unit:
    unit_id = str(uuid.uuid5(_SPACE, code))
    return Unit(unit_id, code, kind, level, name, "commune" if kind == "branch" else None, parent)


def as_event(unit: Unit) -> dict[str, Any]:
    """The data of the unit's registry.unit.v1."""
    span = {
        "valid_from": VALID_FROM,
        "valid_to": None,
        "kind": unit.kind,
        "level": unit.level,
        "parent_id": unit.parent.unit_id if unit.parent else None,
        "name": unit.name,
        "branch_type": unit.branch_type,
    }
    return {"unit_id": unit.unit_id, "version": 1, "code": unit.code, "spans": [span]}


def as_row(unit: Unit) -> dict[str, Any]:
    """The unit's row of the registry's import, which names units by code."""
    return {
        "code": unit.code,
        "parent_code": unit.parent.code if unit.parent else None,
        "kind": unit.kind,
        "level": unit.level,
        "name": unit.name,
        "branch_type": unit.branch_type,
        "valid_from": VALID_FROM,
    }
