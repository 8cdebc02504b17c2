"""The dated rules and what they find."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.findings import ceased, of_meeting
from services.notifications.domain.meetings import Meeting, newest
from services.notifications.domain.rules import Attendance, Audience, Incomplete, Rulebook, Version, in_force

MEETING, BRANCH = UUID(int=1), UUID(int=2)
CHANGE = date(2025, 10, 28)


def version(value: Any, valid_from: date, valid_to: date | None = None) -> Version[Any]:
    return Version(valid_from, valid_to, value, "Ban Tổ chức Trung ương", f"HD {valid_from.year}")


RULEBOOK = Rulebook(
    minutes_incomplete=(version(Incomplete(needs_conclusion=True, least_tasks=1), date(2018, 7, 6)),),
    attendance_low=(
        version(Attendance(percent=85, comparison="over"), date(2018, 7, 6), CHANGE),
        version(Attendance(percent=90, comparison="at_least"), CHANGE),
    ),
    meeting_notified=(version(Audience(unit=True, superior=True), date(2018, 7, 6)),),
)
CALLED: dict[str, Any] = {
    "starts_at": datetime(2026, 7, 3, 12, 30, tzinfo=UTC),
    "notified_at": datetime(2026, 7, 1, 1, 0, tzinfo=UTC),
}


def meeting(**changes: Any) -> Meeting:
    whole: dict[str, Any] = {
        "meeting_id": MEETING,
        "version": 1,
        "unit_id": BRANCH,
        "kind": "regular",
        "period": "2026-07",
        "status": "adopted",
        "day": date(2026, 7, 3),
        "owed": 20,
        "present": 20,
        "has_conclusion": True,
        "tasks": 1,
    }
    return Meeting(**whole | changes)


@pytest.mark.parametrize(
    ("day", "percent"),
    [(date(2018, 7, 5), None), (date(2018, 7, 6), 85), (CHANGE - timedelta(days=1), 85), (CHANGE, 90)],
)
def test_the_version_in_force_is_the_one_of_the_day(day: date, percent: int | None) -> None:
    found = in_force(RULEBOOK.attendance_low, day)
    assert (found.value.percent if found else None) == percent


@pytest.mark.parametrize(
    ("bar", "present", "owed", "met"),
    [
        (Attendance(90, "at_least"), 9, 10, True),
        (Attendance(90, "at_least"), 899, 1000, False),
        (Attendance(85, "over"), 17, 20, False),
        (Attendance(85, "over"), 18, 20, True),
    ],
)
def test_a_bar_is_exact(bar: Attendance, present: int, owed: int, met: bool) -> None:
    assert bar.is_met(present, owed) is met


@given(st.integers(1, 500), st.integers(0, 500), st.integers(0, 100))
def test_over_is_never_easier_than_at_least(owed: int, present: int, percent: int) -> None:
    over, at_least = (Attendance(percent, how).is_met(present, owed) for how in ("over", "at_least"))
    assert at_least or not over


def test_what_is_lacking_is_found_with_its_facts_and_source() -> None:
    minutes, attendance = of_meeting(meeting(has_conclusion=False, tasks=0, present=17), RULEBOOK)
    assert minutes.cause == ("minutes_incomplete", str(MEETING))
    assert minutes.facts == {"lacks_conclusion": True, "lacks_tasks": True, "tasks": 0}
    assert attendance.facts == {"present": 17, "owed": 20, "percent": 90, "comparison": "at_least"}
    assert attendance.source == "Ban Tổ chức Trung ương, HD 2025"


@pytest.mark.parametrize("changes", [{"kind": "committee"}, {"status": "planned"}, {"status": "not_held"}])
def test_only_adopted_regular_meetings_are_judged(changes: dict[str, str]) -> None:
    assert of_meeting(meeting(has_conclusion=False, tasks=0, present=0, **changes), RULEBOOK) == []


def test_before_any_rule_nothing_is_found() -> None:
    assert of_meeting(meeting(day=date(2016, 1, 3), present=0, tasks=0), RULEBOOK) == []


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({}, {"attendance_low", "minutes_incomplete", "minutes_missing", "meeting_notified"}),
        ({"present": 1}, {"minutes_incomplete", "minutes_missing", "meeting_notified"}),
        ({"tasks": 0}, {"attendance_low", "minutes_missing", "meeting_notified"}),
        ({"status": "not_held"}, {"attendance_low", "minutes_incomplete", "minutes_missing", "meeting_notified"}),
        ({"status": "planned"}, {"attendance_low", "minutes_incomplete", "meeting_notified"}),
        ({"status": "planned", **CALLED}, {"attendance_low", "minutes_incomplete"}),
        ({"kind": "thematic"}, {"attendance_low", "minutes_incomplete", "meeting_notified"}),
    ],
)
def test_what_no_longer_holds_has_ceased(changes: dict[str, Any], gone: set[str]) -> None:
    state = meeting(**changes)
    causes = ceased(state, of_meeting(state, RULEBOOK))
    assert {rule for rule, _ in causes} == gone
    assert dict(causes).get("minutes_missing") in (None, f"{BRANCH}:2026-07")


def test_the_newest_version_of_each_meeting_is_kept_in_the_order_of_ids() -> None:
    other = UUID(int=0)
    kept = newest([meeting(version=2), meeting(version=3), meeting(version=1), meeting(meeting_id=other)])
    assert [(state.meeting_id, state.version) for state in kept] == [(other, 1), (MEETING, 3)]
