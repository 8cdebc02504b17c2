"""Vietnamese without its marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.meetings.domain import folding


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Đường liên thôn", "duong lien thon"),
        ("NGHỊ QUYẾT ưỡn ẹo", "nghi quyet uon eo"),
        ("Plei Ƀrêl, Čư Prông, Ŏ", "plei brel, cu prong, o"),
        ("300 m² – 4/5 việc", "300 m² – 4/5 viec"),
    ],
)
def test_marks_and_case_are_taken_off(written: str, folded: str) -> None:
    for form in ("NFC", "NFD"):
        assert folding.fold(folding.plain(unicodedata.normalize(form, written))) == folded


def test_words_are_letters_and_digits() -> None:
    assert folding.words("Số 05-NQ/CB: “Đường” 4/5, đ/c Ngân_hàng") == [
        "so", "05", "nq", "cb", "duong", "4", "5", "d", "c", "ngan", "hang",
    ]  # fmt: skip


@given(st.text())
def test_a_place_in_the_folded_text_is_the_same_place_in_the_text(text: str) -> None:
    whole = folding.plain(text)
    assert len(folding.fold(whole)) == len(whole)
    for word, start, end in folding.places(whole):
        assert folding.words(whole[start:end]) == [word]


@given(st.text())
def test_words_are_the_same_whether_folded_before_or_after(text: str) -> None:
    folded = folding.fold(folding.plain(text))
    assert folding.words(text) == [folded[start:end] for _, start, end in folding.places(folding.plain(text))]
    assert folding.words(text) == folding.words(folded)
