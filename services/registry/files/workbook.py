"""XLSX workbooks, read row by row. Formulas, merged cells and hidden rows are seen, which openpyxl's read-only
worksheets pass over; the parser below them reads the same stream and knows."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.worksheet._reader import WorkSheetParser

from services.registry.domain.cells import BLANK, Cell, Form
from services.registry.files.kinds import Limits
from services.registry.files.refusals import damaged, too_large
from services.registry.files.sheets import Range

_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_MERGED: Final = 1000
_FORMS: Final[Mapping[str, Form]] = {
    "n": "number",
    "s": "text",
    "d": "moment",
    "b": "truth",
    "f": "formula",
    "e": "error",
}
_BROKEN: Final = (ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, IndexError, OSError)


class _Parser(WorkSheetParser):
    """openpyxl's parser, which leaves escapes in text that stands in the cell itself (ECMA-376 part 1, 22.4.2.4)."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if element.get("t") == "inlineStr" and isinstance(cell["value"], str) and "_x" in cell["value"]:
            cell["value"] = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), cell["value"])
        return cell


class WorkbookSheet:
    """A sheet of a workbook (files/sheets.py: Sheet)."""

    def __init__(self, sheet: Any, limits: Limits) -> None:
        self.name = str(sheet.title)
        self.hidden = sheet.sheet_state != "visible"
        self.merged: Sequence[Range] = ()
        self.hidden_columns: frozenset[int] = frozenset()
        self.hidden_rows: frozenset[int] = frozenset()
        self._sheet = sheet
        self._limits = limits

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """See Sheet."""
        book: Any = self._sheet.parent
        with said_as_refusals(), book._archive.open(self._sheet._worksheet_path) as source:
            parser: Any = _Parser(
                source,
                self._sheet._shared_strings,
                data_only=False,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            hidden: frozenset[int] | None = None
            for number, cells in parser.parse():
                if hidden is None:
                    hidden = self.hidden_columns = _hidden_columns(parser.column_dimensions, self._limits.columns)
                found = self._cells(cells)
                if found:
                    yield number, found
            self.merged = [_bounds(one) for one in list(getattr(parser.merged_cells, "mergeCell", ()))[:_MOST_MERGED]]
            self.hidden_rows = frozenset(
                int(number) for number, row in parser.row_dimensions.items() if row.get("hidden") in ("1", "true")
            )

    def expected_rows(self) -> int:
        """About how many rows there are, counted in a fraction of the time that reading them takes."""
        book: Any = self._sheet.parent
        count, tail = 0, b""
        with said_as_refusals(), book._archive.open(self._sheet._worksheet_path) as source:
            while chunk := source.read(1 << 20):
                text = tail + chunk
                count += len(_ROW.findall(text, 0, max(0, len(text) - 16)))
                tail = text[-16:]
        return count + len(_ROW.findall(tail))

    def _cells(self, cells: Sequence[Mapping[str, Any]]) -> list[Cell]:
        found: list[Cell] = []
        for cell in cells:
            form, value = _FORMS.get(cell["data_type"], "text"), cell["value"]
            if value is None and form != "formula":
                continue
            column = cell["column"]
            if column > self._limits.columns:
                raise too_large(f"có cột thứ {column}", f"it has a column {column}", self._limits.columns)
            while len(found) < column - 1:
                found.append(BLANK)
            if form == "number" and isinstance(value, date | datetime | time | timedelta):
                form = "moment"
            if len(found) >= column:
                raise damaged(f"cell {column} of row {cell['row']} stands there twice")
            found.append(Cell(form, value))
        return found


@contextmanager
def opened(content: bytes, limits: Limits) -> Iterator[list[WorkbookSheet]]:
    """The sheets of a workbook that `kinds.kind_of` let pass. Raises FileRefused."""
    with said_as_refusals():
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        yield [WorkbookSheet(sheet, limits) for sheet in book.worksheets]
    finally:
        book.close()


@contextmanager
def said_as_refusals() -> Iterator[None]:
    """What openpyxl raises over a malformed workbook is the sender's matter; what it warns of is not read anyway."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except _BROKEN as error:
            raise damaged(type(error).__name__) from error


def _hidden_columns(dimensions: Mapping[str, Mapping[str, str]], most: int) -> frozenset[int]:
    return frozenset(
        column
        for one in dimensions.values()
        if one.get("hidden") in ("1", "true")
        for column in range(int(one["min"]), min(int(one["max"]), most) + 1)
    )


def _bounds(merged: Any) -> Range:
    return merged.min_col, merged.min_row, merged.max_col, merged.max_row
