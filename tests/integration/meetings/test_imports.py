"""The bulk door: all rows or none, judged as the single doors judge; the same rows again change nothing."""

from copy import deepcopy
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from services.meetings.api.tasks import ROWS_LIMIT
from tests.integration.meetings import village
from tests.integration.meetings.village import Meetings


def _not_held(day: date, **changes: Any) -> dict[str, Any]:
    return village.plan(day) | {"meeting_id": str(uuid4()), "reason": "Bão"} | changes


def test_held_meetings_tasks_and_completions_come_in_with_one_event_each(meetings: Meetings) -> None:
    held = village.row()
    missed = _not_held(date(2026, 5, 3))
    task_id = held["minutes"]["tasks"][0]["task_id"]

    answer = meetings.bring_in(
        meetings=[held], not_held=[missed], completions=[{"task_id": task_id, "done_on": "2026-06-10"}]
    )

    assert answer.status == 200, answer.body
    assert answer.body == {
        "meetings": {"created": 1, "corrected": 0, "unchanged": 0},
        "not_held": {"created": 1, "unchanged": 0},
        "completions": {"done": 1, "unchanged": 0},
    }
    by_id = {event["meeting_id"]: event for event in meetings.events()}
    told = by_id[held["meeting_id"]]
    assert (told["version"], told["status"], told["revision"], told["period"]) == (1, "adopted", 1, "2026-06")
    assert told["report_due_at"] == "2026-06-05T16:59:59.999999+00:00"
    assert by_id[missed["meeting_id"]]["status"] == "not_held"
    (task,) = meetings.events("meetings.tasks.v1")
    assert (task["task_id"], task["version"], task["status"], task["done_on"]) == (task_id, 1, "done", "2026-06-10")


def test_a_meeting_brought_in_tells_the_same_as_one_typed_in(meetings: Meetings) -> None:
    typed_id = meetings.recorded()
    meetings.set_clock("2026-06-03T22:00:00+07:00")
    meetings.call("POST", f"/meetings/{typed_id}/adoption", {})
    typed = meetings.events()[-1]
    now = "2026-06-03T22:00:00+07:00"
    other = village.row(adopted_at=now, reported_at=now, unit_id=str(village.OTHER_BRANCH))
    meetings.feed("registry.roster.v1", village.roster(village.OTHER_BRANCH))

    assert meetings.bring_in(meetings=[other]).status == 200

    brought = meetings.events()[-1]
    differing = {name for name in typed if typed[name] != brought[name]}
    assert differing == {"meeting_id", "unit_id", "version"}


def test_the_same_rows_again_change_nothing(meetings: Meetings) -> None:
    held = village.row()
    rows = {
        "meetings": [held],
        "not_held": [_not_held(date(2026, 5, 3))],
        "completions": [{"task_id": held["minutes"]["tasks"][0]["task_id"], "done_on": "2026-06-10"}],
    }
    meetings.bring_in(**rows)
    before = meetings.tables()

    again = meetings.bring_in(**rows)

    assert again.body == {
        "meetings": {"created": 0, "corrected": 0, "unchanged": 1},
        "not_held": {"created": 0, "unchanged": 1},
        "completions": {"done": 0, "unchanged": 1},
    }
    assert meetings.tables() == before


def test_other_contents_need_a_reason_and_become_a_correction(meetings: Meetings) -> None:
    held = village.row()
    meetings.bring_in(meetings=[held])
    other = deepcopy(held)
    other["minutes"]["sections"]["conclusion"] = ""

    refused = meetings.bring_in(meetings=[other])
    corrected = meetings.bring_in(meetings=[other | {"correction_reason": "Kết luận ghi nhầm"}])

    assert (refused.status, refused.rules) == (422, {"meetings[0]": "adopted"})
    assert corrected.body["meetings"] == {"created": 0, "corrected": 1, "unchanged": 0}
    told = meetings.events()[-1]
    assert (told["version"], told["revision"], told["minutes"]["complete"]) == (2, 2, False)
    assert told["reported_at"] == meetings.events()[0]["reported_at"]
    kept = meetings.call("GET", f"/meetings/{held['meeting_id']}/revisions").body["items"]
    assert [(item["revision"], item["reason"]) for item in kept] == [(2, "Kết luận ghi nhầm"), (1, None)]
    assert kept[1]["minutes"]["sections"]["conclusion"] == held["minutes"]["sections"]["conclusion"]


def test_a_planned_meeting_is_adopted_by_its_row(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    assert meetings.bring_in(meetings=[village.row(meeting_id=meeting_id)]).status == 200
    assert [(event["version"], event["status"]) for event in meetings.events()] == [(1, "planned"), (2, "adopted")]


def test_a_regular_meeting_may_make_up_for_one_that_the_same_import_says_was_not_held(meetings: Meetings) -> None:
    missed = meetings.planned(day=date(2026, 5, 3))
    made_up = village.row(date(2026, 5, 10), meeting_id="00000000-0000-7000-8000-000000000001")

    answer = meetings.bring_in(meetings=[made_up], not_held=[_not_held(date(2026, 5, 3), meeting_id=missed)])

    assert answer.status == 200, answer.body
    told = {event["meeting_id"]: event["status"] for event in meetings.events()}
    assert told == {missed: "not_held", made_up["meeting_id"]: "adopted"}


@pytest.mark.parametrize("order", [1, -1])
def test_rows_that_move_a_regular_meeting_leave_its_month_to_another_in_any_order(
    meetings: Meetings, order: int
) -> None:
    moved = village.row(date(2026, 6, 2), meeting_id=meetings.planned(day=date(2026, 5, 30)))
    other = village.row(date(2026, 5, 10), meeting_id="00000000-0000-7000-8000-000000000001")

    answer = meetings.bring_in(meetings=[moved, other][::order])

    assert answer.status == 200, answer.body
    periods = {event["meeting_id"]: event["period"] for event in meetings.events()}
    assert periods == {moved["meeting_id"]: "2026-06", other["meeting_id"]: "2026-05"}


def test_a_meeting_recorded_as_not_held_is_the_one_the_row_tells_of(meetings: Meetings) -> None:
    meeting_id = meetings.planned(day=date(2026, 5, 30), kind="thematic", theme="Xây dựng nông thôn mới")
    row = _not_held(date(2026, 4, 3), meeting_id=meeting_id)

    assert meetings.bring_in(not_held=[row]).status == 200
    again = meetings.bring_in(not_held=[row])
    other = meetings.bring_in(not_held=[row | {"starts_at": "2026-03-03T19:30:00+07:00"}])

    told = meetings.events()[-1]
    assert (told["version"], told["status"], told["kind"], told["period"]) == (2, "not_held", "regular", "2026-04")
    assert again.body["not_held"] == {"created": 0, "unchanged": 1}
    assert (other.status, other.rules) == (422, {"not_held[0]": "head-is-fixed"})


def test_faulty_rows_are_named_and_nothing_is_saved(meetings: Meetings) -> None:
    before = meetings.tables()
    nobody = str(uuid4())
    rows = [village.row(date(2026, month, 3)) for month in (1, 2, 3, 4, 5)]
    rows[1]["attendance"]["absent"][0]["member_id"] = nobody
    rows[1]["minutes"]["tasks"][0]["due_on"] = "2026-01-01"
    rows[2]["score"]["points"]["conduct"] = 41
    rows[3]["starts_at"] = "2026-01-20T19:30:00+07:00"
    rows[4]["meeting_id"] = rows[0]["meeting_id"]

    answer = meetings.bring_in(
        meetings=rows,
        not_held=[_not_held(date(2026, 1, 25))],
        completions=[{"task_id": nobody, "done_on": "2026-06-10"}],
    )

    assert answer.status == 422
    assert answer.rules == {
        "meetings[1].attendance.absent[0].member_id": "not-a-member",
        "meetings[1].minutes.tasks[0].due_on": "due-before-assigned",
        "meetings[2].score.points.conduct": "points-out-of-range",
        "meetings[3]": "one-regular-meeting-a-month",
        "meetings[4].meeting_id": "meeting-named-twice",
        "not_held[0]": "one-regular-meeting-a-month",
        "completions[0]": "unknown-task",
    }
    assert meetings.tables() == before


def test_rows_of_the_wrong_shape_are_named_by_field(meetings: Meetings) -> None:
    rows = [village.row(date(2026, 1, 3)), village.row(date(2026, 2, 3), place="", starts_at="hôm qua")]
    rows[0]["minutes"]["resolution"]["votes"]["for"] = -1
    rows[1]["minutes"]["tasks"] = [{"task_id": str(uuid4())}]
    answer = meetings.bring_in(meetings=rows)
    assert answer.status == 422
    assert set(answer.rules) == {
        "meetings[0].minutes.resolution.votes.for",
        "meetings[1].place",
        "meetings[1].starts_at",
        "meetings[1].minutes.tasks[0].member_id",
        "meetings[1].minutes.tasks[0].content",
        "meetings[1].minutes.tasks[0].due_on",
    }


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        (
            {"starts_at": "2026-06-20T19:30:00+07:00", "minutes": village.minutes(date(2026, 6, 20))},
            {"meetings[0]": "meeting-in-future"},
        ),
        ({"adopted_at": "2026-06-03T19:00:00+07:00"}, {"meetings[0].adopted_at": "adopted-before-the-meeting"}),
        ({"reported_at": "2026-06-03T20:00:00+07:00"}, {"meetings[0].reported_at": "reported-before-adopted"}),
        ({"reported_at": "2026-06-16T20:00:00+07:00"}, {"meetings[0].reported_at": "time-in-future"}),
    ],
)
def test_times_are_in_order_and_past(meetings: Meetings, changes: dict[str, Any], rules: dict[str, str]) -> None:
    before = meetings.tables()
    answer = meetings.bring_in(meetings=[village.row(**changes)])
    assert (answer.status, answer.rules) == (422, rules), answer.body
    assert meetings.tables() == before


def test_a_branch_whose_roster_has_not_arrived_is_worth_another_try(meetings: Meetings) -> None:
    row = village.row(unit_id=str(village.OTHER_BRANCH))
    early = meetings.bring_in(meetings=[village.row(), row])
    assert (early.status, early.body["rule"]) == (409, "unit-not-here-yet")
    assert early.rules == {"meetings[1]": "unit-not-here-yet"}

    meetings.feed("registry.roster.v1", village.roster(village.OTHER_BRANCH))

    assert meetings.bring_in(meetings=[row]).status == 200


def test_rows_outside_the_actors_rights_are_named(meetings: Meetings) -> None:
    before = meetings.tables()
    outside = village.row(unit_id=str(village.PROVINCE))
    answer = meetings.bring_in(meetings=[village.row(), outside])
    assert (answer.status, answer.rules) == (403, {"meetings[1].unit_id": "outside-rights"})
    assert meetings.tables() == before


def test_more_rows_than_the_limit_are_refused(meetings: Meetings) -> None:
    row = {"task_id": str(uuid4()), "done_on": "2026-06-10"}
    answer = meetings.bring_in(completions=[row] * (ROWS_LIMIT + 1))
    assert (answer.status, answer.body["rule"]) == (422, "too-many-rows")
