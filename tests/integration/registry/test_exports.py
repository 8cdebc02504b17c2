"""What is kept goes out as a sheet that can come in again."""

import io
from pathlib import Path

import openpyxl
import pytest

from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import member, province
from tests.integration.registry.sheets import download, ended, upload, worker

STRANGE = ("=1+1", "+84 269", "-x", "@SUM", "'quoted", "_x0041_", 'a, b; c"d', "00123")


@pytest.fixture
def kept(registry: Registry) -> str:
    """A province with histories, guests' words and texts a spreadsheet would run; the id of its root."""
    rows = province()
    rows["members"] += [
        member("M1", "GL-A-X-1", kind="probationary", valid_from="2024-02-03"),
        member("M1", "GL-A-X-2", valid_from="2025-02-03", post="secretary"),
        *(
            member(f"S{number}", "GL-A-X-1", full_name=text, phone=text, ethnicity=text, sex="female")
            for number, text in enumerate(STRANGE)
        ),
    ]
    return registry.imported(rows)["GL"]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("what", ["units", "members"])
def test_an_export_that_comes_in_again_changes_nothing(
    registry: Registry, kept: str, tmp_path: Path, what: str, form: str
) -> None:
    events = len(registry.outbox())
    query = f"?under={kept}&format={form}" + ("&purpose=Doi chieu" if what == "members" else "")
    content = download(registry, f"/v1/{what}/export{query}")

    with worker(registry, tmp_path / "worker.log"):
        found = ended(registry, upload(registry, content))

    assert found["state"] == "done", found
    unchanged = {"units": 9, "members": 21}[what]
    assert found["counts"][what] == {"created": 0, "changed": 0, "unchanged": unchanged}
    assert len(registry.outbox()) == events


def test_no_text_of_a_workbook_is_a_formula(registry: Registry, kept: str) -> None:
    content = download(registry, f"/v1/members/export?under={kept}&purpose=Doi chieu")

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for row in book["Đảng viên"].iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert all(cell.quotePrefix for cell in cells if cell.value == "=1+1")


def test_no_text_of_a_csv_file_begins_as_a_formula(registry: Registry, kept: str) -> None:
    text = download(registry, f"/v1/members/export?under={kept}&format=csv&purpose=Doi chieu").decode("utf-8-sig")

    assert "'=1+1" in text
    assert not [part for line in text.splitlines() for part in line.split(",") if part.startswith(("=", "+", "-", "@"))]


def test_who_takes_names_out_is_kept_with_the_purpose(registry: Registry, kept: str) -> None:
    assert registry.get(f"/v1/members/export?under={kept}").status == 422

    download(registry, f"/v1/members/export?under={kept}&purpose=Rà soát")

    assert registry.sql("select purpose, door, cardinality(member_ids) from access") == [
        ("Rà soát", "GET /v1/members/export", 21)
    ]


def test_an_export_reaches_no_further_than_the_reader(registry: Registry, kept: str) -> None:
    officer = registry.issuer.mint("committee_officer", registry.ids()["GL-A"])

    for what in ("units", "members"):
        assert registry.get(f"/v1/{what}/export?under={kept}&purpose=abc", token=officer).status in (403, 422)
    inside = download(registry, f"/v1/units/export?under={registry.ids()['GL-A']}&format=csv", token=officer).decode()
    assert "GL-A-X-1" in inside
    assert "GL-B" not in inside


def test_the_template_offers_the_words_and_comes_in_empty(registry: Registry, tmp_path: Path) -> None:
    content = download(registry, "/v1/imports/template")
    book = openpyxl.load_workbook(io.BytesIO(content))

    assert book.sheetnames[:4] == ["Hướng dẫn", "Đơn vị", "Đảng viên", "Thôn, làng"]
    sheet = book["Đảng viên"]
    assert sheet.freeze_panes == "B2"
    assert all(cell.comment is not None for cell in sheet[1])
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert len(lists) == 4
    assert sheet.print_title_rows == "$1:$1"
    with worker(registry, tmp_path / "worker.log"):
        found = ended(registry, upload(registry, content))
    assert found["state"] == "done", found
