"""Rows as files: a workbook like the template, or a CSV file; written row by row, so that memory does not grow."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from services.registry.domain.cells import Value, escaped
from services.registry.domain.tables import Column, Table
from services.registry.files import styles
from services.registry.files.texts import put_text, text_cell

Row = Mapping[str, Value]
"""Values by field, as `domain/cells.read` reads them."""


def workbook_of(tables: Sequence[tuple[Table, Iterable[Row]]], into: IO[bytes]) -> None:
    """Write a workbook with a sheet for each table into `into`."""
    book = Workbook(write_only=True)
    for table, rows in tables:
        sheet: Any = book.create_sheet(table.sheet)
        prepare(sheet, table)
        sheet.append([_header(sheet, column) for column in table.columns])
        formats = {form: _format(sheet, form) for form in (styles.DAY_FORMAT, styles.TEXT_FORMAT)}
        for row in rows:
            sheet.append([_cell(sheet, column, row.get(column.field), formats) for column in table.columns])
    book.save(into)


def prepare(sheet: Any, table: Table) -> None:
    """Widths, the frozen header, and how the sheet is printed: on A4 across, the header on every page."""
    for number, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&A – &P/&N"


def _header(sheet: Any, column: Column) -> Any:
    cell: Any = text_cell(sheet, column.header + (" *" if column.required else ""))
    cell.font = styles.HEADER_FONT
    cell.fill = styles.NEEDED_FILL if column.required else styles.HEADER_FILL
    cell.alignment = styles.HEADER_ALIGNMENT
    cell.comment = Comment(f"{column.meaning.vi}\n{column.meaning.en}", "Nền nếp", height=110, width=260)
    return cell


def _format(sheet: Any, form: str) -> Any:
    cell: Any = WriteOnlyCell(sheet)
    cell.number_format = form
    return cell._style


def _cell(sheet: Any, column: Column, value: Value, formats: Mapping[str, Any]) -> Any:
    if value is None:
        return None
    cell: Any = WriteOnlyCell(sheet)
    if isinstance(value, date):
        cell.value = value
        cell._style = formats[styles.DAY_FORMAT]
        return cell
    # A copy: the quote prefix of one text must not become that of all.
    cell._style = copy(formats[styles.TEXT_FORMAT])
    return put_text(cell, value if column.words is None else column.words.get(value, value))


def csv_of(table: Table, rows: Iterable[Row], into: IO[bytes]) -> None:
    """Write a CSV file (UTF-8 with a BOM, commas) into `into`."""
    text = io.TextIOWrapper(into, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([column.header for column in table.columns])
    for row in rows:
        lines.writerow([_written(column, row.get(column.field)) for column in table.columns])
    text.detach()


def _written(column: Column, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y") if value.year >= 1000 else value.isoformat()
    return escaped(column.words.get(value, value) if column.words is not None else value)
