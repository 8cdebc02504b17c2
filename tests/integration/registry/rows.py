"""Rows of a small province to import: invented units and people."""

from typing import Any

Row = dict[str, Any]


def unit(code: str, parent_code: str | None, kind: str, level: str, **more: Any) -> Row:
    """A unit's row, in force since 2010."""
    branch_type = "commune" if kind in ("branch", "grassroots_branch") else None
    return {
        "code": code,
        "parent_code": parent_code,
        "kind": kind,
        "level": level,
        "name": f"Đơn vị {code}",
        "branch_type": branch_type,
        "valid_from": "2010-01-01",
    } | more


def member(code: str, unit_code: str, **more: Any) -> Row:
    """An active official member's row, born in 1980, in the branch since 2015."""
    return {
        "code": code,
        "unit_code": unit_code,
        "full_name": "Nguyễn Mẫu An",
        "birth_date": "1980-05-19",
        "kind": "official",
        "status": "active",
        "valid_from": "2015-05-19",
    } | more


def new_member(code: str, unit_id: str, **more: Any) -> Row:
    """The same member as the door of single members takes them."""
    row = member(code, "", **more)
    del row["unit_code"]
    return row | {"unit_id": unit_id}


def province() -> dict[str, list[Row]]:
    """Two districts, each with a commune of two branches of three members; children come before their parents."""
    units, members = [], []
    for district in ("A", "B"):
        for branch in ("1", "2"):
            code = f"GL-{district}-X-{branch}"
            units.append(unit(code, f"GL-{district}-X", "branch", "branch"))
            members += [member(f"{code}-{number}", code) for number in range(3)]
        units.append(unit(f"GL-{district}-X", f"GL-{district}", "grassroots_committee", "commune"))
        units.append(unit(f"GL-{district}", "GL", "direct_committee", "district"))
    units.append(unit("GL", None, "province_committee", "province"))
    return {"units": units, "members": members}
