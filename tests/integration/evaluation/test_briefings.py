"""The briefing pack as a workbook and as a document: opened and read again."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from docx import Document

from services.evaluation.views import briefing_docx
from tests.integration.evaluation.committees import Evaluation, attended, unit_id

PATH = f"/v1/units/{unit_id('province')}/briefing?period=2025-Q2&format="
SECTIONS = [
    "Tổng hợp",
    "Xếp hạng tỷ lệ dự họp",
    "Xếp hạng tỷ lệ đã họp",
    "Tổ chức yếu kém",
    "Chuyên đề",
    "Chỉ tiêu",
    "Xếp loại",
    "Chi bộ điểm",
]


@pytest.fixture
def quarter(evaluation: Evaluation) -> Evaluation:
    """A quarter, the one before and the one a year before; a weak branch, a grade, a target, a model branch."""
    for code, present in (("b1", 9), ("b2", 5), ("b3", 10)):
        evaluation.held(code, "2025-04", "2025-05", "2025-06", **attended(present))
    evaluation.held("b1", "2025-01", **attended(6))
    evaluation.held("b1", "2024-05", **attended(4))
    evaluation.held("b3", "2025-05", **attended(10), kind="thematic")
    evaluation.post(
        "/v1/weak-organisations",
        {"unit_id": str(unit_id("b2")), "period": "2025-Q2", "citation": "21-KH/ĐU"},
    )
    decision = {
        "superior_id": str(unit_id("d1")),
        "period": "2025-Q2",
        "citation": "118-QĐ/HU",
        "decided_on": "2025-07-10",
        "decisions": [{"unit_id": str(unit_id("b1")), "grade": "good"}],
    }
    assert evaluation.post("/v1/classifications/decisions", decision).status == 200
    evaluation.sql(
        """insert into target (target_id, version, unit_id, year, kind, measure, direction, adds_up, value, due_on,
                               progress)
        values (gen_random_uuid(), 1, %s, 2025, 'new_members', 'members', 'at_least', true, 12, '2025-12-31',
                '[{"on": "2025-05-31", "value": 9}]') returning 1""",
        unit_id("province"),
    )
    model = {
        "unit_id": str(unit_id("b3")),
        "chosen_by": str(unit_id("d2")),
        "valid_from": "2025-01-01",
        "reason": "Chỉ đạo điểm",
        "citation": "07-KH/HU",
    }
    assert evaluation.post("/v1/model-branches", model).status == 201
    return evaluation


def sheet_of(book: Any, name: str) -> list[list[Any]]:
    """The rows of a sheet below its headings."""
    return [[cell.value for cell in row] for row in book[name].iter_rows(min_row=7)]


def test_the_workbook_has_every_number_with_its_period_and_charts(quarter: Evaluation) -> None:
    answer = quarter.get(f"{PATH}xlsx", quarter.officer("province"))
    assert answer.status == 200, answer.body
    assert answer.headers["Content-Disposition"] == 'attachment; filename="giao-ban-2025-Q2.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.body))

    assert book.sheetnames == [*SECTIONS, "Dữ liệu biểu đồ"]
    headings = [cell.value for cell in book["Tổng hợp"][6]]
    assert headings[2:5] == ["2025-Q2", "2025-Q1", "2024-Q2"]
    assert headings[0] == "Chỉ số\nFigure"
    attendance = next(row for row in sheet_of(book, "Tổng hợp") if row[0] == "Tỷ lệ dự họp")
    assert attendance[2:6] == [0.82, 0.6, 0.4, 0.22]
    weak = sheet_of(book, "Tổ chức yếu kém")[0]
    assert weak[:3] == ["B2", "Đơn vị b2", "2025-Q2"]
    assert "Tỷ lệ dự họp thấp (50 %, dưới mức 75 %; kỳ 2025-Q2)" in weak[3]
    themes = {row[0]: row[2:7] for row in sheet_of(book, "Chuyên đề")}
    assert themes["D2"] == ["2025-Q2", 1, 1, 1, 1]
    assert themes["D1"] == ["2025-Q2", 0, 2, 0, 0]
    target = sheet_of(book, "Chỉ tiêu")[0]
    assert (target[0], target[2:4], target[4], target[5]) == ("new_members", [12, 9], "31/05/2025", 0.75)
    grades = {row[0]: row[1:5] for row in sheet_of(book, "Xếp loại")}
    assert grades == {"2024": [0, 0, 0, 0], "2025-Q2": [0, 1, 0, 0], "2025": [0, 0, 0, 0]}
    assert sheet_of(book, "Chi bộ điểm")[0][:3] == ["B3", "Đơn vị b3", "Đơn vị d2"]
    ranked = [row for row in sheet_of(book, "Xếp hạng tỷ lệ dự họp") if row[3] in ("B1", "B2", "B3")]
    assert [(row[3], row[1], row[5], row[6]) for row in ranked] == [
        ("B3", 1, 1, "2025-Q2"),
        ("B1", 2, 0.9, "2025-Q2"),
        ("B2", 3, 0.5, "2025-Q2"),
    ]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 6


def test_the_document_has_the_same_and_charts_with_their_values(quarter: Evaluation) -> None:
    answer = quarter.get(f"{PATH}docx")
    assert answer.status == 200, answer.body
    made = Document(io.BytesIO(answer.body))

    headings = [one.text for one in made.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert len(headings) == len(SECTIONS)
    assert headings[0] == "1. Số liệu chính"
    first = {row.cells[0].text: [cell.text for cell in row.cells[2:]] for row in made.tables[0].rows}
    assert first["Tỷ lệ dự họp"] == ["82,0 %", "60,0 %", "40,0 %", "22,0 %"]
    assert first["Chỉ số / Figure"][:3] == ["2025-Q2", "2025-Q1", "2024-Q2"]
    with zipfile.ZipFile(io.BytesIO(answer.body)) as parts:
        charts = sorted(name for name in parts.namelist() if name.startswith("word/charts/"))
        drawn = parts.read(charts[0]).decode()
        body = parts.read("word/document.xml").decode()
    assert len(charts) == 6
    assert "<v>0.82</v>" in drawn
    assert "<v>2024-Q2</v>" in drawn
    assert body.count("graphicData") == 12  # each opened and closed


def test_the_six_month_review_is_called_so(quarter: Evaluation) -> None:
    answer = quarter.get(PATH.replace("2025-Q2", "2025-H1") + "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    title: Any = book["Tổng hợp"]["A1"].value
    assert title == "Tài liệu sơ kết sáu tháng đầu năm – Đơn vị province"


def test_a_name_that_looks_like_a_formula_is_a_name(evaluation: Evaluation) -> None:
    evaluation.held("b1", "2025-05", **attended(9))
    evaluation.sql("update unit_span set name = '=1+1' where unit_id = %s returning 1", unit_id("b1"))
    book = openpyxl.load_workbook(io.BytesIO(evaluation.get(f"{PATH}xlsx").body))
    named = [row for row in book["Xếp hạng tỷ lệ dự họp"].iter_rows(min_row=7) if row[3].value == "B1"]
    assert [(row[4].value, row[4].data_type) for row in named] == [("=1+1", "s")]


def test_it_stays_within_rights(evaluation: Evaluation) -> None:
    assert evaluation.get(f"{PATH}xlsx", evaluation.officer("d1")).status == 403
    assert evaluation.get(f"{PATH}xlsx", evaluation.secretary("b1")).status == 403
    assert evaluation.get(f"{PATH}pdf").status == 422


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, "share", "–"),
        (0.8512, "share", "85,1 %"),
        (12345, "count", "12.345"),
        (91.5, "number", "91,5"),
        (0.0, "number", "0"),
        (10.0, "number", "10"),
    ],
)
def test_numbers_are_written_as_people_read_them(value: float | None, form: Any, text: str) -> None:
    assert briefing_docx.said(value, form) == text
