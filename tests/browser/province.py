"""A province in small: units, a year of meetings, and the same merged into evaluation's database as the stream does."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import msgspec

from services.evaluation import arrivals, decode, reorganise
from shared import db, months
from shared.clock import LOCAL, end_of_local_day
from shared.envelope import Event, Received, attributes, to_record
from shared.kafka.batch import Decoded
from shared.units import replica
from shared.units.replica import Span, Unit

_NAMES = UUID("7d0f4c1e-6d6b-4f0e-9d5c-0d6f5a3c2b1a")
_FOUNDED = date(2020, 1, 1)
ROOT = uuid5(_NAMES, "GL")


class Branch(msgspec.Struct, frozen=True):
    """A branch: its unit, how many owe attendance, and how well its district works (0 to 1)."""

    unit_id: UUID
    owed: int
    quality: float


class Province(msgspec.Struct, frozen=True):
    """The units, the highest first, and the branches that meet."""

    units: list[Unit]
    branches: list[Branch]


def province(districts: Sequence[str], *, communes: int, branches: int, seed: int = 7) -> Province:
    """Tỉnh uỷ Gia Lai with `districts`, each with so many communes of so many branches (about so many, from `seed`)."""
    chance = random.Random(seed)
    made = Province([_unit("GL", None, "province_committee", "province", "Tỉnh uỷ Gia Lai")], [])
    for number, name in enumerate(districts, start=1):
        quality = chance.uniform(0.45, 1.0)
        district = f"GL-{number:02d}"
        made.units.append(_unit(district, "GL", "direct_committee", "district", name))
        for commune in range(1, communes + 1):
            code = f"{district}-{commune:02d}"
            made.units.append(_unit(code, district, "grassroots_committee", "grassroots", f"Đảng bộ xã số {commune}"))
            for branch in range(1, branches + 1):
                unit = _unit(f"{code}-{branch:02d}", code, "branch", "branch", f"Chi bộ thôn {branch}")
                made.units.append(unit)
                made.branches.append(Branch(unit.unit_id, chance.randint(7, 18), quality))
    return made


def quiet_branch(code: str, commune: str, name: str) -> tuple[Unit, Branch]:
    """A further branch of the commune, which has told of no meeting yet."""
    unit = _unit(code, commune, "branch", "branch", name)
    return unit, Branch(unit.unit_id, 9, 0.9)


def _unit(code: str, parent: str | None, kind: str, level: str, name: str) -> Unit:
    parent_id = None if parent is None else uuid5(_NAMES, parent)
    branch_type = "commune" if kind == "branch" else None
    return Unit(uuid5(_NAMES, code), 1, code, (Span(_FOUNDED, None, kind, level, parent_id, name, branch_type),))


def unit_id(code: str) -> UUID:
    """The id of the unit with this code."""
    return uuid5(_NAMES, code)


def adopted(branch: Branch, month: str, *, chance: random.Random, version: int = 1) -> dict[str, Any]:
    """A regular meeting of the branch with adopted minutes, as meetings.meeting.v1 carries it."""
    quality = branch.quality
    day = months.first_day(month) + timedelta(days=2)
    starts_at = datetime(day.year, day.month, day.day, 19, 30, tzinfo=LOCAL)
    absent = sum(chance.random() > 0.84 + 0.14 * quality for _ in range(branch.owed))
    without_reason = sum(chance.random() > 0.55 + 0.4 * quality for _ in range(absent))
    late = chance.random() > 0.82 + 0.18 * quality
    due_at = end_of_local_day(day + timedelta(days=2))
    return {
        "meeting_id": str(uuid5(branch.unit_id, month)),
        "version": version,
        "unit_id": str(branch.unit_id),
        "kind": "regular",
        "period": month,
        "status": "adopted",
        "revision": 1,
        "starts_at": starts_at.isoformat(),
        "reported_at": (due_at + timedelta(hours=9) if late else starts_at + timedelta(hours=12)).isoformat(),
        "report_due_at": due_at.isoformat(),
        "attendance": {
            "owed": branch.owed,
            "present": branch.owed - absent,
            "absent_with_reason": absent - without_reason,
            "absent_without_reason": without_reason,
        },
        "minutes": {
            "complete": chance.random() < 0.6 + 0.4 * quality,
            "speakers": max(1, round((branch.owed - absent) * chance.uniform(0.2, 0.7))),
            "has_conclusion": chance.random() < 0.75 + 0.25 * quality,
        },
        "tasks_assigned": 0 if chance.random() > 0.7 + 0.28 * quality else chance.randint(1, 4),
        "scores": {"self": {"points": min(100.0, max(40.0, round(chance.gauss(74 + 19 * quality, 6), 1)))}},
    }


def chance_of(branch: Branch, month: str, seed: int = 11) -> random.Random:
    """The same chances for the same branch and month, whoever asks."""
    return random.Random(f"{seed} {month} {branch.unit_id}")


def month_of_meetings(made: Province, month: str, *, share: float) -> Iterator[dict[str, Any]]:
    """The meetings of about `share` of the branches in `month`."""
    for branch in made.branches:
        chance = chance_of(branch, month)
        if chance.random() < share * (0.86 + 0.14 * branch.quality):
            yield adopted(branch, month, chance=chance)


def tasks_of(meetings: Sequence[dict[str, Any]], made: Province, *, share: float) -> Iterator[dict[str, Any]]:
    """The tasks the meetings gave, due in the middle of their month; about `share` of them done."""
    quality = {str(branch.unit_id): branch.quality for branch in made.branches}
    for meeting in meetings:
        due_on = months.first_day(meeting["period"]) + timedelta(days=14)
        for number in range(meeting["tasks_assigned"]):
            task_id = uuid5(UUID(meeting["meeting_id"]), str(number))
            chance = random.Random(str(task_id))
            done = chance.random() < share * (0.75 + 0.25 * quality[meeting["unit_id"]])
            done_on = due_on + timedelta(days=chance.choice([-4, -2, -1, 0, 3]))
            yield {
                "task_id": str(task_id),
                "version": 1,
                "unit_id": meeting["unit_id"],
                "due_on": due_on.isoformat(),
                "status": "done" if done else "assigned",
                "done_on": done_on.isoformat() if done else None,
            }


def merge_units(database_url: str, units: Sequence[Unit]) -> None:
    """Merge units in one transaction."""
    events = [_event("registry.unit.v1", str(unit.unit_id), msgspec.to_builtins(unit)) for unit in units]
    with db.connect(database_url, name="tests") as conn:
        reorganise.apply_units(
            conn,
            [Decoded(record, attributes(record), replica.decode(record, attributes(record))) for record in events],
        )


def merge_meetings(database_url: str, meetings: Sequence[dict[str, Any]]) -> None:
    """Merge meetings in one transaction."""
    events = [_event("meetings.meeting.v1", meeting["meeting_id"], meeting) for meeting in meetings]
    with db.connect(database_url, name="tests") as conn:
        arrivals.apply_facts(
            conn,
            [Decoded(record, attributes(record), decode.meeting(record, attributes(record))) for record in events],
        )


def merge_tasks(database_url: str, tasks: Sequence[dict[str, Any]]) -> None:
    """Merge tasks in one transaction."""
    events = [_event("meetings.task.v1", task["task_id"], task) for task in tasks]
    with db.connect(database_url, name="tests") as conn:
        arrivals.apply_facts(
            conn,
            [Decoded(record, attributes(record), decode.task(record, attributes(record))) for record in events],
        )


def _event(type_: str, key: str, data: dict[str, Any]) -> Received:
    topic = type_.replace(".v1", "s.v1")
    record = to_record(Event(topic=topic, type=type_, source="/tests", key=key, data=data, time=datetime.now(UTC)))
    return Received(record.topic, 0, 0, record.key, record.value, record.headers)
