"""A meeting from its plan to its correction, through the single doors."""

from datetime import date
from uuid import uuid4

import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import FOURTH, NOVICE, THIRD, VETERAN, Meetings


def test_a_meeting_is_planned_recorded_adopted_and_corrected(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    meetings.call("PUT", f"/meetings/{meeting_id}", village.plan(place="Nhà bí thư"))
    meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance())
    written = village.minutes()
    meetings.call("PUT", f"/meetings/{meeting_id}/minutes", written)
    meetings.call("PUT", f"/meetings/{meeting_id}/score", village.score())

    adopted = meetings.call("POST", f"/meetings/{meeting_id}/adoption", {})

    assert adopted.status == 200, adopted.body
    body = adopted.body
    assert (body["status"], body["revision"], body["version"], body["place"]) == ("adopted", 1, 6, "Nhà bí thư")
    assert (body["attendance"]["owed"], body["attendance"]["present"]) == (6, 4)
    assert (body["minutes"]["complete"], body["minutes"]["voters"], body["score"]["total"]) == (True, 5, 91.5)
    assert body["adopted_at"] == body["reported_at"] == "2026-06-15T01:00:00+00:00"
    assert body["report_due_at"] == "2026-06-05T16:59:59.999999+00:00"
    assert meetings.call("GET", f"/meetings/{meeting_id}").body == body

    correction = {"reason": "Ghi thiếu một đồng chí vắng", "attendance": village.attendance(late=[])}
    corrected = meetings.call("POST", f"/meetings/{meeting_id}/corrections", correction)

    assert (corrected.status, corrected.body["revision"], corrected.body["version"]) == (200, 2, 7)
    assert corrected.body["reported_at"] == body["reported_at"]
    assert [event["version"] for event in meetings.events()] == [1, 2, 3, 4, 5, 6, 7]
    newest, first = meetings.call("GET", f"/meetings/{meeting_id}/revisions").body["items"]
    assert (newest["revision"], newest["reason"]) == (2, "Ghi thiếu một đồng chí vắng")
    assert (first["revision"], first["reason"], first["attendance"]["late"]) == (1, None, body["attendance"]["late"])
    assert first["minutes"]["sections"]["conclusion"] == written["sections"]["conclusion"]
    assert first["made_by"]
    assert first["made_at"] == "2026-06-15T01:00:00+00:00"


def test_a_correction_changes_adds_and_cancels_tasks(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    kept, changed, dropped, added = village.task(), village.task(), village.task(), village.task()
    meetings.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(tasks=[kept, changed, dropped]))
    meetings.call("POST", f"/meetings/{meeting_id}/adoption", {})
    later = changed | {"due_on": "2026-07-31"}

    answer = meetings.call(
        "POST",
        f"/meetings/{meeting_id}/corrections",
        {"reason": "Giao lại việc", "minutes": village.minutes(tasks=[kept, later, added])},
    )

    assert answer.status == 200, answer.body
    newest = {event["task_id"]: event for event in meetings.events("meetings.tasks.v1")}
    told = {task_id: (event["version"], event["status"], event["due_on"]) for task_id, event in newest.items()}
    assert told == {
        kept["task_id"]: (1, "assigned", "2026-06-28"),
        changed["task_id"]: (2, "assigned", "2026-07-31"),
        dropped["task_id"]: (2, "cancelled", "2026-06-28"),
        added["task_id"]: (1, "assigned", "2026-06-28"),
    }


def test_a_task_is_completed_once(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    (task,) = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}&status=assigned").body["items"]
    done = f"/tasks/{task['task_id']}/completion"

    assert meetings.call("POST", done, {"done_on": "2026-06-02"}).rules == {"done_on": "done-before-assigned"}
    assert meetings.call("POST", done, {"done_on": "2026-06-16"}).rules == {"done_on": "done-in-future"}
    first = meetings.call("POST", done, {"done_on": "2026-06-10"})
    again = meetings.call("POST", done, {"done_on": "2026-06-10"})
    other = meetings.call("POST", done, {"done_on": "2026-06-11"})

    assert (first.status, first.body["status"], first.body["version"]) == (200, "done", 2)
    assert again.body == first.body
    assert (other.status, other.body["rule"]) == (409, "task-done")
    assert [event["version"] for event in meetings.events("meetings.tasks.v1")] == [1, 2]
    assert task["meeting_id"] == meeting_id


def test_a_plan_sent_again_changes_nothing(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    again = meetings.call("PUT", f"/meetings/{meeting_id}", village.plan())
    assert (again.status, again.body["version"]) == (200, 1)
    assert len(meetings.events()) == 1


def test_a_meeting_not_held_leaves_its_month_to_another(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    closed = meetings.call("POST", f"/meetings/{meeting_id}/not-held", {"reason": "Bão"})
    assert (closed.body["status"], closed.body["not_held_reason"]) == ("not_held", "Bão")
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).body["rule"] == "not-held"
    assert meetings.call("PUT", f"/meetings/{uuid4()}", village.plan(date(2026, 6, 10))).status == 201


def test_exempt_members_who_came_may_vote_and_owe_nothing(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    came = village.attendance(absent=[], exempt_present=[str(VETERAN)])
    taken = meetings.call("PUT", f"/meetings/{meeting_id}/attendance", came)
    votes = {"for": 6, "against": 0, "abstaining": 0}
    written = meetings.call(
        "PUT", f"/meetings/{meeting_id}/minutes", village.minutes(resolution={"text": "Đồng ý.", "votes": votes})
    )
    assert (taken.body["attendance"]["owed"], taken.body["attendance"]["present"]) == (6, 6)
    assert written.status == 200, written.body
    assert written.body["minutes"]["voters"] == 6


def test_lists_are_paged_and_attendance_is_counted_by_member(meetings: Meetings) -> None:
    days = [date(2026, month, 3) for month in range(1, 6)]
    assert meetings.bring_in(meetings=[village.row(day) for day in days]).status == 200
    listed: list[str] = []
    path: str | None = f"/meetings?unit_id={village.BRANCH}&limit=2"
    while path:
        page = meetings.call("GET", path).body
        listed += [item["period"] for item in page["items"]]
        cursor = page["next_cursor"]
        path = f"/meetings?unit_id={village.BRANCH}&limit=2&cursor={cursor}" if cursor else None
    assert listed == ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]

    answer = meetings.call("GET", f"/units/{village.BRANCH}/attendance?first=2026-02&last=2026-04")
    by_member = {item["member_id"]: item for item in answer.body["items"]}
    assert len(by_member) == 6
    assert by_member[str(FOURTH)]["absent_with_reason"] == by_member[str(FOURTH)]["owed"] == 3
    assert by_member[str(NOVICE)]["absent_without_reason"] == 3
    assert (by_member[str(THIRD)]["present"], by_member[str(village.FIFTH)]["late"]) == (3, 3)


@pytest.mark.parametrize("path", ["/meetings/{}", "/meetings/{}/revisions"])
def test_an_unknown_meeting_is_not_found_by_those_who_may_know_of_all(meetings: Meetings, path: str) -> None:
    answer = meetings.call("GET", path.format(uuid4()), token=meetings.root)
    assert (answer.status, answer.body["rule"]) == (404, "unknown-meeting")
