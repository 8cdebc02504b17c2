"""Rubrics at the doors: entered, tried against history, put in force; the sheets and years they give."""

import copy
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from services.evaluation.scoring import score_due
from services.evaluation.store.migrations import rubric_seeds
from services.evaluation.views import trials
from shared import db
from tests.integration.evaluation.committees import Evaluation, unit_id
from tests.integration.evaluation.figures import merge_meetings
from tests.support import events

FORM = {
    "time": 5,
    "attendance": 5,
    "preparation": 10,
    "conduct": 40,
    "principles": 5,
    "last_resolution": 30,
    "closing": 5,
}
NATIONAL = f"/v1/rubrics/{rubric_seeds.NATIONAL_ID}"


def given(owner: str | None = "d1", *, valid_from: str = "2026-07-01", **more: Any) -> dict[str, Any]:
    content = copy.deepcopy(rubric_seeds.WARD) | more.pop("content", {})
    return {"owner_id": str(unit_id(owner)) if owner else None, "valid_from": valid_from, "content": content, **more}


def held(evaluation: Evaluation, code: str, month: str, **changes: Any) -> UUID:
    """An adopted meeting with self scores by group, scored as the worker does; its id."""
    told: dict[str, Any] = {
        "attendance": {"owed": 10, "present": 9, "absent_with_reason": 1, "absent_without_reason": 0},
        "last_resolution": {"tasks": 10, "done": 8},
        "scores": {"self": {"points": 100, "frame": "hd-42-2025", "groups": FORM, "max": FORM}},
    }
    meeting_id = uuid4()
    with db.connect(evaluation.url, name="test") as conn:
        merge_meetings(conn, events.meeting(unit_id(code), month, meeting_id=meeting_id, **told | changes))
        while score_due(conn):
            pass
    return meeting_id


def score(evaluation: Evaluation) -> None:
    with db.connect(evaluation.url, name="test") as conn:
        while score_due(conn):
            pass


def test_the_seeds_are_there_and_a_template_is_entered_as_an_offices_own(evaluation: Evaluation) -> None:
    shown = evaluation.get("/v1/rubrics").body["items"]
    assert {(one["rubric_id"], one["state"]) for one in shown} == {
        (rubric_seeds.NATIONAL_ID, "in_force"),
        (rubric_seeds.WARD_ID, "template"),
    }
    template = evaluation.get(f"/v1/rubrics/{rubric_seeds.WARD_ID}").body
    made = evaluation.post(
        "/v1/rubrics",
        {"owner_id": str(unit_id("d1")), "valid_from": "2026-07-01", "content": template["content"]},
        evaluation.officer("d1"),
    )
    assert made.status == 201, made.body
    assert (made.body["state"], made.body["version"]) == ("draft", 1)
    listed = evaluation.get(f"/v1/rubrics?owner={unit_id('d1')}&limit=1").body
    assert [one["rubric_id"] for one in listed["items"]] == [made.body["rubric_id"]]


def test_every_fault_is_named_with_an_example_in_both_languages(evaluation: Evaluation) -> None:
    wrong = given()
    speaking = wrong["content"]["groups"][3]["items"][4]
    speaking["evidence"]["score"]["bands"][0] = {"above": 50, "points": 5}
    wrong["content"]["gates"][0]["of"].append("zeal")
    refused = evaluation.post("/v1/rubrics", wrong, Accept_Language="vi")
    assert refused.status == 422
    assert refused.rules == {
        "content.groups[3].items[4].evidence.score.bands": "bands-gap",
        "content.gates[0].of[4]": "unknown-group",
    }
    assert "Giá trị 50 không thuộc mức nào" in refused.said
    speaking["evidence"]["score"] = {"how": "yes_no", "bands": []}
    refused = evaluation.post("/v1/rubrics", wrong)
    assert refused.rules == {"content.groups[3].items[4].evidence.score": "members"}


def test_rights_reach_an_offices_own_units_and_the_province_its_administrator(evaluation: Evaluation) -> None:
    officer = evaluation.officer("province")
    assert evaluation.post("/v1/rubrics", given("d2"), evaluation.officer("d1")).status == 403
    assert evaluation.post("/v1/rubrics", given("province"), officer).body["rule"] == "province-admin"
    assert evaluation.post("/v1/rubrics", given("d2"), officer).status == 201
    assert evaluation.post("/v1/rubrics", given(None), officer).status == 403
    administrator = evaluation.issuer.mint("province_admin", unit_id("province"))
    assert evaluation.post("/v1/rubrics", given("province"), administrator).status == 201
    assert evaluation.post("/v1/rubrics", given(None), administrator).status == 403
    assert evaluation.get(NATIONAL, evaluation.issuer.mint("portal", unit_id("d2"))).status == 200


def test_a_rubric_of_the_future_leaves_past_sheets_as_they_were_scored(evaluation: Evaluation) -> None:
    meeting_id = held(evaluation, "b1", "2025-12")
    entered = evaluation.post("/v1/rubrics", given()).body
    force = f"/v1/rubrics/{entered['rubric_id']}/in-force"
    assert evaluation.post(force, {"version": 1}).body["state"] == "in_force"
    assert evaluation.post(force, {"version": 1}).body["rule"] == "state"
    score(evaluation)
    sheet = evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body
    assert (sheet["rubric"]["rubric_id"], sheet["scored"]) == (rubric_seeds.NATIONAL_ID, True)
    second = evaluation.post("/v1/rubrics", given(rubric_id=entered["rubric_id"], valid_from="2026-10-01")).body
    assert second["version"] == 2
    evaluation.post(force, {"version": 2})
    first = evaluation.get(f"/v1/rubrics/{entered['rubric_id']}?version=1").body
    assert first["valid_to"] == "2026-10-01"
    other = evaluation.post("/v1/rubrics", given(valid_from="2026-08-01"))
    assert other.rules == {"valid_from": "dates-overlap"}


def test_one_that_reaches_into_the_past_scores_again_only_when_asked(evaluation: Evaluation) -> None:
    meeting_id = held(evaluation, "b1", "2025-12")
    untouched = held(evaluation, "b3", "2025-12")
    entered = evaluation.post("/v1/rubrics", given(valid_from="2025-11-01")).body
    force = f"/v1/rubrics/{entered['rubric_id']}/in-force"
    refused = evaluation.post(force, {"version": 1})
    assert (refused.status, refused.rules) == (422, {"rescore": "in-the-past"})
    assert evaluation.post(force, {"version": 1, "rescore": True}).status == 200
    assert evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body["rubric"]["rubric_id"] == rubric_seeds.NATIONAL_ID
    score(evaluation)
    for meeting, rubric_id in ((meeting_id, entered["rubric_id"]), (untouched, rubric_seeds.NATIONAL_ID)):
        assert evaluation.get(f"/v1/meetings/{meeting}/sheet").body["rubric"]["rubric_id"] == rubric_id
    changes = evaluation.sql("select action, version from committee_change where subject = 'rubric' order by position")
    assert changes == [("rubric.entered", 1), ("rubric.in_force", 1)]


def test_only_the_meetings_below_its_owner_are_scored_again(evaluation: Evaluation) -> None:
    """A ward's older frame does not have a whole country scored again."""
    meeting_id = held(evaluation, "b1", "2025-12")
    held(evaluation, "b3", "2025-12")
    entered = evaluation.post("/v1/rubrics", given(valid_from="2025-11-01")).body
    evaluation.post(f"/v1/rubrics/{entered['rubric_id']}/in-force", {"version": 1, "rescore": True})
    assert evaluation.sql("select meeting_ids from sheet_due") == [([meeting_id],)]


def test_each_version_that_comes_in_force_is_told_as_newer(evaluation: Evaluation) -> None:
    """The second version first: it ends where the first, put in force after it, begins."""
    entered = evaluation.post("/v1/rubrics", given(valid_from="2026-07-01")).body
    earlier = given(rubric_id=entered["rubric_id"], valid_from="2025-11-01", valid_to="2026-07-01")
    assert evaluation.post("/v1/rubrics", earlier).body["version"] == 2
    told = []
    for version in (2, 1):
        force = f"/v1/rubrics/{entered['rubric_id']}/in-force"
        assert evaluation.post(force, {"version": version, "rescore": True}).status == 200
        score(evaluation)
        rows = evaluation.sql("select value from outbox where topic = 'evaluation.rubrics.v1' order by position desc")
        told.append(msgspec.json.decode(rows[0][0])["version"])
    assert told == sorted(set(told))


@pytest.mark.parametrize("ends", [None, "2026-01-01"])
def test_a_mistake_in_force_is_replaced_by_a_version_of_the_same_first_day(
    evaluation: Evaluation, ends: str | None
) -> None:
    meeting_id = held(evaluation, "b1", "2025-12")
    dates: dict[str, Any] = {"valid_from": "2025-11-01", "valid_to": ends}
    entered = evaluation.post("/v1/rubrics", given(**dates)).body
    force = f"/v1/rubrics/{entered['rubric_id']}/in-force"
    told = []
    for version in (1, 2):
        if version == 2:
            right = given(rubric_id=entered["rubric_id"], content={"citation": "sửa"}, **dates)
            assert evaluation.post("/v1/rubrics", right).body["version"] == 2
        assert evaluation.post(force, {"version": version, "rescore": True}).status == 200
        score(evaluation)
        rows = evaluation.sql("select value from outbox where topic = 'evaluation.rubrics.v1' order by position desc")
        told.append(msgspec.json.decode(rows[0][0]))
    assert evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body["rubric"]["version"] == 2
    assert evaluation.get(f"/v1/rubrics/{entered['rubric_id']}?version=1").body["state"] == "replaced"
    assert evaluation.get("/v1/rubrics?state=replaced").body["items"][0]["version"] == 1
    assert [one["version"] for one in told[1]["versions"]] == [2]
    assert told[0]["version"] < told[1]["version"]


def test_a_draft_is_shown_to_those_who_may_enter_it(evaluation: Evaluation) -> None:
    entered = evaluation.post("/v1/rubrics", given("d1")).body
    draft, listed = f"/v1/rubrics/{entered['rubric_id']}", "/v1/rubrics?state=draft"
    others = (evaluation.officer("d2"), evaluation.issuer.mint("portal", unit_id("d1")), evaluation.secretary("b1"))
    for token in others:
        assert evaluation.get(draft, token).status == 403
        assert evaluation.get(listed, token).body["items"] == []
    for token in (evaluation.officer("d1"), evaluation.officer("province")):
        assert evaluation.get(draft, token).status == 200
        assert [one["rubric_id"] for one in evaluation.get(listed, token).body["items"]] == [entered["rubric_id"]]
    assert evaluation.post(f"{draft}/in-force", {"version": 1}).status == 200
    assert [evaluation.get(draft, token).status for token in others] == [200] * 3


def test_no_rubric_comes_in_force_while_figures_are_rebuilt(evaluation: Evaluation) -> None:
    entered = evaluation.post("/v1/rubrics", given()).body
    with db.connect(evaluation.url, name="rebuild") as rebuilding:
        rebuilding.execute("select pg_advisory_lock(%s)", (0x72656275,))
        refused = evaluation.post(f"/v1/rubrics/{entered['rubric_id']}/in-force", {"version": 1})
    assert (refused.status, refused.body["rule"]) == (409, "rebuilding")


def test_an_older_frame_scores_the_meetings_of_its_time(evaluation: Evaluation) -> None:
    meeting_id = held(evaluation, "b1", "2020-05")
    assert evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body["rule"] == "no-rubric"
    older = {"citation": "Hướng dẫn 12-HD/BTCTW ngày 06/7/2018", "vi": "Khung cũ", "en": "Earlier frame"}
    entered = evaluation.post("/v1/rubrics", given(None, valid_from="2018-07-06", valid_to="2025-10-28", content=older))
    assert entered.status == 201, entered.body
    force = f"/v1/rubrics/{entered.body['rubric_id']}/in-force"
    assert evaluation.post(force, {"version": 1, "rescore": True}).status == 200
    score(evaluation)
    assert evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body["rubric"]["citation"] == older["citation"]


def test_a_trial_says_what_would_have_changed_and_changes_nothing(evaluation: Evaluation) -> None:
    meetings = [held(evaluation, "b1", month) for month in ("2025-11", "2025-12")]
    held(evaluation, "b2", "2025-12", scores={"self": None})
    held(evaluation, "b3", "2025-12")
    stricter = [{"at_least": 99, "grade": "good"}, {"at_least": 70, "below": 99, "grade": "fair"}]
    stricter += [{"at_least": 50, "below": 70, "grade": "average"}, {"below": 50, "grade": "weak"}]
    national = copy.deepcopy(rubric_seeds.NATIONAL)
    national["groups"][5]["items"][0]["by"] = "evidence"
    entered = evaluation.post("/v1/rubrics", given(content=national | {"grades": stricter, "gates": []})).body
    trial = f"/v1/rubrics/{entered['rubric_id']}/trial?from=2025-11-01&to=2025-12-31&limit=1"
    tried = evaluation.post(trial, None).body
    assert (tried["meetings"], tried["changed"]) == (3, 2)
    assert tried["before"]["grades"]["good"] == 2
    # 24 of last month's 30 by evidence: 94 points, no longer Tốt.
    assert tried["after"]["grades"]["fair"] == 3
    first = tried["items"][0]
    assert (first["meeting_id"], first["grade_before"], first["points_after"]) == (str(meetings[0]), "good", 94.0)
    pages = [first["meeting_id"]]
    while cursor := tried["next_cursor"]:
        tried = evaluation.post(f"{trial}&cursor={cursor}", None).body
        pages += [one["meeting_id"] for one in tried["items"]]
    assert pages == [str(meeting) for meeting in meetings]
    assert evaluation.get(f"/v1/rubrics/{entered['rubric_id']}").body["state"] == "draft"
    assert evaluation.post(f"{trial}".replace("to=2025-12-31", "to=2025-10-31"), None).rules == {"to": "field"}


def test_a_trial_of_more_meetings_than_a_request_can_hold_is_refused(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A national rubric over two years would be read whole into the process that answers everybody."""
    for month in ("2025-11", "2025-12"):
        held(evaluation, "b1", month)
    monkeypatch.setattr(trials, "MOST_MEETINGS", 1)
    period = f"{NATIONAL}/trial?from=2025-11-01&to=2025-12"
    refused = evaluation.post(f"{period}-31", None, Accept_Language="vi")
    assert (refused.status, refused.rules) == (422, {"to": "too-many-meetings"})
    assert "2 buổi họp" in refused.said
    assert evaluation.post(f"{period}-01", None).body["meetings"] == 1


def test_a_sheet_shows_evidence_and_its_rule_beside_what_people_gave(evaluation: Evaluation) -> None:
    official = {"points": 90, "frame": "hd-42-2025", "groups": FORM | {"last_resolution": 20}, "max": FORM}
    own = {"points": 100, "frame": "hd-42-2025", "groups": FORM, "max": FORM}
    scores = {"self": own, "voted": {"points": 95, "frame": "hd-42-2025"}, "official": official}
    meeting_id = held(evaluation, "b1", "2025-12", scores=scores)
    sheet = evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body
    assert (sheet["self_points"], sheet["voted_points"], sheet["official_points"]) == (100, 95, 90)
    assert (sheet["points"], sheet["basis"], sheet["grade"]) == (90, "official", "good")
    groups = {group["code"]: group for group in sheet["groups"]}
    results = groups["last_resolution"]
    assert (results["evidence"], results["covered"], results["self"], results["official"]) == (24, 30, 30, 20)
    assert results["difference"] == 6
    attendance = groups["attendance"]["items"][0]
    assert (attendance["state"], attendance["value"], attendance["rule"]) == ("evidence", 90, "90 ≤ x: 5")
    assert groups["conduct"]["items"][0]["state"] == "people"
    assert groups["conduct"]["difference"] is None
    assert evaluation.get(f"/v1/meetings/{meeting_id}/sheet", evaluation.secretary("b3")).status == 403
    assert evaluation.get(f"/v1/meetings/{uuid4()}/sheet").status == 404


def test_a_sheet_names_what_took_the_place_of_a_line(evaluation: Evaluation) -> None:
    national = copy.deepcopy(rubric_seeds.NATIONAL)
    over = {"measure": "absent_with_reason", "when": {"at_least": 1}, "points": 3}
    national["groups"][5]["items"][0]["evidence"]["overrides"] = [over]
    entered = evaluation.post("/v1/rubrics", given(valid_from="2025-11-01", content=national)).body
    evaluation.post(f"/v1/rubrics/{entered['rubric_id']}/in-force", {"version": 1, "rescore": True})
    told = {"owed": 10, "present": 10, "absent_with_reason": 0, "absent_without_reason": 0}
    rules = []
    for attendance in (told, told | {"present": 9, "absent_with_reason": 1}):
        meeting_id = held(evaluation, "b1", "2025-12", attendance=attendance)
        done = evaluation.get(f"/v1/meetings/{meeting_id}/sheet").body["groups"][5]["items"][0]
        rules.append((done["points"], done["rule"]))
    assert rules == [(24, "0 → 0; 100 → 30"), (3, "absent_with_reason 1 ≤ x: 3")]


def test_a_branchs_year_is_graded_by_the_gates(evaluation: Evaluation) -> None:
    entered = evaluation.post(
        "/v1/rubrics", given(valid_from="2025-11-01", content={"gates": rubric_seeds.WARD["gates"][1:]})
    )
    assert entered.status == 201, entered.body
    evaluation.post(f"/v1/rubrics/{entered.body['rubric_id']}/in-force", {"version": 1, "rescore": True})
    months = [f"2026-{number:02d}" for number in range(1, 9)]
    for month in months[:7]:
        held(evaluation, "b1", month)
    year = f"/v1/units/{unit_id('b1')}/year-grade?year=2026"
    assert evaluation.get(year).body["grade"] == "good"
    held(evaluation, "b1", months[7], scores={"self": {"points": 60, "frame": "f"}})
    found = evaluation.get(year).body
    assert (found["grade"], found["by_mean"], found["gates"][0]["missing"]) == ("fair", "good", [months[7]])
    assert (found["disciplined"], found["gates"][1]["opens"]) == (None, None)
    with db.connect(evaluation.url, name="test") as conn:
        conn.execute(
            "insert into roster_fact (branch_id, version, changes, disciplined_on)"
            " values (%s, 1, '[]', '{2026-03-01}')",
            (unit_id("b1"),),
        )
    assert evaluation.get(year).body["grade"] == "weak"
    assert evaluation.get(year, evaluation.secretary("b1")).status == 403


@pytest.mark.parametrize("path", ["/v1/rubrics/{id}", "/v1/rubrics/{id}/in-force", "/v1/rubrics/{id}/trial"])
def test_an_unknown_rubric_is_told_to_the_administrator_only(evaluation: Evaluation, path: str) -> None:
    at = path.format(id=uuid4())
    body: object = {"version": 1} if path.endswith("in-force") else None
    at += "?from=2025-01-01&to=2025-02-01" if path.endswith("trial") else ""
    method = "GET" if path.endswith("{id}") else "POST"
    assert evaluation.call(method, at, body).status == 404
    assert evaluation.call(method, at, body, evaluation.officer("d1")).status == 403
