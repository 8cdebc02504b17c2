"""The catalogue of figures: each is declared once, here; `docs/figures.md` is written from it.

A *part* is an integer of a unit and month that adds up over branches; parts are what the stream maintains. A *derived*
figure is computed from parts when it is read, and never stored.
"""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

Parts = Mapping[str, int]


class Part(msgspec.Struct, frozen=True):
    """One additive figure: its name, its meaning, and where it is counted from."""

    name: str
    vi: str
    en: str
    source: str


class Derived(msgspec.Struct, frozen=True):
    """One figure computed from parts; None where it says nothing (a share of nobody)."""

    name: str
    vi: str
    en: str
    formula: str
    compute: Callable[[Parts], float | None]


BRANCHES: Final = Part(
    "branches", "Số chi bộ", "branches in force at the month's end (or on their last day in it)", "registry.units.v1"
)
_MEETINGS = "meetings.meetings.v1"
_TASKS = "meetings.tasks.v1"
SUMMED: Final = (
    Part("not_held", "Không tổ chức được", "regular meetings recorded as not held, with a reason", _MEETINGS),
    Part("regular_held", "Sinh hoạt thường kỳ đã họp", "regular meetings with adopted minutes", _MEETINGS),
    Part("regular_on_time", "Báo cáo đúng hạn", "of these, reported in time", _MEETINGS),
    Part("regular_late", "Báo cáo chậm", "of these, reported late", _MEETINGS),
    Part("thematic_held", "Sinh hoạt chuyên đề đã họp", "thematic meetings with adopted minutes", _MEETINGS),
    Part("other_held", "Họp chi uỷ và bất thường", "committee and extraordinary meetings held", _MEETINGS),
    Part("corrected", "Biên bản có đính chính", "meetings whose adopted minutes were corrected", _MEETINGS),
    Part("owed", "Lượt phải dự", "members who owed attendance, regular and thematic meetings", _MEETINGS),
    Part("present", "Lượt có mặt", "members present", _MEETINGS),
    Part("absent_with_reason", "Vắng có lý do", "members absent with a reason", _MEETINGS),
    Part("absent_without_reason", "Vắng không lý do", "members absent without a reason", _MEETINGS),
    Part("minutes_complete", "Biên bản đủ mục", "regular meetings with every required section filled", _MEETINGS),
    Part("with_conclusion", "Có kết luận", "regular meetings whose minutes hold a conclusion", _MEETINGS),
    Part("with_tasks", "Có giao nhiệm vụ", "regular meetings that gave a task to a named member", _MEETINGS),
    Part("speakers", "Lượt phát biểu", "members who spoke, regular and thematic meetings", _MEETINGS),
    Part("tasks_assigned", "Nhiệm vụ đã giao", "tasks given, in the month of the meeting", _MEETINGS),
    Part("tasks_due", "Nhiệm vụ đến hạn", "tasks due in the month", _TASKS),
    Part("tasks_done", "Nhiệm vụ hoàn thành", "of these, done", _TASKS),
    Part("tasks_done_late", "Hoàn thành chậm", "of these, done after their deadline", _TASKS),
    Part("self_scored", "Đã tự chấm điểm", "regular meetings with a self score", _MEETINGS),
    Part(
        "self_points_hundredths", "Tổng điểm tự chấm (phần trăm điểm)", "sum of self scores, in 1/100 point", _MEETINGS
    ),
    Part("grade_good", "Tốt", "self scores in the band Tốt in force on the meeting's day", _MEETINGS),
    Part("grade_fair", "Khá", "self scores in the band Khá", _MEETINGS),
    Part("grade_average", "Trung bình", "self scores in the band Trung bình", _MEETINGS),
    Part("grade_weak", "Kém", "self scores in the band Kém", _MEETINGS),
)
PARTS: Final = (BRANCHES, *SUMMED)
SUMMED_NAMES: Final = tuple(part.name for part in SUMMED)


def _share(part: str, whole: str) -> Callable[[Parts], float | None]:
    def share(parts: Parts) -> float | None:
        return round(parts[part] / parts[whole], 4) if parts[whole] else None

    return share


def _mean_points(parts: Parts) -> float | None:
    return round(parts["self_points_hundredths"] / parts["self_scored"] / 100, 2) if parts["self_scored"] else None


DERIVED: Final = (
    Derived("due", "Phải sinh hoạt", "regular meetings due", "branches", lambda parts: parts["branches"]),
    Derived(
        "held_rate",
        "Tỷ lệ đã họp",
        "regular meetings held of those due",
        "regular_held / branches",
        _share("regular_held", "branches"),
    ),
    Derived(
        "attendance_rate",
        "Tỷ lệ dự họp",
        "present of those who owed attendance",
        "present / owed",
        _share("present", "owed"),
    ),
    Derived(
        "on_time_rate",
        "Tỷ lệ đúng hạn",
        "reported in time of those held",
        "regular_on_time / regular_held",
        _share("regular_on_time", "regular_held"),
    ),
    Derived(
        "complete_rate",
        "Tỷ lệ biên bản đủ mục",
        "minutes complete of those held",
        "minutes_complete / regular_held",
        _share("minutes_complete", "regular_held"),
    ),
    Derived(
        "conclusion_rate",
        "Tỷ lệ có kết luận",
        "minutes with a conclusion of those held",
        "with_conclusion / regular_held",
        _share("with_conclusion", "regular_held"),
    ),
    Derived(
        "task_rate",
        "Tỷ lệ có giao việc",
        "meetings that gave a task of those held",
        "with_tasks / regular_held",
        _share("with_tasks", "regular_held"),
    ),
    Derived(
        "speaking_rate",
        "Tỷ lệ phát biểu",
        "speakers of those present",
        "speakers / present",
        _share("speakers", "present"),
    ),
    Derived(
        "tasks_done_rate",
        "Tỷ lệ hoàn thành nhiệm vụ",
        "tasks done of those due",
        "tasks_done / tasks_due",
        _share("tasks_done", "tasks_due"),
    ),
    Derived(
        "average_self_points",
        "Điểm tự chấm bình quân",
        "mean self score, in points",
        "self_points_hundredths / self_scored / 100",
        _mean_points,
    ),
)


def derive(parts: Parts, *, closed: bool) -> dict[str, float | None]:
    """Every derived figure of `parts`. `closed`: the month's last reporting day has passed, so what is due and not
    held is missing; before that it is awaited."""
    open_meetings = max(0, parts["branches"] - parts["regular_held"] - parts["not_held"])
    return {
        **{figure.name: figure.compute(parts) for figure in DERIVED},
        "missing": open_meetings if closed else 0,
        "awaited": 0 if closed else open_meetings,
    }


ORDERABLE: Final = frozenset(part.name for part in PARTS) | {figure.name for figure in DERIVED} | {"missing", "awaited"}
"""What children can be ranked by."""
