"""The papers of one meeting: roll call, minutes, score, tasks, their correction. Drawn from the slot's chances."""

import random
import uuid
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from deploy.local.demo import texts
from deploy.local.demo.members import Member
from deploy.local.demo.rows import (
    Absence,
    Attendance,
    Meeting,
    Minutes,
    NotHeld,
    Opinion,
    Resolution,
    Score,
    Task,
    Votes,
)
from deploy.local.demo.slots import Course, Habits, Slot
from shared.clock import local_day
from shared.months import add, last_day, month_of

# HD 12-HD/BTCTW of 2018 leaves the points to the provinces; the groups are those of HD 42 (domain.md, section 4).
GROUPS: Final = {
    "time": 5,
    "attendance": 5,
    "preparation": 10,
    "conduct": 40,
    "principles": 5,
    "last_resolution": 30,
    "closing": 5,
}


class Branch(msgspec.Struct, frozen=True):
    """A branch as its secretary knows it: id, habits, its members with their ids."""

    unit_id: str
    habits: Habits
    owing: tuple[str, ...]
    voters: frozenset[str]

    @classmethod
    def of(cls, unit_id: str, kept: Habits, members: Sequence[tuple[str, Member]]) -> "Branch":
        """From the branch's members with their ids, its posts first."""
        return cls(
            unit_id,
            kept,
            tuple(member_id for member_id, member in members if member.owes_attendance),
            frozenset(member_id for member_id, member in members if member.votes),
        )


def not_held(branch: Branch, course: Course, rng: random.Random) -> NotHeld:
    """A regular meeting that could not take place."""
    meeting_id = _id(course.starts_at, rng)
    place, reason = rng.choice(texts.PLACES), rng.choice(texts.NOT_HELD)
    return NotHeld(meeting_id, branch.unit_id, "regular", course.starts_at, place, reason)


def meeting(branch: Branch, slot: Slot, course: Course, rng: random.Random, discussed: str | None = None) -> Meeting:
    """The papers of a meeting that was held. The first two members, who chair and write, are always there.

    `discussed`: the discussion in words of its own (own_words.py).
    """
    meeting_id = _id(course.starts_at, rng)
    absent = tuple(
        Absence(member_id, rng.choice(texts.ABSENCES) if rng.random() < 0.7 else None)
        for member_id in branch.owing[2:]
        if rng.random() > branch.habits.attendance
    )
    away = {absence.member_id for absence in absent}
    present = [member_id for member_id in branch.owing if member_id not in away]
    late = tuple(member_id for member_id in present[2:] if rng.random() < 0.02)
    held = Meeting(
        meeting_id=meeting_id,
        unit_id=branch.unit_id,
        kind=slot.kind,
        starts_at=course.starts_at,
        place=rng.choice(texts.PLACES),
        theme=rng.choice(texts.THEMES) if slot.kind == "thematic" else None,
        attendance=Attendance(absent, late, 1 if rng.random() < 0.2 else 0),
        minutes=_minutes(branch, slot, course, present, rng, discussed),
        score=_score(branch.habits.care, rng) if slot.kind == "regular" and rng.random() < 0.9 else None,
        adopted_at=course.ended_at - timedelta(minutes=2),
        reported_at=course.reported_at,
    )
    if slot.door != "steps" or held.score is None:
        return held
    # The branch votes a little less than it gives itself, and the superior less again, in whole points.
    voted, official = (
        Score({name: float(int(points * share)) for name, points in held.score.points.items()}) for share in (1.0, 0.9)
    )
    return msgspec.structs.replace(held, voted=voted, official=official)


def _minutes(
    branch: Branch, slot: Slot, course: Course, present: list[str], rng: random.Random, discussed: str | None
) -> Minutes:
    figures = {"done": rng.randint(2, 6), "all": rng.randint(6, 9)}
    sections = {name: rng.choice(choices).format_map(figures) for name, choices in texts.SECTIONS.items()}
    sections["discussion"] = discussed or sections["discussion"]
    care = branch.habits.care
    if rng.random() > 0.55 + 0.45 * care:
        sections["conclusion"] = rng.choice(("", "   "))
    if rng.random() > 0.6 + 0.4 * care:
        sections[rng.choice(list(sections))] = ""
    speakers = rng.sample(present, min(len(present), rng.randint(1, 2 + round(5 * care))))
    hands = sum(member_id in branch.voters for member_id in present)
    against = 1 if hands > 3 and rng.random() < 0.03 else 0
    abstaining = 1 if hands > 3 and rng.random() < 0.05 else 0
    votes = Votes(hands - against - abstaining, against, abstaining)
    return Minutes(
        started_at=course.starts_at,
        ended_at=course.ended_at,
        chair_id=present[0],
        secretary_id=present[1],
        sections=sections,
        opinions=tuple(Opinion(member_id, rng.choice(texts.OPINIONS)) for member_id in speakers),
        resolution=Resolution(rng.choice(texts.RESOLUTIONS), votes) if rng.random() < 0.93 else None,
        tasks=_tasks(branch, slot, course, rng),
    )


def _tasks(branch: Branch, slot: Slot, course: Course, rng: random.Random) -> tuple[Task, ...]:
    chances = (0.12, 0.3, 0.38, 0.2) if slot.kind == "regular" else (0.6, 0.3, 0.1, 0.0)
    count = min(rng.choices((0, 1, 2, 3), chances)[0], len(branch.owing))
    held_on = local_day(course.starts_at)
    due = (
        last_day(month_of(held_on)),
        held_on + timedelta(days=rng.randint(14, 35)),
        last_day(add(month_of(held_on), 1)),
    )
    return tuple(
        Task(_id(course.starts_at, rng), member_id, rng.choice(texts.TASKS), rng.choice(due))
        for member_id in rng.sample(branch.owing, count)
    )


def _score(care: float, rng: random.Random) -> Score:
    # Inflated: what a branch gives itself rises faster than its care. Quarters are exact in binary.
    level = min(1.0, 0.55 + 0.45 * care + rng.gauss(0.03, 0.06)) if rng.random() > 0.01 else rng.uniform(0.3, 0.5)
    points = {
        name: float(round(most * min(1.0, max(0.0, level + rng.gauss(0, 0.05))) * 4)) / 4
        for name, most in GROUPS.items()
    }
    return Score(points)


def completion_day(task: Task, held_on: date, rng: random.Random) -> date | None:
    """When a task is done: by its deadline (78 %), after it (10 %), never (12 %)."""
    drawn = rng.random()
    if drawn < 0.78:
        return held_on + timedelta(days=rng.randint(0, (task.due_on - held_on).days))
    return task.due_on + timedelta(days=rng.randint(1, 40)) if drawn < 0.88 else None


def corrected(branch: Branch, row: Meeting, rng: random.Random) -> Meeting:
    """`row` as it is put right afterwards: other attendance, other minutes or another score, with the reason."""
    reason = rng.choice(texts.CORRECTIONS)
    what = rng.choice(("attendance", "minutes", "score") if row.score else ("attendance", "minutes"))
    if what == "attendance":
        return msgspec.structs.replace(row, attendance=_other_attendance(branch, row, rng), correction_reason=reason)
    if what == "score" and row.score:
        points = row.score.points | {"conduct": row.score.points["conduct"] // 2}
        return msgspec.structs.replace(row, score=Score(points), correction_reason=reason)
    sections = dict(row.minutes.sections)
    sections["conclusion"] = "" if sections["conclusion"].strip() and rng.random() < 0.3 else texts.SHORT
    sections["ideology"] = sections["ideology"] or texts.OPINIONS[1]
    opinions = row.minutes.opinions[: max(1, len(row.minutes.opinions) - 1)]
    minutes = msgspec.structs.replace(row.minutes, sections=sections, opinions=opinions)
    return msgspec.structs.replace(row, minutes=minutes, correction_reason=reason)


def _other_attendance(branch: Branch, row: Meeting, rng: random.Random) -> Attendance:
    given = row.attendance
    if given.absent and rng.random() < 0.7:
        first = given.absent[0]
        if rng.random() < 0.5:
            return msgspec.structs.replace(given, absent=given.absent[1:])
        other = Absence(first.member_id, None if first.reason else texts.ABSENCES[0])
        return msgspec.structs.replace(given, absent=(other, *given.absent[1:]))
    named = {absence.member_id for absence in given.absent} | set(given.late)
    named |= {opinion.member_id for opinion in row.minutes.opinions}
    # Nobody becomes absent whose hand was counted: the votes would exceed those present.
    free = [
        member_id
        for member_id in branch.owing[2:]
        if member_id not in named and (row.minutes.resolution is None or member_id not in branch.voters)
    ]
    if not free:
        return msgspec.structs.replace(given, guests=given.guests + 1)
    return msgspec.structs.replace(given, absent=(*given.absent, Absence(free[0], None)))


def _id(instant: datetime, rng: random.Random) -> str:
    """A UUIDv7 of the meeting's instant, the same each time the meeting is drawn."""
    milliseconds = int(instant.timestamp() * 1000)
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62)))
