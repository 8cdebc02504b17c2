"""A wrong click taken back within minutes; tasks carried from month to month; the yardstick of the last resolution."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import Meetings


def _undo(meetings: Meetings, meeting_id: str, **options: Any) -> village.Answer:
    return meetings.call("POST", f"/meetings/{meeting_id}/undo", {}, **options)


def test_an_adoption_taken_back_keeps_its_revision_and_can_be_adopted_again(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    before = meetings.call("GET", f"/meetings/{meeting_id}").body

    back = _undo(meetings, meeting_id)

    assert back.status == 200, back.body
    assert (back.body["status"], back.body["revision"], back.body["version"]) == ("planned", 0, before["version"] + 1)
    assert back.body["minutes"] == before["minutes"]
    (withdrawn,) = meetings.call("GET", f"/meetings/{meeting_id}/revisions").body["items"]
    assert (withdrawn["revision"], withdrawn["withdrawn"]) == (1, True)
    assert meetings.events("meetings.tasks.v1")[-1]["status"] == "cancelled"
    again = meetings.call("POST", f"/meetings/{meeting_id}/adoption", {})
    assert (again.status, again.body["revision"]) == (200, 1)
    assert [one["withdrawn"] for one in meetings.call("GET", f"/meetings/{meeting_id}/revisions").body["items"]] == [
        False,
        True,
    ]
    assert [event["status"] for event in meetings.events()][-3:] == ["adopted", "planned", "adopted"]
    assert [event["revision"] for event in meetings.events()][-3:] == [1, 0, 1]
    assert meetings.events("meetings.tasks.v1")[-1]["status"] == "assigned"
    assert again.body["steps"]["undone"][0]["what"] == "adoption"


def _by_another(meetings: Meetings) -> village.Answer:
    return _undo(meetings, meetings.adopted(), token=meetings.officer)


def _too_late(meetings: Meetings) -> village.Answer:
    meeting_id = meetings.adopted()
    meetings.set_clock("2026-06-15T08:10:01+07:00")
    return _undo(meetings, meeting_id)


def _corrected(meetings: Meetings) -> village.Answer:
    meeting_id = meetings.adopted()
    correction = {"reason": "Sửa", "attendance": village.attendance(late=[])}
    assert meetings.call("POST", f"/meetings/{meeting_id}/corrections", correction).status == 200
    return _undo(meetings, meeting_id)


def _task_done(meetings: Meetings) -> village.Answer:
    meeting_id = meetings.adopted()
    (task,) = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}").body["items"]
    meetings.call("POST", f"/tasks/{task['task_id']}/completion", {"done_on": "2026-06-10"})
    return _undo(meetings, meeting_id)


def _graded(meetings: Meetings) -> village.Answer:
    meeting_id = meetings.adopted()
    official = village.score() | {"remarks": ""}
    meetings.call("PUT", f"/meetings/{meeting_id}/official-score", official, token=meetings.officer)
    return _undo(meetings, meeting_id)


def _later_minutes(meetings: Meetings) -> village.Answer:
    row = village.row(date(2026, 5, 3))
    meetings.bring_in(meetings=[row])
    meeting_id = meetings.planned(day=date(2026, 4, 3))
    for part, body in (("attendance", village.attendance()), ("minutes", village.minutes(date(2026, 4, 3)))):
        assert meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body).status == 200
    assert meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).status == 200
    return _undo(meetings, meeting_id)


def _brought_in(meetings: Meetings) -> village.Answer:
    row = village.row()
    meetings.bring_in(meetings=[row])
    return _undo(meetings, row["meeting_id"])


@pytest.mark.parametrize(
    ("arrange", "rule"),
    [
        (_by_another, "undo-by-another"),
        (_too_late, "undo-too-late"),
        (_corrected, "undo-stood-on"),
        (_task_done, "undo-stood-on"),
        (_graded, "undo-stood-on"),
        (_later_minutes, "undo-stood-on"),
        (_brought_in, "nothing-to-undo"),
        (lambda meetings: _undo(meetings, meetings.planned()), "nothing-to-undo"),
    ],
)
def test_what_is_not_undone(meetings: Meetings, arrange: Any, rule: str) -> None:
    answer = arrange(meetings)
    assert (answer.status, answer.body["rule"]) == (409, rule), answer.body
    assert answer.body["source"]


def test_not_held_is_undone_while_its_month_is_free(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    meetings.call("POST", f"/meetings/{meeting_id}/not-held", {"reason": "Bão"})
    assert _undo(meetings, meeting_id).body["status"] == "planned"
    meetings.call("POST", f"/meetings/{meeting_id}/not-held", {"reason": "Bão"})
    meetings.planned(day=date(2026, 6, 10))
    taken = _undo(meetings, meeting_id)
    assert (taken.status, taken.body["rule"]) == (409, "one-regular-meeting-a-month")


def test_a_completion_is_undone_until_later_minutes_count_it(meetings: Meetings) -> None:
    meetings.bring_in(meetings=[village.row(date(2026, 5, 3))])
    (task,) = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}").body["items"]
    path = f"/tasks/{task['task_id']}"
    evidence = {"evidence_id": str(uuid4()), "title": "Biên bản", "reference": "Số 12"}
    done = meetings.call("POST", f"{path}/completion", {"done_on": "2026-06-01", "evidence": [evidence]})
    assert (done.body["state"], done.body["evidence"]) == ("done_late", [evidence])
    undone = meetings.call("POST", f"{path}/undo", {})
    assert (undone.status, undone.body["status"], undone.body["version"]) == (200, "assigned", 3)
    assert meetings.call("POST", f"{path}/undo", {}).body["rule"] == "nothing-to-undo"
    meetings.call("POST", f"{path}/completion", {"done_on": "2026-06-01"})
    assert meetings.call("POST", f"{path}/undo", {}, token=meetings.officer).body["rule"] == "undo-by-another"
    meetings.adopted()
    assert meetings.call("POST", f"{path}/undo", {}).body["rule"] == "undo-stood-on"
    assert [event["status"] for event in meetings.events("meetings.tasks.v1")][:4] == [
        "assigned",
        "done",
        "assigned",
        "done",
    ]


def test_a_task_goes_on_under_its_id_and_is_counted_each_month(meetings: Meetings) -> None:
    may = date(2026, 5, 3)
    kept, left, dropped = village.task(may), village.task(may), village.task(may)
    meetings.bring_in(meetings=[village.row(may, minutes=village.minutes(may, tasks=[kept, left, dropped]))])
    meetings.call("POST", f"/tasks/{kept['task_id']}/completion", {"done_on": "2026-05-20"})

    yardstick = meetings.call("GET", f"/units/{village.BRANCH}/last-resolution?before=2026-06-03").body
    states = {task["task_id"]: task["state"] for task in yardstick["tasks"]}
    assert states == {kept["task_id"]: "done", left["task_id"]: "late", dropped["task_id"]: "late"}
    assert (yardstick["period"], yardstick["total"], yardstick["done"], yardstick["late"]) == ("2026-05", 3, 1, 2)

    meeting_id = meetings.recorded()
    carried = {"task_id": left["task_id"], "due_on": "2026-06-28"}
    meetings.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(tasks=[], carried_over=[carried]))
    adopted = meetings.call("POST", f"/meetings/{meeting_id}/adoption", {}).body
    assert adopted["steps"]["results"] == {
        "meeting_id": yardstick["meeting_id"],
        "tasks": 3,
        "done": 1,
        "done_late": 0,
        "carried_over": 1,
    }
    told = meetings.events()[-1]
    assert (told["tasks_carried_over"], told["last_resolution"]["done"]) == (1, 1)
    task = next(
        event for event in reversed(meetings.events("meetings.tasks.v1")) if event["task_id"] == left["task_id"]
    )
    assert (task["due_on"], task["due_now"], task["carried_over"]) == ("2026-05-28", "2026-06-28", 1)
    june = meetings.call("GET", f"/units/{village.BRANCH}/last-resolution").body
    assert [(one["task_id"], one["state"]) for one in june["tasks"]] == [(left["task_id"], "carried_over")]

    assert _undo(meetings, meeting_id).status == 200
    again = meetings.call("GET", f"/tasks?unit_id={village.BRANCH}").body["items"]
    assert {one["task_id"]: one["carried_over"] for one in again}[left["task_id"]] == []


def test_there_is_no_yardstick_before_the_first_meeting(meetings: Meetings) -> None:
    answer = meetings.call("GET", f"/units/{village.BRANCH}/last-resolution")
    assert (answer.status, answer.body["rule"]) == (404, "no-last-resolution")
