"""What every figure must be, counted plainly from what was sent: dicts and loops, no code of the services.

The definitions are those of docs/figures.md, written here a second time on purpose.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

from deploy.local.demo.province import Province
from deploy.local.demo.rows import Completion, Meeting, NotHeld, Submission

VIET_NAM = timezone(timedelta(hours=7))
REPORT_WITHIN_DAYS = 2
# HD 12-HD/BTCTW names the same bands as HD 42-HD/BTCTW: Tốt from 90, Khá from 70, Trung bình from 50.
GOOD, FAIR, AVERAGE = 90.0, 70.0, 50.0
# Of a regular meeting; `ideology` may stay empty.
REQUIRED_SECTIONS = (
    "opening",
    "last_month_results",
    "next_month_direction",
    "discussion",
    "self_criticism",
    "conclusion",
)
PARTS = (
    "branches",
    "not_held",
    "regular_held",
    "regular_on_time",
    "regular_late",
    "thematic_held",
    "other_held",
    "corrected",
    "owed",
    "present",
    "absent_with_reason",
    "absent_without_reason",
    "minutes_complete",
    "with_conclusion",
    "with_tasks",
    "speakers",
    "tasks_assigned",
    "tasks_due",
    "tasks_done",
    "tasks_done_late",
    "self_scored",
    "self_points_hundredths",
    "grade_good",
    "grade_fair",
    "grade_average",
    "grade_weak",
)


class Oracle:
    """Keeps what was sent, in few words, and counts it when asked."""

    def __init__(self, province: Province) -> None:
        self._trees: list[tuple[str, Mapping[str, str | None]]] = [
            ("0000-00", {unit.code: unit.parent_code for unit in province.units})
        ]
        self._branches = [unit.code for unit in province.units if unit.kind in ("branch", "grassroots_branch")]
        self._joined: dict[str, list[date]] = {}
        for code, members in province.members.items():
            self._joined[code] = [member.valid_from for member in members if member.status == "active"]
        self._meetings: dict[str, tuple[str, str, dict[str, int]]] = {}
        self._revisions: dict[str, int] = {}
        self._tasks: dict[str, tuple[str, date]] = {}
        self._done: dict[str, date] = {}

    def reshape(self, from_month: str, parents: Mapping[str, str | None]) -> None:
        """From `from_month` on the tree is `parents`: the code above each code that is in force then."""
        self._trees.append((from_month, parents))

    def take(self, submission: Submission) -> None:
        """Note one submission that was accepted."""
        code = self._branches[submission.branch]
        row = submission.row
        if isinstance(row, Completion):
            self._done[row.task_id] = row.done_on
        elif isinstance(row, NotHeld):
            self._meetings[row.meeting_id] = (code, _month(row.starts_at), {"not_held": 1})
        elif not submission.repeated:
            self._revisions[row.meeting_id] = self._revisions.get(row.meeting_id, 0) + 1
            for task in row.minutes.tasks:
                self._tasks[task.task_id] = (code, task.due_on)
            self._meetings[row.meeting_id] = (code, _month(row.starts_at), self._parts_of(code, row))

    def _parts_of(self, code: str, row: Meeting) -> dict[str, int]:
        day = row.starts_at.astimezone(VIET_NAM).date()
        owed = sum(joined <= day for joined in self._joined[code])
        absent = len(row.attendance.absent)
        without = sum(absence.reason is None for absence in row.attendance.absent)
        parts = {
            "owed": owed,
            "present": owed - absent,
            "absent_with_reason": absent - without,
            "absent_without_reason": without,
            "speakers": len({opinion.member_id for opinion in row.minutes.opinions}),
            "tasks_assigned": len(row.minutes.tasks),
            "corrected": int(self._revisions[row.meeting_id] > 1),
        }
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
        if row.score is not None:
            points = sum(row.score.points.values())
            parts["self_scored"] = 1
            parts["self_points_hundredths"] = round(points * 100)
            grade = (
                "good" if points >= GOOD else "fair" if points >= FAIR else "average" if points >= AVERAGE else "weak"
            )
            parts[f"grade_{grade}"] = 1
        return parts

    def figures(self, months: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
        """Month → code of every unit → every part. A branch stays one; what stands above it may change once."""
        trees = {month: self._tree_of(month) for month in months}
        counted = {month: {code: dict.fromkeys(PARTS, 0) for code in tree} for month, tree in trees.items()}
        for month, tree in trees.items():
            for code in self._branches:
                _add(counted[month], tree, code, "branches", 1)
        for code, month, parts in self._meetings.values():
            if month in counted:
                for name, value in parts.items():
                    _add(counted[month], trees[month], code, name, value)
        for task_id, (code, due_on) in self._tasks.items():
            month = f"{due_on.year:04d}-{due_on.month:02d}"
            if month in counted:
                tree = trees[month]
                _add(counted[month], tree, code, "tasks_due", 1)
                done_on = self._done.get(task_id)
                if done_on is not None:
                    _add(counted[month], tree, code, "tasks_done", 1)
                    if done_on > due_on:
                        _add(counted[month], tree, code, "tasks_done_late", 1)
        return counted

    def silent(self, month: str) -> list[str]:
        """The codes of the branches of which neither a regular meeting of `month` nor its falling out is known."""
        told = {
            code
            for code, of_month, parts in self._meetings.values()
            if of_month == month and ("regular_held" in parts or "not_held" in parts)
        }
        return [code for code in self._branches if code not in told]

    def _tree_of(self, month: str) -> Mapping[str, str | None]:
        return next(tree for from_month, tree in reversed(self._trees) if from_month <= month)


def _add(units: Mapping[str, dict[str, int]], tree: Mapping[str, str | None], code: str, name: str, value: int) -> None:
    at: str | None = code
    while at is not None:
        units[at][name] += value
        at = tree[at]


def _month(instant: datetime) -> str:
    day = instant.astimezone(VIET_NAM).date()
    return f"{day.year:04d}-{day.month:02d}"
