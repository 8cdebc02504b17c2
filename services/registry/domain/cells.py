"""What a sheet's cell may be: read as what it says, or refused with the reason and the remedy, never guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Final, Literal

import msgspec

from services.registry.domain import names, words
from services.registry.domain.tables import Column
from shared.errors import Text

Form = Literal["blank", "text", "number", "moment", "truth", "formula", "error"]
"""What a spreadsheet holds in a cell. A CSV file holds text only."""

DayOrder = Literal["dd/mm/yyyy", "mm/dd/yyyy"]
"""How days are written where they are text; yyyy-mm-dd is read besides."""


class Cell(msgspec.Struct, frozen=True):
    """A cell as it stands in the sheet."""

    form: Form
    value: object = None


class Declared(msgspec.Struct, frozen=True):
    """What the sender says of the whole file, because no cell can say it."""

    dates: DayOrder = "dd/mm/yyyy"
    number_as_text: Literal["refuse", "keep"] = "refuse"


class Unread(msgspec.Struct, frozen=True):
    """Why a cell is not read: the rule's stable name, and what to do."""

    rule: str
    message: Text


BLANK: Final = Cell("blank")
Value = str | date | None
_LARGEST_EXACT: Final = 10**15  # spreadsheets keep 15 digits of a number
_WRITTEN_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read(column: Column, cell: Cell, declared: Declared) -> Value | Unread:
    """What `cell` says in `column`; None where it says nothing."""
    if cell.form == "text":
        text = str(cell.value).strip()
        if not text:
            return _blank(column)
        if column.sort == "day":
            return _written_day(text, declared)
        return _text(column, text)
    if cell.form == "blank":
        return _blank(column)
    if cell.form == "moment" and column.sort == "day":
        return _moment(cell.value)
    return _FORMS[cell.form](column, cell.value, declared)


def _blank(column: Column) -> Unread | None:
    if not column.required:
        return None
    return Unread("needed", Text("Ô này không được để trống. Hãy điền.", "This cell may not be empty. Fill it in."))


def _text(column: Column, text: str) -> Value | Unread:
    if column.words is not None:
        return _word(column.words, text)
    if column.sort == "code":
        return text if is_code(text) else _NO_CODE
    text = names.tidy(text) if column.sort == "text" and text.isprintable() else text
    return text if is_line(text, column.most) else _too_long(column.most)


def is_code(text: str) -> bool:
    """Whether `text` is 1 to 64 characters without white space or control characters."""
    return 1 <= len(text) <= 64 and text.isprintable() and not any(letter.isspace() for letter in text)


def is_line(text: str, most: int) -> bool:
    """Whether `text` is 1 to `most` characters on one line, not all of them white space."""
    return len(text) <= most and text.isprintable() and bool(text.strip())


def _word(known: Mapping[str, str], text: str) -> Value | Unread:
    found = _readings(tuple(known.items())).get(words.folded(text))
    if found is not None:
        return found
    listed = ", ".join(known.values())
    return Unread("one-of", Text(f"Phải là một trong: {listed}.", f"Must be one of: {listed}."))


@lru_cache
def _readings(known: tuple[tuple[str, str], ...]) -> dict[str, str]:
    return words.readings(dict(known))


def _written_day(text: str, declared: Declared) -> Value | Unread:
    try:
        if _ISO_DAY.fullmatch(text):
            return date.fromisoformat(text)
        written = _WRITTEN_DAY.fullmatch(text)
        if written is not None:
            first, second, year = (int(part) for part in written.groups())
            day, month = (first, second) if declared.dates == "dd/mm/yyyy" else (second, first)
            return date(year, month, day)
    except ValueError:
        pass  # there is no such day
    return Unread(
        "date-text",
        Text(
            f"Không đọc được ngày này. Hãy nhập thành ô kiểu ngày, hoặc viết như {declared.dates} (năm đủ 4 chữ số) "
            "hay 2025-06-30.",
            f"This is no day. Make it a date cell, or write it as {declared.dates} (4 digits of the year) or as "
            "2025-06-30.",
        ),
    )


def _moment(value: object) -> Value | Unread:
    if isinstance(value, datetime):
        if value.time() == time.min:
            return value.date()
        return Unread(
            "date-with-time",
            Text(
                "Ô ngày này có cả giờ, phút. Hãy chỉ giữ ngày (định dạng dd/mm/yyyy) rồi nhập lại.",
                "This date has a time of day. Keep the day only (format dd/mm/yyyy) and enter it again.",
            ),
        )
    if isinstance(value, date):
        return value
    return Unread(
        "time-without-date",
        Text("Ô này là giờ hoặc khoảng thời gian, không phải ngày. Hãy nhập ngày.", "This is a time, not a day."),
    )


def _number(column: Column, value: object, declared: Declared) -> Value | Unread:
    if column.sort in ("code", "digits"):
        if (
            declared.number_as_text == "keep"
            and isinstance(value, int | float)
            and 0 <= value < _LARGEST_EXACT
            and value == int(value)
        ):
            return _text(column, str(int(value)))
        return Unread(
            "number-not-text",
            Text(
                "Ô này là số nên các số 0 ở đầu có thể đã mất. Hãy định dạng ô kiểu văn bản (Text) rồi gõ lại; nếu "
                "chắc chắn không mất số nào, gửi lại với number_as_text: keep.",
                "This is a number, so leading zeros may be lost. Format the cell as text and type it again; if none "
                "can be missing, send the file again with number_as_text: keep.",
            ),
        )
    if column.sort == "day":
        return Unread(
            "number-not-date",
            Text(
                "Ô này là số, không phải ngày. Hãy định dạng ô kiểu ngày (dd/mm/yyyy) và kiểm tra lại giá trị.",
                "This is a number, not a date. Format the cell as a date (dd/mm/yyyy) and check its value.",
            ),
        )
    return _wrong_form("một số", "a number")


def _date_elsewhere(column: Column, value: object, declared: Declared) -> Value | Unread:
    return _wrong_form("ngày giờ", "a date or time")


def _truth(column: Column, value: object, declared: Declared) -> Value | Unread:
    return _wrong_form("TRUE/FALSE", "true or false")


def _wrong_form(vi: str, en: str) -> Unread:
    return Unread(
        "not-text",
        Text(
            f"Ô này là {vi}, trong khi cột này cần văn bản. Hãy định dạng ô kiểu văn bản (Text) rồi gõ lại.",
            f"This is {en} where the column takes text. Format the cell as text and type it again.",
        ),
    )


def _formula(column: Column, value: object, declared: Declared) -> Value | Unread:
    return Unread(
        "formula",
        Text(
            "Ô này là công thức; kết quả có thể đổi theo máy. Hãy dán lại dạng giá trị (Paste Special → Values).",
            "This is a formula, whose result may change. Paste its value instead (Paste Special → Values).",
        ),
    )


def _error(column: Column, value: object, declared: Declared) -> Value | Unread:
    return Unread(
        "error-value",
        Text(
            f"Ô này báo lỗi ({value}). Hãy nhập giá trị đúng hoặc để trống.",
            f"This cell holds an error ({value}). Enter the right value or leave it empty.",
        ),
    )


MERGED: Final = Unread(
    "merged-cell",
    Text(
        "Ô này bị gộp với ô khác nên không rõ giá trị thuộc dòng nào. Hãy bỏ gộp ô (Unmerge) và điền từng ô.",
        "This cell is merged with others, so it is not clear whose value it is. Unmerge and fill in each cell.",
    ),
)
NO_HEADER: Final = Unread(
    "no-header",
    Text(
        "Ô này có giá trị nhưng cột không có tiêu đề. Hãy đặt tiêu đề cho cột, hoặc xoá ô.",
        "This cell has a value but its column has no header. Name the column, or clear the cell.",
    ),
)
HIDDEN_ROW: Final = Unread(
    "hidden-row",
    Text(
        "Dòng này đang bị ẩn (hoặc bị lọc). Hãy hiện dòng để kiểm tra, hoặc xoá hẳn dòng.",
        "This row is hidden (or filtered out). Show it and check it, or delete it.",
    ),
)
HIDDEN_SHEET: Final = Unread(
    "hidden-sheet",
    Text(
        "Trang tính này đang bị ẩn. Hãy hiện trang để kiểm tra, xoá hẳn trang, hoặc bỏ qua trang trong mapping.",
        "This sheet is hidden. Show it and check it, delete it, or leave it out in mapping.",
    ),
)
_NO_CODE: Final = Unread(
    "code",
    Text("Mã phải có từ 1 đến 64 ký tự, không có khoảng trắng.", "A code has 1 to 64 characters and no white space."),
)
_FORMS: Final[Mapping[Form, Callable[[Column, object, Declared], Value | Unread]]] = {
    "number": _number,
    "moment": _date_elsewhere,
    "truth": _truth,
    "formula": _formula,
    "error": _error,
}


def _too_long(most: int) -> Unread:
    return Unread(
        "text",
        Text(
            f"Phải có từ 1 đến {most} ký tự, trên một dòng, không có ký tự điều khiển.",
            f"Must have 1 to {most} characters on one line, without control characters.",
        ),
    )


def escaped(value: str) -> str:
    """`value` as a CSV file holds it: what a spreadsheet would take for a formula gets an apostrophe in front.

    OWASP, "CSV Injection". `unescaped` takes exactly these apostrophes away again.
    """
    return f"'{value}" if value.startswith(_RISKY) else value


def unescaped(value: str) -> str:
    """What `escaped` was given."""
    return value[1:] if value.startswith("'") and value[1:].startswith(_RISKY) else value


_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "'")
