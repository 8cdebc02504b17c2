"""What each rule of alerts says of a unit's months, and what that comes to."""

from datetime import date
from typing import Any

import msgspec
import pytest

from services.evaluation.domain.alerts.rules import VALUES, RuleName
from tests.unit.evaluation.alert_months import held, judged, times, version

ATTENDANCE: dict[str, Any] = {
    "months_before": 3,
    "least_owed": 5,
    "fall_points": 10,
    "begin_percent": 80,
    "cease_percent": 85,
    "begin_after": 2,
    "cease_after": 2,
}
FAR: dict[str, Any] = {"months": 3, "least_scored": 2, "begin_points": 15, "cease_points": 10}
GOOD: dict[str, Any] = {
    "months": 3,
    "least_scored": 3,
    "begin_good_percent": 100,
    "cease_good_percent": 90,
    "begin_percent": 70,
    "cease_percent": 75,
}
INSPECTION: dict[str, Any] = {"target_kind": "inspection", "by_month": 6, "begin_value": 0, "cease_value": 1}


def present(*of_ten: int) -> dict[int, dict[str, int]]:
    return {month: {"owed": 10, "present": count} for month, count in enumerate(of_ten, start=1)}


def test_attendance_falls_when_two_months_lie_under_the_bar_and_below_those_before() -> None:
    found = judged("attendance_falling", version("attendance_falling", **ATTENDANCE), figures=present(9, 9, 9, 7, 7, 7))
    assert times(found) == [("2025-05", None, None)]
    assert [month.period for month in found[0].began] == ["2025-04", "2025-05"]
    assert found[0].began[1].facts == {
        "owed": 10,
        "present": 7,
        "owed_before": 30,
        "present_before": 27,
        "begin_percent": 80,
        "cease_percent": 85,
        "months_before": 3,
    }


@pytest.mark.parametrize(
    "figures",
    [
        present(9, 9, 9, 7, 9, 7, 9, 7),  # never two in a row
        present(9, 9, 9, 8, 8, 8, 8, 8),  # the bar itself is met
        present(7, 7, 7, 7, 7, 7, 7, 7),  # low, but no lower than before
        {month: {"owed": 4, "present": 1 if month > 3 else 4} for month in range(1, 9)},  # too few to say anything
    ],
)
def test_attendance_does_not_fall(figures: dict[int, dict[str, int]]) -> None:
    assert judged("attendance_falling", version("attendance_falling", **ATTENDANCE), figures=figures) == []


def test_attendance_recovers_only_above_the_other_bar_and_for_two_months() -> None:
    figures = present(9, 9, 9, 7, 7, 9, 8, 8, 9, 9, 9)
    found = judged("attendance_falling", version("attendance_falling", **ATTENDANCE), figures=figures)
    assert times(found) == [("2025-05", "2025-10", "recovered")]
    assert [month.period for month in found[0].ended] == ["2025-09", "2025-10"]


def test_a_month_is_not_judged_before_it_is_closed() -> None:
    figures = present(9, 9, 9, 7, 7)
    found = judged("attendance_falling", version("attendance_falling", **ATTENDANCE), figures=figures, closed="2025-04")
    assert found == []


def test_months_without_a_meeting_in_a_row_and_the_first_that_has_one() -> None:
    rule = version("no_meeting", begin_after=2)
    counts = (1, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1)
    assert times(judged("no_meeting", rule, figures=held(*counts))) == [("2025-06", "2025-08", "recovered")]


def test_a_meeting_of_the_open_month_ends_it_at_once_and_its_want_begins_nothing() -> None:
    rule = version("no_meeting", begin_after=1)
    assert times(judged("no_meeting", rule, figures=held(*[1] * 10), closed="2025-10")) == []
    assert times(judged("no_meeting", rule, figures=held(*[1] * 10))) == [("2025-11", None, None)]
    assert times(judged("no_meeting", rule, figures={**held(*[1] * 10), 12: {"regular_held": 1}})) == [
        ("2025-11", "2025-12", "recovered")
    ]


def test_a_unit_that_is_closed_or_not_of_the_rules_kind_ends_it() -> None:
    rule = version("no_meeting", begin_after=2, kinds=["branch"])
    assert times(judged("no_meeting", rule, figures=held(1, 1), valid_to=date(2025, 8, 20))) == [
        ("2025-04", "2025-08", "unit-ended")
    ]
    assert judged("no_meeting", rule, figures=held(1, 1), kind="grassroots_committee") == []


def test_a_version_holds_for_its_own_months_and_a_rule_that_ends_takes_its_alerts_along() -> None:
    strict = version("no_meeting", valid_to=date(2025, 4, 1), begin_after=1)
    patient = version("no_meeting", date(2025, 4, 1), date(2025, 9, 1), begin_after=3)
    assert times(judged("no_meeting", strict, patient, figures=held(1, 0, 1, 0, 0, 0))) == [
        ("2025-02", "2025-03", "recovered"),
        ("2025-06", "2025-09", "rule-ended"),
    ]


def test_a_quarter_without_a_theme() -> None:
    figures = {2: {"thematic_held": 1}, 8: {"thematic_held": 1}}
    found = judged("no_theme", version("no_theme"), figures=figures)
    assert times(found) == [("2025-06", "2025-08", "recovered")]
    assert found[0].began[0].facts == {"held": 0, "quarter": 2}
    late = judged("no_theme", version("no_theme"), figures={**figures, 5: {"thematic_held": 1}})
    assert times(late) == []


def test_an_inspection_not_begun_by_the_middle_of_the_year() -> None:
    rule = version("inspection_not_begun", **INSPECTION)
    assert times(judged("inspection_not_begun", rule, figures={}, plans=[(2025, 4.0, None, None)])) == [
        ("2025-06", None, None)
    ]
    begun = [(2025, 4.0, date(2025, 9, 10), 1.0)]
    assert times(judged("inspection_not_begun", rule, figures={}, plans=begun)) == [("2025-06", "2025-09", "recovered")]
    in_time = [(2025, 4.0, date(2025, 6, 29), 1.0)]
    assert judged("inspection_not_begun", rule, figures={}, plans=in_time) == []
    assert judged("inspection_not_begun", rule, figures={}) == []


def test_a_year_ends_what_was_not_begun_in_it() -> None:
    rule = version("inspection_not_begun", **INSPECTION)
    plans = [(2024, 4.0, None, None)]
    found = judged("inspection_not_begun", rule, figures={}, plans=plans, first="2024-10")
    assert times(found) == [("2024-10", "2025-01", "recovered")]


def test_a_self_score_far_from_evidence() -> None:
    rule = version("self_far_from_evidence", **FAR)

    def gap(*points: int) -> dict[int, dict[str, int]]:
        return {
            month: {"evidence_compared": 1, "evidence_gap_hundredths": 100 * one}
            for month, one in enumerate(points, start=1)
        }

    found = judged("self_far_from_evidence", rule, figures=gap(20, 20, 12, 12, 6, 6))
    assert times(found) == [("2025-02", "2025-06", "recovered")]  # (12 + 6 + 6) / 3 < 10 ≤ (12 + 12 + 6) / 3
    assert judged("self_far_from_evidence", rule, figures=gap(14, 14, 14)) == []


@pytest.mark.parametrize(
    ("figures", "check"),
    [
        ({"owed": 10, "present": 11}, "present_over_owed"),
        ({"regular_held": 1, "not_held": 1, "owed": 10, "present": 9}, "held_over_due"),
        ({"owed": 10, "present": 9, "speakers": 10}, "speakers_over_present"),
    ],
)
def test_figures_that_cannot_be_are_said_at_once_and_named(figures: dict[str, int], check: str) -> None:
    found = judged("figures_impossible", version("figures_impossible"), figures={12: figures})
    assert times(found) == [("2025-12", None, None)]
    checks = {name: value for name, value in found[0].began[0].facts.items() if isinstance(value, bool)}
    assert [name for name, value in checks.items() if value] == [check]


def test_every_meeting_good_with_low_attendance() -> None:
    rule = version("good_despite_attendance", **GOOD)

    def good(counts: list[tuple[int, int]]) -> dict[int, dict[str, int]]:
        return {
            month: {"self_scored": 1, "grade_good": graded, "owed": 10, "present": came}
            for month, (graded, came) in enumerate(counts, start=1)
        }

    found = judged("good_despite_attendance", rule, figures=good([(1, 6)] * 4 + [(1, 9)] * 2))
    assert times(found) == [("2025-03", "2025-06", "recovered")]
    assert judged("good_despite_attendance", rule, figures=good([(1, 6), (1, 6), (0, 6)] * 3)) == []


def test_the_same_score_month_after_month() -> None:
    rule = version("identical_scores", begin_after=3)

    def scores(*points: int | None) -> dict[int, dict[str, int]]:
        return {
            month: {"self_scored": 1, "self_points_hundredths": 100 * one} if one else {}
            for month, one in enumerate(points, start=1)
        }

    found = judged("identical_scores", rule, figures=scores(95, 95, None, 95, 95, 95, 90))
    assert times(found) == [("2025-05", "2025-07", "recovered")]  # a month without a score breaks nothing
    assert judged("identical_scores", rule, figures=scores(95, 95, 95, 90, 90, 90)) == []


@pytest.mark.parametrize(
    ("rule", "value", "said"),
    [
        ("attendance_falling", {**ATTENDANCE, "cease_percent": 80}, "begin_percent must be less than cease_percent"),
        ("self_far_from_evidence", {**FAR, "cease_points": 15}, "cease_points must be less than begin_points"),
        ("good_despite_attendance", {**GOOD, "cease_good_percent": 100}, "cease_good_percent must be less than"),
        ("inspection_not_begun", {**INSPECTION, "cease_value": 0}, "cease_value"),
        ("no_meeting", {"begin_after": 0}, "begin_after"),
        ("no_meeting", {"months": 2}, "unknown field"),
    ],
)
def test_a_rule_whose_bars_leave_no_band_cannot_be_used(rule: RuleName, value: dict[str, Any], said: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=said):
        msgspec.convert(value, VALUES[rule])
