"""The decision by which a province's organisation becomes that of 1/7/2025.

District committees end; each commune's committee becomes, or is merged or divided into, those of the new communes,
which stand directly under the province; the offices of districts go to the bloc of agencies; provinces that merge do
so with everything that is theirs.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from deploy.local.reorganisation.reform import EFFECTIVE_ON, NewCommune, Reform

_BRANCH_TYPES: Final = {"commune": "commune", "ward": "ward", "special_zone": "commune"}
_BLOCS: Final = {
    "K1": "Đảng uỷ các cơ quan Đảng",
    "K2": "Đảng uỷ Uỷ ban nhân dân",
    "CA": "Đảng uỷ Công an",
    "QS": "Đảng uỷ Quân sự",
}
_AGENCIES: Final = "K1"


class Row(msgspec.Struct, frozen=True):
    """A unit as it is on the day before."""

    unit_id: str
    code: str
    kind: str
    level: str
    parent_code: str | None
    name: str
    branch_type: str | None


class Plan(msgspec.Struct, frozen=True):
    """The decision as the registry takes it, and what it makes from its day: the code above each code, and names."""

    body: dict[str, Any]
    parents: dict[str, str | None]
    names: dict[str, str]


class _Book:
    """The operations written so far, and the tree they leave."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.operations: list[dict[str, Any]] = []
        self.rows = {row.code: row for row in rows}
        self.ids = {row.code: row.unit_id for row in rows}
        self.parents = {row.code: row.parent_code for row in rows}
        self.names = {row.code: row.name for row in rows}

    def below(self, code: str) -> list[str]:
        return sorted(child for child, parent in self.parents.items() if parent == code)

    def create(self, code: str, parent: str | None, kind: str, level: str, name: str) -> None:
        self.ids[code] = str(uuid.uuid4())
        self.parents[code], self.names[code] = parent, name
        self.operations.append(
            {
                "op": "create",
                "unit_id": self.ids[code],
                "code": code,
                "kind": kind,
                "level": level,
                "parent": self.ids[parent] if parent else None,
                "name": name,
            }
        )

    def move(self, code: str, parent: str) -> None:
        self.parents[code] = parent
        self.operations.append({"op": "move", "unit": self.ids[code], "parent": self.ids[parent]})

    def rename(self, code: str, name: str) -> None:
        if self.names[code] != name:
            self.names[code] = name
            self.operations.append({"op": "rename", "unit": self.ids[code], "name": name})

    def retype(self, code: str, branch_type: str) -> None:
        if self.rows[code].branch_type != branch_type:
            self.operations.append({"op": "change_kind", "unit": self.ids[code], "branch_type": branch_type})

    def relevel(self, code: str, level: str) -> None:
        if self.rows[code].level != level:
            self.operations.append({"op": "change_kind", "unit": self.ids[code], "level": level})

    def merge(self, codes: Sequence[str], into: str) -> None:
        for code in codes:
            for child in self.below(code):
                self.parents[child] = into
            del self.parents[code]
        self.operations.append({"op": "merge", "units": [self.ids[code] for code in codes], "into": self.ids[into]})

    def split(self, code: str, parts: Mapping[str, Sequence[str]]) -> None:
        for part, children in parts.items():
            for child in children:
                self.parents[child] = part
        del self.parents[code]
        first = next(iter(parts))
        self.operations.append(
            {
                "op": "split",
                "unit": self.ids[code],
                "parts": [
                    {"unit": self.ids[part], "children": [self.ids[child] for child in children]}
                    for part, children in parts.items()
                ],
                "rest": self.ids[first],
            }
        )

    def close(self, code: str) -> None:
        del self.parents[code]
        self.operations.append({"op": "close", "unit": self.ids[code]})


def plan(reform: Reform, rows: Sequence[Row], number: str) -> Plan:
    """The decision for the units `rows` of the provinces that `reform` puts together.

    A commune's committee is known by the official code of the commune at the end of its own code.
    """
    book = _Book(rows)
    roots = [row.code for row in rows if row.parent_code is None]
    root = _root(book, reform, roots)
    blocs = _blocs(book, reform, roots, root)
    _communes(book, reform, root)
    for code in _districts(book):
        for office in book.below(code):
            book.move(office, blocs[_AGENCIES])
        book.close(code)
    if len(roots) > 1:
        book.merge(roots, root)
    title = f"Sắp xếp tổ chức đảng tỉnh {reform.short_name} theo mô hình chính quyền địa phương hai cấp"
    body = {
        "number": number,
        "issuer": f"Ban Thường vụ Tỉnh uỷ {reform.short_name}",
        "title": title,
        "issued_on": "2025-06-30",
        "effective_on": EFFECTIVE_ON.isoformat(),
        "operations": book.operations,
    }
    return Plan(body, book.parents, {code: book.names[code] for code in book.parents})


def _root(book: _Book, reform: Reform, roots: Sequence[str]) -> str:
    if len(roots) == 1:
        return roots[0]
    code = f"{reform.code}.25"
    title = "Thành uỷ" if reform.is_city else "Tỉnh uỷ"
    book.create(code, None, "province_committee", "province", f"{title} {reform.short_name}")
    return code


def _blocs(book: _Book, reform: Reform, roots: Sequence[str], root: str) -> dict[str, str]:
    blocs = {}
    for suffix, name in _BLOCS.items():
        there = [f"{old}-{suffix}" for old in roots if f"{old}-{suffix}" in book.parents]
        if len(there) == 1:
            blocs[suffix] = there[0]
            book.rename(there[0], f"{name} {reform.short_name}")
            book.relevel(there[0], "province")
        elif there:
            blocs[suffix] = f"{root}-{suffix}"
            book.create(blocs[suffix], root, "direct_committee", "province", f"{name} {reform.short_name}")
            book.merge(there, blocs[suffix])
    return blocs


def _districts(book: _Book) -> list[str]:
    return [
        row.code
        for row in book.rows.values()
        if row.kind == "direct_committee" and row.code in book.parents and row.code.rpartition("-")[2] not in _BLOCS
    ]


def _communes(book: _Book, reform: Reform, root: str) -> None:
    old = {
        row.code.rpartition("-")[2]: row.code
        for row in book.rows.values()
        if row.kind == "grassroots_committee" and row.level == "commune"
    }
    whole: dict[str, list[str]] = defaultdict(list)
    for official, code in old.items():
        if len(reform.became[official]) == 1:
            whole[reform.became[official][0]].append(code)
    divided = {old[official]: reform.became[official] for official in reform.divided if official in old}
    reached = {*whole, *(part for parts in divided.values() for part in parts)}
    units = {
        commune.code: _receiver(book, commune, whole[commune.code], root)
        for commune in reform.communes
        if commune.code in reached
    }
    for code, parts in divided.items():
        book.split(code, dict(_shared_out(book.below(code), [units[part] for part in parts])))
    for commune in reform.communes:
        if commune.code in units:
            for branch in book.below(units[commune.code]):
                if book.rows[branch].branch_type in ("commune", "ward", "township"):
                    book.retype(branch, _BRANCH_TYPES[commune.type])


def _receiver(book: _Book, commune: NewCommune, whole: Sequence[str], root: str) -> str:
    """The unit that is the new commune's committee: the one that went into it alone and whole, or a new one."""
    name = f"Đảng bộ {commune.name[0].lower()}{commune.name[1:]}"
    if len(whole) == 1:
        book.move(whole[0], root)
        book.rename(whole[0], name)
        return whole[0]
    code = f"{root}-{commune.code}"
    book.create(code, root, "grassroots_committee", "commune", name)
    if whole:
        book.merge(whole, code)
    return code


def _shared_out(children: Sequence[str], parts: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Children in their order, the first part taking as many as the others together."""
    cut = (len(children) + 1) // 2 if len(parts) > 1 else len(children)
    yield parts[0], children[:cut]
    others = parts[1:]
    for place, part in enumerate(others):
        yield part, children[cut + place :: len(others)]
