"""Merging events and reading figures, as tests of the merge do it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from services.evaluation import arrivals, decode
from services.evaluation.domain import periods
from services.evaluation.reorganise import apply_units
from services.evaluation.views import cards as views
from shared.db import Connection
from shared.units import replica
from tests.support import events

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def merge_units(conn: Connection, *units: dict[str, Any]) -> int:
    return apply_units(conn, [events.decoded("registry.unit.v1", unit, replica.decode) for unit in units])


def merge_meetings(conn: Connection, *meetings: dict[str, Any]) -> int:
    return arrivals.apply_facts(conn, [events.decoded("meetings.meeting.v1", one, decode.meeting) for one in meetings])


def merge_tasks(conn: Connection, *tasks: dict[str, Any]) -> int:
    return arrivals.apply_facts(conn, [events.decoded("meetings.task.v1", task, decode.task) for task in tasks])


def parts(conn: Connection, unit_id: UUID, month: str) -> dict[str, int]:
    """The parts that are not zero."""
    card = views.scorecard(conn, unit_id, periods.of_month(month), NOW)
    return {name: value for name, value in card.parts.items() if value}
