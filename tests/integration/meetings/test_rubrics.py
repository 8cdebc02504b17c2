"""Score forms come from the rubric in force for the branch on the meeting's day; a past meeting keeps its own."""

import io
import re
import zipfile
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.meetings import worker
from shared.envelope import Attributes, Received, attributes
from shared.errors import Impossible
from tests.integration.meetings import scoring, village
from tests.integration.meetings.scoring import FORM, NATIONAL, SOURCE, WARD, feed, frame, national, rubric, version
from tests.integration.meetings.village import BRANCH, COMMUNE, OTHER_BRANCH, PROVINCE, Meetings
from tests.support import events

OTHER_COMMUNE = UUID("0197b6c0-0000-7000-8000-000000000006")


def _scored(meetings: Meetings, meeting_id: str, **points: float) -> Any:
    return meetings.call("PUT", f"/meetings/{meeting_id}/score", {"points": points})


def _form(meetings: Meetings, meeting_id: str) -> Any:
    answer = meetings.call("GET", f"/meetings/{meeting_id}/score")
    assert answer.status == 200, answer.body
    return answer.body


def _adopted(meetings: Meetings, **points: float) -> str:
    """The id of a meeting that was scored so and adopted."""
    meeting_id = meetings.recorded(points)
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    return meeting_id


def test_without_a_rubric_the_dated_rule_stays(meetings: Meetings) -> None:
    told = frame(meetings)
    assert (told["name"], told["rubric_id"], told["max"]) == ("hd-42-2025", None, 100)
    (conduct,) = (group for group in told["groups"] if group["code"] == "conduct")
    assert conduct == {"code": "conduct", "vi": "Tổ chức sinh hoạt", "en": "conduct", "max": 40}
    feed(meetings, national(sheet="thematic"), rubric(version(valid_from="2026-07-01")))
    assert frame(meetings)["name"] == "hd-42-2025"
    assert _scored(meetings, meetings.planned(), **village.score()["points"]).body["score"]["frame"] == "hd-42-2025"


def test_a_rubric_scores_meetings_of_its_kind_only(meetings: Meetings) -> None:
    feed(meetings, national(sheet="thematic"), rubric())
    names = {kind: frame(meetings, kind=kind)["name"] for kind in ("regular", "thematic", "committee", "extraordinary")}
    assert names == {
        "regular": f"{WARD}/1",
        "thematic": f"{NATIONAL}/1",
        "committee": "hd-42-2025",
        "extraordinary": "hd-42-2025",
    }


@pytest.mark.parametrize("owner", [BRANCH, COMMUNE, PROVINCE])
def test_the_nearest_owner_above_comes_first(meetings: Meetings, owner: UUID) -> None:
    owners = [BRANCH, COMMUNE, PROVINCE]
    ids = {unit_id: uuid4() for unit_id in owners}
    above = owners[owners.index(owner) :]
    feed(meetings, national(), rubric(rubric_id=uuid4(), owner_id=OTHER_BRANCH))
    feed(meetings, *(rubric(rubric_id=ids[unit_id], owner_id=unit_id) for unit_id in reversed(above)))
    assert frame(meetings)["rubric_id"] == str(ids[owner])


def test_one_that_is_not_in_force_that_day_leaves_the_next(meetings: Meetings) -> None:
    feed(meetings, national(), rubric(version(valid_from="2026-03-02", valid_to="2026-06-03")))
    days = ("2026-03-01", "2026-03-02", "2026-06-02", "2026-06-03")
    assert [frame(meetings, day)["rubric_id"] for day in days] == [str(NATIONAL), str(WARD), str(WARD), str(NATIONAL)]


def test_the_day_of_a_new_version_divides_meetings(meetings: Meetings) -> None:
    old = version(1, valid_from="2026-01-01", valid_to="2026-06-03")
    feed(meetings, rubric(old, version(2, valid_from="2026-06-03", groups=scoring.groups(x=100)), number=3))
    may, june = village.row(date(2026, 5, 20)), village.row(date(2026, 6, 3))
    new = {"points": {"x": 90}}
    refused = meetings.bring_in(meetings=[may | {"score": new}, june | {"score": {"points": FORM}}])
    assert refused.rules == {
        "meetings[0].score.points.content": "group-without-points",
        "meetings[0].score.points.conduct": "group-without-points",
        "meetings[0].score.points.x": "group-not-in-frame",
        "meetings[1].score.points.x": "group-without-points",
        "meetings[1].score.points.content": "group-not-in-frame",
        "meetings[1].score.points.conduct": "group-not-in-frame",
    }
    assert meetings.bring_in(meetings=[may | {"score": {"points": FORM}}, june | {"score": new}]).status == 200
    frames = {event["period"]: event["scores"]["self"]["frame"] for event in meetings.events()}
    assert frames == {"2026-05": f"{WARD}/1", "2026-06": f"{WARD}/2"}
    assert [frame(meetings, day)["rubric_version"] for day in ("2026-06-02", "2026-06-03")] == [1, 2]


def test_the_form_shows_groups_maxima_and_bands(meetings: Meetings) -> None:
    feed(meetings, rubric())
    meeting_id = meetings.planned()
    form = _form(meetings, meeting_id)
    assert (form["kind"], form["day"], form["version"], form["points"]) == ("regular", "2026-06-03", 1, None)
    told = form["frame"]
    assert told == frame(meetings)
    assert (told["vi"], told["source"], told["rubric_version"], told["max"]) == ("Khung của phường", SOURCE, 1, 100)
    assert told["groups"] == scoring.groups()
    assert [(band["grade"], band["at_least"], band["below"]) for band in told["grades"]] == [
        ("good", 80, None),
        ("weak", None, 80),
    ]
    assert _scored(meetings, meeting_id, **FORM).status == 200
    assert (_form(meetings, meeting_id)["points"], _form(meetings, meeting_id)["points_frame"]) == (FORM, f"{WARD}/1")
    tonight = meetings.call("GET", f"/units/{BRANCH}/tonight?on=2026-06-03").body["rules"]
    assert tonight["score_frame"] == {"name": f"{WARD}/1", "groups": {"content": 60, "conduct": 40}}
    assert (tonight["sources"]["score_frame"], tonight["grade_bands"]) == (SOURCE, None)


def test_a_form_of_the_dated_rule_has_the_bands_of_the_day(meetings: Meetings) -> None:
    """Also beside a rubric of regular meetings, as the national one is: `grade_bands` is null then."""
    bands = [("good", 90, None), ("fair", 70, 90), ("average", 50, 70), ("weak", None, 50)]

    def graded(told: Any) -> list[tuple[str, float | None, float | None]]:
        return [(band["grade"], band["at_least"], band["below"]) for band in told["grades"]]

    adopted = _adopted(meetings, **village.score()["points"])
    assert graded(frame(meetings)) == bands
    feed(meetings, national())
    assert [len(graded(frame(meetings, kind=kind))) for kind in ("regular", "thematic")] == [2, 4]
    assert graded(frame(meetings, kind="thematic")) == bands
    assert graded(_form(meetings, adopted)["frame"]) == bands


def test_a_refusal_names_the_group_the_rubric_and_where_it_stands(meetings: Meetings) -> None:
    feed(meetings, rubric())
    meeting_id = meetings.planned()
    refused = _scored(meetings, meeting_id, conduct=40.5, closing=5)
    assert refused.rules == {
        "points.content": "group-without-points",
        "points.conduct": "points-out-of-range",
        "points.closing": "group-not-in-frame",
    }
    for error in refused.body["errors"]:
        assert error["source"] == SOURCE
        assert "“Khung của phường”" in error["message"]
    of_conduct = next(error for error in refused.body["errors"] if error["field"] == "points.conduct")
    assert "conduct (Điều hành)" in of_conduct["message"]
    assert "từ 0 đến 40" in of_conduct["message"]


def test_an_older_or_repeated_event_changes_nothing(meetings: Meetings) -> None:
    second = rubric(version(2), number=4)
    assert feed(meetings, second) == 1
    assert feed(meetings, second, rubric(number=3)) == 0
    assert frame(meetings)["rubric_version"] == 2
    assert feed(meetings, rubric(version(3), number=6), rubric(version(2), number=5)) == 1
    assert frame(meetings)["rubric_version"] == 3


def test_a_rubric_may_come_before_the_units_it_is_for(empty: Meetings) -> None:
    feed(empty, rubric())
    empty.feed("registry.roster.v1", village.roster())
    empty.feed("registry.unit.v1", *village.units())
    assert frame(empty)["rubric_id"] == str(WARD)


def test_one_that_is_gone_scores_no_more_until_a_newer_event(meetings: Meetings) -> None:
    assert scoring.take_back(meetings, WARD) == 0
    feed(meetings, national(), rubric(number=2))
    assert scoring.take_back(meetings, WARD) == 1
    assert scoring.take_back(meetings, WARD) == 0
    assert frame(meetings)["rubric_id"] == str(NATIONAL)
    assert feed(meetings, rubric(number=2)) == 0
    assert frame(meetings)["rubric_id"] == str(NATIONAL)
    assert feed(meetings, rubric(number=3)) == 1
    assert frame(meetings)["rubric_id"] == str(WARD)


def test_a_meeting_keeps_the_frame_it_was_scored_with(meetings: Meetings) -> None:
    feed(meetings, rubric())
    meeting_id = _adopted(meetings, **FORM)
    # Entered by mistake: replaced by one that begins on the same day, with other groups.
    feed(meetings, rubric(version(2, groups=scoring.groups(x=100)), number=3))
    assert frame(meetings)["name"] == f"{WARD}/2"
    assert _form(meetings, meeting_id)["frame"]["name"] == f"{WARD}/1"

    official = f"/meetings/{meeting_id}/official-score"
    refused = meetings.call("PUT", official, {"points": {"x": 90}, "remarks": ""}, token=meetings.officer)
    assert refused.rules["points.x"] == "group-not-in-frame"
    graded = meetings.call("PUT", official, {"points": FORM, "remarks": ""}, token=meetings.officer)
    assert graded.status == 200, graded.body
    told = meetings.events()[-1]["scores"]
    assert told["self"] == {
        "points": 80.5,
        "frame": f"{WARD}/1",
        "groups": FORM,
        "max": {"content": 60, "conduct": 40},
    }
    assert told["official"]["max"] == {"content": 60, "conduct": 40}

    path = f"/meetings/{meeting_id}/corrections"
    late = {"reason": "Ghi sót một người đến muộn", "attendance": village.attendance(late=[])}
    corrected = meetings.call("POST", path, late)
    assert (corrected.status, corrected.body["score"]["frame"]) == (200, f"{WARD}/1")
    better = {"reason": "Cộng sai", "score": {"points": FORM | {"content": 51}}}
    corrected = meetings.call("POST", path, better)
    assert (corrected.status, corrected.body["score"]["frame"]) == (200, f"{WARD}/1")
    wrong = meetings.call("POST", path, {"reason": "Khung mới", "score": {"points": {"x": 90}}})
    assert wrong.rules["score.points.x"] == "group-not-in-frame"


def test_a_meeting_scored_by_the_dated_rule_keeps_it(meetings: Meetings) -> None:
    points = village.score()["points"]
    meeting_id = _adopted(meetings, **points)
    feed(meetings, rubric())
    assert _form(meetings, meeting_id)["frame"]["name"] == "hd-42-2025"
    corrected = meetings.call(
        "POST", f"/meetings/{meeting_id}/corrections", {"reason": "Cộng sai", "score": {"points": points | {"time": 4}}}
    )
    assert (corrected.status, corrected.body["score"]["frame"]) == (200, "hd-42-2025")
    assert meetings.events()[-1]["scores"]["self"]["max"]["conduct"] == 40


def test_what_is_not_adopted_yet_follows_the_rubric_of_its_day(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    feed(meetings, rubric())
    assert _form(meetings, meeting_id)["points_frame"] == "hd-42-2025"
    assert _form(meetings, meeting_id)["frame"]["name"] == f"{WARD}/1"
    assert _scored(meetings, meeting_id, **village.score()["points"]).status == 200
    assert _scored(meetings, meeting_id, **(village.score()["points"] | {"time": 4})).status == 422
    assert _scored(meetings, meeting_id, **FORM).body["score"]["frame"] == f"{WARD}/1"
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200


def test_grades_are_those_of_the_rubrics_bands(meetings: Meetings) -> None:
    feed(meetings, rubric())
    meeting_id = _adopted(meetings, **FORM)
    for points, named in ((FORM, "good"), (FORM | {"content": 49.5}, "weak")):
        given = {"points": points, "remarks": ""}
        answer = meetings.call("PUT", f"/meetings/{meeting_id}/official-score", given, token=meetings.officer)
        assert answer.body["scores"]["official"][-1]["grade"] == named


def test_a_branch_that_moves_is_scored_by_where_its_month_ends(meetings: Meetings) -> None:
    feed(meetings, rubric(), rubric(version(vi="Khung xã khác"), rubric_id=NATIONAL, owner_id=OTHER_COMMUNE))
    moved = events.unit(BRANCH, COMMUNE, version=2, valid_to=date(2026, 6, 15))
    moved["spans"] += events.unit(BRANCH, OTHER_COMMUNE, valid_from=date(2026, 6, 15))["spans"]
    other = events.unit(OTHER_COMMUNE, PROVINCE, kind="grassroots_committee", level="grassroots")
    meetings.feed("registry.unit.v1", moved, other)
    days = ("2026-05-31", "2026-06-01", "2026-06-20")
    assert [frame(meetings, day)["rubric_id"] for day in days] == [str(WARD), str(NATIONAL), str(NATIONAL)]


def test_a_paper_shows_the_frame_its_points_were_given_by(meetings: Meetings) -> None:
    feed(meetings, rubric())
    meeting_id = _adopted(meetings, **FORM)
    feed(meetings, rubric(version(2, groups=scoring.groups(x=100)), number=3))
    order = {"kind": "score_sheet", "format": "docx", "draft": True, "blank": True}
    with meetings.app.test_client() as client:
        answer = client.post(
            f"/v1/meetings/{meeting_id}/papers/file",
            json=order,
            headers={"Authorization": f"Bearer {meetings.secretary}"},
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        text = _text_of(answer.data)
    for said in ("Nội dung", "Điều hành", "60", "80,5", "Tốt", scoring.CITATION):
        assert said in text, (said, text)


def _text_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as document:
        return re.sub("<[^>]+>", " ", document.read("word/document.xml").decode())


def test_an_import_is_judged_by_each_branchs_own(meetings: Meetings) -> None:
    meetings.feed("registry.roster.v1", village.roster(OTHER_BRANCH))
    feed(meetings, national(), rubric(owner_id=OTHER_BRANCH))
    own = village.row(score={"points": scoring.THIRDS})
    other = village.row(unit_id=str(OTHER_BRANCH), score={"points": FORM})
    assert meetings.bring_in(meetings=[own, other]).status == 200
    frames = {event["unit_id"]: event["scores"]["self"]["frame"] for event in meetings.events()}
    assert frames == {str(BRANCH): f"{NATIONAL}/1", str(OTHER_BRANCH): f"{WARD}/1"}


def _broken(**changes: Any) -> bytes:
    return msgspec.json.encode(rubric(version(**changes)))


@pytest.mark.parametrize(
    ("value", "type_", "reason"),
    [
        (b"{}", "evaluation.rubric.v1", "malformed"),
        (b"{}", "evaluation.rubric.v2", "unknown-type"),
        (None, "evaluation.rubric.v2", "unknown-type"),
        (_broken(groups=[]), "evaluation.rubric.v1", "malformed"),
        (_broken(groups=scoring.groups() * 2), "evaluation.rubric.v1", "impossible-value"),
        (_broken(vi="Khung\0"), "evaluation.rubric.v1", "impossible-value"),
        (_broken(valid_to="2026-01-01"), "evaluation.rubric.v1", "impossible-value"),
        (_broken(sheet="committee"), "evaluation.rubric.v1", "malformed"),
    ],
)
def test_what_cannot_be_kept_is_impossible(value: bytes | None, type_: str, reason: str) -> None:
    sample = events.received("evaluation.rubric.v1", rubric())
    about = attributes(sample)
    record = Received(sample.topic, 0, 0, sample.key, value, sample.headers)
    with pytest.raises(Impossible) as refused:
        worker.decode(record, Attributes(about.id, type_, about.time, None))
    assert refused.value.reason == reason


def test_a_tombstone_without_an_id_is_impossible() -> None:
    tombstone = scoring.gone(WARD)
    record = Received(tombstone.topic, 0, 0, b"nobody", None, tombstone.headers)
    with pytest.raises(Impossible, match="no id"):
        worker.decode(record, attributes(record))
