"""A spreadsheet comes in: read by the worker, saved whole or refused cell by cell, taken again when the worker dies."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest

from shared import db
from tests.integration.registry.conftest import Registry
from tests.integration.registry.rows import member, province, unit
from tests.integration.registry.sheets import (
    WorkerProcess,
    download,
    edited,
    ended,
    put,
    small_province,
    upload,
    workbook,
    worker,
)
from tests.support.waiting import until


@pytest.fixture
def working(registry: Registry, tmp_path: Path) -> Iterator[WorkerProcess]:
    """A worker beside the registry."""
    with worker(registry, tmp_path / "worker.log") as process:
        yield process


def counts(created: int = 0, changed: int = 0, unchanged: int = 0) -> dict[str, int]:
    """The counts of an answer."""
    return {"created": created, "changed": changed, "unchanged": unchanged}


def test_a_workbook_is_kept_once_and_again_changes_nothing(registry: Registry, working: WorkerProcess) -> None:
    content = small_province()

    first = ended(registry, upload(registry, content))
    events = len(registry.outbox())
    again = ended(registry, upload(registry, content))

    assert (first["state"], first["faults"], first["report"]) == ("done", 0, None)
    assert first["counts"] == {"units": counts(9), "members": counts(12), "villages": counts()}
    assert first["progress"] == {"read": 21, "judged": 21, "saved": 21, "expected": 21}
    assert again["counts"] == {"units": counts(unchanged=9), "members": counts(unchanged=12), "villages": counts()}
    assert len(registry.outbox()) == events
    assert working.stop() == 0


def test_a_csv_file_is_known_by_its_content_whatever_its_name(registry: Registry, working: WorkerProcess) -> None:
    registry.post("/v1/imports", province())
    text = (
        "Mã đảng viên;Họ tên;Ngày sinh;Mã chi bộ;Loại đảng viên;Tình trạng;Từ ngày;Ghi chú\r\n"
        "M-01;Nguyễn Mẫu Bình;03/04/1985;GL-A-X-1;Chính thức;Đang sinh hoạt;05/06/2015;x\r\n"
    )
    mapping = '{"sheets": [{"sheet": "CSV", "rows": "members", "columns": {"Ghi chú": null}}]}'

    for content in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        found = ended(registry, upload(registry, content, mapping=mapping))
        assert found["state"] == "done", found
        assert sum(found["counts"]["members"].values()) == 1

    (row,) = registry.sql(
        "select s.valid_from::text from member join member_span s using (member_id) where code = 'M-01'"
    )
    assert row == ("2015-06-05",), "text is read day first, as the template declares"


def test_a_file_sent_again_under_its_key_is_one_job(registry: Registry) -> None:
    """Each sending has another boundary between its parts."""
    content = small_province()

    first, again = (upload(registry, content, key="17") for _ in range(2))
    other = upload(registry, content + b" ", key="17")

    assert (first.status, again.status, again.body) == (202, 202, first.body)
    assert (other.status, other.body["rule"]) == (409, "idempotency-key-reused")
    assert registry.sql("select count(*) from file") == [(1,)]


def test_a_dry_run_judges_and_keeps_nothing(registry: Registry, working: WorkerProcess) -> None:
    found = ended(registry, upload(registry, small_province(), dry_run="true"))

    assert (found["state"], found["dry_run"]) == ("done", True)
    assert found["counts"]["units"] == counts(9)
    assert registry.sql("select count(*) from unit") == [(0,)]
    assert registry.outbox() == []


def test_bad_cells_are_marked_in_the_workbook_itself(registry: Registry, working: WorkerProcess) -> None:
    def spoil(book: Any) -> None:
        units, members = book["Đơn vị"], book["Đảng viên"]
        units["A2"] = 123
        units["E3"] = "=A2"
        members["C2"].number_format = "General"
        members["C2"] = "1980"
        put(members, "K3", "Khách")
        members.merge_cells("B5:B6")

    sent = upload(registry, edited(small_province(), spoil), english=True)
    found = ended(registry, sent, english=True)

    assert (found["state"], found["counts"]) == ("refused", None)
    assert {(fault["place"], fault["rule"]) for fault in found["first_faults"]} == {
        ("Đơn vị!A2", "number-not-text"),
        ("Đơn vị!E3", "formula"),
        ("Đảng viên!C2", "date-text"),
        ("Đảng viên!K3", "one-of"),
        ("Đảng viên!B5", "merged-cell"),
    }
    assert "Format the cell as text" in next(f["message"] for f in found["first_faults"] if f["place"] == "Đơn vị!A2")
    book = openpyxl.load_workbook(io.BytesIO(download(registry, found["report"])))
    assert book.sheetnames == ["Kết quả", "Đơn vị", "Đảng viên"]
    marked = book["Đơn vị"]["A2"]
    assert marked.fill.start_color.rgb.endswith("FFD6D6")
    assert marked.comment is not None
    assert "định dạng ô kiểu văn bản" in marked.comment.text
    assert "Format the cell as text" in marked.comment.text
    assert book["Đơn vị"]["B2"].fill.fill_type is None
    listed = [row[1].value for row in book["Kết quả"].iter_rows(min_row=6)]
    assert sorted(filter(None, map(str, listed))) == ["A2", "B5", "C2", "E3", "K3"]
    assert registry.sql("select count(*) from unit") == [(0,)]


def test_rows_that_break_rules_are_marked_at_their_cells(registry: Registry, working: WorkerProcess) -> None:
    rows = province()
    rows["members"][7] |= {"birth_date": "2027-01-01"}
    rows["members"][8] |= {"unit_code": "GL-Z"}
    rows["units"][0] |= {"parent_code": "GL"}

    found = ended(registry, upload(registry, workbook(rows)))

    assert (found["state"], found["faults"]) == ("refused", 3)
    assert {(fault["place"], fault["rule"]) for fault in found["first_faults"]} == {
        ("Đảng viên!C9", "birth-date"),
        ("Đảng viên!I10", "unknown-unit"),
        ("Đơn vị!B2", "parent-kind"),
    }
    cited = next(fault for fault in found["first_faults"] if fault["rule"] == "parent-kind")
    assert "Điều lệ Đảng" in cited["source"]


def test_a_file_reaches_no_further_than_its_sender(registry: Registry, working: WorkerProcess) -> None:
    rows = province()
    registry.post("/v1/imports", rows)
    officer = registry.issuer.mint("committee_officer", registry.ids()["GL-A"])
    rows["members"][0] |= {"post": "secretary"}
    rows["members"][11] |= {"post": "secretary"}

    sent = upload(registry, workbook(rows), token=officer)
    found = ended(registry, sent)

    assert (found["state"], found["rule"]) == ("refused", "outside-rights")
    assert [fault["place"] for fault in found["first_faults"]] == ["Đảng viên!A13", "Đảng viên!I13"]
    other = registry.issuer.mint("committee_officer", registry.ids()["GL-A"])
    assert registry.get(f"/v1/files/{sent.body['file_id']}", token=other).status == 404
    assert registry.get(found["report"], token=other).status == 404
    assert registry.get(f"/v1/files/{sent.body['file_id']}", token=officer).status == 200


def test_a_job_whose_worker_is_killed_is_taken_again_and_nothing_is_half_saved(
    registry: Registry, tmp_path: Path
) -> None:
    rows = province()
    rows["members"] = [member(f"M{number:04}", "GL-A-X-1") for number in range(3000)]
    with psycopg.connect(registry.url) as blocker:
        # The tree is held: the worker comes as far as having read the file, and waits.
        blocker.execute("select pg_advisory_xact_lock(%s)", (0x74726565,))
        sent = upload(registry, workbook(rows))
        path = f"/v1/files/{sent.body['file_id']}"
        with worker(registry, tmp_path / "first.log") as first:
            until(lambda: registry.get(path).body["progress"]["read"] == 3009, what="the file to be read")
            assert registry.get(path).body["state"] == "running"
            first.kill()
        assert registry.sql("select state, ended_at is null from file") == [("waiting", True)]
        assert registry.sql("select count(*) from unit") == [(0,)]
    with worker(registry, tmp_path / "second.log"):
        found = ended(registry, sent)
    assert (found["state"], found["counts"]["members"]) == ("done", counts(3000))
    assert registry.sql("select attempts from file_progress") == [(2,)]
    assert registry.sql("select count(*) from member") == [(3000,)]


def test_what_a_file_says_stands_nowhere_in_plain(registry: Registry, working: WorkerProcess, tmp_path: Path) -> None:
    rows = province()
    rows["members"][0] |= {"full_name": "Trần Dấu Riêng", "birth_date": "2027-01-01"}
    found = ended(registry, upload(registry, workbook(rows)))

    assert found["state"] == "refused"
    with db.connect(registry.url, name="test") as conn:
        (text,) = conn.execute(
            "select string_agg(f::text, '') || (select string_agg(p::text, '') from file_progress p) from file f"
        ).fetchone() or ("",)
        (raw,) = conn.execute("select report from file", binary=True).fetchone() or (b"",)
    assert "Riêng" not in str(text)
    assert isinstance(raw, bytes)
    assert raw
    assert not raw.startswith(b"PK")
    assert "Riêng" not in working.log
    assert registry.sql("select content is null, asked is null from file") == [(True, True)]


def test_a_report_kept_long_enough_is_destroyed_with_its_key(registry: Registry, tmp_path: Path) -> None:
    with worker(registry, tmp_path / "first.log"):
        rows = province()
        rows["members"][0] |= {"birth_date": "2027-01-01"}
        found = ended(registry, upload(registry, workbook(rows)))
    with db.connect(registry.url, name="test", autocommit=True) as conn:
        conn.execute("update file set ended_at = ended_at - interval '8 days'")
    with worker(registry, tmp_path / "second.log"):
        until(lambda: registry.sql("select data_key is null from file") == [(True,)], what="the chore")
    state = registry.get(f"/v1/files/{found['file_id']}").body
    assert (state["state"], state["report"], state["first_faults"], state["faults"]) == ("refused", None, [], 1)
    assert registry.get(found["report"]).status == 404


@pytest.mark.parametrize(
    ("content", "status", "rule"),
    [
        (b"", 422, "file-empty"),
        (b"%PDF-1.7 \x00", 415, "file-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", 415, "file-kind"),
        (b"PK\x03\x04 and then nothing", 422, "file-damaged"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 415, "file-kind"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_at_the_door(
    registry: Registry, content: bytes, status: int, rule: str
) -> None:
    answer = upload(registry, content)

    assert (answer.status, answer.body["rule"]) == (status, rule)
    assert registry.sql("select count(*) from file") == [(0,)]


def test_a_mapping_of_another_form_is_refused_at_the_door(registry: Registry) -> None:
    answer = upload(registry, b"code\n1\n", mapping='{"sheets": [{"sheet": 1}]}')

    assert (answer.status, answer.rules) == (422, {"mapping": "mapping"})


def test_villages_come_in_with_their_units(registry: Registry, working: WorkerProcess) -> None:
    registry.post("/v1/imports", province())
    content = (
        "code,name,unit_code,branch_code,head,head_code,valid_from\n"
        "T1,Thôn Hoà Bình,GL-A-X,GL-A-X-1,Là đảng viên,GL-A-X-1-0,2016-01-01\n"
        "T2,Thôn Mới,GL-A-X,,Đang khuyết,,2016-01-01\n"
    ).encode()

    first = ended(registry, upload(registry, content))
    again = ended(registry, upload(registry, content))
    wrong = ended(registry, upload(registry, content.replace(b"GL-A-X-1,", b"GL-B-X-1,")))

    assert first["counts"]["villages"] == counts(2), first
    assert again["counts"]["villages"] == counts(unchanged=2)
    assert [(fault["place"], fault["rule"]) for fault in wrong["first_faults"]] == [
        ("CSV!D2", "branch-of-another-organisation")
    ]


def test_units_of_more_than_one_history_come_in_by_rows_of_one_code(registry: Registry, working: WorkerProcess) -> None:
    rows = province()
    rows["units"].append(unit("GL-A-X-1", "GL-A-X", "branch", "branch", valid_from="2024-07-01", name="Chi bộ mới"))

    found = ended(registry, upload(registry, workbook(rows)))

    assert found["counts"]["units"] == counts(9)
    assert registry.sql("select count(*) from unit join unit_span using (unit_id) where code = 'GL-A-X-1'") == [(2,)]


def test_a_file_that_names_an_erased_person_is_refused_with_what_to_do(
    registry: Registry, working: WorkerProcess
) -> None:
    registry.imported(province())
    ((member_id,),) = registry.sql("select member_id from member where code = 'GL-A-X-1-0'")
    told = {"ground": "order", "citation": "Quyết định số 1"}
    code = registry.post(f"/v1/members/{member_id}/erasure", told).body["code"]

    found = ended(registry, upload(registry, workbook({"members": [member(code, "GL-A-X-1")]})))

    assert (found["state"], found["rule"]) == ("refused", "member-erased")
