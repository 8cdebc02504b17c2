"""Workbooks."""

from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from services.meetings import workbook


def _read(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    file, count = workbook.write("meetings", ["Cột"], rows)
    with file:
        sheet: Any = openpyxl.load_workbook(file).active
        cells = [list(row) for row in sheet.iter_rows()]
    assert len(cells) == count + 1
    assert cells[0][0].value == "Cột"
    return cells[1:]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x","y")', "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula(text: str) -> None:
    ((cell,),) = _read([(text,)])
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.strip()


def test_values_keep_their_type() -> None:
    evening = datetime.fromisoformat("2026-06-03T19:30:00")  # a workbook's times have no zone
    ((*cells,),) = _read([("Đường", None, 3, 91.5, date(2026, 6, 3), evening)])
    midnight = datetime.fromisoformat("2026-06-03T00:00:00")
    assert [cell.value for cell in cells] == ["Đường", None, 3, 91.5, midnight, evening]


def test_what_xml_cannot_hold_is_left_out_and_long_texts_are_cut() -> None:
    ((short, long),) = _read([("a\x07b\uffff", "x" * 40_000)])
    assert short.value == "ab"
    assert len(long.value) == 32_767


def test_rows_beyond_a_sheet_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    assert len(_read([(1,), (2,), (3,)])) == 2
