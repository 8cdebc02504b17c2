"""Passages of search hits."""

from hypothesis import given
from hypothesis import strategies as st

from services.meetings.domain import highlight
from services.meetings.domain.folding import plain, words

_TEXTS = [
    ("sections.discussion", "Bàn về đường liên thôn <script>alert(1)</script> và kênh mương."),
    ("sections.conclusion", "Thống nhất làm ĐƯỜNG trước."),
    ("resolution", "Không liên quan."),
]


def test_hits_are_runs_of_plain_text_the_fullest_first() -> None:
    found = highlight.passages(_TEXTS, "duong mương", 5)
    assert [passage.where for passage in found] == ["sections.discussion", "sections.conclusion"]
    assert [run.text for run in found[0].runs if run.hit] == ["đường", "mương"]
    assert "".join(run.text for run in found[0].runs) == _TEXTS[0][1]
    assert [run.text for run in found[1].runs if run.hit] == ["ĐƯỜNG"]
    assert len(highlight.passages(_TEXTS, "duong", 1)) == 1
    assert highlight.passages(_TEXTS, "khong co", 3)[0].where == "resolution"
    assert highlight.passages(_TEXTS, "bao", 3) == []


def test_a_long_text_is_cut_between_words_around_the_hit() -> None:
    text = "trước " * 200 + "đường " + "sau " * 200
    (passage,) = highlight.passages([("x", text)], "duong", 1)
    shown = "".join(run.text for run in passage.runs)
    assert passage.cut_before
    assert passage.cut_after
    assert len(shown) < 400
    assert set(shown.split()) == {"trước", "đường", "sau"}


@given(st.text(max_size=400), st.text(min_size=1, max_size=20))
def test_runs_put_together_are_a_piece_of_the_text(text: str, asked: str) -> None:
    for passage in highlight.passages([("x", text)], asked, 1):
        shown = "".join(run.text for run in passage.runs)
        assert shown in plain(text)
        assert all(words(run.text)[0] in words(asked) for run in passage.runs if run.hit)
