"""A briefing pack as a workbook: a sheet a section, its table and its chart."""

import io
from datetime import datetime
from typing import Any, Final

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from services.evaluation.domain.briefing import Briefing, Cell, Chart, Form, Section, clean

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: Final[dict[Form, str]] = {"text": "@", "count": "#,##0", "number": "General", "share": "0.0%"}
_TITLE: Final = Font(bold=True, size=14)
_HEADER: Final = Font(bold=True, color="FFFFFF")
_FILL: Final = PatternFill("solid", start_color="9B1C1C")
_WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
_FIRST_ROW: Final = 6
_DATA: Final = "Dữ liệu biểu đồ"


def workbook(briefing: Briefing, made_at: datetime) -> bytes:
    """The workbook; charts stand on cells of its last sheet, so that they can be changed with them."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = clean(f"{briefing.words.vi} {briefing.period}")
    book.properties.creator = ""
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    sheets = [book.create_sheet(clean(section.sheet)) for section in briefing.sections]
    data: Any = book.create_sheet(_DATA)
    row = 1
    for sheet, section in zip(sheets, briefing.sections, strict=True):
        _table(sheet, briefing, section)
        if section.chart is not None:
            row = _chart(sheet, data, section.chart, row, anchor=f"A{_FIRST_ROW + len(section.rows) + 3}")
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _table(sheet: Any, briefing: Briefing, section: Section) -> None:
    _put(sheet, 1, 1, f"{briefing.words.vi} – {briefing.unit}").font = _TITLE
    _put(sheet, 2, 1, f"{briefing.words.en} · {briefing.period} · {briefing.made_at}")
    _put(sheet, 3, 1, f"{section.words.vi} / {section.words.en}").font = _TITLE
    _put(sheet, 4, 1, f"{section.note.vi} / {section.note.en}")
    for number, column in enumerate(section.columns, start=1):
        heading = column.words.vi if column.words.vi == column.words.en else f"{column.words.vi}\n{column.words.en}"
        cell = _put(sheet, _FIRST_ROW, number, heading)
        cell.font, cell.fill, cell.alignment = _HEADER, _FILL, _WRAPPED
        sheet.column_dimensions[get_column_letter(number)].width = 34 if column.form == "text" else 16
    for down, values in enumerate(section.rows):
        for across, value in enumerate(values):
            cell = _put(sheet, _FIRST_ROW + 1 + down, across + 1, value)
            cell.number_format = _FORMATS[section.form_of(down, across)]
            cell.alignment = _WRAPPED
    if not section.rows:
        _put(sheet, _FIRST_ROW + 1, 1, "Không có. / None.")
    sheet.freeze_panes = f"A{_FIRST_ROW + 1}"


def _chart(sheet: Any, data: Any, chart: Chart, row: int, *, anchor: str) -> int:
    """Lay the chart's values down in `data` from `row` on; returns the next free row."""
    for across, (name, _) in enumerate(chart.series, start=2):
        _put(data, row, across, name)
    for down, name in enumerate(chart.names, start=1):
        _put(data, row + down, 1, name)
        for across, (_, values) in enumerate(chart.series, start=2):
            _put(data, row + down, across, values[down - 1])
    drawn = BarChart()
    drawn.title = f"{chart.words.vi} / {chart.words.en}"
    last = row + len(chart.names)
    drawn.add_data(
        Reference(data, min_col=2, max_col=1 + len(chart.series), min_row=row, max_row=last), titles_from_data=True
    )
    drawn.set_categories(Reference(data, min_col=1, min_row=row + 1, max_row=last))
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format = "0%" if chart.share else "0"
    drawn.y_axis.scaling.min = 0
    drawn.width, drawn.height = 26, 12
    sheet.add_chart(drawn, anchor)
    return last + 2


def _put(sheet: Any, row: int, column: int, value: Cell) -> Any:
    cell = sheet.cell(row=row, column=column)
    if isinstance(value, str):
        cell.value = clean(value) if "\n" not in value else value
        cell.data_type = "s"  # a name that begins with "=" is a name, not a formula
    else:
        cell.value = value
    return cell
