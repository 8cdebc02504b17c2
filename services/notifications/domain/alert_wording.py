"""The words of notices of alerts: what was found over some months, and what to do. No person's name."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from services.notifications.domain.rules import AlertRule
from shared import wording
from shared.errors import Text

Facts = Mapping[str, Any]
Said = tuple[Text, Text, Text]
"""A title without the unit, what happened, and what to do."""


def alert_words(rule: AlertRule, unit_name: str, period: str, facts: Facts) -> tuple[Text, Text]:
    """The title and text of a notice of an alert that began with the month `period`."""
    title, happened, to_do = _SAYS[rule](facts, f"{period[5:]}/{period[:4]}")
    return (
        Text(f"{title.vi}: {unit_name}", f"{title.en}: {unit_name}"),
        Text(
            f"{unit_name}: {happened.vi}. Việc cần làm: {to_do.vi}.",
            f"{unit_name}: {happened.en}. What to do: {to_do.en}.",
        ),
    )


def _falling(facts: Facts, month: str) -> Said:
    now, before = (
        wording.percent(facts["present"], facts["owed"]),
        wording.percent(facts["present_before"], facts["owed_before"]),
    )
    return (
        Text(f"Tỷ lệ dự họp giảm đến tháng {month}", f"Attendance fell by {month}"),
        Text(
            f"tháng {month} có {facts['present']}/{facts['owed']} lượt phải dự có mặt ({now[0]}), dưới mức "
            f"{facts['begin_percent']} %, trong khi {facts['months_before']} tháng trước là {before[0]}",
            f"in {month}, {facts['present']} of {facts['owed']} who owed attendance were present ({now[1]}), under the "
            f"bar of {facts['begin_percent']} %, while it was {before[1]} over the {facts['months_before']} months "
            "before",
        ),
        Text(
            "tìm nguyên nhân vắng cùng bí thư, cử cấp uỷ viên dự kỳ sinh hoạt tới, xem lại ngày giờ và địa điểm họp",
            "look into the absences with the secretary, send a superior member to the next meeting, review the day, "
            "hour and place",
        ),
    )


def _no_meeting(facts: Facts, month: str) -> Said:
    return (
        Text(f"Không sinh hoạt nhiều tháng liền đến {month}", f"Months without a meeting up to {month}"),
        Text(
            f"{facts['in_a_row']} tháng liền đến {month} không có biên bản sinh hoạt thường kỳ được thông qua",
            f"{facts['in_a_row']} month(s) in a row up to {month} have no adopted minutes of a regular meeting",
        ),
        Text(
            "gửi biên bản còn thiếu nếu đã họp; nếu chưa, triệu tập ngay kỳ sinh hoạt và báo cáo lý do với cấp trên",
            "send the minutes that are missing if the meetings were held; if not, call one now and report the reason",
        ),
    )


def _no_theme(facts: Facts, month: str) -> Said:
    quarter = f"{facts['quarter']}/{month[3:]}"
    return (
        Text(f"Quý {quarter} không có sinh hoạt chuyên đề", f"No thematic meeting in quarter {quarter}"),
        Text(
            f"quý {quarter} đã hết mà chưa có buổi sinh hoạt chuyên đề nào",
            f"quarter {quarter} is over without a thematic meeting",
        ),
        Text(
            "đăng ký chuyên đề với cấp trên và tổ chức trong quý này; nếu đã họp, gửi biên bản còn thiếu",
            "register a topic with the superior and hold the meeting this quarter; if it was held, send the minutes",
        ),
    )


def _inspection(facts: Facts, _: str) -> Said:
    target, reached = f"{facts['target']:g}", f"{facts['reached']:g}"
    by, year = f"{facts['by_month']:02d}/{facts['year']}", facts["year"]
    return (
        Text(f"Chưa bắt đầu kiểm tra, giám sát năm {year}", f"Inspection of {year} has not begun"),
        Text(
            f"hết tháng {by}, chỉ tiêu kiểm tra, giám sát của năm ({target}) mới đạt {reached}",
            f"at the end of {by}, {reached} of the year's target of inspection ({target}) was reached",
        ),
        Text(
            "bắt đầu cuộc kiểm tra, giám sát theo kế hoạch; nếu đã làm, báo cáo tiến độ của chỉ tiêu",
            "begin the inspection that is planned; if it was done, report the target's progress",
        ),
    )


def _evidence(facts: Facts, month: str) -> Said:
    gap = wording.points(facts["gap_hundredths"], facts["scored"])
    return (
        Text(
            f"Điểm tự chấm chênh lệch nhiều so với minh chứng, đến tháng {month}",
            f"Self score far from the evidence by {month}",
        ),
        Text(
            f"trong {facts['months']} tháng đến {month}, điểm tự chấm lệch minh chứng bình quân {gap[0]} điểm ở "
            f"{facts['scored']} buổi; mức cảnh báo là {facts['begin_points']} điểm",
            f"over the {facts['months']} months to {month} the self score differs from the evidence by {gap[1]} points "
            f"on average in {facts['scored']} meetings; the bar is {facts['begin_points']} points",
        ),
        Text(
            "mở phiếu chấm từng buổi, đối chiếu từng nhóm với biên bản; bổ sung minh chứng hoặc chấm lại cho đúng",
            "open the sheets and hold each group against the minutes; add the evidence, or score as it was",
        ),
    )


def _official(facts: Facts, month: str) -> Said:
    gap = wording.points(facts["gap_hundredths"], facts["scored"])
    return (
        Text(
            f"Điểm tự chấm chênh lệch nhiều so với điểm cấp trên chấm, đến tháng {month}",
            f"Self score far from the official one by {month}",
        ),
        Text(
            f"trong {facts['months']} tháng đến {month}, điểm tự chấm lệch điểm cấp trên chấm bình quân {gap[0]} điểm "
            f"ở {facts['scored']} buổi; mức cảnh báo là {facts['begin_points']} điểm",
            f"over the {facts['months']} months to {month} the self score differs from the official one by {gap[1]} "
            f"points on average in {facts['scored']} meetings; the bar is {facts['begin_points']} points",
        ),
        Text(
            "cấp trên nói rõ các nhóm bị trừ điểm; chi bộ rút kinh nghiệm cách tự chấm ở kỳ sau",
            "the superior says for which groups points were taken; the branch scores the next meeting accordingly",
        ),
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


def _impossible(facts: Facts, month: str) -> Said:
    said = [(vi.format_map(facts), en.format_map(facts)) for name, (vi, en) in _CHECKS.items() if facts.get(name)]
    return (
        Text(f"Số liệu tháng {month} mâu thuẫn", f"Figures of {month} cannot be"),
        Text("; ".join(vi for vi, _ in said), "; ".join(en for _, en in said)),
        Text(
            "mở số liệu đến từng biên bản, tìm buổi nhập sai hoặc nhập trùng rồi đính chính kèm lý do",
            "open the figures down to the minutes, find the meeting that is wrong or was entered twice, and correct it "
            "with its reason",
        ),
    )


def _good(facts: Facts, month: str) -> Said:
    share = wording.percent(facts["present"], facts["owed"])
    return (
        Text(f"Tự xếp loại tốt dù ít người dự, đến tháng {month}", f"Graded good despite low attendance by {month}"),
        Text(
            f"trong {facts['months']} tháng đến {month}, {facts['good']}/{facts['scored']} buổi tự xếp loại tốt trong "
            f"khi tỷ lệ dự họp chỉ {share[0]}",
            f"over the {facts['months']} months to {month}, {facts['good']} of {facts['scored']} meetings were graded "
            f"good by themselves while attendance was {share[1]}",
        ),
        Text(
            "xem lại phiếu chấm các buổi ấy trước khi chấm điểm chính thức, trao đổi với bí thư về bệnh thành tích",
            "look at those sheets before giving the official score, and speak with the secretary about inflated grades",
        ),
    )


def _identical(facts: Facts, month: str) -> Said:
    mean = wording.points(facts["points_hundredths"], facts["scored"])
    return (
        Text(f"Điểm tự chấm giống hệt nhau đến tháng {month}", f"The same self score again and again by {month}"),
        Text(
            f"{facts['in_a_row']} kỳ liền đến {month} tự chấm cùng một điểm: {mean[0]}",
            f"{facts['in_a_row']} meetings in a row up to {month} were scored the same: {mean[1]}",
        ),
        Text(
            "đối chiếu phiếu chấm với biên bản từng kỳ; nhắc chi bộ chấm theo việc thực tế của mỗi kỳ",
            "hold the sheets against each meeting's minutes; remind the branch to score what each meeting was",
        ),
    )


_SAYS: Final[dict[AlertRule, Callable[[Facts, str], Said]]] = {
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
