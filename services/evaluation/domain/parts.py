"""The parts: integers of a unit and month that add up over branches. Pure.

*Summed* parts are counted in the month they belong to; of a longer period they are the sum of its months. *Standing*
parts are what there is at a month's end; of a longer period they are those of its last month. A part that older events
do not tell of counts only what is known; where a share is made of it, the count of meetings of which it is known is a
part of its own.
"""

from typing import Final

import msgspec

from services.evaluation.domain.topics import MEETINGS, ROSTERS, TASKS, UNITS

AGE_BANDS: Final = {
    "18-30": ("age_18_30", "18–30 tuổi", "aged 18 to 30"),
    "31-40": ("age_31_40", "31–40 tuổi", "aged 31 to 40"),
    "41-50": ("age_41_50", "41–50 tuổi", "aged 41 to 50"),
    "51-60": ("age_51_60", "51–60 tuổi", "aged 51 to 60"),
    "61+": ("age_61_up", "từ 61 tuổi", "aged 61 and over"),
    "unknown": ("age_unknown", "chưa rõ tuổi", "whose age is not known"),
}
"""Age band of an event → the end of its parts' names, Vietnamese, English."""
POSTS: Final = {
    "secretary": ("secretary", "bí thư", "secretaries"),
    "deputy_secretary": ("deputy", "phó bí thư", "deputy secretaries"),
    "committee_member": ("committee", "chi uỷ viên", "committee members"),
    "none": ("without_post", "đảng viên không giữ chức vụ", "members without a post"),
}
"""Post of an event → the same."""


class Part(msgspec.Struct, frozen=True):
    """One additive figure: its name, its meaning, and where it is counted from."""

    name: str
    vi: str
    en: str
    source: str


class Standing(Part, frozen=True):
    """A part that stands: the sum of `column` of `table` (unit_id, month, …: changes by month) up to a month."""

    table: str
    column: str


def _of_meetings(name: str, vi: str, en: str) -> Part:
    return Part(name, vi, en, MEETINGS)


def _by_group() -> tuple[Part, ...]:
    groups = (*AGE_BANDS.values(), *POSTS.values())
    return tuple(
        part
        for ending, vi, en in groups
        for part in (
            _of_meetings(f"owed_{ending}", f"Lượt phải dự: {vi}", f"of those who owed attendance, {en}"),
            _of_meetings(f"present_{ending}", f"Lượt có mặt: {vi}", f"of those present, {en}"),
        )
    )


def _of_rosters(name: str, vi: str, en: str) -> Standing:
    return Standing(name, vi, f"{en}, on the month's last day; guests count at home", ROSTERS, "unit_members", name)


STANDING: Final[tuple[Standing, ...]] = (
    Standing(
        "branches",
        "Số chi bộ",
        "branches in force at the month's end (or on their last day in it)",
        UNITS,
        "unit_branches",
        "change",
    ),
    _of_rosters("members_active", "Đảng viên đang sinh hoạt", "members who are active in their branch"),
    _of_rosters("members_official", "Đảng viên chính thức", "official members, whatever their status"),
    _of_rosters("members_probationary", "Đảng viên dự bị", "probationary members, whatever their status"),
    _of_rosters("members_exempt", "Đảng viên được miễn sinh hoạt", "members exempt from work and meetings"),
    _of_rosters(
        "members_minority",
        "Đảng viên là người dân tộc thiểu số",
        "of those in members_ethnicity_known, members of ethnic minorities",
    ),
    _of_rosters(
        "members_ethnicity_known",
        "Đảng viên ở chi bộ có số liệu dân tộc",
        "members in branches that may tell how many belong to minorities, as on the half-year's first day",
    ),
)
SUMMED: Final[tuple[Part, ...]] = (
    _of_meetings("not_held", "Không tổ chức được", "regular meetings recorded as not held, with a reason"),
    _of_meetings("regular_held", "Sinh hoạt thường kỳ đã họp", "regular meetings with adopted minutes"),
    _of_meetings("regular_on_time", "Báo cáo đúng hạn", "of these, reported in time"),
    _of_meetings("regular_late", "Báo cáo chậm", "of these, reported late"),
    _of_meetings("thematic_held", "Sinh hoạt chuyên đề đã họp", "thematic meetings with adopted minutes"),
    _of_meetings("other_held", "Họp chi uỷ và bất thường", "committee and extraordinary meetings held"),
    _of_meetings("corrected", "Biên bản có đính chính", "meetings whose adopted minutes were corrected"),
    _of_meetings("owed", "Lượt phải dự", "members who owed attendance, regular and thematic meetings"),
    _of_meetings("present", "Lượt có mặt", "members present"),
    _of_meetings("absent_with_reason", "Vắng có lý do", "members absent with a reason"),
    _of_meetings("absent_without_reason", "Vắng không lý do", "members absent without a reason"),
    _of_meetings("late_arrivals", "Lượt đến muộn", "of those present, late"),
    *_by_group(),
    _of_meetings("minutes_complete", "Biên bản đủ mục", "regular meetings with every required section filled"),
    _of_meetings("with_conclusion", "Có kết luận", "regular meetings whose minutes hold a conclusion"),
    _of_meetings("with_tasks", "Có giao nhiệm vụ", "regular meetings that gave a task to a named member"),
    _of_meetings("speakers", "Lượt phát biểu", "members who spoke, regular and thematic meetings"),
    _of_meetings("tasks_assigned", "Nhiệm vụ đã giao", "tasks given, in the month of the meeting"),
    _of_meetings(
        "task_members_known",
        "Biết số đảng viên được giao việc",
        "regular meetings of which it is known how many members they gave a task",
    ),
    _of_meetings(
        "members_with_task", "Đảng viên được giao việc", "members whom these gave a task, each once a meeting"
    ),
    Part("tasks_due", "Nhiệm vụ đến hạn", "tasks due in the month", TASKS),
    Part("tasks_done", "Nhiệm vụ hoàn thành", "of these, done", TASKS),
    Part("tasks_done_late", "Hoàn thành chậm", "of these, done after their deadline", TASKS),
    _of_meetings("last_tasks", "Nhiệm vụ của nghị quyết kỳ trước", "tasks of the last resolution, at regular meetings"),
    _of_meetings("last_tasks_done", "Đã hoàn thành trong số đó", "of these, done when the minutes were adopted"),
    _of_meetings(
        "superior_assigned",
        "Có cấp trên được phân công dự",
        "regular meetings on whose day a superior was assigned to follow the branch",
    ),
    _of_meetings("superior_attended", "Cấp trên đã dự", "of these, attended by the superior"),
    _of_meetings("duration_known", "Biết thời lượng", "regular meetings whose duration is known"),
    _of_meetings("duration_kept", "Đủ thời lượng", "of these, as long as the rule of their day asks"),
    _of_meetings("on_set_day_known", "Biết ngày ấn định", "regular meetings for which a day had been set"),
    _of_meetings("on_set_day", "Họp đúng ngày ấn định", "of these, held on that day"),
    _of_meetings("preparation_known", "Biết việc chuẩn bị", "regular meetings whose preparation is known"),
    _of_meetings("pre_meeting_held", "Chi uỷ đã họp trước", "of these, prepared by a meeting of the committee"),
    _of_meetings("notice_given", "Đã gửi thông báo", "of these, with notice given"),
    _of_meetings("documents_in_time", "Tài liệu gửi đúng hạn", "of these, with all documents distributed in time"),
    _of_meetings("examined", "Biên bản đã được đối chiếu", "regular and thematic meetings examined for signals"),
    _of_meetings("signalled", "Biên bản có dấu hiệu", "of these, with a reason to look at their minutes"),
    _of_meetings("copied", "Biên bản chép lại", "of these, with minutes that repeat earlier ones"),
    _of_meetings("self_scored", "Đã tự chấm điểm", "regular meetings with a self score"),
    _of_meetings("self_points_hundredths", "Tổng điểm tự chấm (1/100 điểm)", "sum of self scores, in 1/100 point"),
    _of_meetings("grade_good", "Tự chấm: tốt", "self scores in the band Tốt in force on the meeting's day"),
    _of_meetings("grade_fair", "Tự chấm: khá", "self scores in the band Khá"),
    _of_meetings("grade_average", "Tự chấm: trung bình", "self scores in the band Trung bình"),
    _of_meetings("grade_weak", "Tự chấm: kém", "self scores in the band Kém"),
    _of_meetings("voted_scored", "Chi bộ đã biểu quyết điểm", "regular meetings with a score voted by the branch"),
    _of_meetings("voted_points_hundredths", "Tổng điểm biểu quyết (1/100 điểm)", "sum of these, in 1/100 point"),
    _of_meetings("official_scored", "Cấp trên đã chấm điểm", "regular meetings scored by the direct superior"),
    _of_meetings("official_points_hundredths", "Tổng điểm cấp trên chấm (1/100 điểm)", "sum of these, in 1/100 point"),
    _of_meetings("official_good", "Cấp trên xếp: tốt", "official scores in the band Tốt in force on the meeting's day"),
    _of_meetings("official_fair", "Cấp trên xếp: khá", "official scores in the band Khá"),
    _of_meetings("official_average", "Cấp trên xếp: trung bình", "official scores in the band Trung bình"),
    _of_meetings("official_weak", "Cấp trên xếp: kém", "official scores in the band Kém"),
    _of_meetings("both_scored", "Có cả hai điểm", "regular meetings with a self score and an official one"),
    _of_meetings(
        "self_above_official_hundredths",
        "Tổng điểm tự chấm cao hơn cấp trên (1/100 điểm)",
        "sum of the self scores of these less the official ones, in 1/100 point; may be negative",
    ),
    _of_meetings(
        "self_from_official_hundredths",
        "Tổng chênh lệch tự chấm và cấp trên chấm (1/100 điểm)",
        "sum of the distances between these, in 1/100 point",
    ),
    _of_meetings("evidence_scored", "Có điểm theo minh chứng", "regular meetings scored from evidence by their rubric"),
    _of_meetings(
        "evidence_points_hundredths",
        "Tổng điểm theo minh chứng (1/100 điểm)",
        "sum of these, scaled to 100, in 1/100 point",
    ),
    _of_meetings(
        "evidence_compared", "So được với minh chứng", "of these, with a self score on groups evidence covers"
    ),
    _of_meetings(
        "evidence_gap_hundredths",
        "Tổng chênh lệch tự chấm và minh chứng (1/100 điểm)",
        "sum of the distances between self score and evidence on the groups evidence covers, in 1/100 point",
    ),
)
