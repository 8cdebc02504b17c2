"""What is refused, by which rule; a refusal leaves no trace."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.meetings import village
from tests.integration.meetings.village import AWAY, FOURTH, NOVICE, THIRD, VETERAN, Answer, Meetings

_STRANGER = str(uuid4())


def _absent(member_id: object) -> dict[str, Any]:
    return village.attendance(absent=[{"member_id": str(member_id), "reason": None}], late=[])


def _votes(count: int) -> dict[str, Any]:
    return village.minutes(resolution={"text": "Đồng ý.", "votes": {"for": count - 1, "against": 1, "abstaining": 0}})


@pytest.mark.parametrize(
    ("part", "body", "rules"),
    [
        ("attendance", _absent(_STRANGER), {"absent[0].member_id": "not-a-member"}),
        ("attendance", _absent(VETERAN), {"absent[0].member_id": "owes-no-attendance"}),
        ("attendance", _absent(AWAY), {"absent[0].member_id": "owes-no-attendance"}),
        ("attendance", village.attendance(late=[str(FOURTH)]), {"late[0]": "absent-and-late"}),
        ("attendance", village.attendance(late=[str(THIRD), str(THIRD)]), {"late[1]": "named-twice"}),
        ("attendance", village.attendance(exempt_present=[str(THIRD)]), {"exempt_present[0]": "not-exempt"}),
        ("minutes", _votes(6), {"resolution.votes": "votes-over-denominator"}),
        ("minutes", _votes(5), {"resolution.votes": "votes-over-those-present"}),
        ("minutes", village.minutes(chair_id=_STRANGER), {"chair_id": "not-a-member"}),
        ("minutes", village.minutes(secretary_id=str(NOVICE)), {"secretary_id": "was-absent"}),
        (
            "minutes",
            village.minutes(ended_at="2026-06-03T19:00:00+07:00", opinions=[{"member_id": _STRANGER, "text": "?"}]),
            {"ended_at": "ends-before-it-starts", "opinions[0].member_id": "not-a-member"},
        ),
        ("minutes", village.minutes(started_at="2026-06-02T19:00:00+07:00"), {"started_at": "another-day"}),
        (
            "minutes",
            village.minutes(tasks=[village.task(due_on="2026-06-02", member_id=_STRANGER)]),
            {"tasks[0].member_id": "not-a-member", "tasks[0].due_on": "due-before-assigned"},
        ),
        ("minutes", village.minutes(tasks=[village.task(due_on="9999-12-31")]), {"tasks[0].due_on": "outside-years"}),
        ("minutes", village.minutes(ended_at="9999-12-31T21:00:00-12:00"), {"ended_at": "outside-years"}),
        ("score", {"points": {"conduct": "36"}}, {"points[...]": "field"}),
        ("score", village.score(conduct=40.5), {"points.conduct": "points-out-of-range"}),
        ("score", village.score(spirit=1), {"points.spirit": "group-not-in-frame"}),
        ("score", {"points": {}}, dict.fromkeys((f"points.{name}" for name in village.score()["points"]),
                                                "group-without-points")),
    ],
)  # fmt: skip
def test_a_faulty_part_is_refused_by_field_and_rule(
    meetings: Meetings, part: str, body: dict[str, Any], rules: dict[str, str]
) -> None:
    meeting_id = meetings.planned()
    if part != "attendance":
        meetings.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance())
    before = meetings.tables()

    answer = meetings.call("PUT", f"/meetings/{meeting_id}/{part}", body)

    assert (answer.status, answer.rules) == (422, rules), answer.body
    assert meetings.tables() == before


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({"unit_id": str(village.COMMUNE)}, {"unit_id": "not-a-branch"}),
        ({"starts_at": "2019-12-31T19:30:00+07:00"}, {"unit_id": "unit-not-in-force"}),
        ({"starts_at": "2026-06-03T19:30:00"}, {"starts_at": "field"}),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, {"starts_at": "outside-years"}),
        ({"starts_at": "9999-12-31T20:00:00+07:00"}, {"starts_at": "outside-years"}),
        ({"place": ""}, {"place": "field"}),
        ({"kind": "party"}, {"kind": "field"}),
        ({"name": "x"}, {"name": "field"}),
    ],
)
def test_a_faulty_plan_is_refused(meetings: Meetings, changes: dict[str, Any], rules: dict[str, str]) -> None:
    before = meetings.tables()
    answer = meetings.call("PUT", f"/meetings/{uuid4()}", village.plan(**changes), token=meetings.root)
    assert (answer.status, answer.rules) == (422, rules), answer.body
    assert meetings.tables() == before


def _second_regular(service: Meetings) -> Callable[[], Answer]:
    service.planned()
    return lambda: service.call("PUT", f"/meetings/{uuid4()}", village.plan(date(2026, 6, 20)))


def _moved_into_another_month(service: Meetings) -> Callable[[], Answer]:
    service.planned()
    other = service.planned(day=date(2026, 7, 3))
    return lambda: service.call("PUT", f"/meetings/{other}", village.plan(date(2026, 6, 20)))


def _moved_after_recording(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.recorded()
    return lambda: service.call("PUT", f"/meetings/{meeting_id}", village.plan(date(2026, 6, 4)))


def _edited_after_adoption(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.adopted()
    return lambda: service.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes(opinions=[]))


def _adopted_twice(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.adopted()
    return lambda: service.call("POST", f"/meetings/{meeting_id}/adoption", {})


def _adopted_without_attendance(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.planned()
    service.call("PUT", f"/meetings/{meeting_id}/minutes", village.minutes())
    return lambda: service.call("POST", f"/meetings/{meeting_id}/adoption", {})


def _adopted_without_minutes(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.planned()
    service.call("PUT", f"/meetings/{meeting_id}/attendance", village.attendance())
    return lambda: service.call("POST", f"/meetings/{meeting_id}/adoption", {})


def _adopted_before_it_began(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.recorded()
    service.set_clock("2026-06-03T19:00:00+07:00")
    return lambda: service.call("POST", f"/meetings/{meeting_id}/adoption", {})


def _corrected_before_adoption(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.recorded()
    body = {"reason": "Sửa", "attendance": village.attendance(guests=2)}
    return lambda: service.call("POST", f"/meetings/{meeting_id}/corrections", body)


def _meeting_of_another_branch(service: Meetings) -> Callable[[], Answer]:
    meeting_id = service.planned()
    taken = village.plan(unit_id=str(village.OTHER_BRANCH))
    return lambda: service.call("PUT", f"/meetings/{meeting_id}", taken, token=service.stranger)


@pytest.mark.parametrize(
    ("arrange", "rule"),
    [
        (_second_regular, "one-regular-meeting-a-month"),
        (_moved_into_another_month, "one-regular-meeting-a-month"),
        (_moved_after_recording, "already-recorded"),
        (_edited_after_adoption, "adopted"),
        (_adopted_twice, "adopted"),
        (_adopted_without_attendance, "attendance-missing"),
        (_adopted_without_minutes, "minutes-missing"),
        (_adopted_before_it_began, "meeting-in-future"),
        (_corrected_before_adoption, "not-adopted"),
        (_meeting_of_another_branch, "meeting-of-another-branch"),
    ],
)
def test_what_the_state_forbids_is_a_conflict(
    meetings: Meetings, arrange: Callable[[Meetings], Callable[[], Answer]], rule: str
) -> None:
    act = arrange(meetings)
    before = meetings.tables()
    answer = act()
    assert (answer.status, answer.body["rule"]) == (409, rule), answer.body
    assert meetings.tables() == before


def test_what_was_recorded_is_examined_again_as_a_whole_at_adoption(meetings: Meetings) -> None:
    meeting_id = meetings.recorded()
    chair_away = village.attendance(absent=[{"member_id": str(village.SECRETARY), "reason": "Ốm"}])
    meetings.call("PUT", f"/meetings/{meeting_id}/attendance", chair_away)
    answer = meetings.call("POST", f"/meetings/{meeting_id}/adoption", {})
    assert answer.status == 422
    assert answer.rules == {"minutes.chair_id": "was-absent", "minutes.opinions[0].member_id": "was-absent"}


def test_a_correction_that_corrects_nothing_is_refused(meetings: Meetings) -> None:
    meeting_id = meetings.adopted()
    before = meetings.tables()
    body = {"reason": "Sửa", "attendance": village.attendance()}
    answer = meetings.call("POST", f"/meetings/{meeting_id}/corrections", body)
    assert (answer.status, answer.rules) == (422, {"(body)": "nothing-corrected"})
    assert meetings.tables() == before


def test_a_rule_names_its_source_and_what_to_do_in_both_languages(meetings: Meetings) -> None:
    meeting_id = meetings.planned()
    (error,) = meetings.call("PUT", f"/meetings/{meeting_id}/minutes", _votes(6)).body["errors"]
    assert error["message"].startswith("Có 6 phiếu nhưng chỉ 5 đảng viên chính thức")
    assert "Điều lệ Đảng" in error["source"]
