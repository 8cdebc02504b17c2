"""The template: an empty workbook that says what each column takes and offers the words of those that take words."""

import io
from collections.abc import Sequence
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from services.registry.domain.tables import GUIDE, LISTS, Column, Table
from services.registry.files import styles
from services.registry.files.texts import put_text
from services.registry.files.writing import prepare

_LAST_ROW: Final = 1_048_576

_SORTS: Final = {
    "code": "Văn bản, không khoảng trắng, 1–64 ký tự / text without white space",
    "digits": "Văn bản (giữ số 0 ở đầu) / text, which keeps leading zeros",
    "text": "Văn bản trên một dòng / text on one line",
    "day": "Ngày dd/mm/yyyy / a day",
    "word": "Chọn trong danh sách / one of the list",
}
_RULES: Final = (
    "Mỗi dòng là một giai đoạn. Các dòng cùng mã hợp thành toàn bộ lịch sử của mã đó và thay cho lịch sử đang lưu.",
    "A row is a span. The rows of one code are together its whole history and replace what is kept of it.",
    "Mã không có trong tệp thì giữ nguyên. Nhập lại đúng tệp này không làm thay đổi gì.",
    "Codes that are not in the file stay as they are. The same file again changes nothing.",
    "Cột có dấu * là bắt buộc. Không đổi tên cột; cột không dùng có thể xoá.",
    "Columns with * are needed. Keep the headers; columns that are not used may go.",
    "Không dùng công thức, không gộp ô, không ẩn dòng hay cột có dữ liệu.",
    "No formulas, no merged cells, no hidden rows or columns.",
    "Ngày là ô kiểu ngày, hoặc văn bản viết dd/mm/yyyy. Mã và số điện thoại là ô kiểu văn bản.",
    "Days are date cells, or text written dd/mm/yyyy. Codes and telephone numbers are text.",
)


def template(tables: Sequence[Table]) -> bytes:
    """The workbook for these tables."""
    book = Workbook()
    guide: Any = book.active
    guide.title = GUIDE
    _write_guide(guide, tables)
    lists: Any = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for table in tables:
        _write_table(book.create_sheet(table.sheet), table, lists)
    book.move_sheet(LISTS, len(tables))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _write_table(sheet: Any, table: Table, lists: Any) -> None:
    prepare(sheet, table)
    sheet.row_dimensions[1].height = 32
    for number, column in enumerate(table.columns, 1):
        cell: Any = put_text(sheet.cell(1, number), column.header + (" *" if column.required else ""))
        cell.font, cell.alignment = styles.HEADER_FONT, styles.HEADER_ALIGNMENT
        cell.fill = styles.NEEDED_FILL if column.required else styles.HEADER_FILL
        cell.comment = Comment(f"{column.meaning.vi}\n{column.meaning.en}", "Nền nếp", height=110, width=260)
        form = styles.DAY_FORMAT if column.sort == "day" else styles.TEXT_FORMAT
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = form
        offered = _validation(column, lists)
        if offered is not None:
            offered.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(offered)


def _validation(column: Column, lists: Any) -> DataValidation | None:
    if column.words is not None:
        # A list in the rule itself ends at 255 characters, and at the commas that stand in our words.
        at = (lists.max_column if lists.cell(1, 1).value else 0) + 1
        put_text(lists.cell(1, at), column.header)
        for row, word in enumerate(column.words.values(), 2):
            put_text(lists.cell(row, at), word)
        letter = get_column_letter(at)
        offered = DataValidation(
            type="list",
            formula1=f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(column.words) + 1}",
            allow_blank=not column.required,
        )
        offered.error = "Hãy chọn trong danh sách. / Choose from the list."
    elif column.sort == "day":
        offered = DataValidation(type="date", operator="greaterThan", formula1="1", allow_blank=not column.required)
        offered.error = "Hãy nhập ngày, dạng dd/mm/yyyy. / Enter a day, dd/mm/yyyy."
    else:
        return None
    offered.errorTitle = column.header
    offered.promptTitle, offered.prompt = column.header[:32], column.meaning.vi[:255]
    offered.showErrorMessage = offered.showInputMessage = True
    return offered


def _write_guide(sheet: Any, tables: Sequence[Table]) -> None:
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 30
    sheet.column_dimensions["C"].width = 44
    sheet.column_dimensions["D"].width = 70
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    put_text(sheet.cell(1, 1), "Hướng dẫn nhập dữ liệu / How to fill in").font = styles.TITLE_FONT
    row = 3
    for rule in _RULES:
        put_text(sheet.cell(row, 1), rule)
        row += 1
    for table in tables:
        row += 1
        for number, header in enumerate((table.sheet, "Cột / column", "Ô chứa / holds", "Nghĩa / meaning"), 1):
            cell: Any = put_text(sheet.cell(row, number), header)
            cell.font, cell.fill = styles.HEADER_FONT, styles.HEADER_FILL
        for column in table.columns:
            row += 1
            put_text(sheet.cell(row, 1), "bắt buộc / needed" if column.required else "")
            put_text(sheet.cell(row, 2), column.header)
            put_text(sheet.cell(row, 3), _SORTS[column.sort])
            said = f"{column.meaning.vi} / {column.meaning.en}"
            if column.words is not None:
                said += f" [{'; '.join(column.words.values())}]"
            put_text(sheet.cell(row, 4), said)
            for number in range(1, 5):
                sheet.cell(row, number).alignment = styles.WRAPPED
        row += 1
