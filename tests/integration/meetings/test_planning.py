"""Plans of a year, the order of an evening, who follows a branch, what the superior saw: nothing is lost on the way."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.meetings.store import notices
from shared import db
from tests.integration.meetings import village
from tests.integration.meetings.village import BRANCH, Meetings

YEAR = f"/units/{BRANCH}/year-plan?year=2026"
FIRST, SECOND, THIRD = (f"0197b6c0-0000-7000-8000-0000000001{number}" for number in (51, 52, 53))


def year(day: int = 3, *topics: dict[str, Any]) -> dict[str, Any]:
    """A plan with one regular meeting."""
    return {"regular": [{"month": "2026-07", "day": day}], "topics": list(topics)}


def send(meetings: Meetings) -> None:
    assert meetings.call("POST", YEAR.replace("?", "/sending?"), {}).status == 200


def decide(meetings: Meetings, approved: bool) -> None:
    body = {"approved": approved, "remark": "Xem lại"}
    assert meetings.call("POST", YEAR.replace("?", "/decision?"), body, token=meetings.officer).status == 200


def test_a_plan_of_a_year_is_not_overwritten_unseen(meetings: Meetings) -> None:
    assert meetings.call("PUT", YEAR, year(3)).body["version"] == 1
    assert meetings.call("PUT", f"{YEAR}&based_on=1", year(4)).body["version"] == 2
    for path, if_match in ((YEAR, None), (f"{YEAR}&based_on=1", None), (YEAR, '"1"')):
        refused = meetings.call("PUT", path, year(5), if_match=if_match)
        assert (refused.status, refused.body["rule"], refused.body["version"]) == (409, "stale", 2)
        assert [refused.body[one]["regular"][0]["day"] for one in ("current", "yours")] == [4, 5]
    assert meetings.call("GET", YEAR).body["plan"]["regular"][0]["day"] == 4
    same = meetings.call("PUT", YEAR, year(4))
    assert (same.status, same.body["version"]) == (200, 2)
    assert meetings.call("PUT", YEAR, year(5), if_match='"2"').status == 200


def _topic(meetings: Meetings) -> tuple[str, dict[str, Any]]:
    topic_id = str(uuid4())
    body = {"quarter": 3, "title": "Nêu gương"}
    door = f"/units/{BRANCH}/topics/{topic_id}"
    assert meetings.call("PUT", door, body | {"year": 2026}).status == 200
    assert meetings.call("POST", f"{door}/decision", {"approved": True}, token=meetings.officer).status == 200
    return topic_id, body | {"topic_id": topic_id}


def test_a_plan_that_is_returned_leaves_topics_that_were_approved(meetings: Meetings) -> None:
    approved, topic = _topic(meetings)
    other = {"topic_id": str(uuid4()), "quarter": 4, "title": "Chuyển đổi số"}
    assert meetings.call("PUT", YEAR, year(3, topic, other)).status == 200
    send(meetings)
    decide(meetings, approved=False)
    found = meetings.call("GET", f"/units/{BRANCH}/topics?year=2026").body["items"]
    assert {one["topic_id"]: one["status"] for one in found} == {approved: "approved", other["topic_id"]: "returned"}


def test_a_plan_that_changes_an_approved_topic_has_it_decided_again(meetings: Meetings) -> None:
    approved, topic = _topic(meetings)
    assert meetings.call("PUT", YEAR, year(3, topic | {"title": "Khác"})).status == 200
    send(meetings)
    decide(meetings, approved=False)
    (found,) = meetings.call("GET", f"/units/{BRANCH}/topics?year=2026").body["items"]
    assert (found["topic_id"], found["status"]) == (approved, "returned")


def _evening(meetings: Meetings) -> tuple[str, str]:
    regular = meetings.planned(day=date(2026, 7, 3))
    thematic = str(uuid4())
    after = village.plan(date(2026, 7, 3), kind="thematic", starts_at="2026-07-03T21:00:00+07:00")
    assert meetings.call("PUT", f"/meetings/{thematic}", after).status == 201
    return regular, thematic


@pytest.mark.parametrize("hour", ["21:00", "21:30"])
def test_a_regular_meeting_is_not_moved_behind_the_thematic_one_of_its_day(meetings: Meetings, hour: str) -> None:
    regular, _ = _evening(meetings)
    late = f"2026-07-03T{hour}:00+07:00"
    moved = meetings.call("PUT", f"/meetings/{regular}", village.plan(starts_at=late))
    assert (moved.status, moved.rules) == (422, {"starts_at": "thematic-follows-regular"})
    put_off = meetings.call("POST", f"/meetings/{regular}/postponement", {"starts_at": late, "reason": "Mưa"})
    assert (put_off.status, put_off.rules) == (422, {"starts_at": "thematic-follows-regular"})
    earlier = village.plan(starts_at="2026-07-03T20:00:00+07:00")
    assert meetings.call("PUT", f"/meetings/{regular}", earlier).status == 200


def test_a_regular_meeting_is_not_planned_behind_a_thematic_one(meetings: Meetings) -> None:
    regular, thematic = _evening(meetings)
    assert meetings.call("POST", f"/meetings/{regular}/not-held", {"reason": "Bão"}).status == 200
    late = village.plan(starts_at="2026-07-03T21:30:00+07:00")
    assert meetings.call("PUT", f"/meetings/{uuid4()}", late).rules == {"starts_at": "thematic-follows-regular"}
    assert meetings.call("POST", f"/meetings/{thematic}/not-held", {"reason": "Bão"}).status == 200
    assert meetings.call("PUT", f"/meetings/{uuid4()}", late).status == 201


def test_an_import_keeps_the_order_of_an_evening_too(meetings: Meetings) -> None:
    themed = village.row(kind="thematic", minutes=village.minutes(resolution=None, tasks=[]))
    behind = "2026-06-03T20:30:00+07:00"
    regular = village.row(
        starts_at=behind, minutes=village.minutes(started_at=behind), adopted_at="2026-06-03T20:55:00+07:00"
    )
    for rows in ([themed, regular], [regular, themed]):
        refused = meetings.bring_in(meetings=rows)
        assert refused.status == 422
        assert set(refused.rules.values()) == {"thematic-follows-regular"}
    assert meetings.bring_in(meetings=[themed]).status == 200
    assert meetings.bring_in(meetings=[regular]).rules == {"meetings[0].starts_at": "thematic-follows-regular"}


def _follow(meetings: Meetings, member_id: str, day: str) -> Any:
    answer = meetings.call(
        "PUT", f"/units/{BRANCH}/follower", {"member_id": member_id, "valid_from": day}, token=meetings.officer
    )
    assert answer.status == 200
    return answer.body["valid_to"]


def _followed(meetings: Meetings, *days: str) -> list[str]:
    with db.connect(meetings.url, name="test") as conn:
        return [str(notices.follower(conn, BRANCH, date.fromisoformat(day))) for day in days]


def test_who_is_entered_for_the_past_does_not_take_later_assignments_away(meetings: Meetings) -> None:
    assert _follow(meetings, FIRST, "2025-01-01") is None
    assert _follow(meetings, SECOND, "2026-03-01") is None
    assert _follow(meetings, THIRD, "2025-06-01") == "2026-03-01"
    assert _followed(meetings, "2025-05-31", "2025-06-01", "2026-02-28", "2026-03-01") == [FIRST, THIRD, THIRD, SECOND]
    assert _follow(meetings, FIRST, "2025-06-01") == "2026-03-01"
    assert _followed(meetings, "2025-06-01", "2026-03-01") == [FIRST, SECOND]
    assert _follow(meetings, FIRST, "2024-01-01") == "2025-01-01"


def test_a_visits_remark_that_is_replaced_is_kept(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()

    def see(remarks: str) -> Any:
        body = {"present": True, "remarks": remarks}
        answer = meetings.call("PUT", f"/meetings/{meeting_id}/visit", body, token=meetings.officer)
        assert answer.status == 200, answer.body
        return answer.body["steps"]

    see("Nghiêm túc")
    see("Nghiêm túc")
    steps = see("Cần bám nghị quyết hơn")
    assert steps["visit"]["remarks"] == "Cần bám nghị quyết hơn"
    assert [one["remarks"] for one in steps["earlier_visits"]] == ["Nghiêm túc"]
