"""The derived figures: shares and means of parts, computed when they are read and never stored. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from services.evaluation.domain.parts import AGE_BANDS, POSTS

Counts = Mapping[str, int]
"""Parts and what is counted on reading, by name; what cannot be said of the period is left out."""


class Derived(msgspec.Struct, frozen=True):
    """One figure computed from parts; None where it says nothing (a share of nobody)."""

    name: str
    vi: str
    en: str
    formula: str
    compute: Callable[[Counts], float | None]


def _share(name: str, vi: str, en: str, part: str, whole: str) -> Derived:
    def share(counts: Counts) -> float | None:
        return round(counts[part] / counts[whole], 4) if counts.get(whole) else None

    return Derived(name, vi, en, f"{part} / {whole}", share)


def _mean(name: str, vi: str, en: str, hundredths: str, count: str) -> Derived:
    def mean(counts: Counts) -> float | None:
        return round(counts[hundredths] / counts[count] / 100, 2) if counts.get(count) else None

    return Derived(name, vi, en, f"{hundredths} / {count} / 100", mean)


def _counted(name: str, vi: str, en: str, formula: str) -> Derived:
    return Derived(name, vi, en, formula, lambda counts: counts.get(name))


def _attendance() -> tuple[Derived, ...]:
    return tuple(
        _share(
            f"attendance_rate_{ending}",
            f"Tỷ lệ dự họp: {vi}",
            f"present of those who owed attendance, {en}",
            f"present_{ending}",
            f"owed_{ending}",
        )
        for ending, vi, en in (*AGE_BANDS.values(), *POSTS.values())
        if ending != "age_unknown"
    )


DERIVED: Final[tuple[Derived, ...]] = (
    _counted("due", "Phải sinh hoạt", "regular meetings due", "branches, added up over the months"),
    _counted("due_begun", "Phải sinh hoạt đến nay", "of these, in months that have begun", "the same, to this month"),
    _counted(
        "missing",
        "Thiếu biên bản",
        "due and not held, once the last reporting day of their month has passed",
        "branches − regular_held − not_held, month by month",
    ),
    _counted("awaited", "Chưa đến hạn", "the same, before that day", "branches − regular_held − not_held"),
    _share("held_rate", "Tỷ lệ đã họp", "regular meetings held of those due", "regular_held", "due_begun"),
    _share("attendance_rate", "Tỷ lệ dự họp", "present of those who owed attendance", "present", "owed"),
    *_attendance(),
    _share("late_arrival_rate", "Tỷ lệ đến muộn", "late of those present", "late_arrivals", "present"),
    _share("on_time_rate", "Tỷ lệ đúng hạn", "reported in time of those held", "regular_on_time", "regular_held"),
    _share(
        "complete_rate", "Tỷ lệ biên bản đủ mục", "minutes complete of those held", "minutes_complete", "regular_held"
    ),
    _share(
        "conclusion_rate",
        "Tỷ lệ có kết luận",
        "minutes with a conclusion of those held",
        "with_conclusion",
        "regular_held",
    ),
    _share("task_rate", "Tỷ lệ có giao việc", "meetings that gave a task of those held", "with_tasks", "regular_held"),
    _share("speaking_rate", "Tỷ lệ phát biểu", "speakers of those present", "speakers", "present"),
    _share("tasks_done_rate", "Tỷ lệ hoàn thành nhiệm vụ", "tasks done of those due", "tasks_done", "tasks_due"),
    Derived(
        "task_share_of_members",
        "Tỷ lệ đảng viên được giao việc",
        "members given a task of the active members, month by month",
        "members_with_task / members_active, added up over the months",
        lambda counts: (
            round(counts["members_with_task"] / counts["member_months"], 4)
            if counts.get("member_months") and counts["task_members_known"]
            else None
        ),
    ),
    _share(
        "last_resolution_rate",
        "Tỷ lệ thực hiện nghị quyết kỳ trước",
        "tasks of the last resolution done",
        "last_tasks_done",
        "last_tasks",
    ),
    _share(
        "superior_attendance_rate",
        "Tỷ lệ cấp trên dự theo phân công",
        "meetings attended by the superior assigned",
        "superior_attended",
        "superior_assigned",
    ),
    _share("duration_rate", "Tỷ lệ đủ thời lượng", "as long as the rule asks", "duration_kept", "duration_known"),
    _share("set_day_rate", "Tỷ lệ họp đúng ngày", "held on the day set", "on_set_day", "on_set_day_known"),
    _share(
        "pre_meeting_rate",
        "Tỷ lệ chi uỷ họp trước",
        "prepared by a meeting of the committee",
        "pre_meeting_held",
        "preparation_known",
    ),
    _share("notice_rate", "Tỷ lệ có thông báo", "with notice given", "notice_given", "preparation_known"),
    _share(
        "documents_rate",
        "Tỷ lệ tài liệu đúng hạn",
        "with all documents distributed in time",
        "documents_in_time",
        "preparation_known",
    ),
    _share("signal_rate", "Tỷ lệ biên bản có dấu hiệu", "minutes with a reason to look", "signalled", "examined"),
    _share("copied_rate", "Tỷ lệ biên bản chép lại", "minutes that repeat earlier ones", "copied", "examined"),
    _mean(
        "average_self_points",
        "Điểm tự chấm bình quân",
        "mean self score, in points",
        "self_points_hundredths",
        "self_scored",
    ),
    _mean(
        "average_voted_points",
        "Điểm biểu quyết bình quân",
        "mean score voted by the branch, in points",
        "voted_points_hundredths",
        "voted_scored",
    ),
    _mean(
        "average_official_points",
        "Điểm cấp trên chấm bình quân",
        "mean official score, in points",
        "official_points_hundredths",
        "official_scored",
    ),
    _mean(
        "self_above_official",
        "Tự chấm cao hơn cấp trên",
        "mean of the self score less the official one, in points",
        "self_above_official_hundredths",
        "both_scored",
    ),
    _mean(
        "self_from_official",
        "Chênh lệch tự chấm và cấp trên",
        "mean distance between the self score and the official one, in points",
        "self_from_official_hundredths",
        "both_scored",
    ),
    _mean(
        "average_evidence_points",
        "Điểm theo minh chứng bình quân",
        "mean score from evidence, scaled to 100",
        "evidence_points_hundredths",
        "evidence_scored",
    ),
    _mean(
        "evidence_gap",
        "Chênh lệch tự chấm và minh chứng",
        "mean distance between the self score and evidence, in points",
        "evidence_gap_hundredths",
        "evidence_compared",
    ),
    _counted(
        "quarters_due",
        "Chi bộ-quý phải có chuyên đề",
        "branches and quarters, of a period of whole quarters; a branch counts where it is at the quarter's end",
        "branches at each quarter's end, added up",
    ),
    _counted(
        "quarters_with_theme",
        "Chi bộ-quý có chuyên đề",
        "of these, with a thematic meeting whose minutes are adopted",
        "counted from the meetings when it is read",
    ),
    _share(
        "thematic_coverage",
        "Tỷ lệ chuyên đề theo quý",
        "branches and quarters with a thematic meeting",
        "quarters_with_theme",
        "quarters_due",
    ),
)
