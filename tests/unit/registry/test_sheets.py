"""A file's sheets: known by their headers or the sender's mapping, read whole or refused cell by cell."""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.registry.domain.sheets import FileMapping, SheetMapping
from services.registry.domain.tables import MEMBERS, UNITS
from services.registry.files.kinds import Limits, kind_of
from services.registry.files.reading import ReadFile, read_file
from services.registry.files.refusals import FileRefused
from services.registry.files.writing import Row, csv_of, workbook_of
from shared.errors import Fault, Text

LIMITS = Limits(unpacked_bytes=10_000_000, rows=1000)
HEADERS = ("Mã đơn vị", "Mã cấp trên trực tiếp", "Loại tổ chức", "Cấp", "Tên đơn vị", "Loại hình", "Từ ngày")
ROW = ("GL", None, "Tỉnh uỷ", "Tỉnh", "Tỉnh uỷ Mẫu", None, date(2010, 1, 1))
LINES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


def book(rows: Sequence[Sequence[Any]], change: Callable[[Any], object] = lambda sheet: None) -> bytes:
    """A workbook with one sheet of units."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    sheet.title = "Đơn vị"
    for row in rows:
        sheet.append(row)
    change(sheet)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def said(content: bytes, mapping: FileMapping | None = None, limits: Limits = LIMITS) -> ReadFile:
    """What a file says."""
    return read_file(content, kind_of(content, limits), mapping or FileMapping(), limits, lambda read, expected: None)


def rules(content: bytes, mapping: FileMapping | None = None) -> dict[str, str]:
    """The rule broken at each place."""
    return {fault.place: fault.rule for fault in said(content, mapping).faults}


def refused(content: bytes, mapping: FileMapping | None = None, limits: Limits = LIMITS) -> tuple[int, str]:
    """Status and rule of a file refused as a whole."""
    with pytest.raises(FileRefused) as refusal:
        said(content, mapping, limits)
    return refusal.value.status, refusal.value.rule


def test_headers_are_known_with_their_star_their_capitals_and_in_english() -> None:
    found = said(book([("MÃ ĐƠN VỊ *", "parent_code", "Loại tổ chức", "level", "Tên", "Loại hình", "Từ ngày *"), ROW]))

    assert found.faults == []
    assert [(row.code, row.kind, row.valid_from) for row in found.units] == [
        ("GL", "province_committee", date(2010, 1, 1))
    ]


def test_a_blank_row_says_nothing_and_rows_keep_their_numbers() -> None:
    blank = (None,) * 7
    wrong = (*ROW[:3], "Thôn", *ROW[4:])

    assert rules(book([HEADERS, ROW, blank, (" ", *blank[1:]), wrong])) == {"Đơn vị!D5": "one-of"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((*HEADERS, "Ghi chú"), {"Đơn vị!H1": "unknown-column"}),
        ((*HEADERS, "Mã đơn vị"), {"Đơn vị!H1": "duplicate-column"}),
        ((*HEADERS, 2025), {"Đơn vị!H1": "header-not-text"}),
        (HEADERS[1:], {"Đơn vị!1": "column-missing", "Đơn vị!G2": "no-header"}),
    ],
)
def test_a_column_that_is_not_known_is_named(headers: Sequence[object], expected: dict[str, str]) -> None:
    row = ROW if len(headers) > 6 else (*ROW[1:], "x")

    assert rules(book([headers, row])) == expected


def test_a_value_without_a_header_is_named() -> None:
    assert rules(book([HEADERS, (*ROW, None, "?")])) == {"Đơn vị!I2": "no-header"}


def test_a_hidden_column_and_a_hidden_row_are_named() -> None:
    def hide(sheet: Any) -> None:
        sheet.column_dimensions["E"].hidden = True
        sheet.row_dimensions[3].hidden = True

    assert rules(book([HEADERS, ROW, ROW], hide)) == {"Đơn vị!E1": "hidden-column", "Đơn vị!A3": "hidden-row"}


def test_a_hidden_sheet_is_named_and_may_be_left_out() -> None:
    def hide(sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("Hướng dẫn")

    content = book([HEADERS, ROW], hide)

    assert rules(content) == {"Đơn vị": "hidden-sheet"}
    assert refused(content, FileMapping(sheets=(SheetMapping("Đơn vị"),))) == (422, "file-no-rows")


def test_merged_cells_are_named_once_whatever_stands_in_them() -> None:
    assert rules(book([HEADERS, ROW, ROW], lambda sheet: sheet.merge_cells("A2:B3"))) == {"Đơn vị!A2": "merged-cell"}


def test_a_title_above_the_header_is_passed_over_when_the_mapping_says_so() -> None:
    mapping = FileMapping(sheets=(SheetMapping("Đơn vị", "units", {"Đơn vị số": "code", "Ghi chú": None}, 3),))
    content = book(
        [("DANH SÁCH",), (), ("Đơn vị số", *HEADERS[1:], "Ghi chú"), (*ROW, "bỏ qua")],
        lambda sheet: sheet.merge_cells("A1:G1"),
    )

    found = said(content, mapping)

    assert found.faults == []
    assert [row.code for row in found.units] == ["GL"]


def test_a_mapping_that_does_not_fit_is_named() -> None:
    mapping = FileMapping(sheets=(SheetMapping("Đơn vị", "units", {"Tên đơn vị": "title", "Không có": "code"}),))

    assert {fault.rule for fault in said(book([HEADERS, ROW]), mapping).faults} == {
        "unknown-field",
        "mapped-column-missing",
        "column-missing",
    }
    elsewhere = FileMapping(sheets=(SheetMapping("Trang 9", "units"),))
    assert refused(book([HEADERS, ROW]), elsewhere) == (422, "mapped-sheet-missing")


def test_a_sheet_of_another_name_is_known_by_its_headers_only_when_it_stands_alone() -> None:
    def another(sheet: Any) -> None:
        sheet.title = "Sheet1"

    def two(sheet: Any) -> None:
        sheet.title = "Sheet1"
        sheet.parent.create_sheet("Sheet2").append(["?"])

    assert [row.code for row in said(book([HEADERS, ROW], another)).units] == ["GL"]
    assert rules(book([HEADERS, ROW], two)) == {"Sheet1": "unknown-sheet", "Sheet2": "unknown-sheet"}


def test_a_fault_of_the_import_is_placed_at_its_cell() -> None:
    found = said(book([HEADERS, (None,) * 7, ROW]))

    assert found.placed(Fault("units[0].parent_code", "x", Text("", ""))).place == "Đơn vị!B3"
    assert found.placed(Fault("units[0].valid_to", "x", Text("", ""))).place == "Đơn vị!A3", "no such column there"


def test_files_that_unpack_to_too_much_or_hold_too_many_rows_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)

    assert refused(bomb.getvalue()) == (413, "file-too-large")
    assert refused(book([HEADERS, *[ROW] * 5]), limits=Limits(10_000_000, 4)) == (413, "file-too-large")
    far = book([HEADERS, ROW], lambda sheet: sheet.cell(2, 500, "x"))
    assert refused(far) == (413, "file-too-large")


@pytest.mark.parametrize("before", [b"", b"<!--" + b" <a " * 2000 + b"-->", b"<?a <b?>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["sheet1.xml", "sheet1.bin"])
def test_a_workbook_that_is_damaged_or_declares_entities_is_refused(before: bytes, encoding: str, name: str) -> None:
    good = book([HEADERS, ROW])
    assert refused(good[:-200]) == (422, "file-damaged")
    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(spoilt, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename.startswith("xl/worksheets/"):
                told = b"<?xml version='1.0' encoding='" + encoding.encode() + b"'?>"
                text = told + before + b'<!DOCTYPE a [<!ENTITY b "c">]>' + text
                text = text.decode().encode(encoding)
            new.writestr(part.filename.replace("sheet1.xml", name), text.replace(b"/sheet1.xml", f"/{name}".encode()))
    assert refused(spoilt.getvalue()) == (422, "file-damaged")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_files_delimiter_is_that_of_its_headers(delimiter: str) -> None:
    text = delimiter.join(HEADERS) + "\n" + delimiter.join(["GL", "", "Tỉnh uỷ", "Tỉnh", "Tỉnh uỷ", "", "1/1/2010"])

    assert [row.valid_from for row in said(text.encode()).units] == [date(2010, 1, 1)]


def test_a_csv_file_in_another_encoding_or_with_open_quotes_is_refused() -> None:
    assert refused("Mã".encode("latin-1")) == (422, "file-encoding")
    assert refused((",".join(HEADERS) + '\n"GL').encode()) == (422, "file-csv")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(name=LINES, phone=LINES, code=LINES, form=st.sampled_from(["xlsx", "csv"]))
def test_texts_are_the_same_when_what_is_written_is_read(name: str, phone: str, code: str, form: str) -> None:
    row: Row = {
        "code": code,
        "full_name": name,
        "birth_date": date(1980, 5, 19),
        "phone": phone,
        "unit_code": code,
        "kind": "official",
        "status": "active",
        "valid_from": date(2015, 5, 19),
    }
    made = io.BytesIO()
    if form == "csv":
        csv_of(MEMBERS, [row], made)
    else:
        workbook_of([(UNITS, []), (MEMBERS, [row])], made)

    found = said(made.getvalue())

    assert found.faults == []
    (member,) = found.members
    assert (member.code, member.phone) == (code, phone)
    assert member.full_name == unicodedata.normalize("NFC", name)
    assert (member.birth_date, member.kind, member.valid_to) == (date(1980, 5, 19), "official", None)
