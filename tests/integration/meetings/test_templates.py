"""Templates over HTTP, and what the next meeting takes over from the last."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.meetings.domain.minutes import Sections
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, COMMUNE, PROVINCE, THIRD, Meetings


def body(**changes: Any) -> dict[str, Any]:
    """A province's own version for regular meetings of communes, which requires ideology too."""
    words = {"vi": "Mục", "en": "Section"}
    sections = [
        {"name": name, "need": "required", "title": words, "hint": words} for name in Sections.__struct_fields__
    ]
    return {
        "unit_id": str(PROVINCE),
        "branch_type": "commune",
        "kind": "regular",
        "valid_from": "2026-07-01",
        "title": words,
        "agenda": [{"title": words, "minutes": 90}],
        "sections": sections,
        "minutes_planned": 90,
        "issuer": "Tỉnh uỷ",
        "citation": "Hướng dẫn 01-HD/BTCTU",
        **changes,
    }


def put(meetings: Meetings, **changes: Any) -> village.Answer:
    """Put in a version under a new id."""
    return meetings.call("PUT", f"/templates/{uuid4()}", body(**changes), token=meetings.root)


def followed(meetings: Meetings, on: str) -> dict[str, Any]:
    """The version for regular meetings that the branch follows on a day."""
    path = f"/templates?unit_id={BRANCH}&kind=regular&on={on}"
    (found,) = meetings.call("GET", path, token=meetings.member).body["items"]
    answer: dict[str, Any] = found
    return answer


def test_the_templates_of_a_day_by_type_and_kind(meetings: Meetings) -> None:
    answer = meetings.call("GET", "/templates?on=2026-06-03", token=meetings.member)
    assert len(answer.body["items"]) == 40
    answer = meetings.call("GET", "/templates?branch_type=armed_forces&kind=thematic&on=2020-01-01")
    (found,) = answer.body["items"]
    assert (found["branch_type"], found["kind"], found["unit_id"]) == ("armed_forces", "thematic", None)
    assert (found["valid_to"], found["issuer"]) == ("2025-10-28", "Đại hội XI")
    needs = {part["name"]: part["need"] for part in found["sections"]}
    assert needs["last_month_results"] == "unused"
    assert needs["discussion"] == "required"


def test_a_province_puts_in_its_own_and_the_earlier_one_stays(meetings: Meetings) -> None:
    first = put(meetings)
    assert first.status == 201, first.body
    later = put(meetings, valid_from="2026-09-01", note="Bổ sung")
    assert later.status == 201

    assert followed(meetings, "2026-06-30")["unit_id"] is None
    own = followed(meetings, "2026-07-01")
    assert (own["template_id"], own["valid_to"]) == (first.body["template_id"], "2026-09-01")
    assert followed(meetings, "2026-09-01")["note"] == "Bổ sung"
    again = meetings.call(
        "PUT",
        f"/templates/{later.body['template_id']}",
        body(valid_from="2026-09-01", note="Bổ sung"),
        token=meetings.root,
    )
    assert (again.status, again.body) == (200, later.body)


def test_versions_do_not_overlap_and_none_is_changed(meetings: Meetings) -> None:
    first = put(meetings)
    for changes in ({}, {"valid_from": "2026-06-20"}, {"valid_from": "2026-08-01", "valid_to": "2026-09-01"}):
        refused = put(meetings, **changes)
        assert (refused.status, refused.rules) == (422, {"valid_from": "template-overlaps"}), changes
    changed = meetings.call(
        "PUT", f"/templates/{first.body['template_id']}", body(minutes_planned=120), token=meetings.root
    )
    assert (changed.status, changed.body["rule"]) == (409, "template-is-kept")
    assert followed(meetings, "2026-07-01")["minutes_planned"] == 90


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"valid_from": "2026-06-14"}, {"valid_from": "template-in-past"}),
        ({"unit_id": str(COMMUNE)}, {"unit_id": "not-a-province"}),
        ({"agenda": [{"title": {"vi": "x", "en": "x"}, "minutes": 91}]}, {"agenda": "agenda-too-long"}),
        ({"sections": []}, {"sections": "nothing-required"}),
        ({"branch_type": "village"}, {"branch_type": "field"}),
    ],
)
def test_a_faulty_version_is_refused_and_nothing_is_kept(
    meetings: Meetings, changes: dict[str, Any], rules: dict[str, str]
) -> None:
    refused = put(meetings, **changes)
    assert (refused.status, refused.rules) == (422, rules)
    assert len(meetings.call("GET", "/templates?on=2026-12-01").body["items"]) == 40


def test_only_offices_of_the_province_put_templates_in(meetings: Meetings) -> None:
    for token in (meetings.secretary, meetings.officer, meetings.member):
        assert meetings.call("PUT", f"/templates/{uuid4()}", body(), token=token).status == 403


def test_the_template_of_the_day_says_which_sections_are_required(meetings: Meetings) -> None:
    put(meetings, valid_from="2026-06-15")
    meetings.set_clock("2026-07-04T08:00:00+07:00")
    counted = {}
    for day in (date(2026, 6, 3), date(2026, 7, 3)):
        meeting_id = meetings.planned(day=day)
        written = meetings.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(day)).body["minutes"]
        counted[day.month] = (written["sections_required"], written["sections_filled"])
    assert counted == {6: (6, 6), 7: (7, 6)}


def test_a_branch_that_left_the_province_follows_its_template_no_more(meetings: Meetings) -> None:
    put(meetings, valid_from="2026-06-15")
    moved = village.units()[1] | {"version": 2}
    span = moved["spans"][0]
    elsewhere = uuid4()
    moved["spans"] = [
        span | {"valid_to": "2026-08-01"},
        span | {"valid_from": "2026-08-01", "parent_id": str(elsewhere)},
    ]
    meetings.feed("registry.unit.v1", moved)
    assert followed(meetings, "2026-07-31")["unit_id"] == str(PROVINCE)
    assert followed(meetings, "2026-08-01")["unit_id"] is None


def test_the_next_meeting_begins_with_the_last_ones_structure_and_resolution(meetings: Meetings) -> None:
    meetings.set_clock("2026-06-03T22:00:00+07:00")
    first = meetings.adopted()
    (task,) = meetings.call("GET", f"/tasks?unit_id={BRANCH}").body["items"]
    meetings.set_clock("2026-07-01T08:00:00+07:00")
    coming = meetings.planned(day=date(2026, 7, 3))

    draft = meetings.call("GET", f"/units/{BRANCH}/draft-from-last?meeting_id={coming}").body

    assert draft["last_meeting_id"] == first
    assert draft["template"]["kind"] == "regular"
    assert [item["minutes"] for item in draft["agenda"]] == [10, 15, 10, 25, 15, 10, 5]
    assert (draft["place"], draft["chair_id"]) == ("Nhà văn hoá thôn 1", str(village.SECRETARY))
    lengths = {section["part"]["name"]: section["last_characters"] for section in draft["sections"]}
    assert lengths["conclusion"] == len("Chủ trì kết luận.")
    assert lengths["ideology"] == 0
    assert "Thống nhất mức góp." not in str(draft)
    yardstick = draft["yardstick"]
    assert (yardstick["resolution"], yardstick["votes"]) == (
        "Làm đường thôn.",
        {"for": 4, "against": 0, "abstaining": 0},
    )
    (measured,) = yardstick["tasks"]
    assert (measured["task_id"], measured["member_id"]) == (task["task_id"], str(THIRD))
    assert (measured["state"], measured["days_late"], yardstick["open"]) == ("late", 3, 1)


def test_a_branch_without_a_past_begins_with_the_template_alone(meetings: Meetings) -> None:
    draft = meetings.call("GET", f"/units/{BRANCH}/draft-from-last").body
    assert (draft["last_meeting_id"], draft["yardstick"]) == (None, None)
    assert draft["template"]["branch_type"] == "commune"
    assert {section["part"]["need"] for section in draft["sections"]} == {"required", "optional"}


def test_a_draft_is_of_the_branch_named_and_within_rights(meetings: Meetings) -> None:
    other = meetings.call(
        "GET", f"/units/{village.OTHER_BRANCH}/draft-from-last?meeting_id={meetings.planned()}", token=meetings.officer
    )
    assert (other.status, other.body["rule"]) == (404, "unknown-meeting")
    assert meetings.call("GET", f"/units/{BRANCH}/draft-from-last", token=meetings.stranger).status == 403
