"""What a meeting's event says beside its state: groups, sections, times, tasks, maxima, who follows, themes."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.meetings.commands import copying, republishing
from shared import db
from shared.clock import Clock
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, FOURTH, THIRD, Meetings, attendance, entry, minutes, score, task

DAY = date(2026, 6, 3)
FOLLOWER = "0197b6c0-0000-7000-8000-000000000151"
YEAR = f"/units/{BRANCH}/year-plan?year=2026"


def last(meetings: Meetings, meeting_id: str) -> dict[str, Any]:
    """The latest event of a meeting."""
    return max(
        (event for event in meetings.events() if event["meeting_id"] == meeting_id), key=lambda event: event["version"]
    )


def held(meetings: Meetings, *, written: dict[str, Any] | None = None, **changes: Any) -> str:
    """The id of an adopted meeting planned as `changes` say."""
    meeting_id = meetings.planned(**changes)
    for part, body in (("attendance", attendance()), ("minutes", written or minutes()), ("score", score())):
        assert meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    return meeting_id


def drain(meetings: Meetings) -> None:
    """Let the worker do what is queued."""
    now = Clock().now()
    with db.connect(meetings.url, name="test") as conn:
        while copying.turn(conn, now) or republishing.turn(conn, now):
            conn.commit()


def grouped(event: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
    """Those who owed and came, by group."""
    return {(one["by"], one["group"]): (one["owed"], one["present"]) for one in event["attendance"]["groups"]}


def test_attendance_is_told_by_groups_of_the_roster_of_the_day(meetings: Meetings) -> None:
    changed = [
        one | {"agency": "y-te"} if one["member_id"] == str(THIRD) else one for one in village.roster()["members"]
    ]
    changed = [one | {"age_band": None} if one["member_id"] == str(FOURTH) else one for one in changed]
    meetings.feed("registry.roster.v1", village.roster(version=2, members=changed))
    event = last(meetings, meetings.adopted())
    assert grouped(event) == {
        ("age_band", "41-50"): (5, 4),
        ("age_band", "unknown"): (1, 0),
        ("agency", "y-te"): (1, 1),
        ("post", "deputy_secretary"): (1, 1),
        ("post", "none"): (4, 2),
        ("post", "secretary"): (1, 1),
    }
    for by in ("age_band", "post"):
        owed, present = zip(*(counts for (kind, _), counts in grouped(event).items() if kind == by), strict=True)
        assert (sum(owed), sum(present)) == (event["attendance"]["owed"], event["attendance"]["present"])


def test_drafts_tell_no_groups_and_a_correction_counts_them_anew(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    assert "groups" not in last(meetings, meeting_id)["attendance"]
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    correction = {"reason": "Ghi nhầm", "attendance": attendance(absent=[])}
    assert meetings.call("POST", f"/meetings/{meeting_id}/corrections", correction).status == 200
    assert grouped(last(meetings, meeting_id))["age_band", "41-50"] == (6, 6)


def test_sections_are_told_as_codes_and_states(meetings: Meetings) -> None:
    written = minutes()
    written["sections"] |= {"self_criticism": "", "ideology": "x", "discussion": "Thảo luận kỹ từng việc. " * 4}
    event = last(meetings, held(meetings, written=written))
    states = {one["code"]: (one["required"], one["state"]) for one in event["minutes"]["sections"]}
    assert states == {
        "opening": (True, "filled"),
        "last_month_results": (True, "short"),
        "next_month_direction": (True, "short"),
        "discussion": (True, "filled"),
        "self_criticism": (True, "empty"),
        "ideology": (False, "short"),
        "conclusion": (True, "short"),
    }
    assert (event["signals"]["sections_empty"], event["signals"]["sections_short"]) == (1, 3)


def test_scores_are_told_by_group_with_their_maxima_and_when_they_were_graded(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    points = score()["points"] | {"conduct": 30}
    assert meetings.call("PUT", f"/meetings/{meeting_id}/voted-score", {"points": points}).status == 200
    graded = meetings.call("PUT", f"/meetings/{meeting_id}/official-score", {"points": points}, token=meetings.officer)
    assert graded.status == 200
    scores = last(meetings, meeting_id)["scores"]
    assert scores["self"]["groups"] == score()["points"]
    assert scores["official"]["groups"]["conduct"] == scores["voted"]["groups"]["conduct"] == 30
    assert {sum(one["max"].values()) for one in scores.values()} == {100}
    assert scores["official"]["graded_at"].startswith("2026-06-15T01:00:00")
    assert "graded_at" not in scores["voted"]


def test_members_with_a_task_are_counted_once(meetings: Meetings) -> None:
    written = minutes(tasks=[task(), task(), task(member_id=str(FOURTH))])
    event = last(meetings, held(meetings, written=written))
    assert (event["tasks_assigned"], event["members_with_task"]) == (3, 2)


@pytest.mark.parametrize(("ended", "kept"), [("21:04", False), ("21:05", True)])
def test_a_meeting_lasts_ninety_minutes(meetings: Meetings, ended: str, kept: bool) -> None:
    event = last(meetings, held(meetings, written=minutes(ended_at=f"{DAY}T{ended}:00+07:00")))
    assert event["duration_kept"] is kept
    assert event["duration_minutes"] == 90 - (not kept)


def test_thirty_members_meet_for_two_hours(meetings: Meetings) -> None:
    more = [entry(uuid4()) for _ in range(24)]
    members = [*village.roster()["members"], *more]
    meetings.feed("registry.roster.v1", village.roster(version=2, members=members))
    event = last(meetings, held(meetings, written=minutes(ended_at=f"{DAY}T21:30:00+07:00")))
    assert (event["attendance"]["owed"], event["duration_minutes"], event["duration_kept"]) == (30, 115, False)


def test_a_regular_meeting_is_judged_with_the_thematic_one_of_its_evening(meetings: Meetings) -> None:
    regular = held(meetings, written=minutes(ended_at=f"{DAY}T21:05:00+07:00"))
    assert last(meetings, regular)["duration_kept"] is True
    later: dict[str, Any] = {"started_at": f"{DAY}T21:05:00+07:00", "ended_at": f"{DAY}T21:30:00+07:00"}
    theme = held(meetings, kind="thematic", starts_at=f"{DAY}T21:05:00+07:00", written=minutes(tasks=[], **later))
    told = last(meetings, theme)
    assert (told["duration_minutes"], told["duration_kept"]) == (25, None)
    drain(meetings)
    assert last(meetings, regular)["duration_kept"] is False
    longer = minutes(tasks=[], **later | {"ended_at": f"{DAY}T21:35:00+07:00"})
    body = {"reason": "Ghi nhầm giờ", "minutes": longer}
    assert meetings.call("POST", f"/meetings/{theme}/corrections", body).status == 200
    drain(meetings)
    assert last(meetings, regular)["duration_kept"] is True


def test_committee_meetings_have_no_duration_to_keep(meetings: Meetings) -> None:
    roll_call: dict[str, Any] = {"absent": [], "late": []}
    meeting_id = meetings.planned(kind="committee")
    for part, body in (("attendance", roll_call), ("minutes", minutes(opinions=[], resolution=None, tasks=[]))):
        assert meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    assert last(meetings, meeting_id)["duration_kept"] is None


def _plan_of_year(meetings: Meetings, day: int) -> None:
    year = {"regular": [{"month": "2026-06", "day": day}], "topics": []}
    assert meetings.call("PUT", YEAR, year).status == 200
    assert meetings.call("POST", YEAR.replace("?", "/sending?"), {}).status == 200


@pytest.mark.parametrize(("day", "kept"), [(3, True), (5, False)])
def test_the_plan_of_the_year_sets_the_day(meetings: Meetings, day: int, kept: bool) -> None:
    meetings.set_clock("2026-01-05T08:00:00+07:00")
    _plan_of_year(meetings, day)
    meetings.set_clock("2026-06-15T08:00:00+07:00")
    assert last(meetings, meetings.adopted())["on_set_day"] is kept


def test_a_plan_written_after_the_meeting_sets_nothing_and_the_notice_does(meetings: Meetings) -> None:
    _plan_of_year(meetings, 3)
    meeting_id = meetings.recorded()
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    assert last(meetings, meeting_id)["on_set_day"] is None
    noticed = meetings.planned(kind="extraordinary")
    assert meetings.call("PUT", f"/meetings/{noticed}/notice", {"content": "Mời họp"}).status == 200
    for part, body in (("attendance", attendance()), ("minutes", minutes(tasks=[]))):
        assert meetings.call("PUT", f"/meetings/{noticed}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{noticed}/adoption", {}).status == 200
    assert last(meetings, noticed)["on_set_day"] is True


def test_a_meeting_that_was_put_off_is_not_on_its_day(meetings: Meetings) -> None:
    meeting_id = meetings.planned(starts_at="2026-06-02T19:30:00+07:00")
    meetings.set_clock("2026-06-01T08:00:00+07:00")
    put_off = {"starts_at": f"{DAY}T19:30:00+07:00", "reason": "Bão"}
    assert meetings.call("POST", f"/meetings/{meeting_id}/postponement", put_off).status == 200
    meetings.set_clock("2026-06-15T08:00:00+07:00")
    for part, body in (("attendance", attendance()), ("minutes", minutes())):
        assert meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    assert last(meetings, meeting_id)["on_set_day"] is False


def test_who_follows_the_branch_is_told_also_when_entered_afterwards(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    assert last(meetings, meeting_id)["superior_assigned"] is False
    body = {"member_id": FOLLOWER, "valid_from": "2026-06-01"}
    assert meetings.call("PUT", f"/units/{BRANCH}/follower", body, token=meetings.officer).status == 200
    event = last(meetings, meeting_id)
    assert (event["superior_assigned"], event["superior_attended"]) == (True, None)


def test_the_code_of_a_theme_is_told_and_never_its_text(meetings: Meetings) -> None:
    topic_id = str(uuid4())
    door = f"/units/{BRANCH}/topics/{topic_id}"
    body = {"year": 2026, "quarter": 2, "title": "Nêu gương XYZZY", "tag": "ho_chi_minh_study"}
    assert meetings.call("PUT", door, body).status == 200
    meeting_id = held(meetings, kind="thematic", theme="Nêu gương XYZZY", topic_id=topic_id, written=minutes(tasks=[]))
    assert last(meetings, meeting_id)["topic"] == {"topic_id": topic_id, "tag": "ho_chi_minh_study"}
    assert meetings.call("POST", f"{door}/decision", {"approved": True}, token=meetings.officer).status == 200
    answer = meetings.call("PUT", door, body | {"tag": "economy"})
    assert (answer.status, answer.body["status"], answer.body["tag"]) == (200, "approved", "economy")
    assert last(meetings, meeting_id)["topic"]["tag"] == "economy"
    assert "XYZZY" not in str(meetings.events())


def test_the_plan_of_a_meeting_may_name_the_code_itself(meetings: Meetings) -> None:
    meeting_id = meetings.planned(kind="thematic", tag="economy")
    assert last(meetings, meeting_id)["topic"] == {"topic_id": None, "tag": "economy"}
    assert meetings.call("GET", f"/meetings/{meeting_id}").body["tag"] == "economy"


def test_a_code_that_is_not_listed_is_refused_with_the_list(meetings: Meetings) -> None:
    plan = meetings.call("PUT", f"/meetings/{uuid4()}", village.plan(kind="thematic", tag="khác"))
    topic = {"year": 2026, "quarter": 2, "title": "Nêu gương", "tag": "khác"}
    beside = meetings.call("PUT", f"/units/{BRANCH}/topics/{uuid4()}", topic)
    year = {"topics": [{"topic_id": str(uuid4()), "quarter": 2, "title": "Nêu gương", "tag": "khác"}]}
    whole = meetings.call("PUT", YEAR, year)
    assert [answer.rules for answer in (plan, beside)] == [{"tag": "unknown-theme-tag"}] * 2
    assert whole.rules == {"topics[0].tag": "unknown-theme-tag"}
    assert "ho_chi_minh_study" in str(plan.body["errors"])


def test_what_is_kept_is_published_again_as_its_next_version(meetings: Meetings) -> None:
    adopted, planned = meetings.adopted(), meetings.planned(starts_at="2026-07-03T19:30:00+07:00")
    meetings.run("update meeting set facts = null where revision > 0")
    before, draft = last(meetings, adopted), last(meetings, planned)
    with db.connect(meetings.url, name="test") as conn:
        assert republishing.queue_all(conn) == 1
        assert republishing.queue_all(conn) == 0
    drain(meetings)
    after = last(meetings, adopted)
    assert after["version"] > before["version"]
    assert grouped(after) == grouped(before)
    assert after["revision"] == before["revision"]
    assert last(meetings, planned) == draft
    with db.connect(meetings.url, name="test") as conn:
        assert republishing.turn(conn, Clock().now()) == 0
