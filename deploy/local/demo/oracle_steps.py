"""What was known when minutes were adopted, and what became of tasks: the oracle's memory of steps."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from deploy.local.demo.oracle_meetings import Adopted
from deploy.local.demo.oracle_tree import month_of
from deploy.local.demo.rows import Call, Meeting

# The rule `documents_days_before` of meetings.
DOCUMENTS_BEFORE = timedelta(days=1)


class Steps:
    """The calls, the committees' meetings, and who follows whom."""

    def __init__(self) -> None:
        self.adopted: dict[str, Adopted] = {}
        self._calls: dict[str, tuple[Call, bool]] = {}
        self._prepared: set[str] = set()
        self._followed: dict[str, date] = {}

    def call(self, code: str, row: Call, today: date, day: date) -> None:
        """Note what was done before a meeting of the local day `day`, on the day `today`."""
        self._calls[row.meeting_id] = (row, bool(row.documents) and today <= day - DOCUMENTS_BEFORE)
        if row.follower_id is not None:
            self._followed[code] = min(row.follows_from, self._followed.get(code, row.follows_from))

    def adopt(self, row: Meeting, at: datetime, last: tuple[int, int]) -> None:
        """Note that minutes were adopted, and that the last meeting's tasks were `last`: how many, how many done.

        What the committee and the superior do afterwards does not count for the meeting any more.
        """
        if row.regular_id is not None:
            self._prepared.add(row.regular_id)
        called, in_time = self._calls.get(row.meeting_id, (None, False))
        self.adopted[row.meeting_id] = Adopted(
            at,
            pre_meeting=row.meeting_id in self._prepared,
            notified=called is not None and called.notified,
            documents_in_time=in_time,
            put_off=called is not None and called.put_off_from is not None,
            last_tasks=last[0],
            last_tasks_done=last[1],
        )

    def is_followed(self, code: str, day: date) -> bool:
        """Whether a superior was assigned to follow the branch on a day; once one is, there always is one."""
        return code in self._followed and self._followed[code] <= day


class Tasks:
    """Tasks given and done; `done`: the day each was done."""

    def __init__(self) -> None:
        self.done: dict[str, date] = {}
        self._given: dict[str, tuple[str, date]] = {}
        self._of_regular: dict[str, dict[str, tuple[datetime, tuple[str, ...]]]] = {}

    def give(self, code: str, row: Meeting) -> None:
        """Note the tasks of a meeting."""
        for task in row.minutes.tasks:
            self._given[task.task_id] = (code, task.due_on)
        if row.kind == "regular":
            named = tuple(task.task_id for task in row.minutes.tasks)
            self._of_regular.setdefault(code, {})[row.meeting_id] = (row.starts_at, named)

    def of_last(self, code: str, row: Meeting) -> tuple[int, int]:
        """How many tasks the branch's last regular meeting before `row` gave, of those known now, and how many are
        done."""
        before = [told for told in self._of_regular.get(code, {}).values() if told[0] < row.starts_at]
        if not before:
            return 0, 0
        _, named = max(before)
        return len(named), sum(task_id in self.done for task_id in named)

    def due_in(self, month: str) -> Iterator[tuple[str, dict[str, int]]]:
        """The branch and the parts of every task that is due in a month."""
        for task_id, (code, due_on) in self._given.items():
            if month_of(due_on) != month:
                continue
            done_on = self.done.get(task_id)
            late = done_on is not None and done_on > due_on
            yield code, {"tasks_due": 1, "tasks_done": int(done_on is not None), "tasks_done_late": int(late)}
