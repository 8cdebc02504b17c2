"""The form of Party documents for the shipped DOCX templates: page, head, tables, signatures (Hướng dẫn 36-HD/VPTW)."""

from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_FONT = "Times New Roman"


def begun() -> Paper:
    """A page with the head and the title of a Party document."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    style: Any = paper.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        style.element.rPr.rFonts.set(qn(script), _FONT)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    left, right = _columns(paper, 7.0, 9.5)
    _add(left.paragraphs[0], "{{ superior }}", size=13)
    for text, bold in (("{{ branch }}", True), ("*", False), ("{{ number }}", False)):
        _add(left.add_paragraph(), text, bold=bold)
    _add(left.add_paragraph(), "{%p if draft %}")
    _add(left.add_paragraph(), "{{ draft }}", bold=True)
    _add(left.add_paragraph(), "{%p endif %}")
    _add(right.paragraphs[0], "ĐẢNG CỘNG SẢN VIỆT NAM", bold=True, underline=True)
    _add(right.add_paragraph(), "")
    _add(right.add_paragraph(), "{{ place_and_date }}", italic=True)
    _add(paper.add_paragraph(), "")
    _add(paper.add_paragraph(), "{{ title }}", bold=True, size=16)
    _add(paper.add_paragraph(), "{{ subject }}", bold=True)
    _add(paper.add_paragraph(), "{%p if correction %}")
    _add(paper.add_paragraph(), "({{ correction }})", italic=True)
    _add(paper.add_paragraph(), "{%p endif %}")
    _add(paper.add_paragraph(), "-----").paragraph_format.space_after = Pt(8)
    return paper


def closed(paper: Paper, *, recipients: bool) -> Paper:
    """Signatures and the check code, where the paper has them."""
    for last in reversed(paper.paragraphs):
        last.paragraph_format.keep_with_next = True
        if not last.text.startswith("{%p"):
            break
    _gap(paper.add_paragraph(), 10).paragraph_format.keep_with_next = True
    # One row that stays whole: signatures and code are never on different pages.
    (whole,) = _columns(paper, 16.5)
    _gap(whole.paragraphs[0], 1)
    left, right = _columns(whole, 8.25, 8.25)
    if recipients:
        _add(left.paragraphs[0], "Nơi nhận:", italic=True, underline=True, size=12, align=ALIGN.LEFT)
        for text in ("{%p for one in recipients %}", "- {{ one }}{{ '.' if loop.last else ',' }}", "{%p endfor %}"):
            _add(left.add_paragraph(), text, size=12, align=ALIGN.LEFT)
    else:
        _signature(left, "left")
    _signature(right, "right")
    _add(whole.paragraphs[-1], "{%p if hash %}")
    _gap(whole.add_paragraph(), 10)
    picture, words = _columns(whole, 2.6, 13.9)
    _add(picture.paragraphs[0], "{{ qr }}", size=9, align=ALIGN.LEFT)
    _add(words.paragraphs[0], "Mã kiểm tra nội dung đã thông qua (SHA-256):", size=9, align=ALIGN.LEFT)
    _add(words.add_paragraph(), "{{ hash }}", size=9, align=ALIGN.LEFT)
    told = "Người có quyền xem chi bộ kiểm tra mã này trên hệ thống Nền nếp."
    _add(words.add_paragraph(), told, size=9, align=ALIGN.LEFT)
    _add(whole.paragraphs[-1], "{%p endif %}")
    # A cell must end with a paragraph (ECMA-376, 17.4.65).
    _gap(whole.add_paragraph(), 1)
    return paper


def _gap(paragraph: Paragraph, points: float) -> Paragraph:
    """An empty line so high."""
    paragraph.paragraph_format.line_spacing = Pt(points)
    return paragraph


def _signature(cell: _Cell, side: str) -> None:
    first = cell.paragraphs[0]
    _add(first, f"{{%p if signatures.{side}.above %}}")
    _add(cell.add_paragraph(), f"{{{{ signatures.{side}.above }}}}", bold=True)
    _add(cell.add_paragraph(), "{%p endif %}")
    _add(cell.add_paragraph(), f"{{{{ signatures.{side}.title }}}}", bold=True)
    for _ in range(4):
        _add(cell.add_paragraph(), "")
    _add(cell.add_paragraph(), f"{{{{ signatures.{side}.name }}}}", bold=True)


def _columns(within: Paper | _Cell, *widths: float) -> list[_Cell]:
    """The cells of a table without lines, of one row that stays on one page."""
    table: Table = within.add_table(1, len(widths))
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _whole(table.rows[0]._tr)
    cells: list[_Cell] = list(table.rows[0].cells)
    for index, width in enumerate(widths):
        cells[index].width = table.columns[index].width = Cm(width)
    return cells


def _add(
    paragraph: Paragraph,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    underline: bool = False,
    size: float = 14,
    align: ALIGN = ALIGN.CENTER,
) -> Paragraph:
    run = paragraph.add_run(text)
    run.bold, run.italic, run.underline = bold, italic, underline
    run.font.size = Pt(size)
    paragraph.alignment = align
    return paragraph


def body(paper: Paper, *texts: str) -> None:
    """Paragraphs of the text, the first line set in."""
    for text in texts:
        _indented(_add(paper.add_paragraph(), text, align=ALIGN.JUSTIFY))


def _indented(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.first_line_indent = Cm(1)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)


def part(paper: Paper, heading: str) -> None:
    """The heading of a part."""
    paragraph = _add(paper.add_paragraph(), heading, bold=True, align=ALIGN.LEFT)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(6)
    paragraph.paragraph_format.keep_with_next = True


def sub(paper: Paper, heading: str) -> None:
    """A heading within a part."""
    paragraph = _add(paper.add_paragraph(), heading, bold=True, align=ALIGN.LEFT)
    _indented(paragraph)
    paragraph.paragraph_format.keep_with_next = True


def each(paper: Paper, name: str) -> None:
    """A paragraph for every text of the list `name`."""
    body(paper, f"{{%p for line in {name} %}}", "{{ line }}", "{%p endfor %}")


def named(paper: Paper, start: str) -> None:
    """The first paragraph of a text behind a bold start, then the others."""
    paragraph = _add(paper.add_paragraph(), start, bold=True, align=ALIGN.JUSTIFY)
    _indented(_add(paragraph, "{{ one.text[0] if one.text else '' }}", align=ALIGN.JUSTIFY))
    each(paper, "one.text[1:]")


def conclusions(paper: Paper, start: str) -> None:
    """The chair's conclusion, and those on single items behind a bold `start`."""
    each(paper, "conclusion")
    body(paper, "{%p for one in conclusions %}")
    named(paper, start)
    body(paper, "{%p endfor %}")


def counted(paper: Paper, name: str) -> None:
    """The result of the vote `name`."""
    body(
        paper,
        f"Biểu quyết ({{{{ {name}.manner }}}}): tán thành {{{{ {name}.in_favour }}}}, không tán thành "
        f"{{{{ {name}.against }}}}, ý kiến khác {{{{ {name}.abstaining }}}}; trên tổng số {{{{ {name}.of }}}} đảng "
        f"viên có quyền biểu quyết, {{{{ {name}.voters_present }}}} có mặt; tỷ lệ tán thành {{{{ {name}.share }}}}. "
        "Kết quả: "
        f"{{{{ {name}.carried }}}}.",
        f"{{%p for choice in {name}.by_name %}}",
        "{{ choice.choice }} ({{ choice.count }}): {{ choice.names|join(', ') }}.",
        "{%p endfor %}",
    )


def tasks(paper: Paper) -> None:
    """The table of tasks."""
    _rows(
        paper,
        "tasks",
        [("TT", 1.2, "number"), ("Người thực hiện", 4.3, "name"), ("Nhiệm vụ", 8.3, "content"), ("Hạn", 2.7, "due")],
    )


def carried(paper: Paper) -> None:
    """The table of tasks of earlier meetings that go on."""
    body(paper, "{%p if carried %}")
    sub(paper, "Nhiệm vụ của tháng trước tiếp tục thực hiện")
    _rows(
        paper,
        "carried",
        [("TT", 1.2, "number"), ("Người thực hiện", 4.1, "name"), ("Nhiệm vụ", 5.8, "content"),
         ("Hạn đầu", 2.7, "first_due"), ("Hạn mới", 2.7, "due")],
    )  # fmt: skip
    body(paper, "{%p endif %}")


def scores(paper: Paper) -> None:
    """The table of points with its sum."""
    table = _rows(
        paper,
        "score.rows",
        [("TT", 1.2, "number"), ("Nhóm tiêu chí", 9.1, "group"), ("Điểm tối đa", 3.1, "maximum"),
         ("Điểm chấm", 3.1, "points")],
    )  # fmt: skip
    total = table.add_row().cells  # type: ignore[no-untyped-call]  # python-docx leaves it untyped
    for cell, text in zip(total, ("", "Cộng", "{{ score.maximum }}", "{{ score.total }}"), strict=True):
        _add(cell.paragraphs[0], text, bold=True, align=ALIGN.LEFT if text == "Cộng" else ALIGN.CENTER)


def _rows(paper: Paper, name: str, columns: list[tuple[str, float, str]]) -> Table:
    """A table with a head, a loop over `name`, and one column a (heading, centimetres, member)."""
    table: Table = paper.add_table(4, len(columns))
    table.style = "Table Grid"
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.cell(1, 0).text = f"{{%tr for row in {name} %}}"
    table.cell(3, 0).text = "{%tr endfor %}"
    for index, (heading, width, member) in enumerate(columns):
        table.columns[index].width = Cm(width)
        for row in table.rows:
            row.cells[index].width = Cm(width)
        align = ALIGN.LEFT if member in ("name", "content", "group") else ALIGN.CENTER
        _add(table.cell(0, index).paragraphs[0], heading, bold=True)
        _add(table.cell(2, index).paragraphs[0], f"{{{{ row.{member} }}}}", align=align)
    _whole(table.rows[2]._tr)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # the head again on every page
    return table


def _whole(row: Any) -> None:
    """Keep a row on one page."""
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _page_number(paragraph: Paragraph) -> None:
    """The page's number, in the middle above; not on the first page."""
    paragraph.alignment = ALIGN.CENTER
    for kind in ("begin", "PAGE", "end"):
        element = OxmlElement("w:instrText" if kind == "PAGE" else "w:fldChar")
        if kind == "PAGE":
            element.text = kind
        else:
            element.set(qn("w:fldCharType"), kind)
        paragraph.add_run()._r.append(element)
