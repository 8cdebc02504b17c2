"""What one meeting counts for, by plain counting: the oracle's second writing of docs/figures.md."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import NamedTuple

from deploy.local.demo.members import Member
from deploy.local.demo.rows import Meeting

VIET_NAM = timezone(timedelta(hours=7))
REPORT_WITHIN_DAYS = 2
# HD 12-HD/BTCTW names the same bands as HD 42-HD/BTCTW: Tốt from 90, Khá from 70, Trung bình from 50.
GOOD, FAIR, AVERAGE = 90.0, 70.0, 50.0
# HD 42-HD/BTCTW, and HD 12 before it: 90 minutes, 120 where 30 members and more owe attendance.
LEAST_MINUTES, LARGE_MINUTES, LARGE_FROM = 90, 120, 30
AGE_GROUPS = ((61, "age_61_up"), (51, "age_51_60"), (41, "age_41_50"), (31, "age_31_40"), (18, "age_18_30"))
POST_GROUPS = {
    "secretary": "secretary",
    "deputy_secretary": "deputy",
    "committee_member": "committee",
    None: "without_post",
}
# Of a regular meeting; `ideology` may stay empty.
REQUIRED_SECTIONS = (
    "opening",
    "last_month_results",
    "next_month_direction",
    "discussion",
    "self_criticism",
    "conclusion",
)


class Enrolled(NamedTuple):
    """Someone who owes attendance since a day, with the groups they are counted in."""

    member_id: str
    since: date
    groups: tuple[str, str]


def parts_of(row: Meeting, revisions: int, joined: Iterable[date], enrolled: Iterable[Enrolled]) -> dict[str, int]:
    """What the meeting counts for after `revisions`; `joined`: since when those who owe attendance do, `enrolled`: the
    same with their groups."""
    day = row.starts_at.astimezone(VIET_NAM).date()
    owed = sum(since <= day for since in joined)
    absent = len(row.attendance.absent)
    without = sum(absence.reason is None for absence in row.attendance.absent)
    parts = {
        "owed": owed,
        "present": owed - absent,
        "absent_with_reason": absent - without,
        "absent_without_reason": without,
        "speakers": len({opinion.member_id for opinion in row.minutes.opinions}),
        "tasks_assigned": len(row.minutes.tasks),
        "corrected": int(revisions > 1),
        "late_arrivals": len(row.attendance.late),
        "examined": 1,
    }
    away = {absence.member_id for absence in row.attendance.absent}
    for member in enrolled:
        if member.since <= day:
            for group in member.groups:
                parts[f"owed_{group}"] = parts.get(f"owed_{group}", 0) + 1
                parts[f"present_{group}"] = parts.get(f"present_{group}", 0) + (member.member_id not in away)
    if row.kind == "thematic":
        parts["thematic_held"] = 1
        return parts
    due = datetime.combine(day + timedelta(days=REPORT_WITHIN_DAYS + 1), time.min, VIET_NAM)
    on_time = row.reported_at.astimezone(UTC) < due.astimezone(UTC)
    filled = [name for name, text in row.minutes.sections.items() if text.strip() != ""]
    parts["regular_held"] = 1
    parts["regular_on_time" if on_time else "regular_late"] = 1
    parts["minutes_complete"] = int(all(name in filled for name in REQUIRED_SECTIONS))
    parts["with_conclusion"] = int("conclusion" in filled)
    parts["with_tasks"] = int(len(row.minutes.tasks) > 0)
    parts["preparation_known"] = 1
    parts["task_members_known"] = 1
    parts["members_with_task"] = len({task.member_id for task in row.minutes.tasks})
    lasted = (row.minutes.ended_at - row.minutes.started_at).total_seconds() // 60
    if lasted > 0:
        # In a rehearsal no thematic meeting is on the day of a regular one.
        parts["duration_known"] = 1
        parts["duration_kept"] = int(lasted >= (LARGE_MINUTES if owed >= LARGE_FROM else LEAST_MINUTES))
    if row.score is not None:
        points = sum(row.score.points.values())
        parts["self_scored"] = 1
        parts["self_points_hundredths"] = round(points * 100)
        parts[f"grade_{_grade(points)}"] = 1
    if row.voted is not None:
        parts["voted_scored"] = 1
        parts["voted_points_hundredths"] = round(sum(row.voted.points.values()) * 100)
    if row.official is not None:
        official = sum(row.official.points.values())
        parts["official_scored"] = 1
        parts["official_points_hundredths"] = round(official * 100)
        parts[f"official_{_grade(official)}"] = 1
        if row.score is not None:
            above = round(sum(row.score.points.values()) * 100) - round(official * 100)
            parts["both_scored"] = 1
            parts["self_above_official_hundredths"] = above
            parts["self_from_official_hundredths"] = abs(above)
    return parts


def _grade(points: float) -> str:
    return "good" if points >= GOOD else "fair" if points >= FAIR else "average" if points >= AVERAGE else "weak"


def enrol(member: Member, member_id: str, on: date) -> Enrolled:
    """`member` with the registry's id, and the groups of the roster published on the day `on`."""
    groups = (_age_group(member.birth_date, on), POST_GROUPS[member.post])
    return Enrolled(member_id, member.valid_from, groups)


def _age_group(born: date, on: date) -> str:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next(group for least, group in AGE_GROUPS if age >= least)
