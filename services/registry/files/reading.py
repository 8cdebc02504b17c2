"""A file's bytes as rows of an import, or as everything that keeps its cells from being read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from services.registry.domain.cells import BLANK, HIDDEN_ROW, HIDDEN_SHEET, MERGED, NO_HEADER, Cell, Unread, read
from services.registry.domain.imports import MemberRow, UnitRow
from services.registry.domain.sheets import CellFault, FileKind, FileMapping, Layout, layout_of, table_of
from services.registry.domain.tables import Rows
from services.registry.domain.village_rows import VillageRow
from services.registry.files import workbook
from services.registry.files.csvfile import CsvSheet
from services.registry.files.kinds import Limits
from services.registry.files.refusals import FileRefused, too_large
from services.registry.files.sheets import Sheet
from services.registry.files.workbook import WorkbookSheet
from shared.errors import Fault, Text

MOST_FAULTS: Final = 20_000
"""More faults than this are not gathered: a file that is wrong in every cell needs no longer list."""
_STEP: Final = 500
_ROWS: Final[Mapping[Rows, type[UnitRow] | type[MemberRow] | type[VillageRow]]] = {
    "units": UnitRow,
    "members": MemberRow,
    "villages": VillageRow,
}

Told = Callable[[int, int], None]
"""Told how many rows are read, of about how many."""


class Place(msgspec.Struct, frozen=True):
    """Where a row of the import came from."""

    sheet: str
    row: int


class ReadFile(msgspec.Struct):
    """What a file says. With `faults` it is not to be imported; the rows are then those that could be read."""

    units: list[UnitRow] = msgspec.field(default_factory=list)
    members: list[MemberRow] = msgspec.field(default_factory=list)
    villages: list[VillageRow] = msgspec.field(default_factory=list)
    places: dict[str, list[Place]] = msgspec.field(default_factory=lambda: {rows: [] for rows in _ROWS})
    layouts: dict[str, Layout] = msgspec.field(default_factory=dict)
    faults: list[CellFault] = msgspec.field(default_factory=list)
    rows: int = 0

    def placed(self, fault: Fault) -> CellFault:
        """A fault of the import (`members[17].birth_date`) at the cell it is about."""
        group, _, rest = fault.field.partition("[")
        number, _, field = rest.partition("].")
        place = self.places[group][int(number)]
        column = self.layouts[place.sheet].column_of(field)
        return CellFault(place.sheet, place.row, column, fault.rule, fault.message, fault.source)


def read_file(content: bytes, kind: FileKind, mapping: FileMapping, limits: Limits, told: Told) -> ReadFile:
    """Read every sheet. Raises FileRefused when the file as a whole cannot be read."""
    found = ReadFile()
    with _sheets(content, kind, mapping, limits) as sheets:
        expected = sum(sheet.expected_rows() for sheet in sheets)
        for sheet in sheets:
            _read_sheet(sheet, mapping, found, limits, lambda rows: told(rows, max(rows, expected)), len(sheets) == 1)
    absent = {one.sheet for one in mapping.sheets} - {sheet.name for sheet in sheets}
    if absent:
        raise _no_such_sheet(sorted(absent), [sheet.name for sheet in sheets])
    if not found.layouts and not found.faults:
        raise FileRefused(
            "file-no-rows",
            Text(
                "Tệp không có trang tính nào để nhập. Hãy dùng tệp mẫu, hoặc nêu trang trong mapping.",
                "The file has no sheet to import. Use the template, or name the sheet in mapping.",
            ),
        )
    told(found.rows, found.rows)
    return found


@contextmanager
def _sheets(
    content: bytes, kind: FileKind, mapping: FileMapping, limits: Limits
) -> Iterator[Sequence[WorkbookSheet | CsvSheet]]:
    if kind == "csv":
        yield [CsvSheet(content, mapping, limits)]
        return
    with workbook.opened(content, limits) as sheets:
        yield sheets


def _read_sheet(
    sheet: Sheet, mapping: FileMapping, found: ReadFile, limits: Limits, told: Callable[[int], None], alone: bool
) -> None:
    said = mapping.of(sheet.name)
    rows = sheet.rows()
    header_row = said.header_row if said else 1
    headers: list[Cell] = []
    first: tuple[int, list[Cell]] | None = None
    for number, cells in rows:
        if number >= header_row:
            headers, first = (cells, None) if number == header_row else ([], (number, cells))
            break
    if not headers and first is None and said is None:
        return  # a sheet with nothing on it
    table = table_of(sheet.name, said, headers, alone=alone)
    if table is None:
        return
    if isinstance(table, Unread):
        found.faults.append(CellFault(sheet.name, 0, 0, table.rule, table.message))
        return
    if sheet.hidden:
        found.faults.append(CellFault(sheet.name, 0, 0, HIDDEN_SHEET.rule, HIDDEN_SHEET.message))
        return
    layout, faults = layout_of(sheet.name, table, said, headers, sheet.hidden_columns)
    found.layouts[sheet.name] = layout
    fields = {number: column for number, column in enumerate(layout.columns) if column is not None}
    kind = _ROWS[table.rows]
    absent = {field: None for field in kind.__struct_fields__ if layout.table.column(field) is not None}
    stated: list[UnitRow | MemberRow | VillageRow] = getattr(found, table.rows)
    before = len(faults)
    for number, cells in _all(first, rows):
        values: dict[str, Any] = dict(absent)
        wrong: list[CellFault] = []
        blank = True
        for index, column in fields.items():
            cell = cells[index] if index < len(cells) else BLANK
            blank = blank and _is_blank(cell)
            value = read(column, cell, mapping)
            if isinstance(value, Unread):
                wrong.append(CellFault(sheet.name, number, index + 1, value.rule, value.message))
            else:
                values[column.field] = value
        for index, cell in enumerate(cells):
            if index not in fields and index + 1 not in layout.left_out and not _is_blank(cell):
                blank = False
                wrong.append(CellFault(sheet.name, number, index + 1, NO_HEADER.rule, NO_HEADER.message))
        if blank:
            continue  # says nothing, wherever it stands
        found.rows += 1
        if found.rows > limits.rows:
            raise too_large(f"có hơn {limits.rows} dòng", f"it has more than {limits.rows} rows", limits.rows)
        if found.rows % _STEP == 0:
            told(found.rows)
        if wrong:
            faults += wrong
        elif not before:
            stated.append(kind(**_typed(values)))
            found.places[table.rows].append(Place(sheet.name, number))
        if len(found.faults) + len(faults) >= MOST_FAULTS:
            break
    found.faults += _seen_at_the_end(sheet, layout, faults)


def _all(
    first: tuple[int, list[Cell]] | None, rows: Iterator[tuple[int, list[Cell]]]
) -> Iterator[tuple[int, list[Cell]]]:
    if first is not None:
        yield first
    yield from rows


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    if "branch_elsewhere" in values:
        return values | {"branch_elsewhere": values["branch_elsewhere"] == "true"}
    return values


def _is_blank(cell: Cell) -> bool:
    return cell.form == "blank" or (cell.form == "text" and not str(cell.value).strip())


def _seen_at_the_end(sheet: Sheet, layout: Layout, faults: list[CellFault]) -> list[CellFault]:
    """The faults, with those of merged cells and hidden rows, which are known when the sheet is read through."""
    merged = [one for one in sheet.merged if one[3] >= layout.header_row and one[0] <= len(layout.columns)]
    if merged:
        faults = [
            fault
            for fault in faults
            if not any(one[0] <= fault.column <= one[2] and one[1] <= fault.row <= one[3] for one in merged)
        ]
        faults += [CellFault(sheet.name, one[1], one[0], MERGED.rule, MERGED.message) for one in merged]
    hidden = sorted(number for number in sheet.hidden_rows if number >= layout.header_row)
    faults += [CellFault(sheet.name, number, 1, HIDDEN_ROW.rule, HIDDEN_ROW.message) for number in hidden[:MOST_FAULTS]]
    return sorted(faults, key=lambda fault: (fault.row, fault.column))


def _no_such_sheet(absent: list[str], there: list[str]) -> FileRefused:
    named, listed = ", ".join(absent), ", ".join(there)
    return FileRefused(
        "mapped-sheet-missing",
        Text(
            f"mapping nêu trang tính {named}; tệp chỉ có {listed}. Hãy sửa tên trang.",
            f"mapping names the sheet {named}; the file has {listed}. Correct the name.",
        ),
    )
