"""A small province for the tests of notifications: its units, its meetings, and the records they come in."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from services.notifications import __main__ as commands
from services.notifications import stream
from services.notifications.merge import Merge
from services.notifications.settings import NotificationsSettings
from shared import db
from shared.clock import LOCAL, Clock
from shared.contracts.catalogue import catalogue, validate
from shared.envelope import Event, Received, to_record
from shared.ids import new_id
from shared.kafka import batch, positions

PROVINCE = UUID("0197b6c0-0000-7000-8000-000000000001")
COMMUNE = UUID("0197b6c0-0000-7000-8000-000000000003")
BRANCH = UUID("0197b6c0-0000-7000-8000-000000000004")
OTHER_BRANCH = UUID("0197b6c0-0000-7000-8000-000000000005")
MIGRATIONS = Path(commands.__file__).parent / "store" / "migrations"


class RehearsalClock(Clock):
    """The instant a test sets."""

    def __init__(self, instant: datetime) -> None:
        super().__init__()
        self.instant = instant

    def now(self) -> datetime:
        """The instant that was set."""
        return self.instant


def unit(unit_id: UUID, kind: str, parent_id: UUID | None, name: str, version: int = 1, **span: Any) -> dict[str, Any]:
    """A unit as registry.unit.v1 carries it, of one span since 2010."""
    branch = kind in ("branch", "grassroots_branch")
    levels = {"province_committee": "province", "grassroots_committee": "grassroots", "branch": "branch"}
    return {
        "unit_id": str(unit_id),
        "version": version,
        "code": f"GL-{str(unit_id)[-2:]}",
        "spans": [
            {
                "valid_from": "2010-01-01",
                "valid_to": None,
                "kind": kind,
                "level": levels[kind],
                "parent_id": str(parent_id) if parent_id else None,
                "name": name,
                "branch_type": "commune" if branch else None,
                **span,
            }
        ],
    }


def units() -> list[dict[str, Any]]:
    """A province committee, a commune's committee and its two branches."""
    return [
        unit(PROVINCE, "province_committee", None, "Tỉnh uỷ Gia Lai"),
        unit(COMMUNE, "grassroots_committee", PROVINCE, "Đảng uỷ xã Hoà Bình"),
        unit(BRANCH, "branch", COMMUNE, "Chi bộ thôn 1"),
        unit(OTHER_BRANCH, "branch", COMMUNE, "Chi bộ thôn 2"),
    ]


def meeting(day: date, *, meeting_id: UUID | None = None, version: int = 1, **changes: Any) -> dict[str, Any]:
    """An adopted regular meeting as meetings.meeting.v1 carries it, with nothing to find fault with."""
    starts_at = datetime(day.year, day.month, day.day, 19, 30, tzinfo=LOCAL).isoformat()
    return {
        "meeting_id": str(meeting_id or new_id()),
        "version": version,
        "unit_id": str(BRANCH),
        "kind": "regular",
        "period": f"{day.year:04d}-{day.month:02d}",
        "status": "adopted",
        "revision": 1,
        "starts_at": starts_at,
        "ended_at": starts_at,
        "adopted_at": starts_at,
        "reported_at": starts_at,
        "report_due_at": starts_at,
        "theme": None,
        "attendance": {"owed": 10, "present": 10, "absent_with_reason": 0, "absent_without_reason": 0},
        "minutes": {"complete": True, "speakers": 5, "has_conclusion": True, "has_resolution": True},
        "votes": None,
        "tasks_assigned": 2,
        "scores": {"self": None, "voted": None, "official": None},
        **changes,
    }


def attendance(present: int, owed: int = 10) -> dict[str, int]:
    """Attendance with the absent excused."""
    return {"owed": owed, "present": present, "absent_with_reason": owed - present, "absent_without_reason": 0}


class Topics:
    """The topics as a consumer would read them: each record at its offset."""

    def __init__(self, pool: db.Pool, settings: NotificationsSettings, clock: Clock) -> None:
        self._pool = pool
        self._merge = Merge(settings, clock)
        self._offset = 0
        starts = {(topic, 0): 0 for topic in catalogue().groups[stream.GROUP].reads}
        with pool.connection() as conn:
            positions.register(conn, stream.GROUP, starts, dict.fromkeys(("registry.units.v1", *_TOPICS), "id"))

    def records(self, type_: str, states: list[dict[str, Any]]) -> list[Received]:
        """`states` as records, one after another; each is checked against its contract first."""
        topic = catalogue().topic_of(type_)
        received = []
        for state in states:
            validate(type_, state)
            key = str(next(state[name] for name in _KEYS if name in state))
            record = to_record(Event(topic=topic, type=type_, source="urn:nenep:test", key=key, data=state))
            received.append(Received(topic, 0, self._offset, record.key, record.value, record.headers))
            self._offset += 1
        return received

    def merge(self, records: list[Received]) -> int:
        """Merge `records` in one transaction, as the worker does; returns how many were new by their position."""
        with self._pool.connection() as conn:
            return batch.merge(conn, stream.GROUP, records, stream.decode, self._merge).count

    def units(self, *states: dict[str, Any]) -> None:
        """Merge units."""
        self.merge(self.records("registry.unit.v1", list(states)))

    def decisions(self, *states: dict[str, Any]) -> None:
        """Merge decisions."""
        self.merge(self.records("registry.decision.v1", list(states)))

    def alerts(self, *states: dict[str, Any]) -> None:
        """Merge alerts."""
        self.merge(self.records("evaluation.alert.v1", list(states)))

    def meetings(self, *states: dict[str, Any]) -> None:
        """Merge meetings."""
        self.merge(self.records("meetings.meeting.v1", list(states)))


_TOPICS = ("registry.decisions.v1", "meetings.meetings.v1", "evaluation.alerts.v1")
_KEYS = ("meeting_id", "decision_id", "alert_id", "unit_id")
