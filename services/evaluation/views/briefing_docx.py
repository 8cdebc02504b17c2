"""A briefing pack as a document: a heading, a table and a chart a section."""

import io
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from services.evaluation.domain.briefing import Briefing, Cell, Chart, Form, Section, clean
from services.evaluation.views import briefing_chart

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_CHART_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart"
_EMU_A_CM: Final = 360_000
_MOST_ROWS: Final = 120


def document(briefing: Briefing, made_at: datetime) -> bytes:
    """The document; its charts are charts of the office suite, not pictures."""
    made: Any = Document()
    page = made.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    made.styles["Normal"].font.name = "Times New Roman"
    made.styles["Normal"].font.size = Pt(12)
    properties = made.core_properties
    properties.title, properties.author, properties.comments = clean(f"{briefing.words.vi} {briefing.period}"), "", ""
    properties.created = properties.modified = made_at.replace(tzinfo=None)
    made.add_heading(clean(briefing.words.vi), level=0)
    made.add_paragraph(clean(f"{briefing.words.en}"))
    made.add_paragraph(clean(f"{briefing.unit} · {briefing.period} · {briefing.made_at}"))
    charts = 0
    for number, section in enumerate(briefing.sections, start=1):
        made.add_heading(clean(f"{number}. {section.words.vi}"), level=1)
        made.add_paragraph(clean(section.words.en))
        made.add_paragraph(clean(f"{section.note.vi} / {section.note.en}"))
        _table(made, section)
        if section.chart is not None:
            charts += 1
            _chart(made, section.chart, charts)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()


def _table(made: Any, section: Section) -> None:
    if not section.rows:
        made.add_paragraph("Không có. / None.")
        return
    shown = section.rows[:_MOST_ROWS]
    table = made.add_table(rows=1, cols=len(section.columns), style="Table Grid")
    for cell, column in zip(table.rows[0].cells, section.columns, strict=True):
        words = column.words
        heading = words.vi if words.vi == words.en else f"{words.vi} / {words.en}"
        cell.paragraphs[0].add_run(clean(heading)).bold = True
    for down, values in enumerate(shown):
        for across, (cell, value) in enumerate(zip(table.add_row().cells, values, strict=True)):
            cell.text = said(value, section.form_of(down, across))
    if len(section.rows) > len(shown):
        left = len(section.rows) - len(shown)
        made.add_paragraph(f"Còn {left} dòng trong tệp XLSX. / {left} more rows in the XLSX.")


def said(value: Cell, form: Form) -> str:
    """A cell as people in Việt Nam read it."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return clean(value)
    if form == "share":
        return f"{value * 100:.1f}".replace(".", ",") + " %"
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if form == "number" else f"{value:,.0f}"
    return text.translate(str.maketrans(",.", ".,"))


def _chart(made: Any, chart: Chart, number: int) -> None:
    part = Part(
        PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, briefing_chart.chart_space(chart), made.part.package
    )
    relation = made.part.relate_to(part, _CHART_RELATION)
    drawing = parse_xml(
        f"""
        <w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
          xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
          xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
          xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
          xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
          <wp:inline distT="0" distB="0" distL="0" distR="0">
            <wp:extent cx="{24 * _EMU_A_CM}" cy="{11 * _EMU_A_CM}"/>
            <wp:docPr id="{1000 + number}" name="chart {number}"/>
            <a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
              <c:chart r:id="{relation}"/>
            </a:graphicData></a:graphic>
          </wp:inline>
        </w:drawing>
        """
    )
    drawing.find(".//{*}docPr").set("descr", clean(f"{chart.words.vi} / {chart.words.en}"))
    made.add_paragraph().add_run()._r.append(drawing)
