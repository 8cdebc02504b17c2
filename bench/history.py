"""The log of a province's past, drawn from a seed, and what its figures must be.

The counts are kept here by plain additions as events are drawn, in nothing that the service shares: they are the
ground truth the figures are compared with.
"""

import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from bench.tree import Province, Unit, as_event
from shared import months
from shared.contracts.catalogue import catalogue, validate
from shared.envelope import Event, Record, to_record

FIRST_MONTH: Final = "2021-01"
DUPLICATES: Final = 0.05
CORRECTIONS: Final = 0.03
THEMATIC: Final = 0.1
WITH_TASK: Final = 0.3
TASK_DONE: Final = 0.8

Figures = dict[tuple[str, str], dict[str, int]]
"""(unit id, month) → part → count; parts that are zero are left out."""


class History:
    """Records of `minutes` adopted minutes in the order of months, some twice, some corrected, some out of order."""

    def __init__(self, province: Province, minutes: int, *, seed: int = 1) -> None:
        self._province = province
        self._minutes = minutes
        self._random = random.Random(seed)
        self._counted: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._paths = {branch.unit_id: list(branch.path) for branch in province.branches}
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
        for (branch_id, month), parts in self._counted.items():
            for unit_id in self._paths[branch_id]:
                for name, count in parts.items():
                    sums[unit_id, month][name] += count
        kept = {at: {name: count for name, count in parts.items() if count} for at, parts in sums.items()}
        return {at: parts for at, parts in kept.items() if parts}

    def branches(self) -> dict[str, int]:
        """How many branches each unit has."""
        counts: dict[str, int] = defaultdict(int)
        for path in self._paths.values():
            for unit_id in path:
                counts[unit_id] += 1
        return dict(counts)

    def _meeting(self, branch: Unit, month: str, kind: str, place: int) -> Iterator[tuple[float, Record]]:
        """The records of one meeting with their places in the log: near `place`, later or, out of order, before it."""
        rng = self._random
        first = self._drawn(branch, month, kind)
        states = [first]
        if rng.random() < CORRECTIONS:
            states.append(self._corrected(first))
        self._count(branch, month, states[-1])
        for state, at in zip(states, (place, place + rng.uniform(-200, 2000)), strict=False):
            record = _record("meetings.meeting.v1", state)
            self.meetings += 1
            yield at, record
            if rng.random() < DUPLICATES:
                self.meetings += 1
                yield place + rng.uniform(0, 4000), record
        if states[-1]["tasks_assigned"] and rng.random() < WITH_TASK:
            yield from self._task(branch, date.fromisoformat(first["starts_at"][:10]), first["meeting_id"], place)

    def _drawn(self, branch: Unit, month: str, kind: str) -> dict[str, Any]:
        rng = self._random
        held = datetime.combine(months.first_day(month), datetime.min.time(), UTC)
        held += timedelta(days=rng.randint(1, 5), hours=rng.randint(1, 13))
        reported = held + timedelta(hours=rng.choice((3, 20, 30, 75)))
        due = (held + timedelta(days=2)).replace(hour=16, minute=59, second=59)
        owed = rng.randint(5, 24)
        absent = [str(self._id()) for _ in range(rng.randint(0, 3))]
        speakers = rng.randint(1, 5)
        return {
            "meeting_id": str(self._id()),
            "version": rng.randint(3, 5),
            "unit_id": branch.unit_id,
            "kind": kind,
            "period": month,
            "status": "adopted",
            "revision": 1,
            "starts_at": held.isoformat(),
            "ended_at": (held + timedelta(minutes=95)).isoformat(),
            "adopted_at": (held + timedelta(minutes=90)).isoformat(),
            "reported_at": reported.isoformat(),
            "report_due_at": due.isoformat(),
            "theme": "học tập và làm theo tư tưởng, đạo đức, phong cách" if kind == "thematic" else None,
            "attendance": _attendance(owed, absent, rng.randint(0, len(absent))),
            "minutes": {
                "sections_required": 6,
                "sections_filled": 6,
                "complete": rng.random() < 0.9,
                "speakers": speakers,
                "speakers_named": speakers,
                "has_conclusion": rng.random() < 0.93,
                "has_resolution": True,
            },
            "votes": {"for": owed - len(absent), "against": 0, "abstaining": 0, "of": owed},
            "tasks_assigned": rng.randint(0, 3),
            "scores": {
                "self": {"points": rng.randint(160, 400) / 4, "frame": "hd-12-2018"} if rng.random() < 0.9 else None,
                "voted": None,
                "official": None,
            },
        }

    def _corrected(self, state: dict[str, Any]) -> dict[str, Any]:
        attendance = state["attendance"]
        absent = [*attendance["absent_member_ids"], str(self._id())]
        return {
            **state,
            "version": state["version"] + 1,
            "revision": 2,
            "attendance": _attendance(attendance["owed"], absent, attendance["absent_with_reason"]),
            "minutes": {**state["minutes"], "has_conclusion": True},
        }

    def _count(self, branch: Unit, month: str, state: dict[str, Any]) -> None:
        parts = self._counted[branch.unit_id, month]
        attendance, minutes, score = state["attendance"], state["minutes"], state["scores"]["self"]
        for name in ("owed", "present", "absent_with_reason", "absent_without_reason"):
            parts[name] += attendance[name]
        parts["speakers"] += minutes["speakers"]
        parts["tasks_assigned"] += state["tasks_assigned"]
        parts["corrected"] += state["revision"] > 1
        if state["kind"] == "thematic":
            parts["thematic_held"] += 1
            return
        in_time = datetime.fromisoformat(state["reported_at"]) <= datetime.fromisoformat(state["report_due_at"])
        parts["regular_held"] += 1
        parts["regular_on_time"] += in_time
        parts["regular_late"] += not in_time
        parts["minutes_complete"] += minutes["complete"]
        parts["with_conclusion"] += minutes["has_conclusion"]
        parts["with_tasks"] += state["tasks_assigned"] > 0
        if score is not None:
            points = score["points"]
            parts["self_scored"] += 1
            parts["self_points_hundredths"] += round(points * 100)
            bands = ((90, "grade_good"), (70, "grade_fair"), (50, "grade_average"), (0, "grade_weak"))
            parts[next(name for least, name in bands if points >= least)] += 1

    def _task(self, branch: Unit, held_on: date, meeting_id: str, place: int) -> Iterator[tuple[float, Record]]:
        rng = self._random
        due_on = held_on + timedelta(days=rng.randint(10, 40))
        task: dict[str, Any] = {
            "task_id": str(self._id()),
            "version": 1,
            "meeting_id": meeting_id,
            "unit_id": branch.unit_id,
            "member_id": str(self._id()),
            "assigned_on": str(held_on),
            "due_on": str(due_on),
            "status": "assigned",
            "done_on": None,
        }
        self.tasks += 1
        yield place, _record("meetings.task.v1", task)
        parts = self._counted[branch.unit_id, months.month_of(due_on)]
        parts["tasks_due"] += 1
        if rng.random() < TASK_DONE:
            done_on = due_on + timedelta(days=rng.randint(-9, 3))
            parts["tasks_done"] += 1
            parts["tasks_done_late"] += done_on > due_on
            self.tasks += 1
            done = {**task, "version": 2, "status": "done", "done_on": str(done_on)}
            yield place + rng.uniform(0, 4000), _record("meetings.task.v1", done)

    def _id(self) -> uuid.UUID:
        return uuid.UUID(int=self._random.getrandbits(128), version=4)


def _attendance(owed: int, absent: list[str], with_reason: int) -> dict[str, Any]:
    return {
        "owed": owed,
        "present": owed - len(absent),
        "absent_with_reason": with_reason,
        "absent_without_reason": len(absent) - with_reason,
        "late": 0,
        "absent_member_ids": absent,
    }


def _record(type_: str, data: dict[str, Any]) -> Record:
    """The record of a state, once it has been checked against its contract."""
    validate(type_, data)
    topic = catalogue().topic_of(type_)
    key = data[catalogue().topics[topic].key]
    return to_record(Event(topic=topic, type=type_, source="/bench", key=key, data=data, traceparent=""))
