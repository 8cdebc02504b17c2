"""Judge the rows of an import one after another, without the database: each sees what the rows before it changed.

A month that a row takes the branch's regular meeting out of is free for every other row, before it or after it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.commands.rows import CompletionRow, HeldRow, NotHeldRow
from services.meetings.domain import checks, entry, refusals, task
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.domain.refusals import HOUSE
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.task import Task
from services.meetings.store.meetings import Change
from shared.clock import local_day
from shared.errors import Fault, Refusal, Text, Unprocessable

_R = TypeVar("_R")
_FAULTS_SHOWN: Final = 1000
_MEETING_TWICE: Final = Text(
    "Buổi họp này được nêu hai lần trong cùng một lần gửi. Chỉ giữ một dòng.",
    "This meeting is named twice in one import. Keep one row.",
)


class Known(msgspec.Struct, frozen=True):
    """What was known before the import of everything its rows refer to."""

    book: RuleBook
    branches: Mapping[UUID, Branch]
    meetings: Mapping[UUID, Meeting]
    regulars: Mapping[tuple[UUID, str], UUID]
    tasks: Mapping[UUID, Task]
    evenings: Mapping[UUID, Plan]


class Judgement:
    """What an import changes, and what is wrong with it."""

    def __init__(self, known: Known, now: datetime) -> None:
        self._known = known
        self._now = now
        self._regulars = dict(known.regulars)
        self._tasks = dict(known.tasks)
        self._tasks_of: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for known_task in known.tasks.values():
            self._tasks_of[known_task.meeting_id].append(known_task.task_id)
        self._faults: list[Fault] = []
        self._changes: dict[UUID, Change] = {}
        self._changed_tasks: dict[UUID, Task] = {}
        self._named: set[UUID] = set()
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        """By list of rows, how many were created, corrected, done or unchanged."""

    def judge(
        self, meetings: Sequence[HeldRow], not_held: Sequence[NotHeldRow], completions: Sequence[CompletionRow]
    ) -> None:
        """Judge every row. Raises Unprocessable naming each faulty one, Conflict while a branch has not arrived."""
        self._free_months(meetings, not_held)
        self._each("meetings", meetings, self._hold)
        self._each("not_held", not_held, self._close)
        self._keep_evenings(meetings)
        self._each("completions", completions, self._complete)
        if not self._faults:
            return
        if all(fault.rule == "unit-not-here-yet" for fault in self._faults):
            raise refusals.not_here_yet(self._faults[:_FAULTS_SHOWN])
        raise Unprocessable.of(self._faults[:_FAULTS_SHOWN])

    @property
    def changes(self) -> list[Change]:
        """The meetings that change: those that leave their month to another first, else in the order of ids.

        The database refuses a second regular meeting of a month row by row. (Locks were taken in the order of ids.)
        """
        return sorted(
            self._changes.values(), key=lambda change: (not _leaves_its_month(change), change.after.meeting_id)
        )

    @property
    def changed_tasks(self) -> list[Task]:
        """The tasks that change, in the order of ids."""
        return [self._changed_tasks[task_id] for task_id in sorted(self._changed_tasks)]

    def _free_months(self, meetings: Sequence[HeldRow], not_held: Sequence[NotHeldRow]) -> None:
        wanted: dict[UUID, tuple[UUID, str] | None] = {
            row.meeting_id: (row.unit_id, row.plan.period) if row.kind == "regular" else None for row in meetings
        }
        wanted |= {row.meeting_id: None for row in not_held}
        for meeting_id, month in wanted.items():
            known = self._known.meetings.get(meeting_id)
            taken = known.month_taken if known is not None and known.status == "planned" else None
            if taken is not None and taken != month and self._regulars.get(taken) == meeting_id:
                del self._regulars[taken]

    def _each(self, name: str, rows: Iterable[_R], judge: Callable[[_R], str]) -> None:
        for index, row in enumerate(rows):
            try:
                self.counts[name][judge(row)] += 1
            except Refusal as refusal:
                self._faults += _located(f"{name}[{index}]", refusal)

    def _hold(self, row: HeldRow) -> str:
        known = self._once(row.meeting_id)
        held = entry.held(
            known,
            row.meeting_id,
            row.plan,
            row.contents,
            self._branch(row.unit_id),
            self._known.book,
            regular_of_month=self._regulars.get((row.unit_id, row.plan.period)),
            adopted_at=row.adopted_at,
            reported_at=row.reported_at,
            correcting=row.correction_reason is not None,
            now=self._now,
        )
        if held is known:
            return "unchanged"
        self._assign(known, held)
        corrected = held.revision > 1
        self._change(Change(known, held, row.correction_reason if corrected else None))
        return "corrected" if corrected else "created"

    def _close(self, row: NotHeldRow) -> str:
        known = self._once(row.meeting_id)
        month = (row.unit_id, row.plan.period)
        closed = entry.not_held(
            known,
            row.meeting_id,
            row.plan,
            row.reason,
            self._branch(row.unit_id),
            regular_of_month=self._regulars.get(month),
        )
        if closed == known:
            return "unchanged"
        self._change(Change(known, closed))
        return "created"

    def _keep_evenings(self, meetings: Sequence[HeldRow]) -> None:
        """No thematic meeting begins before the regular one of its day, once every row is carried out."""
        plans = dict(self._known.evenings)
        for meeting_id, change in self._changes.items():
            plans.pop(meeting_id, None)
            if change.after.status != "not_held":
                plans[meeting_id] = change.after.plan
        of_day: defaultdict[tuple[UUID, date], list[Plan]] = defaultdict(list)
        for plan in plans.values():
            of_day[plan.unit_id, plan.day].append(plan)
        for index, row in enumerate(meetings):
            change_of = self._changes.get(row.meeting_id)
            if change_of is None or (change_of.before is not None and change_of.before.plan == change_of.after.plan):
                continue
            try:
                checks.keep_order(row.plan, of_day[row.unit_id, row.plan.day])
            except Refusal as refusal:
                self._faults += _located(f"meetings[{index}]", refusal)

    def _complete(self, row: CompletionRow) -> str:
        known = self._tasks.get(row.task_id)
        if known is None:
            raise refusals.unknown_task()
        done = task.complete(known, row.done_on, local_day(self._now))
        if done is known:
            return "unchanged"
        self._tasks[row.task_id] = self._changed_tasks[row.task_id] = done
        return "done"

    def _once(self, meeting_id: UUID) -> Meeting | None:
        if meeting_id in self._named:
            raise Unprocessable.of([Fault("meeting_id", "meeting-named-twice", _MEETING_TWICE, HOUSE)])
        self._named.add(meeting_id)
        return self._known.meetings.get(meeting_id)

    def _branch(self, unit_id: UUID) -> Branch:
        if unit_id not in self._known.branches:
            raise refusals.not_here_yet()
        return self._known.branches[unit_id]

    def _change(self, change: Change) -> None:
        self._changes[change.after.meeting_id] = change
        if change.after.month_taken is not None:
            self._regulars[change.after.month_taken] = change.after.meeting_id

    def _assign(self, before: Meeting | None, held: Meeting) -> None:
        assert held.minutes is not None
        named = [wanted.task_id for wanted in held.minutes.written.tasks] + self._tasks_of[held.meeting_id]
        for record in (before.minutes if before else None, held.minutes):
            named += [carried.task_id for carried in record.written.carried_over] if record else []
        known = {task_id: self._tasks[task_id] for task_id in named if task_id in self._tasks}
        for changed in task.of_meeting(held, known):
            self._tasks[changed.task_id] = self._changed_tasks[changed.task_id] = changed


def _leaves_its_month(change: Change) -> bool:
    taken = change.before.month_taken if change.before else None
    return taken is not None and taken != change.after.month_taken


def _located(row: str, refusal: Refusal) -> list[Fault]:
    """A row's refusal as faults of the whole import, each naming the row."""
    if not refusal.faults:
        return [Fault(row, refusal.rule, refusal.message, refusal.source)]
    return [replace(fault, field=f"{row}.{fault.field}") for fault in refusal.faults]
