"""Events as registry and meetings publish them; every one is checked against its contract."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from shared.contracts import catalogue
from shared.envelope import Event, Received, attributes, to_record
from shared.kafka.batch import Decode, Decoded
from shared.months import first_day, month_of

T = TypeVar("T")


def unit(
    unit_id: UUID,
    parent_id: UUID | None,
    *,
    kind: str = "branch",
    level: str = "branch",
    valid_from: date = date(2020, 1, 1),
    valid_to: date | None = None,
    version: int = 1,
    name: str = "Đơn vị",
) -> dict[str, Any]:
    """A unit with one span."""
    span = {
        "valid_from": str(valid_from),
        "valid_to": str(valid_to) if valid_to else None,
        "kind": kind,
        "level": level,
        "parent_id": str(parent_id) if parent_id else None,
        "name": name,
        "branch_type": "commune" if "branch" in kind else None,
    }
    return {"unit_id": str(unit_id), "version": version, "code": f"U-{unit_id}", "spans": [span]}


def meeting(branch_id: UUID, period: str, *, meeting_id: UUID | None = None, **changes: Any) -> dict[str, Any]:
    """An adopted regular meeting of ten, eight of them present, reported in time."""
    held = datetime.combine(first_day(period), datetime.min.time(), UTC) + timedelta(days=2, hours=12)
    return {
        "meeting_id": str(meeting_id or uuid4()),
        "version": 1,
        "unit_id": str(branch_id),
        "kind": "regular",
        "period": period,
        "status": "adopted",
        "revision": 1,
        "starts_at": held.isoformat(),
        "ended_at": (held + timedelta(minutes=90)).isoformat(),
        "adopted_at": (held + timedelta(minutes=90)).isoformat(),
        "reported_at": (held + timedelta(hours=20)).isoformat(),
        "report_due_at": (held + timedelta(days=2)).isoformat(),
        "theme": None,
        "attendance": {
            "owed": 10,
            "present": 8,
            "absent_with_reason": 1,
            "absent_without_reason": 1,
            "late": 0,
            "absent_member_ids": [],
        },
        "minutes": {
            "sections_required": 6,
            "sections_filled": 6,
            "complete": True,
            "speakers": 4,
            "speakers_named": 4,
            "has_conclusion": True,
            "has_resolution": True,
        },
        "votes": None,
        "tasks_assigned": 2,
        "scores": {"self": {"points": 91.5, "frame": "hd-42-2025"}, "voted": None, "official": None},
        **changes,
    }


def task(branch_id: UUID, due_on: date, *, task_id: UUID | None = None, **changes: Any) -> dict[str, Any]:
    """A task that is assigned and not done yet."""
    return {
        "task_id": str(task_id or uuid4()),
        "version": 1,
        "meeting_id": str(uuid4()),
        "unit_id": str(branch_id),
        "member_id": str(uuid4()),
        "assigned_on": str(first_day(month_of(due_on))),
        "due_on": str(due_on),
        "status": "assigned",
        "done_on": None,
        **changes,
    }


def event(type_: str, data: dict[str, Any]) -> Event:
    """The event of `data`, valid under its contract."""
    catalogue.validate(type_, data)
    topic = catalogue.catalogue().topic_of(type_)
    key = data[catalogue.catalogue().topics[topic].key]
    return Event(topic=topic, type=type_, source="/test", key=key, data=data)


def received(type_: str, data: dict[str, Any], *, partition: int = 0, offset: int = 0) -> Received:
    """The same as a record read from its topic."""
    record = to_record(event(type_, data))
    return Received(record.topic, partition, offset, record.key, record.value, record.headers)


def decoded(type_: str, data: dict[str, Any], decode: Decode[T]) -> Decoded[T]:
    """The same as a consumer's `apply` is given it."""
    record = received(type_, data)
    about = attributes(record)
    return Decoded(record, about, decode(record, about))
