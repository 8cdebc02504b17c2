"""Near-duplicates of minutes."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.meetings.domain import copies
from services.meetings.domain.minutes import Conclusion, Minutes, Opinion, Resolution, Sections, Votes
from tests.unit.meetings import papers

_FIRST = [
    "Chi bộ thống nhất làm xong ba trăm mét đường liên thôn trước mùa mưa, mỗi hộ góp hai ngày công",
    "Đồng chí trưởng thôn chịu trách nhiệm lập danh sách hộ hiến đất và báo cáo chi uỷ vào ngày hai mươi",
    "Giao chi hội phụ nữ vận động tám hộ nghèo đăng ký vay vốn chăn nuôi bò sinh sản trong quý này",
    "Kiểm tra lại tuyến mương nội đồng bị sạt lở sau bão, đề nghị xã hỗ trợ hai mươi bao xi măng",
]
_OTHER = [
    "Trường tiểu học tổ chức hai buổi phụ đạo cho học sinh yếu lớp bốn, giáo viên tự nguyện đứng lớp",
    "Công đoàn rà soát hợp đồng lao động của tổ bảo vệ và đề xuất điều chỉnh phụ cấp trực đêm",
    "Thư viện bổ sung sáu mươi đầu sách thiếu nhi, kinh phí lấy từ quỹ khuyến học của hội cha mẹ",
]
_NOBODYS = frozenset[int]()


def _prepared(sentences: list[str], everybodys: frozenset[int] = _NOBODYS) -> copies.Prepared:
    return copies.prepare([("discussion", ". ".join(sentences) + ".")], everybodys)


def test_an_exact_copy_is_the_same_whole() -> None:
    assert copies.likeness(_prepared(_FIRST), _prepared(_FIRST)) == 1.0


def test_marks_case_and_the_order_of_paragraphs_do_not_matter() -> None:
    turned = [sentence.upper() for sentence in reversed(_FIRST)]
    assert copies.likeness(_prepared(_FIRST), _prepared(turned)) == 1.0


def test_a_light_paraphrase_is_found() -> None:
    reworded = [
        "Chi bộ nhất trí làm xong bốn trăm mét đường liên thôn trước mùa mưa, mỗi hộ góp ba ngày công",
        "Đồng chí trưởng thôn chịu trách nhiệm lập danh sách hộ hiến đất, báo cáo chi uỷ vào ngày mười lăm",
        "Giao chi hội phụ nữ vận động chín hộ nghèo đăng ký vay vốn chăn nuôi bò sinh sản trong quý tới",
        "Kiểm tra tuyến mương nội đồng bị sạt lở sau lũ, đề nghị xã hỗ trợ ba mươi bao xi măng",
    ]
    assert copies.likeness(_prepared(_FIRST), _prepared(reworded)) > 0.9


def test_other_texts_are_not_alike() -> None:
    assert copies.likeness(_prepared(_FIRST), _prepared(_OTHER)) < 0.05


def test_half_a_copy_is_half_alike() -> None:
    assert 0.3 < copies.likeness(_prepared(_FIRST), _prepared([*_FIRST[:2], *_OTHER])) < 0.6


def test_everybodys_words_are_not_compared() -> None:
    form = copies.template_shingles(_FIRST)
    assert _prepared(_FIRST, form) == copies.Prepared((), frozenset(), 0)
    own = _prepared([*_FIRST, *_OTHER], form)
    assert [sentence.text for sentence in own.sentences] == _OTHER
    assert copies.likeness(own, _prepared(_FIRST, form)) == 0.0


def test_what_many_branches_write_is_everybodys_and_what_few_write_is_not() -> None:
    shared, alone = copies.shingles(["nhat", "tri", "cao"]), copies.shingles(["lam", "duong", "thon"])
    branches = [shared] * 12 + [alone] * 3 + [frozenset[int]()] * 85
    assert copies.common(branches, 0.05, 10) == shared
    assert copies.common(branches, 0.05, 13) == frozenset()
    assert copies.common(branches, 0.02, 3) == shared | alone


def test_signatures_tell_copies_from_others_and_meet_in_a_band() -> None:
    one, same, other = (_prepared(text).shingles for text in (_FIRST, _FIRST[::-1], _OTHER))
    first, second, third = (copies.signature(shingles) for shingles in (one, same, other))
    assert first == second
    assert copies.estimate(first, third) < 0.1
    assert set(copies.bands("minutes", first)) & set(copies.bands("minutes", second))
    assert not set(copies.bands("minutes", first)) & set(copies.bands("minutes", third))
    assert not set(copies.bands("minutes", first)) & set(copies.bands("conclusion", first))
    assert len(first) == 4 * copies.PERMUTATIONS
    assert all(-(2**63) <= band < 2**63 for band in copies.bands("minutes", first))


def test_a_signature_is_the_same_in_every_process() -> None:
    assert copies.signature(frozenset(range(10))).hex()[:16] == "0e7a6b082ed69c05"


def test_passages_stand_side_by_side_as_they_were_written() -> None:
    mine = copies.prepare([("conclusion", f"{_OTHER[0]}. {_FIRST[1]}!")], _NOBODYS)
    (passage,) = copies.passages(mine, _prepared(_FIRST), 5)
    assert (passage.where, passage.text) == ("conclusion", _FIRST[1])
    assert (passage.of_where, passage.of_text, passage.likeness) == ("discussion", _FIRST[1], 1.0)
    assert copies.passages(mine, _prepared([]), 5) == []
    assert len(copies.passages(_prepared(_FIRST), _prepared(_FIRST), 2)) == 2


def test_opening_and_tasks_are_left_out_and_conclusions_stand_by_themselves() -> None:
    written: Minutes = papers.minutes(
        sections=Sections(opening="Khai mạc", discussion="Thảo luận", conclusion="Kết luận"),
        opinions=(Opinion(papers.member(1), "Ý kiến"),),
        resolution=Resolution("Nghị quyết", Votes(4, 0, 0)),
        conclusions=(Conclusion("Đường", "Làm đường"),),
    )
    whole = [text for _, text in copies.texts_of(written, "minutes") if text]
    assert sorted(whole) == sorted(["Thảo luận", "Kết luận", "Làm đường", "Ý kiến", "Nghị quyết"])
    assert [text for _, text in copies.texts_of(written, "conclusion")] == ["Kết luận", "Làm đường"]


def test_what_is_kept_of_shingles_comes_back() -> None:
    drawn = frozenset(random.Random(7).getrandbits(32) for _ in range(1000))
    assert copies.unpacked(copies.packed(drawn)) == drawn
    assert copies.unpacked(b"") == frozenset()


_WORDS = st.sampled_from(["chi", "bộ", "thôn", "đường", "mương", "hộ", "nghèo", "vay", "vốn", "rừng", "suối"])
_SENTENCE = st.lists(_WORDS, min_size=1, max_size=12).map(" ".join)
_TEXT = st.one_of(st.text(max_size=200), st.lists(_SENTENCE, max_size=8).map(". ".join))


@given(_TEXT, _TEXT)
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    first, second = (copies.prepare([("x", text)], _NOBODYS) for text in (one, other))
    alike = copies.likeness(first, second)
    assert alike == copies.likeness(second, first)
    assert 0.0 <= alike <= 1.0
    assert copies.likeness(first, first) == (1.0 if first.sentences else 0.0)


@given(_TEXT, _TEXT)
def test_estimates_are_symmetric_and_bounded(one: str, other: str) -> None:
    signed = [copies.signature(copies.all_shingles([("x", text)])) for text in (one, other)]
    assert 0.0 <= copies.estimate(*signed) == copies.estimate(*reversed(signed)) <= 1.0
    assert copies.estimate(signed[0], signed[0]) == 1.0
