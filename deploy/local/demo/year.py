"""A year of meetings, in the order in which they reach the services: a stream, drawn from a seed.

Only what is still to come in the next weeks is held (a few numbers each); a body is made when its turn comes.
"""

import heapq
import itertools
import random
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from deploy.local.demo import calls, own_words, sheets
from deploy.local.demo.province import Province
from deploy.local.demo.rows import Completion, Meeting, Submission, Task
from deploy.local.demo.slots import REPORT_DAYS, Course, Slot, at, course, draw, habits
from shared.clock import local_day
from shared.months import add, between, last_day

LAST_MONTH: Final = "2025-06"
STEPS_SHARE: Final = 0.01


class Ids(msgspec.Struct, frozen=True):
    """The registry's ids of units and members, by code."""

    units: Mapping[str, str]
    members: Mapping[str, str]


class Window(msgspec.Struct, frozen=True):
    """What is sent until the reports of `month` are due: `closes_at` is the first minutes of the day after."""

    month: str
    closes_at: datetime
    submissions: Iterator[Submission]


class _Coming(msgspec.Struct, frozen=True):
    what: Literal["call", "prepared", "first", "again", "correction", "completion"]
    slot: Slot
    completion: Completion | None = None
    meeting_id: str = ""


class Year:
    """The meetings of `months` months, the last of them `last`, of every branch of `province`."""

    def __init__(
        self, province: Province, ids: Ids, *, months: int = 12, last: str = LAST_MONTH, seed: int = 1
    ) -> None:
        self.months = list(between(add(last, 1 - months), last))
        self.units = province.branches()
        self._seed = seed
        self._habits = [habits(seed, unit.code, unit.branch_type) for unit in self.units]
        self.branches = [
            sheets.Branch.of(
                ids.units[unit.code],
                kept,
                [(ids.members[member.code], member) for member in province.members[unit.code]],
            )
            for unit, kept in zip(self.units, self._habits, strict=True)
        ]
        self._committees = sorted({unit.parent_code or "" for unit in self.units if unit.kind == "branch"})
        self._heap: list[tuple[datetime, int, _Coming]] = []
        self._numbers = itertools.count()

    @property
    def begins_at(self) -> datetime:
        """The instant the rehearsal's clock starts from."""
        return self.closes_at(add(self.months[0], -1)) - timedelta(days=REPORT_DAYS + 2)

    @staticmethod
    def closes_at(month: str) -> datetime:
        """The first minutes of the day after the last reporting day of `month`."""
        return at(last_day(month) + timedelta(days=REPORT_DAYS + 1), 0, 30)

    def windows(self) -> Iterator[Window]:
        """Month after month, each with its submissions in the order in which they are sent.

        A window's submissions are to be taken to the end before the next window is asked for. What would be sent after
        the last window is not sent.
        """
        coming = iter(self.months)
        self._expect(next(coming))
        for month in self.months:
            # Some branches meet on the 1st, before the reports of the month before are due.
            following = next(coming, None)
            if following is not None:
                self._expect(following)
            closes_at = self.closes_at(month)
            yield Window(month, closes_at, self._until(closes_at))

    def expected_meetings(self) -> int:
        """How many meetings (held or recorded as not held) will have been sent by the end."""
        end = self.closes_at(self.months[-1])
        return sum(
            kept.fate != "missing" and kept.sent_at <= end
            for month in self.months
            for slot in self.slots(month)
            for kept in (self._course(slot)[0],)
        )

    def slots(self, month: str) -> Iterator[Slot]:
        """Every meeting due in `month`: a regular one for each branch, a thematic one a quarter."""
        by_steps = self._by_steps(month)
        quarter_month = (int(month[5:]) - 1) % 3
        for number, unit in enumerate(self.units):
            door: Literal["steps", "batch"] = "steps" if unit.parent_code in by_steps else "batch"
            yield Slot(number, month, "regular", door)
            if number % 3 == quarter_month:
                yield Slot(number, month, "thematic", door)

    def _by_steps(self, month: str) -> set[str]:
        """The committees whose secretaries go step by step this month."""
        count = max(1, round(len(self._committees) * STEPS_SHARE))
        start = self.months.index(month) * count
        return (
            {self._committees[(start + i) % len(self._committees)] for i in range(count)} if self._committees else set()
        )

    def _expect(self, month: str) -> None:
        for slot in self.slots(month):
            kept, _ = self._course(slot)
            if kept.fate == "held" and slot.door == "steps" and slot.kind == "regular":
                self._expect_preparation(slot, local_day(kept.starts_at))
            if kept.fate != "missing":
                self._push(kept.sent_at, _Coming("first", slot))
            if kept.repeated_at is not None:
                self._push(kept.repeated_at, _Coming("again", slot))
            if kept.corrected_at is not None:
                self._push(kept.corrected_at, _Coming("correction", slot))

    def _expect_preparation(self, slot: Slot, day: date) -> None:
        self._push(at(day - timedelta(days=2), 10, 0), _Coming("call", slot))
        if calls.prepared(self._seed, self.branches[slot.branch], self._row(slot)) is not None:
            self._push(at(day - timedelta(days=1), 20, 0), _Coming("prepared", slot))

    def _push(self, when: datetime, coming: _Coming) -> None:
        heapq.heappush(self._heap, (when, next(self._numbers), coming))

    def _course(self, slot: Slot) -> tuple[Course, random.Random]:
        rng = draw(self._seed, slot)
        return course(slot, self._habits[slot.branch], rng), rng

    def _until(self, end: datetime) -> Iterator[Submission]:
        while self._heap and self._heap[0][0] <= end:
            when, _, coming = heapq.heappop(self._heap)
            yield self._submission(when, coming)

    def _submission(self, when: datetime, coming: _Coming) -> Submission:
        slot = coming.slot
        if coming.completion is not None:
            return Submission(when, slot.door, slot.branch, coming.meeting_id, coming.completion)
        kept, rng = self._course(slot)
        branch = self.branches[slot.branch]
        if kept.fate == "not_held":
            cancelled = sheets.not_held(branch, kept, rng)
            return Submission(when, slot.door, slot.branch, cancelled.meeting_id, cancelled)
        row = self._paper(slot, kept, rng)
        if coming.what == "call":
            return Submission(when, slot.door, slot.branch, row.meeting_id, calls.call(self._seed, row))
        if coming.what == "prepared":
            before = calls.prepared(self._seed, branch, row)
            assert before is not None  # it was expected
            return Submission(when, slot.door, slot.branch, before.meeting_id, before)
        if coming.what == "correction":
            row = sheets.corrected(branch, row, rng)
        elif coming.what == "first":
            self._expect_completions(slot, row.meeting_id, kept, row.minutes.tasks, rng)
        return Submission(when, slot.door, slot.branch, row.meeting_id, row, repeated=coming.what == "again")

    def _row(self, slot: Slot) -> Meeting:
        return self._paper(slot, *self._course(slot))

    def _paper(self, slot: Slot, kept: Course, rng: random.Random) -> Meeting:
        # Until many branches have written, meetings cannot tell what is everybody's from what was copied.
        discussed = own_words.discussed(self._seed, slot) if slot.month != self.months[0] else None
        row = sheets.meeting(self.branches[slot.branch], slot, kept, rng, discussed)
        is_followed = slot.door == "steps" and slot.kind == "regular"
        return calls.with_visit(self._seed, row) if is_followed else row

    def _expect_completions(
        self, slot: Slot, meeting_id: str, kept: Course, tasks: tuple[Task, ...], rng: random.Random
    ) -> None:
        for task in tasks:
            done_on = sheets.completion_day(task, local_day(kept.starts_at), rng)
            if done_on is not None:
                noted_on = done_on + timedelta(days=1)
                if slot.door == "steps":
                    # Once in ten days: see slots._by_hand.
                    noted_on += timedelta(days=-noted_on.toordinal() % 10)
                when = max(at(noted_on, 22, 0), kept.sent_at + timedelta(hours=1))
                self._push(when, _Coming("completion", slot, Completion(task.task_id, done_on), meeting_id))
