"""What becomes of each meeting that is due: when it is held, when its report arrives, what goes wrong.

A slot is one meeting due: a branch, a month, a kind. Everything about it is drawn from the seed and the slot alone, in
any order and as often as needed, so that a year of bodies never has to be in memory at once.
"""

import random
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from shared.clock import LOCAL, local_day
from shared.months import first_day

MISSING: Final = 0.03
NOT_HELD: Final = 0.01
LATE: Final = 0.06
CORRECTED: Final = 0.03
REPEATED: Final = 0.02
PASSED_ON_LATER: Final = 0.08
REPORT_DAYS: Final = 2

Kind = Literal["regular", "thematic"]
Fate = Literal["held", "not_held", "missing"]


class Habits(msgspec.Struct, frozen=True):
    """How a branch works: its usual day and time, how many attend, how well it is led (0 to 1)."""

    day: int
    hour: int
    minute: int
    attendance: float
    care: float


class Slot(msgspec.Struct, frozen=True):
    """A meeting due; `door` says whether its secretary goes step by step or it comes in a batch."""

    branch: int
    month: str
    kind: Kind
    door: Literal["steps", "batch"]


class Course(msgspec.Struct, frozen=True):
    """What becomes of a slot. `sent_at` is when the report is passed on; None of a time: it does not happen."""

    fate: Fate
    starts_at: datetime
    ended_at: datetime
    reported_at: datetime
    sent_at: datetime
    repeated_at: datetime | None
    corrected_at: datetime | None


def habits(seed: int, code: str, branch_type: str | None) -> Habits:
    """The habits of the branch `code`. Three in four meet on the 3rd; some forces at 6:30, when UTC is a day behind."""
    rng = random.Random(f"{seed}:{code}")  # noqa: S311 - a rehearsal's data, not a secret
    day = 3 if rng.random() < 0.75 else min(rng.randint(1, 12), rng.randint(1, 25))
    hour, minute = 19, rng.choice((0, 0, 30))
    if branch_type == "armed_forces" and rng.random() < 0.5:
        hour, minute = 6, 30
    elif branch_type in ("administration", "public_service") and rng.random() < 0.4:
        hour, minute = 16, 0
    weak = branch_type == "commune" and rng.random() < 0.2
    attendance = rng.uniform(0.58, 0.78) if weak else rng.uniform(0.87, 0.985)
    care = rng.uniform(0.45, 0.8) if weak else rng.uniform(0.75, 1.0)
    return Habits(day, hour, minute, attendance, care)


def course(slot: Slot, kept: Habits, rng: random.Random) -> Course:
    """The course of `slot`, drawn from `rng` (seeded with the slot: see `draw`)."""
    day = first_day(slot.month) + timedelta(days=kept.day - 1)
    if slot.kind == "thematic":
        day = day.replace(day=min(28, kept.day + rng.randint(7, 18)))
    starts = at(day, kept.hour, kept.minute)
    ended = starts + timedelta(minutes=rng.choice((75, 85, 90, 90, 90, 95, 110, 120)))
    drawn = rng.random()
    fate: Fate = "held"
    if drawn < MISSING:
        fate = "missing"
    elif drawn < MISSING + NOT_HELD and slot.kind == "regular":
        fate = "not_held"
    late = MISSING + NOT_HELD <= drawn < MISSING + NOT_HELD + LATE
    reported = _by_hand(day, late, rng) if slot.door == "steps" else _reported(day, ended, late, rng)
    reported = max(reported, ended + timedelta(minutes=10))
    sent = reported
    if slot.door == "batch" and rng.random() < PASSED_ON_LATER:
        sent += timedelta(hours=rng.randint(6, 96))
    repeated = corrected = None
    if fate == "held" and rng.random() < REPEATED:
        repeated = sent + timedelta(minutes=rng.randint(5, 1200))
    if fate == "held" and rng.random() < CORRECTED:
        days = rng.randint(2, 20) if rng.random() < 0.7 else rng.randint(30, 150)
        corrected = at(local_day(sent) + timedelta(days=days), 10, 0)
    return Course(fate, starts, ended, reported, sent, repeated, corrected)


def draw(seed: int, slot: Slot) -> random.Random:
    """The slot's own chances: the same each time it is asked."""
    return random.Random(f"{seed}:{slot.branch}:{slot.month}:{slot.kind}")  # noqa: S311 - no secret


def _reported(day: date, ended: datetime, late: bool, rng: random.Random) -> datetime:
    due = at(day + timedelta(days=REPORT_DAYS + 1), 0, 0)
    edge = rng.random() < 0.01
    if late:
        return due if edge else due + timedelta(seconds=rng.randint(60, 20 * 86_400))
    if edge:
        return due - timedelta(seconds=1)
    if rng.random() < 0.6:
        return ended + timedelta(seconds=rng.randint(600, 7_200))
    return ended + timedelta(seconds=rng.randint(7_200, int((due - ended).total_seconds()) - 60))


def _by_hand(day: date, late: bool, rng: random.Random) -> datetime:
    # Few instants, shared by many: each one asks every process to read the rehearsal's clock anew.
    if late:
        return at(day + timedelta(days=rng.randint(REPORT_DAYS + 1, 20)), 9, 0)
    return at(*rng.choice(((day, 22, 0), (day + timedelta(days=1), 20, 0), (day + timedelta(days=2), 17, 0))))


def at(day: date, hour: int, minute: int) -> datetime:
    """A time of a day in Việt Nam."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL)
