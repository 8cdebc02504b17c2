"""From an event to its parts: what each member of it counts for, and that no part is counted from nothing."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest

from services.evaluation import decode, facts, fold, sheets
from services.evaluation.figures import SUMMED_NAMES
from tests.support import events

BRANCH = uuid4()
BANDS = [fold.GradeBands(date(2018, 7, 6), None, 9000, 7000, 5000)]
Changes = dict[str, Any]


def _groups(by: str, *groups: tuple[str, int, int]) -> Changes:
    attendance = {"owed": 10, "present": 8, "absent_with_reason": 1, "absent_without_reason": 1, "late": 0}
    told = [{"by": by, "group": group, "owed": owed, "present": present} for group, owed, present in groups]
    return {"attendance": attendance | {"groups": told}}


def _late(count: int) -> Changes:
    came = _groups("post")["attendance"]
    return {"attendance": came | {"late": count}}


def _scores(**points: float) -> Changes:
    return {"scores": {who: {"points": given, "frame": "hd-42-2025"} for who, given in points.items()}}


def parts_of(*meetings: Changes) -> dict[str, int]:
    """The parts of meetings of one branch and month that are not zero."""
    told = [
        events.decoded("meetings.meeting.v1", events.meeting(BRANCH, "2025-06", **one), decode.meeting).data
        for one in meetings
    ]
    vectors = fold.vectors(facts.meeting_facts(told), pl.DataFrame(schema=facts.TASK_FACT), BANDS)
    rows = vectors.select(SUMMED_NAMES).rows(named=True)
    return {name: count for row in rows for name, count in row.items() if count}


PLAIN = parts_of({})
"""What an older event's meeting counts for, which tells nothing of the members added since."""
CASES: list[tuple[Changes, dict[str, int]]] = [
    (_late(2), {"late_arrivals": 2}),
    (
        _groups("age_band", ("18-30", 3, 2), ("31-40", 2, 2), ("41-50", 1, 1), ("51-60", 1, 0)),
        {
            "owed_age_18_30": 3,
            "present_age_18_30": 2,
            "owed_age_31_40": 2,
            "present_age_31_40": 2,
            "owed_age_41_50": 1,
            "present_age_41_50": 1,
            "owed_age_51_60": 1,
        },
    ),
    (
        _groups("age_band", ("51-60", 1, 1), ("61+", 5, 4), ("unknown", 2, 1), ("100+", 1, 1)),
        {
            "owed_age_51_60": 1,
            "present_age_51_60": 1,
            "owed_age_61_up": 5,
            "present_age_61_up": 4,
            "owed_age_unknown": 2,
            "present_age_unknown": 1,
        },
    ),
    (
        _groups("post", ("secretary", 1, 1), ("deputy_secretary", 1, 1), ("committee_member", 2, 1), ("none", 6, 5)),
        {
            "owed_secretary": 1,
            "present_secretary": 1,
            "owed_deputy": 1,
            "present_deputy": 1,
            "owed_committee": 2,
            "present_committee": 1,
            "owed_without_post": 6,
            "present_without_post": 5,
        },
    ),
    (_groups("agency", ("ubnd", 4, 4)), {}),
    ({"members_with_task": 2}, {"task_members_known": 1, "members_with_task": 2}),
    ({"members_with_task": 0}, {"task_members_known": 1}),
    ({"last_resolution": {"tasks": 4, "done": 3}}, {"last_tasks": 4, "last_tasks_done": 3}),
    ({"superior_assigned": True, "superior_attended": True}, {"superior_assigned": 1, "superior_attended": 1}),
    ({"superior_assigned": True, "superior_attended": None}, {"superior_assigned": 1}),
    ({"superior_assigned": False, "superior_attended": True}, {}),
    ({"superior_attended": True}, {}),
    ({"duration_kept": True, "duration_minutes": 95}, {"duration_known": 1, "duration_kept": 1}),
    ({"duration_kept": False}, {"duration_known": 1}),
    ({"on_set_day": True}, {"on_set_day_known": 1, "on_set_day": 1}),
    ({"on_set_day": False}, {"on_set_day_known": 1}),
    (
        {"preparation": {"pre_meeting_held": True, "notice_given": True, "documents_day_before": True}},
        {"preparation_known": 1, "pre_meeting_held": 1, "notice_given": 1, "documents_in_time": 1},
    ),
    ({"preparation": {}}, {"preparation_known": 1}),
    (
        {"signals": {"codes": ["copied"]}, "copies": {"count": 1, "likeness": 0.9}},
        dict.fromkeys(("copied", "examined", "signalled"), 1),
    ),
    ({"signals": {"codes": []}, "copies": None}, {"examined": 1}),
    (
        {**_scores(self=91.5, voted=88.25, official=95.0)},
        {
            "voted_scored": 1,
            "voted_points_hundredths": 8825,
            "official_scored": 1,
            "official_points_hundredths": 9500,
            "official_good": 1,
            "both_scored": 1,
            "self_above_official_hundredths": -350,
            "self_from_official_hundredths": 350,
        },
    ),
]


@pytest.mark.parametrize(("changes", "counted"), CASES)
def test_what_a_member_tells_is_counted(changes: Changes, counted: dict[str, int]) -> None:
    assert parts_of(changes) == PLAIN | counted


@pytest.mark.parametrize(
    ("points", "grade"), [(90.0, "good"), (89.99, "fair"), (70.0, "fair"), (50.0, "average"), (49.99, "weak")]
)
def test_official_grades_are_bounded_below(points: float, grade: str) -> None:
    found = parts_of(_scores(official=points))
    assert {name for name in found if name.startswith("official_")} == {
        "official_scored",
        "official_points_hundredths",
        f"official_{grade}",
    }


def test_distances_do_not_cancel_each_other() -> None:
    found = parts_of(_scores(self=90.0, official=80.0), _scores(self=70.0, official=80.0))
    assert found["self_from_official_hundredths"] == 2000
    assert "self_above_official_hundredths" not in found


def test_what_is_asked_of_regular_meetings_is_not_counted_of_others() -> None:
    told = {name: value for changes, _ in CASES for name, value in changes.items()}
    thematic = parts_of(told | {"kind": "thematic"})
    assert {"superior_assigned", "duration_known", "preparation_known", "both_scored", "task_members_known"}.isdisjoint(
        thematic
    )
    assert {"thematic_held", "owed", "examined"} <= thematic.keys()
    assert parts_of(told | {"kind": "committee"}).keys() == {"other_held", "tasks_assigned"}


def test_a_version_that_lacks_what_an_older_one_told_is_taken_as_it_stands() -> None:
    meeting_id = uuid4()
    newer = {"meeting_id": meeting_id, "version": 2}
    assert parts_of({"meeting_id": meeting_id, "members_with_task": 2, "duration_kept": True}, newer) == PLAIN


def test_what_an_event_does_not_tell_is_unknown() -> None:
    one = events.decoded("meetings.meeting.v1", events.meeting(BRANCH, "2025-06"), decode.meeting).data
    row = facts.meeting_facts([one]).row(0, named=True)
    unknown = {*facts.BY_GROUP, "members_with_task", "superior_assigned", "duration_kept", "on_set_day", "signalled"}
    unknown |= {"pre_meeting_held", "copied", "official_points", "sections_empty", "agencies", "self_groups"}
    assert {name for name in unknown if row[name] is None} == unknown
    assert row["known_at"].startswith("20")


def test_sections_and_agencies_are_kept_as_postgresql_writes_them() -> None:
    sections = [
        {"code": "opening", "required": True, "state": "filled"},
        {"code": "discussion", "required": True, "state": "short"},
        {"code": 'a"b\\c', "required": True, "state": "empty"},
    ]
    minutes = events.meeting(BRANCH, "2025-06")["minutes"] | {"sections": sections}
    changes = {"minutes": minutes, **_groups("agency", ("ubnd", 4, 3), ("mttq", 2, 2))}
    told = events.meeting(BRANCH, "2025-06", **changes)
    one = events.decoded("meetings.meeting.v1", told, decode.meeting).data
    row = facts.meeting_facts([one]).row(0, named=True)
    assert (row["sections_empty"], row["sections_short"]) == ('{"a\\"b\\\\c"}', '{"discussion"}')
    assert row["agencies"] == '{"ubnd":[4,3],"mttq":[2,2]}'


def test_no_part_is_counted_from_nothing() -> None:
    """Each declared part is not zero in one of the cases here, or in one whose tests stand elsewhere."""
    grades: list[Changes] = [_scores(self=points, official=points) for points in (90.0, 80.0, 60.0, 10.0)]
    late: Changes = {"reported_at": None}
    kinds: list[Changes] = [{"kind": kind} for kind in ("thematic", "committee")]
    not_held: Changes = {"status": "not_held", "revision": 0, "attendance": None, "minutes": None}
    cases: list[Changes] = [{}, late, not_held, {"revision": 2}, *kinds, *grades, *(changes for changes, _ in CASES)]
    counted = {name for changes in cases for name in parts_of(changes)}
    done: Changes = {"status": "done", "done_on": "2025-07-02"}
    task = events.decoded("meetings.task.v1", events.task(BRANCH, date(2025, 6, 20), **done), decode.task).data
    of_tasks = fold.vectors(pl.DataFrame(schema=facts.MEETING_FACT), facts.task_facts([task]), BANDS)
    counted |= {name for name in SUMMED_NAMES if of_tasks[name].sum()}
    counted |= _of_sheets()
    assert counted == set(SUMMED_NAMES)


def _of_sheets() -> set[str]:
    one = {name: 1 if dtype.is_numeric() else None for name, dtype in pl.Schema(sheets.SHEET).items()}
    row = one | {"branch_id": str(UUID(int=1)), "month": "2025-06", "kind": "regular"}
    vectors = sheets.vectors(pl.DataFrame([row], schema=dict(sheets.SHEET)))
    return {name for name in SUMMED_NAMES if vectors[name].sum()}
