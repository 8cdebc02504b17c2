"""The reason of an alert in words."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.domain.alerts.episodes import Month
from services.evaluation.domain.alerts.reconcile import Alert, State
from services.evaluation.domain.alerts.rules import RULE_NAMES, RuleName
from services.evaluation.domain.alerts.words import reason, title

FAR = {"scored": 6, "gap_hundredths": 9840, "above_hundredths": -9000, "months": 3, "begin_points": 15}
CASES: dict[RuleName, tuple[dict[str, Any], str, str]] = {
    "attendance_falling": (
        {
            "owed": 10000,
            "present": 7996,
            "owed_before": 300,
            "present_before": 280,
            "begin_percent": 80,
            "months_before": 3,
        },
        "7996/10000 lượt đảng viên phải dự có mặt (79,9 %), dưới mức 80 %; 3 tháng trước đó là 93,3 %",
        "(79.9 %), under the bar of 80 %; over the 3 months before it was 93.3 %",
    ),
    "no_meeting": ({"in_a_row": 2}, "Đến tháng 06/2026, 2 tháng liền", "2 month(s) in a row"),
    "no_theme": ({"held": 0, "quarter": 2}, "Quý 2/2026 không có", "Quarter 2/2026 has no thematic meeting"),
    "inspection_not_begun": (
        {"target": 4.0, "reached": 0.0, "year": 2026, "by_month": 6},
        "Hết tháng 06/2026, chỉ tiêu kiểm tra, giám sát năm 2026 (4) mới đạt 0",
        "0 of the year's target of inspection (4)",
    ),
    "self_far_from_evidence": (FAR, "lệch minh chứng bình quân 16,4 điểm (6 buổi)", "by 16.4 points on average"),
    "self_far_from_official": (FAR, "tính chung thấp hơn 15,0 điểm", "on balance 15.0 below it"),
    "figures_impossible": (
        {"speakers_over_present": True, "held_over_due": False, "speakers": 9, "present": 8, "owed": 10},
        "Số liệu tháng 06/2026: 9 lượt phát biểu nhưng chỉ 8 người có mặt.",
        "9 spoke, though 8 were present",
    ),
    "good_despite_attendance": (
        {"scored": 3, "good": 3, "owed": 30, "present": 19, "months": 3, "begin_percent": 70},
        "3/3 buổi tự xếp loại tốt trong khi tỷ lệ dự họp chỉ 63,3 % (dưới 70 %)",
        "graded good by themselves while attendance was 63.3 %",
    ),
    "identical_scores": (
        {"points_hundredths": 19000, "scored": 2, "in_a_row": 6},
        "6 kỳ liền tự chấm cùng một điểm: 95,0",
        "6 meetings in a row were scored the same: 95.0",
    ),
}


def alert(rule: RuleName, facts: dict[str, Any], state: State = "begun", cause: str | None = None) -> Alert:
    return Alert(
        alert_id=UUID(int=1),
        version=1,
        rule=rule,
        unit_id=UUID(int=2),
        state=state,
        since="2026-06",
        until="2026-08" if state == "ceased" else None,
        rule_from=date(2000, 1, 1),
        began=(Month("2026-06", facts),),
        cause=cause,
    )


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_every_rule_has_its_reason_in_both_languages(rule: RuleName) -> None:
    facts, vi, en = CASES[rule]
    said = reason(alert(rule, facts))
    assert vi in said.vi
    assert en in said.en
    assert title(rule).vi != title(rule).en


@pytest.mark.parametrize(
    ("state", "cause", "vi", "en"),
    [
        ("ceased", "recovered", "Đã hết từ tháng 08/2026: đạt mức", "It ceased with 08/2026, at the rule's bar"),
        ("ceased", "unit-ended", "đơn vị không còn hoạt động", "the unit is no longer in force"),
        ("ceased", "rule-ended", "quy tắc không còn áp dụng", "no longer for this unit"),
        ("withdrawn", "figures-changed", "Đã rút lại", "It was withdrawn"),
    ],
)
def test_the_end_follows_the_reason(state: State, cause: str, vi: str, en: str) -> None:
    said = reason(alert("no_meeting", {"in_a_row": 2}, state, cause))
    assert said.vi.startswith("Đến tháng 06/2026")
    assert vi in said.vi
    assert en in said.en
