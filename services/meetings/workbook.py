"""Workbooks written row by row to a file: memory does not grow with the rows, and no cell is ever a formula."""

import re
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_ROWS: Final = 1_000_000
"""A sheet of XLSX holds 1,048,576 rows (ECMA-376)."""
_LONGEST: Final = 32_767
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")

Value = str | int | float | date | datetime | None


def write(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[Value]], notes: Sequence[str] = ()
) -> tuple[IO[bytes], int]:
    """A workbook in a file that is gone once closed, at its beginning; and how many rows its first sheet has.

    `notes` are the lines of a second sheet.

    Rows beyond `MOST_ROWS` are left out.
    """
    book: Any = openpyxl.Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, column) for column in columns])
    count = 0
    for row in rows:
        if count == MOST_ROWS:
            break
        sheet.append([_cell(sheet, value) for value in row])
        count += 1
    if notes:
        said = book.create_sheet("Ghi chú")
        for note in notes:
            said.append([_cell(said, note)])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
    book.save(file)
    file.seek(0)
    return file, count


def _cell(sheet: WriteOnlyWorksheet, value: Value) -> Any:
    """A cell; text stays text.

    openpyxl takes a text that begins with "=" for a formula, and a sheet saved as CSV runs what begins with + - @ too
    (OWASP, "CSV Injection"): such texts are marked as quoted, which Excel keeps.
    """
    if not isinstance(value, str):
        return value
    text = _NOT_IN_XML.sub("", value)[:_LONGEST]
    if not text.startswith(_LIKE_FORMULA):
        return text
    cell: Any = WriteOnlyCell(sheet)
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
