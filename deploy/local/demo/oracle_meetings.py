"""What one meeting counts for, by plain counting: the oracle's second writing of docs/figures.md."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from deploy.local.demo.members import Member
from deploy.local.demo.oracle_evidence import Seen
from deploy.local.demo.oracle_signals import REQUIRED_SECTIONS, is_signalled
from deploy.local.demo.oracle_tree import REPORT_WITHIN_DAYS, VIET_NAM, local_day
from deploy.local.demo.rows import Meeting

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


class Enrolled(NamedTuple):
    """Someone who owes attendance since a day, with the groups they are counted in."""

    member_id: str
    since: date
    groups: tuple[str, str]


class Adopted(NamedTuple):
    """What was known of a meeting when its minutes were adopted, beside its papers.

    `notified` and `documents_in_time` as of its last call, `put_off` to another day, `last_tasks` those of the branch's
    regular meeting before and how many of them were done.
    """

    at: datetime
    pre_meeting: bool = False
    notified: bool = False
    documents_in_time: bool = False
    put_off: bool = False
    last_tasks: int = 0
    last_tasks_done: int = 0

    @property
    def on_set_day(self) -> bool | None:
        """Whether it was on the day set; nobody sends a plan of the year in a rehearsal, so only a notice sets one."""
        return False if self.put_off else True if self.notified else None


def parts_of(
    row: Meeting, revisions: int, joined: Iterable[date], enrolled: Iterable[Enrolled], adopted: Adopted
) -> dict[str, int]:
    """What the meeting counts for after `revisions`; `joined`: since when those who owe attendance do, `enrolled`: the
    same with their groups."""
    if row.kind == "committee":
        return {"other_held": 1, "tasks_assigned": len(row.minutes.tasks), "corrected": int(revisions > 1)}
    day = local_day(row.starts_at)
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
        "signalled": int(is_signalled(row, adopted.at)),
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
    return parts | _of_regular(row, day, owed) | _of_scores(row) | _of_steps(adopted)


def _of_regular(row: Meeting, day: date, owed: int) -> dict[str, int]:
    due = datetime.combine(day + timedelta(days=REPORT_WITHIN_DAYS + 1), time.min, VIET_NAM)
    on_time = row.reported_at.astimezone(UTC) < due.astimezone(UTC)
    filled = [name for name, text in row.minutes.sections.items() if text.strip() != ""]
    parts = {
        "regular_held": 1,
        "regular_on_time" if on_time else "regular_late": 1,
        "minutes_complete": int(all(name in filled for name in REQUIRED_SECTIONS["regular"])),
        "with_conclusion": int("conclusion" in filled),
        "with_tasks": int(len(row.minutes.tasks) > 0),
        "preparation_known": 1,
        "task_members_known": 1,
        "members_with_task": len({task.member_id for task in row.minutes.tasks}),
    }
    lasted = (row.minutes.ended_at - row.minutes.started_at).total_seconds() // 60
    if lasted > 0:
        # In a rehearsal no thematic meeting is on the day of a regular one.
        parts["duration_known"] = 1
        parts["duration_kept"] = int(lasted >= (LARGE_MINUTES if owed >= LARGE_FROM else LEAST_MINUTES))
    return parts


def _of_steps(adopted: Adopted) -> dict[str, int]:
    return {
        "pre_meeting_held": int(adopted.pre_meeting),
        "notice_given": int(adopted.notified),
        "documents_in_time": int(adopted.documents_in_time),
        "on_set_day_known": int(adopted.on_set_day is not None),
        "on_set_day": int(adopted.on_set_day is True),
        "last_tasks": adopted.last_tasks,
        "last_tasks_done": adopted.last_tasks_done,
    }


def seen_of(row: Meeting, parts: Mapping[str, int], adopted: Adopted) -> Seen:
    """What evidence of a regular meeting is counted from; `parts` are its own."""
    return Seen(
        owed=parts["owed"],
        present=parts["present"],
        absent_without_reason=parts["absent_without_reason"],
        has_committee=parts.get("owed_committee", 0) > 0,
        duration_kept=bool(parts["duration_kept"]) if "duration_kept" in parts else None,
        on_set_day=adopted.on_set_day,
        pre_meeting_held=adopted.pre_meeting,
        notice_given=adopted.notified,
        documents_in_time=adopted.documents_in_time,
        speakers=parts["speakers"],
        with_conclusion=bool(parts["with_conclusion"]),
        minutes_complete=bool(parts["minutes_complete"]),
        tasks=len(row.minutes.tasks),
        last_tasks=adopted.last_tasks,
        last_tasks_done=adopted.last_tasks_done,
        on_time="regular_on_time" in parts,
        given=row.score.points if row.score else None,
    )


def _of_scores(row: Meeting) -> dict[str, int]:
    parts: dict[str, int] = {}
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
