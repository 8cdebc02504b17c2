"""What every figure must be, counted plainly from what was sent: dicts and loops, no code of the services.

The definitions are those of docs/figures.md, written here a second time on purpose.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from deploy.local.demo.members import Member
from deploy.local.demo.oracle_meetings import VIET_NAM, Enrolled, enrol, parts_of
from deploy.local.demo.province import Province
from deploy.local.demo.rows import Completion, Meeting, NotHeld, Submission
from deploy.local.demo.villages import Village

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
    "late_arrivals",
    "voted_scored",
    "voted_points_hundredths",
    "official_scored",
    "official_points_hundredths",
    "official_good",
    "official_fair",
    "official_average",
    "official_weak",
    "both_scored",
    "self_above_official_hundredths",
    "self_from_official_hundredths",
    "superior_assigned",
    "superior_attended",
    "examined",
    "preparation_known",
    "task_members_known",
    "members_with_task",
    "duration_known",
    "duration_kept",
    "owed_age_18_30",
    "present_age_18_30",
    "owed_age_31_40",
    "present_age_31_40",
    "owed_age_41_50",
    "present_age_41_50",
    "owed_age_51_60",
    "present_age_51_60",
    "owed_age_61_up",
    "present_age_61_up",
    "owed_secretary",
    "present_secretary",
    "owed_deputy",
    "present_deputy",
    "owed_committee",
    "present_committee",
    "owed_without_post",
    "present_without_post",
    "members_active",
    "members_official",
    "members_probationary",
    "members_exempt",
    "members_minority",
    "members_ethnicity_known",
)


VILLAGE_FIGURES = (
    "villages",
    "own_branch",
    "sharing",
    "without_branch",
    "head_member",
    "head_not_member",
    "head_vacant",
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
        self._members = province.members
        self._standing: dict[tuple[str, str], dict[str, int]] = {}
        self._enrolled: dict[str, list[Enrolled]] = {}
        self._meetings: dict[str, tuple[str, str, dict[str, int]]] = {}
        self._revisions: dict[str, int] = {}
        self._tasks: dict[str, tuple[str, date]] = {}
        self._done: dict[str, date] = {}

    def enrol(self, member_ids: Mapping[str, str], on: date) -> None:
        """Note the registry's ids of the members (by their codes), enrolled on the day `on`.

        The roster that meetings count groups of ages by tells each member's age on that day.
        """
        for code, members in self._members.items():
            self._enrolled[code] = [
                enrol(member, member_ids[member.code], on) for member in members if member.status == "active"
            ]

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
        return parts_of(row, self._revisions[row.meeting_id], self._joined[code], self._enrolled.get(code, ()))

    def figures(self, months: Iterable[str]) -> dict[str, dict[str, dict[str, int]]]:
        """Month → code of every unit → every part. A branch stays one; what stands above it may change once."""
        trees = {month: self._tree_of(month) for month in months}
        counted = {month: {code: dict.fromkeys(PARTS, 0) for code in tree} for month, tree in trees.items()}
        for month, tree in trees.items():
            for code in self._branches:
                _add(counted[month], tree, code, "branches", 1)
                if (code, month) not in self._standing:
                    self._standing[code, month] = standing(self._members.get(code, ()), month)
                for name, members in self._standing[code, month].items():
                    _add(counted[month], tree, code, name, members)
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


def standing(members: Iterable[Member], month: str) -> dict[str, int]:
    """How many members stand in a branch on the last day of `month`. In a rehearsal nobody leaves.

    Ethnicity is told as it was on the half-year's first day, and of no branch in which one or two are alone.
    """
    year, number = int(month[:4]), int(month[5:])
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    here = [member for member in members if member.valid_from <= last]
    before = [member for member in members if member.valid_from <= date(year, 1 if number < 7 else 7, 1)]
    majority = sum(member.ethnicity == "Kinh" for member in before)
    minority = sum(member.ethnicity not in (None, "Kinh") for member in before)
    told = majority not in (1, 2) and minority not in (1, 2)
    return {
        "members_active": sum(member.status == "active" for member in here),
        "members_official": sum(member.kind == "official" for member in here),
        "members_probationary": sum(member.kind == "probationary" for member in here),
        "members_exempt": sum(member.status == "exempt" for member in here),
        "members_minority": minority if told else 0,
        "members_ethnicity_known": majority + minority if told else 0,
    }


def of_villages(villages: Iterable[Village], tree: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """Code of every unit → how far branches reach the villages of its subtree."""
    found = {code: dict.fromkeys(VILLAGE_FIGURES, 0) for code in tree}
    settled = list(villages)
    having: dict[str | None, int] = {}
    for one in settled:
        having[one.branch_code] = having.get(one.branch_code, 0) + 1
    for one in settled:
        own = "own_branch" if having[one.branch_code] == 1 else "sharing"
        place = "without_branch" if one.branch_code is None else own
        for name in ("villages", place, f"head_{one.head}"):
            _add(found, tree, one.unit_code, name, 1)
    return found


def _add(units: Mapping[str, dict[str, int]], tree: Mapping[str, str | None], code: str, name: str, value: int) -> None:
    at: str | None = code
    while at is not None:
        units[at][name] += value
        at = tree[at]


def _month(instant: datetime) -> str:
    day = instant.astimezone(VIET_NAM).date()
    return f"{day.year:04d}-{day.month:02d}"
