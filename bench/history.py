"""The log of a province's past, drawn from a seed, and what its figures must be.

The counts are kept here by plain additions as events are drawn, in nothing that the service shares: they are the
ground truth the figures are compared with.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from bench import drawing
from bench.tree import Province, Unit, as_event
from shared import months
from shared.contracts.catalogue import catalogue, validate
from shared.envelope import Event, Record, to_record

FIRST_MONTH: Final = "2025-11"
"""The first whole month under the guidance of 2025: all of the log is scored by the rubrics in force."""
DUPLICATES: Final = 0.05
CORRECTIONS: Final = 0.03
THEMATIC: Final = 0.1
WITH_TASK: Final = 0.3
TASK_DONE: Final = 0.8

Figures = dict[tuple[str, str], dict[str, int]]
"""(unit id, month) → part → count; parts that are zero are left out."""


class History:
    """Records of `minutes` adopted minutes in the order of months, some twice, some corrected, some out of order.

    The counts are kept branch by branch; without `of_branches` only those of the units above are.
    """

    def __init__(self, province: Province, minutes: int, *, seed: int = 1, of_branches: bool = True) -> None:
        self._province = province
        self._minutes = minutes
        self._random = random.Random(seed)
        self._counted: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._of_branches = of_branches
        self._counting = province.branches if of_branches else province.units
        self.meetings = self.tasks = 0

    def units(self) -> Iterator[Record]:
        """The whole tree."""
        return (_record("registry.unit.v1", as_event(unit)) for unit in self._province.units)

    def records(self) -> Iterator[Record]:
        """Meetings and tasks, month after month, until there are enough minutes."""
        month, left = FIRST_MONTH, self._minutes
        while left > 0:
            placed: list[tuple[float, Record]] = []
            for branch in self._province.branches:
                for kind in ("regular", "thematic") if self._random.random() < THEMATIC else ("regular",):
                    if left > 0:
                        placed += self._meeting(branch, month, kind, len(placed))
                        left -= 1
            placed.sort(key=lambda pair: pair[0])
            yield from (record for _, record in placed)
            month = months.add(month, 1)

    def truth(self) -> Figures:
        """The figures of every unit and month, of all records drawn so far."""
        sums: Figures = defaultdict(lambda: defaultdict(int))
        paths = {unit.unit_id: list(unit.path) for unit in self._counting}
        for (counted_at, month), parts in self._counted.items():
            for unit_id in paths[counted_at]:
                for name, count in parts.items():
                    sums[unit_id, month][name] += count
        return nonzero(sums)

    def branches(self) -> dict[str, int]:
        """How many branches each unit has."""
        counts: dict[str, int] = defaultdict(int)
        for branch in self._province.branches:
            for unit_id in branch.path:
                counts[unit_id] += 1
        return dict(counts)

    def _meeting(self, branch: Unit, month: str, kind: str, place: int) -> Iterator[tuple[float, Record]]:
        """The records of one meeting with their places in the log: near `place`, later or, out of order, before it."""
        rng = self._random
        first = drawing.minutes(rng, branch, month, kind)
        states = [first]
        if rng.random() < CORRECTIONS:
            states.append(drawing.corrected(rng, first))
        parts = self._parts(branch, month)
        for name, count in drawing.counts(states[-1]).items():
            parts[name] += count
        for state, at in zip(states, (place, place + rng.uniform(-200, 2000)), strict=False):
            record = _record("meetings.meeting.v1", state)
            self.meetings += 1
            yield at, record
            if rng.random() < DUPLICATES:
                self.meetings += 1
                yield place + rng.uniform(0, 4000), record
        if states[-1]["tasks_assigned"] and rng.random() < WITH_TASK:
            yield from self._task(branch, date.fromisoformat(first["starts_at"][:10]), first["meeting_id"], place)

    def _parts(self, branch: Unit, month: str) -> dict[str, int]:
        place = branch if self._of_branches or branch.parent is None else branch.parent
        return self._counted[place.unit_id, month]

    def _task(self, branch: Unit, held_on: date, meeting_id: str, place: int) -> Iterator[tuple[float, Record]]:
        rng = self._random
        due_on = held_on + timedelta(days=rng.randint(10, 40))
        task: dict[str, Any] = {
            "task_id": str(drawing.an_id(rng)),
            "version": 1,
            "meeting_id": meeting_id,
            "unit_id": branch.unit_id,
            "member_id": str(drawing.an_id(rng)),
            "assigned_on": str(held_on),
            "due_on": str(due_on),
            "status": "assigned",
            "done_on": None,
        }
        self.tasks += 1
        yield place, _record("meetings.task.v1", task)
        parts = self._parts(branch, months.month_of(due_on))
        parts["tasks_due"] += 1
        if rng.random() < TASK_DONE:
            done_on = due_on + timedelta(days=rng.randint(-9, 3))
            parts["tasks_done"] += 1
            parts["tasks_done_late"] += done_on > due_on
            self.tasks += 1
            done = {**task, "version": 2, "status": "done", "done_on": str(done_on)}
            yield place + rng.uniform(0, 4000), _record("meetings.task.v1", done)


def _record(type_: str, data: dict[str, Any]) -> Record:
    """The record of a state, once it has been checked against its contract."""
    validate(type_, data)
    topic = catalogue().topic_of(type_)
    key = data[catalogue().topics[topic].key]
    return to_record(Event(topic=topic, type=type_, source="/bench", key=key, data=data, traceparent=""))


def nonzero(figures: Figures) -> Figures:
    """`figures` without parts that are zero, and without units and months that have no other: nobody keeps those."""
    kept = {at: {name: count for name, count in parts.items() if count} for at, parts in figures.items()}
    return {at: parts for at, parts in kept.items() if parts}
