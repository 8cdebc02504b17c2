"""Why a meeting, task or branch counts as it does in a figure, in a sentence; and which dated rule says so. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from shared.errors import Text

Row = Mapping[str, Any]
"""The columns of a fact, or of a branch and month (`month`, `due_on`, `count`)."""


def day(on: date) -> str:
    """A day as people in Việt Nam write it."""
    return f"{on.day}/{on.month}/{on.year}"


def month_name(month: str) -> str:
    """A month as people in Việt Nam write it."""
    return f"{int(month[5:])}/{month[:4]}"


def why(figure: str, contributed: Mapping[str, int], row: Row, names: Mapping[str, Text]) -> Text:
    """Why `row` counts `contributed` in `figure`; `names`: what each count is called."""
    sentence = _BY_FIGURE.get(figure) or next((_BY_FIGURE[one] for one in contributed if one in _BY_FIGURE), None)
    if sentence is not None and row.get("kind") in _KINDS and (said := sentence(row)) is not None:
        return said
    return Text(
        "; ".join(f"{names[one].vi}: {count}" for one, count in contributed.items()),
        "; ".join(f"{names[one].en}: {count}" for one, count in contributed.items()),
    )


def of_branch(figure: str, term: str, row: Row) -> Text:
    """Why a branch counts in a month (`month`, `due_on`: the last reporting day of that month, `count`)."""
    month = month_name(row["month"])
    last = day(row["due_on"])
    count = row["count"]
    if term == "missing":
        return Text(
            f"Chưa có biên bản thường kỳ tháng {month}; hạn báo cáo {last} đã qua.",
            f"No minutes of the regular meeting of {month}; the last reporting day, {last}, has passed.",
        )
    if term == "awaited":
        return Text(
            f"Chưa có biên bản thường kỳ tháng {month}; còn hạn đến {last}.",
            f"No minutes of the regular meeting of {month} yet; there is time until {last}.",
        )
    if term == "quarters_with_theme":
        return Text(
            f"Có sinh hoạt chuyên đề trong quý kết thúc tháng {month}.",
            f"A thematic meeting was held in the quarter that ends with {month}.",
        )
    if term == "quarters_due":
        return Text(
            f"Chi bộ hoạt động cuối quý (tháng {month}): phải sinh hoạt chuyên đề ít nhất một lần trong quý.",
            f"A branch at the quarter's end ({month}): one thematic meeting a quarter is due.",
        )
    if term in ("due", "due_begun", "branches"):
        return Text(
            f"Chi bộ hoạt động cuối tháng {month}: phải sinh hoạt thường kỳ.",
            f"In force at the end of {month}: a regular meeting is due.",
        )
    return Text(f"Cuối tháng {month} có {count}.", f"{count} at the end of {month}.")


def of_task(row: Row) -> Text:
    """Why a task counts."""
    due, done = day(row["due_on"]), row["done_on"]
    if done is None:
        return Text(f"Hạn {due}, chưa hoàn thành.", f"Due {due}, not done.")
    late = (done - row["due_on"]).days
    if late > 0:
        return Text(
            f"Hoàn thành chậm {late} ngày: hạn {due}, xong {day(done)}.",
            f"Done {_days(late)} late: due {due}, done {day(done)}.",
        )
    return Text(f"Hoàn thành đúng hạn: hạn {due}, xong {day(done)}.", f"Done in time: due {due}, done {day(done)}.")


def _reported(row: Row) -> Text | None:
    due, reported = row.get("report_due_on"), row.get("reported_on")
    if row["status"] == "not_held":
        return None
    if due is None or reported is None:
        return (
            Text("Báo cáo đúng hạn.", "Reported in time.")
            if row["on_time"]
            else Text("Báo cáo chậm.", "Reported late.")
        )
    if row["on_time"]:
        return Text(
            f"Báo cáo đúng hạn: hạn {day(due)}, báo cáo {day(reported)}.",
            f"Reported in time: due {day(due)}, reported {day(reported)}.",
        )
    late = (reported - due).days
    return Text(
        f"Báo cáo chậm {late} ngày: hạn {day(due)}, báo cáo {day(reported)}.",
        f"Reported {_days(late)} late: due {day(due)}, reported {day(reported)}.",
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _attended(row: Row) -> Text:
    owed, present = row["owed"], row["present"]
    reason, none = row["absent_with_reason"], row["absent_without_reason"]
    return Text(
        f"Có mặt {present} trong {owed} đảng viên phải dự; vắng có lý do {reason}, không lý do {none}.",
        f"{present} present of {owed} who owed attendance; absent with reason {reason}, without {none}.",
    )


def _spoke(row: Row) -> Text:
    return Text(
        f"{row['speakers']} người phát biểu trong {row['present']} người có mặt.",
        f"{row['speakers']} spoke of {row['present']} present.",
    )


def _held(row: Row) -> Text:
    on = day(row["held_on"])
    if row["status"] == "not_held":
        return Text(f"Không tổ chức được, dự kiến ngày {on}.", f"Not held; it was to be on {on}.")
    return Text(f"Đã họp ngày {on}, biên bản đã thông qua.", f"Held on {on}, minutes adopted.")


def _either(column: str, yes: Text, no: Text) -> Callable[[Row], Text]:
    return lambda row: yes if row[column] else no


_complete = _either(
    "complete",
    Text("Biên bản đủ các mục bắt buộc.", "Every required section of the minutes is filled."),
    Text("Biên bản còn thiếu mục bắt buộc.", "A required section of the minutes is empty."),
)
_concluded = _either(
    "has_conclusion",
    Text("Biên bản có kết luận của chủ trì.", "The minutes hold the chair's conclusion."),
    Text("Biên bản không có kết luận của chủ trì.", "The minutes hold no conclusion."),
)


def _tasked(row: Row) -> Text:
    count = row["tasks_assigned"]
    if not count:
        return Text("Không giao nhiệm vụ nào cho đảng viên.", "No task was given to a member.")
    return Text(f"Đã giao {count} nhiệm vụ.", f"Tasks given: {count}.")


def _scored(row: Row) -> Text | None:
    points = row.get("self_points")
    if points is None:
        return None
    written = f"{points / 100:g}"
    return Text(f"Chi bộ tự chấm {written.replace('.', ',')} điểm.", f"The branch gave itself {written} points.")


def _corrected(row: Row) -> Text:
    return Text(
        f"Biên bản ngày {day(row['held_on'])} có đính chính sau khi thông qua.",
        f"The minutes of {day(row['held_on'])} were corrected after adoption.",
    )


def _evidenced(row: Row) -> Text | None:
    if row.get("evidence_scaled") is None:
        return None
    points, gap = f"{row['evidence_scaled'] / 100:g}", row["gap"]
    beside = "" if gap is None else f"{gap / 100:g}"
    return Text(
        f"Minh chứng cho {points.replace('.', ',')} trên 100 điểm"
        + (f"; điểm tự chấm chênh {beside.replace('.', ',')}." if beside else "."),
        f"Evidence gives {points} of 100 points" + (f"; the self score is {beside} away." if beside else "."),
    )


_KINDS: Final = frozenset({"regular", "thematic", "committee", "extraordinary"})
_BY_FIGURE: Final[Mapping[str, Callable[[Row], Text | None]]] = {
    **dict.fromkeys(("on_time_rate", "regular_on_time", "regular_late"), _reported),
    **dict.fromkeys(
        ("attendance_rate", "owed", "present", "absent_with_reason", "absent_without_reason"), _attended
    ),
    **dict.fromkeys(("speaking_rate", "speakers"), _spoke),
    **dict.fromkeys(("complete_rate", "minutes_complete"), _complete),
    **dict.fromkeys(("conclusion_rate", "with_conclusion"), _concluded),
    **dict.fromkeys(("task_rate", "with_tasks", "tasks_assigned"), _tasked),
    **dict.fromkeys(
        ("average_self_points", "self_scored", "self_points_hundredths", "grade_good", "grade_fair", "grade_average",
         "grade_weak"),
        _scored,
    ),
    **dict.fromkeys(("held_rate", "regular_held", "thematic_held", "other_held", "not_held"), _held),
    **dict.fromkeys(
        ("evidence_scored", "evidence_points_hundredths", "evidence_compared", "evidence_gap_hundredths"), _evidenced
    ),
    "corrected": _corrected,
}  # fmt: skip

_RULES: Final = {
    "report_within_days": ("on_time", "regular_on_time", "regular_late", "missing", "awaited"),
    "grade_bands": ("grade_", "official_good", "official_fair", "official_average", "official_weak"),
    "attendance_denominator": ("owed", "present", "attendance_rate", "absent_"),
    "required_sections": ("minutes_complete", "complete_rate", "conclusion_rate", "with_conclusion"),
    "meeting_each_month": ("held_rate", "regular_held", "not_held", "due"),
    "theme_each_quarter": ("quarters_", "thematic_"),
    "duration": ("duration_",),
}


def rule_of(figure: str) -> str | None:
    """The dated rule that `figure` is counted by; None where it is a plain count."""
    for rule, beginnings in _RULES.items():
        if figure.startswith(beginnings):
            return rule
    return None
