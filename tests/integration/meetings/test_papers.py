"""Papers over HTTP: issued, made as DOCX and PDF, opened again and read, and checked by their codes."""

import hashlib
import io
import unicodedata
from datetime import date
from typing import Any
from uuid import uuid4

import msgspec
import pypdfium2
import pytest
from docx import Document
from pypdf import PdfReader

from services.meetings.papers.library import Library
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import (
    BRANCH,
    COMMUNE,
    DEPUTY,
    FIFTH,
    FOURTH,
    NOVICE,
    PROVINCE,
    SECRETARY,
    THIRD,
    Meetings,
)
from tests.support import events

_NAMES = {
    str(SECRETARY): "Nguyễn Văn Thắng",
    str(DEPUTY): "Phạm Thị Thuỷ",
    str(THIRD): "Rơ Mah H'Kuyên",
    str(FOURTH): "Trần Đức Quỳnh",
    str(FIFTH): "Lê Thị Ngọc Ánh",
    str(NOVICE): "Ksor Blút",
}
_LETTERS = "".join(
    letter
    for base in "aăâeêioôơuưyđ"
    for letter in [
        unicodedata.normalize("NFC", base + tone) for tone in ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    ]
    if base != "đ" or letter == "đ"
)
_EVERY_LETTER = _LETTERS + _LETTERS.upper()
_TERM = {"name": "Nhiệm kỳ 2025–2027", "first_day": "2025-05-20", "last_day": None}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
KINDS = ("minutes", "resolution", "conclusion_notice", "score_sheet")


@pytest.fixture
def branch(meetings: Meetings) -> Meetings:
    """The service with real names of units and a term of the branch."""
    meetings.feed(
        "registry.unit.v1",
        events.unit(
            COMMUNE, PROVINCE, kind="grassroots_committee", level="grassroots", version=2, name="Đảng uỷ xã Ia Băng"
        ),
        events.unit(BRANCH, COMMUNE, version=2, name="Chi bộ thôn 1"),
    )
    assert meetings.call("PUT", f"/units/{BRANCH}/terms", {"terms": [_TERM]}).status == 200
    return meetings


def _adopted(meetings: Meetings, text: str = _EVERY_LETTER) -> str:
    meeting_id = meetings.planned()
    minutes = village.minutes(
        opinions=[
            {"member_id": str(SECRETARY), "text": f"{text}\nĐề nghị <b>giám sát</b> & #công khai {{{{ 7 * 7 }}}} $x$."},
            {"member_id": str(THIRD), "text": "Đồng ý.\x0b"},
        ]
    )
    for part, body in (("attendance", village.attendance()), ("minutes", minutes), ("score", village.score())):
        assert meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    return meeting_id


def _issue(meetings: Meetings, meeting_id: str, kind: str = "minutes") -> dict[str, Any]:
    answer = meetings.call("POST", f"/meetings/{meeting_id}/papers", {"kind": kind})
    assert answer.status in (200, 201), answer.body
    issued: dict[str, Any] = answer.body
    return issued


def _file(meetings: Meetings, meeting_id: str, kind: str, format_: str, token: str | None = None, **more: Any) -> Any:
    return meetings.app.test_client().post(
        f"/v1/meetings/{meeting_id}/papers/file",
        json={"kind": kind, "format": format_, "names": _NAMES, **more},
        headers={"Authorization": f"Bearer {token or meetings.secretary}"},
    )


def _read(content: bytes) -> str:
    """The text of a DOCX or PDF, on one line."""
    if content.startswith(b"%PDF"):
        text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    else:
        paragraphs = Document(io.BytesIO(content)).element.body.iter(f"{_WORD}p")
        text = "\n".join("".join(piece.text or "" for piece in one.iter(f"{_WORD}t")) for one in paragraphs)
    return " ".join(text.split())


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_the_minutes_say_everything_a_superior_asks_for(branch: Meetings, format_: str) -> None:
    meeting_id = _adopted(branch)
    issued = _issue(branch, meeting_id)
    answer = _file(branch, meeting_id, "minutes", format_)
    assert answer.status_code == 200
    text = _read(answer.data)
    assert set(_EVERY_LETTER) - set(text) == set()
    for said in (
        "ĐẢNG BỘ XÃ IA BĂNG CHI BỘ THÔN 1 * Số 01-BB/CB",
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "Ia Băng, ngày 03 tháng 6 năm 2026",
        "BIÊN BẢN Sinh hoạt chi bộ thường kỳ tháng 6 năm 2026",
        "vào hồi 19 giờ 35 phút, ngày 03 tháng 6 năm 2026, tại Nhà văn hoá thôn 1",
        "Tổng số đảng viên: 8, trong đó chính thức 7, dự bị 1; sinh hoạt tạm thời từ nơi khác đến 0, được miễn công "
        "tác và sinh hoạt 1, đang sinh hoạt tạm thời nơi khác 1.",
        "Phải dự: 6; có mặt: 4 (66,7 %); đến muộn: Lê Thị Ngọc Ánh.",
        "Vắng có lý do: 1 (Trần Đức Quỳnh: Ốm).",
        "Vắng không có lý do: 1 (Ksor Blút).",
        "Khách mời, đại diện cấp trên: 1.",
        "Chủ trì: đồng chí Nguyễn Văn Thắng. Người ghi biên bản: đồng chí Phạm Thị Thuỷ.",
        "Đồng chí Nguyễn Văn Thắng: ",
        "Đề nghị <b>giám sát</b> & #công khai {{ 7 * 7 }} $x$.",
        "Đồng chí Rơ Mah H'Kuyên: Đồng ý.",
        "Chủ trì kết luận.",
        "tán thành 4, không tán thành 0, ý kiến khác 0; trên tổng số 5 đảng viên có quyền biểu quyết",
        "Rơ Mah H'Kuyên Vận động các hộ hiến đất 28/6/2026",
        "Tổng điểm: 91,5; xếp loại: Tốt.",
        "kết thúc vào hồi 21 giờ 00 phút cùng ngày",
        issued["hash"][:32],
        issued["hash"][32:],
    ):
        assert said in text, said
    signed = text[text.index("cùng ngày") :]
    assert "NGƯỜI GHI BIÊN BẢN" in signed
    assert "CHỦ TRÌ" in signed
    assert signed.index("NGƯỜI GHI BIÊN BẢN") < signed.index("CHỦ TRÌ"), "the keeper of the minutes signs on the left"
    for name in ("Phạm Thị Thuỷ", "Nguyễn Văn Thắng"):
        assert name in signed
    assert "DỰ THẢO" not in text


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_the_resolution_the_notice_and_the_sheet_are_signed_for_the_branch(branch: Meetings, format_: str) -> None:
    meeting_id = _adopted(branch)
    signs = {"resolution": "Số 01-NQ/CB", "conclusion_notice": "Số 01-TB/CB", "score_sheet": ""}
    for kind, sign in signs.items():
        issued = _issue(branch, meeting_id, kind)
        assert (issued["sign"] or "") == sign.removeprefix("Số ")
        text = _read(_file(branch, meeting_id, kind, format_).data)
        for said in (sign, "T/M CHI BỘ BÍ THƯ", "Nguyễn Văn Thắng", issued["hash"][:32]):
            assert said in text, (kind, said)
    resolution = _read(_file(branch, meeting_id, "resolution", format_).data)
    # Dated by the day of issue, which the clock of the tests says.
    assert "Ia Băng, ngày 15 tháng 6 năm 2026" in resolution
    assert "NGHỊ QUYẾT của buổi sinh hoạt chi bộ thường kỳ" in resolution
    assert "Làm đường thôn." in resolution
    assert (
        "Nơi nhận: - Đảng uỷ xã Ia Băng (để báo cáo), - Đảng viên trong chi bộ (để thực hiện), - Lưu chi bộ."
        in resolution
    )
    notice = _read(_file(branch, meeting_id, "conclusion_notice", format_).data)
    assert "THÔNG BÁO kết luận của chủ trì tại buổi sinh hoạt chi bộ thường kỳ" in notice
    sheet = _read(_file(branch, meeting_id, "score_sheet", format_).data)
    for said in (
        "NGƯỜI CHẤM ĐIỂM",
        "Tổ chức sinh hoạt 40 36,5",
        "Cộng 100 91,5",
        "chi bộ tự xếp loại: Tốt",
        "42-HD/BTCTW",
    ):
        assert said in sheet, said
    assert "Ý kiến phát biểu" not in sheet


def _fonts(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_a_pdf_looks_like_a_page_and_carries_its_fonts(branch: Meetings) -> None:
    meeting_id = _adopted(branch)
    _issue(branch, meeting_id)
    content = _file(branch, meeting_id, "minutes", "pdf").data
    pages: Any = PdfReader(io.BytesIO(content)).pages
    fonts = {str(font["/BaseFont"]) for page in pages for font in _fonts(page)}
    assert any("LibertinusSerif" in font for font in fonts)
    assert _file(branch, meeting_id, "minutes", "pdf").data == content, "the same paper is the same file"
    picture = pypdfium2.PdfDocument(content)[0].render(scale=0.5)
    shades = bytes(picture.buffer)
    dark = sum(shade < 128 for shade in shades) / len(shades)
    assert 0.005 < dark < 0.3, "a page of text: neither blank nor black"
    width, height = pypdfium2.PdfDocument(content)[0].get_size()
    assert (round(width), round(height)) == (595, 842), "A4"


def test_a_file_names_nobody_and_nothing_of_it_is_kept(branch: Meetings) -> None:
    meeting_id = _adopted(branch, "Không có tên ai.")
    _issue(branch, meeting_id)
    client = branch.app.test_client()
    order = {"kind": "minutes", "format": "pdf", "names": _NAMES}
    headers = {"Authorization": f"Bearer {branch.secretary}", "Idempotency-Key": "same"}
    answers = [client.post(f"/v1/meetings/{meeting_id}/papers/file", json=order, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].headers["Content-Disposition"] == 'attachment; filename="bien-ban-01-BB-CB.pdf"'
    assert answers[0].headers["Cache-Control"] == "no-store"
    with db.connect(branch.url, name="test") as conn:
        tables = [name for (name,) in conn.execute("select tablename from pg_tables where schemaname = 'public'")]
        for table in tables:
            rows = str(conn.execute(f"select t.*::text from {table} t".encode()).fetchall())
            assert not any(name in rows for name in _NAMES.values()), table
        keys = conn.execute("select count(*) from idempotency_key where key = 'same'").fetchone()
    assert keys == (0,)


def test_a_name_that_is_missing_is_asked_for_or_left_blank(branch: Meetings) -> None:
    meeting_id = _adopted(branch)
    _issue(branch, meeting_id)
    some = {member: name for member, name in _NAMES.items() if member not in (str(THIRD), str(NOVICE))}
    refused = _file(branch, meeting_id, "minutes", "docx", names=some)
    assert refused.status_code == 422
    errors = {error["field"]: error["rule"] for error in refused.get_json(force=True)["errors"]}
    assert errors == {f"names.{THIRD}": "name-missing", f"names.{NOVICE}": "name-missing"}
    text = _read(_file(branch, meeting_id, "minutes", "docx", names=some, blank=True).data)
    assert "Vắng không có lý do: 1 (…………" in text
    assert "Đồng chí …………" in text


def test_a_draft_has_neither_number_nor_code(branch: Meetings) -> None:
    meeting_id = branch.recorded()
    refused = _file(branch, meeting_id, "minutes", "pdf")
    assert (refused.status_code, refused.get_json(force=True)["rule"]) == (409, "not-issued")
    for format_ in ("docx", "pdf"):
        answer = _file(branch, meeting_id, "minutes", format_, draft=True)
        text = _read(answer.data)
        assert "Số …-BB/CB DỰ THẢO" in text
        assert "SHA-256" not in text
        assert answer.headers["Content-Disposition"].endswith(f'bien-ban-2026-06-03-du-thao.{format_}"')


def test_units_place_and_recipients_may_be_told(branch: Meetings) -> None:
    meeting_id = _adopted(branch)
    _issue(branch, meeting_id, "resolution")
    told: dict[str, Any] = {
        "superior": "Đảng bộ phường Diên Hồng",
        "branch": "Chi bộ 7",
        "recipients": ["Ban Tổ chức", "Lưu"],
    }
    text = _read(_file(branch, meeting_id, "resolution", "docx", **told).data)
    for said in ("ĐẢNG BỘ PHƯỜNG DIÊN HỒNG CHI BỘ 7", "Diên Hồng, ngày", "- Ban Tổ chức, - Lưu."):
        assert said in text
    assert "Pleiku, ngày" in _read(_file(branch, meeting_id, "resolution", "docx", **told, place="Pleiku").data)


@pytest.mark.parametrize("kind", KINDS)
def test_only_adopted_minutes_are_issued(branch: Meetings, kind: str) -> None:
    meeting_id = branch.recorded()
    for language, word in (("vi", "thông qua"), ("en", "adopted")):
        answer = branch.app.test_client().post(
            f"/v1/meetings/{meeting_id}/papers",
            json={"kind": kind},
            headers={"Authorization": f"Bearer {branch.secretary}", "Accept-Language": language},
        )
        problem = answer.get_json(force=True)
        assert (answer.status_code, problem["rule"]) == (409, "not-adopted")
        assert word in problem["detail"]
        assert problem["source"]


def test_a_paper_needs_something_to_say(branch: Meetings) -> None:
    row = village.row(minutes=village.minutes(resolution=None), score=None)
    assert branch.bring_in(meetings=[row]).status == 200
    path = f"/meetings/{row['meeting_id']}/papers"
    assert branch.call("POST", path, {"kind": "resolution"}).body["rule"] == "nothing-resolved"
    assert branch.call("POST", path, {"kind": "score_sheet"}).body["rule"] == "nothing-scored"
    assert branch.call("POST", path, {"kind": "minutes"}).status == 201


def test_a_code_says_which_paper_it_is_and_whether_it_is_the_latest(branch: Meetings) -> None:
    meeting_id = _adopted(branch)
    first = _issue(branch, meeting_id)
    assert _issue(branch, meeting_id) == first, "issued once"
    check = branch.call("GET", f"/papers?hash={first['hash']}", token=branch.member)
    assert check.status == 200
    expected = {"meeting_id": meeting_id, "revision": 1, "meeting_revision": 1, "latest": True, "intact": True}
    assert check.body | expected | first == check.body

    wrong = village.attendance(guests=3)
    correction = {"reason": "Ghi thiếu khách", "attendance": wrong}
    assert branch.call("POST", f"/meetings/{meeting_id}/corrections", correction).status == 200
    old = branch.call("GET", f"/papers?hash={first['hash']}").body
    assert (old["latest"], old["intact"], old["revision"], old["meeting_revision"]) == (False, True, 1, 2)
    assert "Khách mời, đại diện cấp trên: 1." in _read(_file(branch, meeting_id, "minutes", "docx").data)

    second = _issue(branch, meeting_id)
    assert (second["sign"], second["correction"], second["revision"]) == (first["sign"], 1, 2)
    assert second["hash"] != first["hash"]
    for format_ in ("docx", "pdf"):
        text = _read(_file(branch, meeting_id, "minutes", format_).data)
        assert "(Bản đính chính lần 1, ngày 15/6/2026: Ghi thiếu khách)" in text
        assert "Khách mời, đại diện cấp trên: 3." in text
    listed = branch.call("GET", f"/meetings/{meeting_id}/papers").body["items"]
    assert [(one["correction"], one["latest"]) for one in listed] == [(1, True), (0, False)]


def test_a_code_tells_nothing_to_who_has_no_rights(branch: Meetings) -> None:
    known, unknown = _issue(branch, _adopted(branch))["hash"], "0" * 64
    told, guessed = (branch.call("GET", f"/papers?hash={one}", token=branch.stranger) for one in (known, unknown))
    assert told.status == guessed.status == 403
    assert told.body | {"request_id": None} == guessed.body | {"request_id": None}
    assert branch.call("GET", f"/papers?hash={known}", token=branch.officer).status == 200
    assert branch.call("GET", f"/papers?hash={unknown}", token=branch.root).body["rule"] == "unknown-paper"
    assert branch.call("GET", "/papers?hash=zz").status == 422
    answer = _file(branch, _adopted_id(branch), "minutes", "pdf", token=branch.stranger)
    assert answer.status_code == 403


def _adopted_id(meetings: Meetings) -> str:
    with db.connect(meetings.url, name="test") as conn:
        row = conn.execute("select meeting_id from meeting").fetchone()
    assert row is not None
    return str(row[0])


def test_what_is_signed_is_canonical_and_names_nobody(branch: Meetings) -> None:
    issued = _issue(branch, _adopted(branch, "Không có tên ai."))
    with db.connect(branch.url, name="test") as conn:
        row = conn.execute("select signed from paper_issue").fetchone()
    assert row is not None
    signed = str(row[0])
    assert hashlib.sha256(signed.encode()).hexdigest() == issued["hash"]
    assert msgspec.json.encode(msgspec.json.decode(signed), order="sorted").decode() == signed
    assert "01-BB/CB" in signed
    assert not any(name in signed for name in _NAMES.values())


def test_a_kept_paper_cannot_be_changed(branch: Meetings) -> None:
    _issue(branch, _adopted(branch))
    with db.connect(branch.url, name="test", autocommit=True) as conn:
        for statement in (
            "update paper_issue set signed = '{}'",
            "delete from paper_issue",
            "update paper set number = 9",
        ):
            with pytest.raises(Exception, match="never changed or removed"):
                conn.execute(statement.encode())


def test_a_province_has_templates_of_its_own(branch: Meetings, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting_id = _adopted(branch)
    _issue(branch, meeting_id)
    paper = Document()
    paper.add_paragraph("MẪU TỈNH {{ branch.__class__.__mro__ }}")
    (tmp_path / "commune").mkdir()
    paper.save(str(tmp_path / "commune" / "minutes.docx"))
    (tmp_path / "minutes.typ").write_text('#import "form.typ": *\nMẪU CHUNG #facts.number')
    desk = branch.app.extensions["papers"]
    monkeypatch.setitem(
        branch.app.extensions,
        "papers",
        msgspec.structs.replace(desk, library=Library(str(tmp_path)), check_url="https://x/"),
    )
    refused = _file(branch, meeting_id, "minutes", "docx")
    assert refused.status_code == 500, "a template reaches no further than its facts"
    assert refused.get_json(force=True)["rule"] == "template-broken"
    assert "minutes.docx" in refused.get_json(force=True)["detail"]
    paper.paragraphs[0].text = "MẪU TỈNH {{ branch }}"
    paper.save(str(tmp_path / "commune" / "minutes.docx"))
    assert _read(_file(branch, meeting_id, "minutes", "docx").data) == "MẪU TỈNH CHI BỘ THÔN 1"
    assert _read(_file(branch, meeting_id, "minutes", "pdf").data) == "MẪU CHUNG Số 01-BB/CB"
    (tmp_path / "minutes.typ").write_text('#read("/etc/passwd")')
    refused = _file(branch, meeting_id, "minutes", "pdf")
    assert (refused.status_code, refused.get_json(force=True)["rule"]) == (500, "template-broken")


def test_an_unknown_meeting_and_a_bad_order(branch: Meetings) -> None:
    answer = _file(branch, str(uuid4()), "minutes", "pdf", token=branch.root)
    assert (answer.status_code, answer.get_json(force=True)["rule"]) == (404, "unknown-meeting")
    meeting_id = branch.recorded()
    refused = branch.call(
        "POST",
        f"/meetings/{meeting_id}/papers/file",
        {"kind": "letter", "format": "odt", "names": {"x": 1}, "seal": True},
    )
    assert set(refused.rules) >= {"kind", "format", "seal"}


def _next_month(branch: Meetings) -> str:
    """An adopted meeting that carries the last one's task over, with a vote by name; nothing is resolved or given."""
    _adopted(branch)
    (given,) = branch.call("GET", f"/tasks?unit_id={BRANCH}").body["items"]
    day = date(2026, 7, 3)
    branch.set_clock("2026-07-03T22:00:00+07:00")
    by_name = [
        {"member_id": str(member_id), "choice": choice}
        for member_id, choice in ((SECRETARY, "for"), (DEPUTY, "for"), (THIRD, "against"))
    ]
    minutes = village.minutes(
        day,
        tasks=[],
        resolution=None,
        carried_over=[{"task_id": given["task_id"], "due_on": "2026-07-25"}],
        questions=[{"vote_id": str(uuid4()), "title": "Kết nạp đảng viên", "by_name": by_name}],
    )
    meeting_id = branch.planned(day=day)
    for part, body in (("attendance", village.attendance()), ("minutes", minutes), ("score", village.score())):
        assert branch.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert branch.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    return meeting_id


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_tasks_carried_over_and_votes_by_name_are_printed(branch: Meetings, format_: str) -> None:
    meeting_id = _next_month(branch)
    draft = _read(_file(branch, meeting_id, "minutes", format_, draft=True).data)
    _issue(branch, meeting_id)
    text = _read(_file(branch, meeting_id, "minutes", format_).data)
    for said in (
        "Biểu quyết (ghi tên): tán thành 2, không tán thành 1",
        "Tán thành (2): Nguyễn Văn Thắng, Phạm Thị Thuỷ. Không tán thành (1): Rơ Mah H'Kuyên.",
        "IV. NGHỊ QUYẾT VÀ BIỂU QUYẾT",
        "V. NHIỆM VỤ GIAO CHO ĐẢNG VIÊN Nhiệm vụ của tháng trước tiếp tục thực hiện",
        "Rơ Mah H'Kuyên Vận động các hộ hiến đất 28/6/2026 25/7/2026",
        "VI. CHI BỘ TỰ CHẤM ĐIỂM",
    ):
        assert said in text
        assert said in draft
    _issue(branch, meeting_id, "conclusion_notice")
    assert "28/6/2026 25/7/2026" in _read(_file(branch, meeting_id, "conclusion_notice", format_).data)
    some = {member: name for member, name in _NAMES.items() if member != str(DEPUTY)}
    refused = _file(branch, meeting_id, "minutes", format_, names=some)
    assert [error["field"] for error in refused.get_json(force=True)["errors"]] == [f"names.{DEPUTY}"]


@pytest.mark.parametrize("format_", ["docx", "pdf"])
def test_no_number_of_a_part_is_left_out(branch: Meetings, format_: str) -> None:
    row = village.row(minutes=village.minutes(resolution=None, tasks=[]))
    assert branch.bring_in(meetings=[row]).status == 200
    _issue(branch, row["meeting_id"])
    text = _read(_file(branch, row["meeting_id"], "minutes", format_).data)
    assert "IV. CHI BỘ TỰ CHẤM ĐIỂM" in text
    assert "V. NHIỆM VỤ" not in text


def test_what_was_issued_keeps_the_words_of_carried_tasks(branch: Meetings) -> None:
    meeting_id = _next_month(branch)
    _issue(branch, meeting_id)
    before = _file(branch, meeting_id, "minutes", "pdf").data
    branch.run("update task set content = 'Việc khác'")
    assert _file(branch, meeting_id, "minutes", "pdf").data == before


def test_a_table_has_its_head_on_every_page(branch: Meetings) -> None:
    meeting_id = _adopted(branch)
    _issue(branch, meeting_id)
    document = Document(io.BytesIO(_file(branch, meeting_id, "minutes", "docx").data))
    lined = [table for table in document.tables if table.style is not None and table.style.name == "Table Grid"]
    assert len(lined) == 2
    assert all(table.rows[0]._tr.find(f".//{_WORD}tblHeader") is not None for table in lined)
