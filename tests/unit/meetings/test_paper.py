"""What is signed, which terms papers are numbered in, and what papers say in words."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import typst
from pypdf import PdfReader

from services.meetings.domain import paper as domain
from services.meetings.domain.paper import Issue, Paper, PaperKind
from services.meetings.domain.terms import CommitteeTerm, examine_terms, term_on
from services.meetings.papers import make_templates, words
from services.meetings.papers.library import SHIPPED, Library
from shared.errors import Conflict, Unprocessable
from tests.unit.meetings import papers

_DAY = date(2026, 6, 3)
_TERM = CommitteeTerm("Nhiệm kỳ 2025–2027", date(2025, 5, 20))
_VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ"


def _paper(kind: PaperKind = "minutes", sign: str | None = "05-BB/CB") -> Paper:
    return Paper(papers.MEETING, papers.MEETING, papers.BRANCH, kind, _DAY, _TERM.first_day, 5, sign)


def _issue(sign: str | None = "05-BB/CB", correction: int = 0) -> Issue:
    roster = papers.branch().roster_on(_DAY)
    meeting = papers.adopted()
    return domain.sign(
        _paper(sign=sign), meeting, roster, carried={}, correction=correction, reason=None, at=papers.NOW, by="subject"
    )


def test_the_same_content_has_the_same_code_and_another_number_another() -> None:
    assert _issue().hash == _issue().hash == domain.hash_of(_issue().signed)
    assert len({_issue().hash, _issue(sign="06-BB/CB").hash, _issue(correction=1).hash}) == 3


def test_signed_content_gives_the_meeting_back() -> None:
    meeting, issue = papers.adopted(), _issue()
    told = domain.read(issue.signed).as_meeting(meeting)
    assert told == meeting
    assert domain.is_latest(issue, meeting)
    corrected = msgspec.structs.replace(meeting, score=None)
    assert not domain.is_latest(issue, corrected)
    withdrawn = msgspec.structs.replace(meeting, revision=0)
    assert not domain.is_latest(issue, withdrawn)


def test_signed_content_of_an_earlier_form_stays_readable() -> None:
    told = msgspec.json.decode(_issue().signed)
    told["document"]["minutes"]["written"].pop("fees")
    told["document"]["minutes"]["written"].pop("conclusions")
    assert domain.read(msgspec.json.encode(told).decode()).document.minutes == papers.adopted().minutes


def test_composition_counts_by_kind_and_status() -> None:
    of = papers.branch(
        papers.entry(1, post="secretary"),
        papers.entry(2, "probationary"),
        papers.entry(3, status="exempt"),
        papers.entry(4, status="temporary_elsewhere"),
        papers.entry(5, status="received_temporarily"),
    )
    roster = of.roster_on(_DAY)
    assert domain.composition(roster) == domain.Composition(5, 4, 1, 1, 1, 1)
    assert domain.posts(roster) == {papers.member(1): "secretary"}


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("minutes", date(2026, 6, 3)),
        ("score_sheet", date(2026, 6, 3)),
        ("resolution", date(2026, 6, 6)),
        ("conclusion_notice", date(2026, 6, 6)),
    ],
)
def test_a_paper_carries_the_day_of_the_meeting_or_of_its_issue(kind: PaperKind, day: date) -> None:
    late = datetime(2026, 6, 5, 18, tzinfo=UTC)  # the 6th in Việt Nam
    assert domain.day_of(papers.adopted(), kind, late) == day


def test_the_term_of_a_day() -> None:
    ended = CommitteeTerm("a", date(2022, 6, 1), date(2025, 5, 19))
    assert term_on([ended, _TERM], date(2025, 5, 19)) is ended
    assert term_on([ended, _TERM], date(2025, 5, 20)) is _TERM
    with pytest.raises(Conflict) as refused:
        term_on([ended, _TERM], date(2022, 5, 31))
    assert refused.value.rule == "no-term"
    assert refused.value.source


def test_a_term_may_not_leave_its_papers() -> None:
    used = {_TERM.first_day: (date(2025, 6, 3), date(2026, 6, 3))}
    examine_terms([msgspec.structs.replace(_TERM, last_day=date(2026, 6, 3))], used)
    for terms in ([], [msgspec.structs.replace(_TERM, last_day=date(2026, 6, 2))]):
        with pytest.raises(Unprocessable):
            examine_terms(terms, used)


@pytest.mark.parametrize(
    ("name", "head", "place"),
    [
        ("Đảng uỷ xã Ia Băng", "ĐẢNG BỘ XÃ IA BĂNG", "Ia Băng"),
        ("đảng ủy phường Diên Hồng", "ĐẢNG BỘ PHƯỜNG DIÊN HỒNG", "Diên Hồng"),
        ("Đảng bộ Công an tỉnh", "ĐẢNG BỘ CÔNG AN TỈNH", words.DOTS),
        ("Đảng bộ đặc khu Lý Sơn", "ĐẢNG BỘ ĐẶC KHU LÝ SƠN", "Lý Sơn"),
    ],
)
def test_heads_and_places_of_units(name: str, head: str, place: str) -> None:
    assert (words.head_of(name), words.place_of(name)) == (head, place)


def test_dates_hours_and_figures_as_documents_write_them() -> None:
    assert words.long_day(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert words.long_day(date(2026, 12, 25)) == "ngày 25 tháng 12 năm 2026"
    assert words.day(date(2026, 6, 3)) == "03/6/2026"
    assert words.hour(datetime(2026, 6, 3, 12, 5, tzinfo=UTC)) == "19 giờ 05 phút"
    assert (words.figure(36.5), words.figure(40.0), words.share(2, 3), words.share(1, 0)) == (
        "36,5",
        "40",
        "66,7 %",
        "",
    )
    assert words.paragraphs("a\x00b\x0bc\r\n\n  d\u0085e\ufffe ") == ["a b", "c", "d", "e"]


def test_the_shipped_templates_are_what_their_script_makes(tmp_path: Path) -> None:
    make_templates.write(tmp_path)
    for name in domain.KINDS:
        kept, made = (zipfile.ZipFile(folder / f"{name}.docx") for folder in (SHIPPED, tmp_path))
        assert kept.namelist() == made.namelist()
        for part in made.namelist():
            assert kept.read(part) == made.read(part), (
                f"{name}.docx is stale: run services.meetings.papers.make_templates"
            )


def test_every_vietnamese_letter_has_a_glyph_in_the_embedded_font() -> None:
    letters = _VIETNAMESE + _VIETNAMESE.upper()
    # Without fallback a letter the font lacks comes out as no letter.
    source = f'#set text(font: "Libertinus Serif", fallback: false)\n{letters}\n\n*{letters}*\n\n_{letters}_'
    made = typst.compile(source.encode(), format="pdf", font_paths=typst.Fonts(include_system_fonts=False))
    assert isinstance(made, bytes)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    assert {letter for letter in letters if text.count(letter) < 3} == set()


def test_a_province_is_served_its_own_file_by_type_then_in_general(tmp_path: Path) -> None:
    (tmp_path / "ward").mkdir()
    (tmp_path / "ward" / "minutes.typ").write_text("ward")
    (tmp_path / "minutes.typ").write_text("all")
    library = Library(str(tmp_path))
    assert library.template("minutes.typ", "ward") == b"ward"
    assert library.template("minutes.typ", "commune") == b"all"
    assert library.template("minutes.typ", "../ward") == b"all"
    assert library.template("form.typ", "ward") == (SHIPPED / "form.typ").read_bytes()
    assert Library("").template("minutes.typ", "ward") == (SHIPPED / "minutes.typ").read_bytes()
