"""Search in adopted minutes."""

import unicodedata
from typing import Any, Literal
from urllib.parse import quote
from uuid import UUID

import pytest

from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, OTHER_BRANCH, Meetings


def told(meetings: Meetings, said: str, unit_id: UUID = BRANCH, **changes: Any) -> str:
    """The id of a meeting whose discussion is `said`."""
    written = village.minutes(sections={"discussion": said, "conclusion": "Nhất trí."}, tasks=[])
    row = village.row(unit_id=str(unit_id), minutes=written, **changes)
    answer = meetings.bring_in(meetings=[row])
    assert answer.status == 200, answer.body
    return str(row["meeting_id"])


def find(meetings: Meetings, asked: str, token: str | None = None, **more: str) -> list[dict[str, Any]]:
    """What a reader finds."""
    query = "".join(f"&{name}={value}" for name, value in more.items())
    answer = meetings.call("GET", f"/search?q={quote(asked)}{query}", token=token)
    assert answer.status == 200, answer.body
    items: list[dict[str, Any]] = answer.body["items"]
    return items


@pytest.mark.parametrize("asked", ["đường liên thôn", "DUONG thon", "duong lien thon", "Đường"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_are_found_with_or_without_their_marks(
    meetings: Meetings, asked: str, form: Literal["NFC", "NFD"]
) -> None:
    meeting_id = told(meetings, unicodedata.normalize(form, "Bàn về Đường liên thôn và kênh mương."))
    (hit,) = find(meetings, unicodedata.normalize(form, asked))
    assert (hit["meeting_id"], hit["unit_id"], hit["unit_name"]) == (meeting_id, str(BRANCH), "Đơn vị")
    passage = hit["passages"][0]
    assert passage["where"] == "sections.discussion"
    assert "Đường" in [run["text"] for run in passage["runs"] if run["hit"]]
    assert "".join(run["text"] for run in passage["runs"]) == "Bàn về Đường liên thôn và kênh mương."


def test_every_word_must_stand_there_and_what_says_more_comes_first(meetings: Meetings) -> None:
    told(meetings, "Cà phê mất giá. " + "Chuyện khác hẳn. " * 30)
    both = told(
        meetings, "Cà phê mất giá, cà phê rớt giá, mua cà phê.", kind="thematic", starts_at="2026-06-03T20:00:00+07:00"
    )
    found = find(meetings, "ca phe gia")
    assert (len(found), found[0]["meeting_id"]) == (2, both)
    assert find(meetings, "ca phe hat tieu") == []


def test_what_looks_like_markup_or_an_operator_is_text(meetings: Meetings) -> None:
    meeting_id = told(meetings, "<b onload=alert(1)>đường</b> & 'mương' | !nước")
    for asked in ("<b> đường", "mương' & !nước |", "đường:*", "alert(1)"):
        (hit,) = find(meetings, asked)
        assert hit["meeting_id"] == meeting_id
        assert "".join(run["text"] for run in hit["passages"][0]["runs"]).startswith("<b onload=")


def test_opinions_resolutions_and_tasks_are_found_too(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    places = (("mùa mưa", "opinions[0]"), ("vận động hiến đất", "tasks[0]"), ("mức góp", "sections.discussion"))
    for asked, where in places:
        (hit,) = find(meetings, asked)
        assert (hit["meeting_id"], hit["passages"][0]["where"]) == (meeting_id, where)


def test_drafts_are_not_found_and_corrections_take_the_place_of_what_they_correct(meetings: Meetings) -> None:
    recorded = meetings.recorded()
    assert find(meetings, "mức góp") == []
    meetings.call("POST", f"/meetings/{recorded}/adoption", {})
    assert len(find(meetings, "mức góp")) == 1
    sections = village.minutes()["sections"] | {"discussion": "Bàn chuyện nước sạch."}
    correction = {"reason": "Ghi nhầm", "minutes": village.minutes(sections=sections)}
    assert meetings.call("POST", f"/meetings/{recorded}/corrections", correction).status == 200
    assert find(meetings, "mức góp") == []
    assert len(find(meetings, "nước sạch")) == 1


def test_minutes_whose_adoption_was_taken_back_are_not_found(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    assert len(find(meetings, "mức góp")) == 1
    undone = meetings.call("POST", f"/meetings/{meeting_id}/undo", {})
    assert undone.status == 200, undone.body
    assert find(meetings, "mức góp") == []


def test_nobody_finds_what_they_may_not_read(meetings: Meetings) -> None:
    meetings.feed("registry.roster.v1", village.roster(OTHER_BRANCH))
    mine = told(meetings, "Chuyện nước sạch.")
    theirs = told(meetings, "Chuyện nước sạch.", OTHER_BRANCH)
    for token, seen in (
        (meetings.secretary, {mine}),
        (meetings.member, {mine}),
        (meetings.stranger, {theirs}),
        (meetings.officer, {mine, theirs}),
        (meetings.root, {mine, theirs}),
    ):
        assert {hit["meeting_id"] for hit in find(meetings, "nuoc sach", token)} == seen
    assert {hit["meeting_id"] for hit in find(meetings, "nuoc sach", meetings.officer, unit_id=str(BRANCH))} == {mine}
    assert meetings.call("GET", f"/search?q=nuoc&unit_id={OTHER_BRANCH}").status == 403
    assert meetings.call("GET", "/search?q=nuoc", token=meetings.portal).status == 403


def test_days_bound_what_is_found(meetings: Meetings) -> None:
    told(meetings, "Chuyện nước sạch.")
    assert len(find(meetings, "nước", first="2026-06-03", last="2026-06-03")) == 1
    assert find(meetings, "nước", first="2026-06-04") == []
    assert find(meetings, "nước", last="2026-06-02") == []


@pytest.mark.parametrize(
    ("query", "rules"),
    [
        ("q=", {"q": "field"}),
        ("q=%3F%21", {"q": "no-words"}),
        (f"q={'x' * 201}", {"q": "field"}),
        ("q=x&first=2026-06-03&last=2026-06-02", {"last": "ends-before-it-begins"}),
        ("q=x&limit=101", {"limit": "field"}),
    ],
)
def test_a_question_that_asks_for_nothing_is_refused(meetings: Meetings, query: str, rules: dict[str, str]) -> None:
    refused = meetings.call("GET", f"/search?{query}")
    assert (refused.status, refused.rules) == (422, rules)


def test_a_text_too_long_for_an_index_is_searched_by_its_beginning(meetings: Meetings) -> None:
    huge = "đầu " + " ".join(f"chữ{number}" for number in range(120_000)) + " cuối"
    told(meetings, huge)
    assert len(find(meetings, "chu1")) == 1
    assert find(meetings, "cuoi") == []


def test_text_is_kept_in_the_transaction_of_its_revision(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    refused = meetings.call("POST", f"/meetings/{meeting_id}/adoption", {"no": "such member"})
    assert refused.status == 422
    with db.connect(meetings.url, name="test") as conn:
        assert conn.execute("select count(*) from minutes_text").fetchone() == (0,)
        assert conn.execute("select count(*) from copy_queue").fetchone() == (0,)
