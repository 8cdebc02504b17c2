"""How a sheet's columns are known: by the template's headers, or as the sender maps them. Never by likeness."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import msgspec

from services.registry.domain import words
from services.registry.domain.cells import Cell, Declared, Unread
from services.registry.domain.tables import BY_SHEET, NOT_READ, TABLES, Column, Rows, Table
from shared.errors import Text


class SheetMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the sender says of one sheet.

    `sheet` is its name (of a CSV file: `CSV`), `rows` what it holds, None to leave it out; `columns` maps a header to a
    field, or to None to leave the column out; the headers stand in row `header_row`, counted from 1.
    """

    sheet: str
    rows: Rows | None = None
    columns: Mapping[str, str | None] = {}
    header_row: int = 1


FileKind = Literal["xlsx", "csv"]
"""What a file is, by its content."""


class FileMapping(Declared, frozen=True, forbid_unknown_fields=True):
    """What the sender says of a whole file."""

    sheets: tuple[SheetMapping, ...] = ()

    def of(self, sheet: str) -> SheetMapping | None:
        """What is said of a sheet, if anything."""
        return next((one for one in self.sheets if words.folded(one.sheet) == words.folded(sheet)), None)


class CellFault(msgspec.Struct, frozen=True):
    """A rule that a cell breaks: `row` and `column` count from 1; 0: the whole sheet, or the whole row."""

    sheet: str
    row: int
    column: int
    rule: str
    message: Text
    source: str | None = None

    @property
    def place(self) -> str:
        """Where it is, as spreadsheets write it: `Đảng viên!C17`."""
        return f"{self.sheet}!{letters(self.column)}{self.row or ''}" if self.row else self.sheet


class Layout(msgspec.Struct, frozen=True):
    """A sheet whose columns are known: what each holds, from the first on, and which are left out (from 1)."""

    table: Table
    columns: tuple[Column | None, ...]
    left_out: frozenset[int]
    header_row: int

    def column_of(self, field: str) -> int:
        """The number of the column that fills `field`, from 1; the code's column when there is none."""
        fields = [column.field if column else None for column in self.columns]
        return fields.index(field if field in fields else "code") + 1


def letters(column: int) -> str:
    """A column's letters: 1 is A, 27 is AA; none for 0."""
    said = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def table_of(
    sheet: str, mapping: SheetMapping | None, headers: Sequence[Cell], *, alone: bool
) -> Table | Unread | None:
    """What a sheet holds; None: it is left out.

    A sheet is known by the sender's mapping, by its name, or, `alone` in its file, by its headers.
    """
    if mapping is not None:
        return None if mapping.rows is None else TABLES[mapping.rows]
    named = BY_SHEET.get(words.folded(sheet))
    if named is not None:
        return named
    if words.folded(sheet) in NOT_READ:
        return None
    if alone:
        said = {words.folded(str(cell.value)) for cell in headers if cell.form == "text"}
        fitting = [
            table
            for table in TABLES.values()
            if all(said.intersection(column.headers) for column in table.columns if column.required)
        ]
        if len(fitting) == 1:
            return fitting[0]
    listed = ", ".join(f"“{table.sheet}”" for table in TABLES.values())
    return Unread(
        "unknown-sheet",
        Text(
            f"Không rõ trang tính này chứa gì. Hãy đặt tên trang là {listed}; nêu trong mapping; hoặc xoá trang.",
            f"What this sheet holds is not known. Name it {listed}; say so in mapping; or remove it.",
        ),
    )


def layout_of(
    sheet: str, table: Table, mapping: SheetMapping | None, headers: Sequence[Cell], hidden: frozenset[int]
) -> tuple[Layout, list[CellFault]]:
    """The columns of a sheet by its headers, with what is wrong with them. `hidden` are numbers of hidden columns."""
    at = mapping.header_row if mapping else 1
    mapped = {words.folded(header): field for header, field in (mapping.columns if mapping else {}).items()}
    known = {header: column for column in table.columns for header in column.headers}
    columns: list[Column | None] = []
    left_out: set[int] = set()
    faults: list[CellFault] = []
    seen: dict[str, int] = {}
    for number, cell in enumerate(headers, 1):
        column, refused = _column_of(cell, table, known, mapped)
        if refused is None and column is None and cell.form != "blank":
            left_out.add(number)
        if refused is None and column is not None:
            if column.field in seen:
                refused = _twice(letters(seen[column.field]))
            elif number in hidden:
                refused = _HIDDEN_COLUMN
            seen.setdefault(column.field, number)
        if refused is not None:
            faults.append(CellFault(sheet, at, number, refused.rule, refused.message))
            left_out.add(number)
        columns.append(None if refused else column)
    missing = [column for column in table.columns if column.required and column.field not in seen]
    faults += [CellFault(sheet, at, 0, "column-missing", _missing(column)) for column in missing]
    unused = mapped.keys() - {words.folded(str(cell.value)) for cell in headers if cell.form == "text"}
    faults += [CellFault(sheet, at, 0, "mapped-column-missing", _not_there(header)) for header in sorted(unused)]
    return Layout(table, tuple(columns), frozenset(left_out), at), faults


def _column_of(
    cell: Cell, table: Table, known: Mapping[str, Column], mapped: Mapping[str, str | None]
) -> tuple[Column | None, Unread | None]:
    if cell.form == "blank":
        return None, None
    if cell.form != "text":
        return None, _HEADER_NO_TEXT
    header = words.folded(str(cell.value).strip().rstrip("*"))
    if not header:
        return None, None
    if header in mapped:
        field = mapped[header]
        if field is None:
            return None, None
        column = table.column(field)
        return column, (_no_field(field, table) if column is None else None)
    column = known.get(header)
    return column, (_unknown(table) if column is None else None)


_HEADER_NO_TEXT: Final = Unread(
    "header-not-text",
    Text("Tiêu đề cột phải là văn bản. Hãy gõ lại tiêu đề.", "A column's header is text. Type it again."),
)
_HIDDEN_COLUMN: Final = Unread(
    "hidden-column",
    Text(
        "Cột này đang bị ẩn. Hãy hiện cột để kiểm tra, hoặc xoá hẳn cột.",
        "This column is hidden. Show it and check it, or delete it.",
    ),
)


def _twice(first: str) -> Unread:
    return Unread(
        "duplicate-column",
        Text(
            f"Cột này trùng nội dung với cột {first}. Hãy chỉ giữ một cột.",
            f"This column says the same as column {first}. Keep one of them.",
        ),
    )


def _unknown(table: Table) -> Unread:
    listed = ", ".join(column.header for column in table.columns)
    return Unread(
        "unknown-column",
        Text(
            f"Không biết cột này. Các tiêu đề được nhận: {listed}. Hãy sửa, hoặc khai trong mapping (null: bỏ qua).",
            f"This column is not known. Headers that are: {listed}. Correct it, or map it (null: left out).",
        ),
    )


def _no_field(field: str, table: Table) -> Unread:
    listed = ", ".join(column.field for column in table.columns)
    return Unread(
        "unknown-field",
        Text(
            f"mapping đưa cột này vào mục {field}, không có mục đó. Có các mục: {listed}.",
            f"mapping sends this column to the field {field}, which there is not. There are: {listed}.",
        ),
    )


def _missing(column: Column) -> Text:
    return Text(
        f"Thiếu cột “{column.header}”. Hãy thêm cột, hoặc nêu trong mapping cột nào là {column.field}.",
        f"The column “{column.header}” is missing. Add it, or map the one that is {column.field}.",
    )


def _not_there(header: str) -> Text:
    return Text(
        f"mapping nêu cột “{header}” nhưng trang tính không có tiêu đề đó. Hãy kiểm tra tên cột và header_row.",
        f"mapping names the column “{header}”, a header the sheet does not have. Check the name and header_row.",
    )
