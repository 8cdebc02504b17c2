"""Sentences about operations that cannot be carried out."""

from datetime import date
from typing import Final

from services.registry.domain.spans import vi
from shared.errors import Text

_KINDS: Final = {
    "children": ("đơn vị trực thuộc", "unit(s) below"),
    "members": ("đảng viên", "member(s)"),
    "villages": ("thôn", "village(s)"),
}


def unit_exists(code: str) -> Text:
    """A code or id for a new unit is taken."""
    return Text(
        f"Mã {code}, hoặc unit_id này, đã dùng cho một đơn vị khác. Hãy dùng mã khác.",
        f"The code {code}, or this unit_id, belongs to another unit. Use another one.",
    )


def unknown(ref: str) -> Text:
    """No unit has this id or code."""
    return Text(
        f"Không có đơn vị nào mang mã {ref}, cả trong sổ lẫn trong các thao tác trước. Hãy sửa mã, hoặc tạo trước.",
        f"No unit has the id or code {ref}, neither here nor by an earlier operation. Correct it, or create it first.",
    )


def named_twice(ref: str) -> Text:
    """The same thing is given away twice."""
    return Text(f"{ref} được nêu hai lần. Hãy bỏ một lần.", f"{ref} is named twice. Leave one out.")


def no_part(ref: str) -> Text:
    """`rest` names none of the parts."""
    return Text(
        f"rest phải là một trong các phần; {ref} không có trong parts. Hãy sửa rest hoặc thêm phần đó.",
        f"rest must be one of the parts; {ref} is not among them. Correct rest, or add that part.",
    )


def ends_later(code: str, day: date) -> Text:
    """A unit that is to be divided is to end later."""
    return Text(
        f"Đơn vị {code} đã được quyết định kết thúc hoạt động từ ngày {vi(day)}; không thể chia trước ngày đó. Hãy thu "
        "hồi quyết định đó trước.",
        f"It is already decided that unit {code} ends on {day}; it cannot be divided before. Withdraw that decision "
        "first.",
    )


def not_of_unit(ref: str) -> Text:
    """A part takes what the unit does not have."""
    return Text(
        f"{ref} không thuộc đơn vị được chia vào ngày này. Hãy kiểm tra mã.",
        f"{ref} does not belong to the unit that is split on this day. Check the id or code.",
    )


def not_assigned(kind: str, count: int, named: str) -> Text:
    """A split leaves something to nobody."""
    what_vi, what_en = _KINDS[kind]
    return Text(
        f"Còn {count} {what_vi} chưa được giao cho phần nào: {named}. Hãy ghi vào một phần, hoặc nêu rest.",
        f"{count} {what_en} are given to no part: {named}. Name them in a part, or name the part for the rest.",
    )


def members_left(code: str, count: int) -> Text:
    """Members would stand in a unit that is no branch in force."""
    return Text(
        f"{count} đảng viên sẽ ở trong {code} khi đơn vị không phải là chi bộ có hiệu lực. Hãy chuyển họ sang chi bộ "
        "khác trong quyết định này hoặc trước đó.",
        f"{count} member(s) would stand in {code} while it is no branch in force. Move them to another branch in this "
        "decision or before it.",
    )


def village_misplaced(code: str, why: Text) -> Text:
    """A village would break one of its own rules."""
    return Text(f"Thôn {code}: {why.vi}", f"Village {code}: {why.en}")
