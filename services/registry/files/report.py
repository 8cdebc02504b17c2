"""The workbook that came, with every bad cell marked, and a sheet that lists what is wrong and what to do."""

import io
import warnings
from collections.abc import Sequence
from typing import Any, Final

import openpyxl
from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.utils import quote_sheetname

from services.registry.domain.sheets import CellFault, FileKind, FileMapping, letters
from services.registry.domain.tables import RESULT
from services.registry.files import styles
from services.registry.files.csvfile import CsvSheet
from services.registry.files.kinds import Limits
from services.registry.files.texts import put_text
from services.registry.files.workbook import said_as_refusals

MOST_COMMENTS: Final = 5000
"""Spreadsheet programs become slow with more; the list and the colour go on."""
_HEADERS: Final = (
    "Trang tính / sheet",
    "Ô / cell",
    "Lỗi và cách sửa",
    "What is wrong, and the remedy",
    "Quy tắc / rule",
    "Căn cứ / source",
)
_WIDTHS: Final = (22, 10, 80, 80, 24, 40)


def report(
    content: bytes,
    kind: FileKind,
    mapping: FileMapping,
    limits: Limits,
    faults: Sequence[CellFault],
    said: Sequence[str],
) -> bytes:
    """The marked workbook of a file that could be read. `said` are lines for the top of the list of faults."""
    book: Workbook
    if kind == "csv":
        book = _as_workbook(content, mapping, limits)
    else:
        with said_as_refusals():
            book = openpyxl.load_workbook(io.BytesIO(content), keep_links=False)
    for number, fault in enumerate(faults):
        if fault.row:
            _mark(book[fault.sheet], fault, comment=number < MOST_COMMENTS)
    _list(book, faults, said)
    made = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book.save(made)
    return made.getvalue()


def _as_workbook(content: bytes, mapping: FileMapping, limits: Limits) -> Workbook:
    sheet = CsvSheet(content, mapping, limits)
    book = Workbook()
    into: Any = book.active
    into.title = sheet.name
    for number, cells in sheet.rows():
        for column, cell in enumerate(cells, 1):
            if cell.form != "blank":
                put_text(into.cell(number, column), _writable(str(cell.value))).number_format = styles.TEXT_FORMAT
    return book


def _writable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)[:32_767]


def _mark(sheet: Any, fault: CellFault, *, comment: bool) -> None:
    cell = sheet.cell(fault.row, fault.column or 1)
    cell.fill, cell.border = styles.WRONG_FILL, styles.WRONG_BORDER
    if not comment or isinstance(cell, MergedCell):
        return
    said = f"{fault.message.vi}\n\n{fault.message.en}\n({fault.rule})"
    if cell.comment is not None:
        said = f"{cell.comment.text}\n\n{said}"
    cell.comment = Comment(said, "Nền nếp", height=200, width=320)


def _list(book: Workbook, faults: Sequence[CellFault], said: Sequence[str]) -> None:
    if RESULT in book.sheetnames:
        del book[RESULT]
    sheet: Any = book.create_sheet(RESULT, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    for row, line in enumerate(said, 1):
        put_text(sheet.cell(row, 1), line)
    sheet.cell(1, 1).font = styles.TITLE_FONT
    top = len(said) + 2
    for number, (header, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), 1):
        cell: Any = put_text(sheet.cell(top, number), header)
        cell.font, cell.fill = styles.HEADER_FONT, styles.HEADER_FILL
        sheet.column_dimensions[letters(number)].width = width
    for row, fault in enumerate(faults, top + 1):
        place = f"{letters(fault.column or 1)}{fault.row}" if fault.row else ""
        texts = (fault.sheet, place, fault.message.vi, fault.message.en, fault.rule, fault.source or "")
        for number, text in enumerate(texts, 1):
            put_text(sheet.cell(row, number), _writable(text)).alignment = styles.WRAPPED
        if place:
            sheet.cell(row, 2).hyperlink = f"#{quote_sheetname(fault.sheet)}!{place}"
    sheet.freeze_panes = f"A{top + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
