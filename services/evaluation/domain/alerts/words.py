"""The reason of an alert in words: what was found, against which bars, and how it ended. No person's name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.evaluation.domain.alerts.reconcile import Alert
from services.evaluation.domain.alerts.rules import RuleName
from shared import wording
from shared.errors import Text

Facts = Mapping[str, Any]

_TITLES: Final[dict[RuleName, Text]] = {
    "attendance_falling": Text("Tỷ lệ dự họp giảm", "Attendance is falling"),
    "no_meeting": Text("Nhiều tháng liền không sinh hoạt", "Months without a meeting"),
    "no_theme": Text("Quý không có sinh hoạt chuyên đề", "A quarter without a thematic meeting"),
    "inspection_not_begun": Text("Giữa năm chưa bắt đầu kiểm tra, giám sát", "Inspection not begun by mid-year"),
    "self_far_from_evidence": Text(
        "Điểm tự chấm chênh lệch nhiều so với minh chứng", "Self score far from the evidence"
    ),
    "self_far_from_official": Text(
        "Điểm tự chấm chênh lệch nhiều so với điểm cấp trên chấm", "Self score far from the official one"
    ),
    "figures_impossible": Text("Số liệu mâu thuẫn nhau", "Figures that cannot be"),
    "good_despite_attendance": Text("Tự xếp loại Tốt dù ít người dự", "Graded good despite low attendance"),
    "identical_scores": Text("Điểm tự chấm giống hệt nhau nhiều tháng", "The same self score month after month"),
}
_ENDS: Final[dict[str, Text]] = {
    "recovered": Text(
        "Đã hết từ tháng {month}: đạt mức chấm dứt của quy tắc.", "It ceased with {month}, at the rule's bar for that."
    ),
    "unit-ended": Text(
        "Đã hết từ tháng {month}: đơn vị không còn hoạt động.",
        "It ceased with {month}: the unit is no longer in force.",
    ),
    "rule-ended": Text(
        "Đã hết từ tháng {month}: quy tắc không còn áp dụng cho đơn vị.",
        "It ceased with {month}: the rule is no longer for this unit.",
    ),
    "figures-changed": Text(
        "Đã rút lại: số liệu làm nảy sinh cảnh báo đã được bổ sung hoặc đính chính.",
        "It was withdrawn: the figures it began by were completed or corrected.",
    ),
}


def title(rule: RuleName) -> Text:
    """What the rule is about, in a line."""
    return _TITLES[rule]


def reason(alert: Alert) -> Text:
    """Why the alert began, and how it ended if it has."""
    if not alert.began:
        return title(alert.rule)
    said = _SAYS[alert.rule](alert.began[-1].facts, month_of(alert.since))
    if alert.cause is None:
        return said
    end = _ENDS[alert.cause]
    month = month_of(alert.until) if alert.until else ""
    return Text(f"{said.vi} {end.vi.format(month=month)}", f"{said.en} {end.en.format(month=month)}")


def month_of(period: str) -> str:
    """A month as people write it: 06/2025."""
    return f"{period[5:]}/{period[:4]}"


def _falling(facts: Facts, month: str) -> Text:
    now, before = (
        wording.percent(facts["present"], facts["owed"]),
        wording.percent(facts["present_before"], facts["owed_before"]),
    )
    return Text(
        f"Đến tháng {month}, {facts['present']}/{facts['owed']} lượt đảng viên phải dự có mặt ({now[0]}), dưới mức "
        f"{facts['begin_percent']} %; {facts['months_before']} tháng trước đó là {before[0]}.",
        f"By {month}, {facts['present']} of {facts['owed']} who owed attendance were present ({now[1]}), under the bar "
        f"of {facts['begin_percent']} %; over the {facts['months_before']} months before it was {before[1]}.",
    )


def _no_meeting(facts: Facts, month: str) -> Text:
    return Text(
        f"Đến tháng {month}, {facts['in_a_row']} tháng liền không có buổi sinh hoạt thường kỳ nào có biên bản được "
        "thông qua.",
        f"By {month}, {facts['in_a_row']} month(s) in a row have no regular meeting with adopted minutes.",
    )


def _no_theme(facts: Facts, month: str) -> Text:
    quarter = f"{facts['quarter']}/{month[3:]}"
    return Text(f"Quý {quarter} không có buổi sinh hoạt chuyên đề nào.", f"Quarter {quarter} has no thematic meeting.")


def _inspection(facts: Facts, _: str) -> Text:
    target, reached, year = f"{facts['target']:g}", f"{facts['reached']:g}", facts["year"]
    by = f"{facts['by_month']:02d}/{year}"
    return Text(
        f"Hết tháng {by}, chỉ tiêu kiểm tra, giám sát năm {year} ({target}) mới đạt {reached}.",
        f"At the end of {by}, {reached} of the year's target of inspection ({target}) was reached.",
    )


def _evidence(facts: Facts, month: str) -> Text:
    gap = wording.points(facts["gap_hundredths"], facts["scored"])
    return Text(
        f"Trong {facts['months']} tháng đến {month}, điểm tự chấm lệch minh chứng bình quân {gap[0]} điểm "
        f"({facts['scored']} buổi); mức cảnh báo là {facts['begin_points']} điểm.",
        f"Over the {facts['months']} months to {month} the self score differs from the evidence by {gap[1]} points on "
        f"average ({facts['scored']} meetings); the bar is {facts['begin_points']} points.",
    )


def _official(facts: Facts, month: str) -> Text:
    gap, above = (wording.points(abs(facts[name]), facts["scored"]) for name in ("gap_hundredths", "above_hundredths"))
    side = ("cao hơn", "above") if facts["above_hundredths"] >= 0 else ("thấp hơn", "below")
    return Text(
        f"Trong {facts['months']} tháng đến {month}, điểm tự chấm lệch điểm cấp trên chấm bình quân {gap[0]} điểm "
        f"({facts['scored']} buổi), tính chung {side[0]} {above[0]} điểm; mức cảnh báo là "
        f"{facts['begin_points']} điểm.",
        f"Over the {facts['months']} months to {month} the self score differs from the official one by {gap[1]} points "
        f"on average ({facts['scored']} meetings), on balance {above[1]} {side[1]} it; the bar is "
        f"{facts['begin_points']} points.",
    )


def _impossible(facts: Facts, month: str) -> Text:
    said = [(vi.format_map(facts), en.format_map(facts)) for name, (vi, en) in _CHECKS.items() if facts.get(name)]
    return Text(
        f"Số liệu tháng {month}: {'; '.join(vi for vi, _ in said)}.",
        f"The figures of {month}: {'; '.join(en for _, en in said)}.",
    )


_CHECKS: Final = {
    "present_over_owed": (
        "có mặt {present} nhưng chỉ {owed} lượt phải dự",
        "{present} present, though only {owed} owed attendance",
    ),
    "held_over_due": (
        "{held} buổi thường kỳ nhưng chỉ {branches} chi bộ",
        "{held} regular meetings, though there are {branches} branches",
    ),
    "speakers_over_present": (
        "{speakers} lượt phát biểu nhưng chỉ {present} người có mặt",
        "{speakers} spoke, though {present} were present",
    ),
}


def _good(facts: Facts, month: str) -> Text:
    share = wording.percent(facts["present"], facts["owed"])
    return Text(
        f"Trong {facts['months']} tháng đến {month}, {facts['good']}/{facts['scored']} buổi tự xếp loại tốt trong khi "
        f"tỷ lệ dự họp chỉ {share[0]} (dưới {facts['begin_percent']} %).",
        f"Over the {facts['months']} months to {month}, {facts['good']} of {facts['scored']} meetings were graded "
        f"good by themselves while attendance was {share[1]} (under {facts['begin_percent']} %).",
    )


def _identical(facts: Facts, month: str) -> Text:
    mean = wording.points(facts["points_hundredths"], facts["scored"])
    return Text(
        f"Đến tháng {month}, {facts['in_a_row']} kỳ liền tự chấm cùng một điểm: {mean[0]}.",
        f"By {month}, {facts['in_a_row']} meetings in a row were scored the same: {mean[1]}.",
    )


_SAYS: Final[dict[RuleName, Callable[[Facts, str], Text]]] = {
    "attendance_falling": _falling,
    "no_meeting": _no_meeting,
    "no_theme": _no_theme,
    "inspection_not_begun": _inspection,
    "self_far_from_evidence": _evidence,
    "self_far_from_official": _official,
    "figures_impossible": _impossible,
    "good_despite_attendance": _good,
    "identical_scores": _identical,
}
