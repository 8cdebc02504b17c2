"""A look of the worker at what is due, as tests of alerts take it."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from services.evaluation import alerting
from services.evaluation.alerting import look, pass_time
from services.evaluation.publish import publish_scorecards
from shared.contracts.catalogue import validate
from shared.db import Connection

JUNE = datetime(2025, 6, 4, 5, tzinfo=UTC)  # May is closed since the 3rd


def looked(conn: Connection, now: datetime) -> list[dict[str, Any]]:
    """What a worker tells at `now`, in the order it tells it; each keeps its contract."""
    conn.execute("update outbox set sent_at = clock_timestamp() where sent_at is null")
    while publish_scorecards(conn):
        pass
    pass_time(conn, now, alerting.last_closed(conn, now))
    while look(conn, now):
        pass
    rows = conn.execute(
        "select key, value from outbox where topic = 'evaluation.alerts.v1' and sent_at is null order by position"
    ).fetchall()
    conn.commit()
    told = [msgspec.json.decode(value) for _, value in msgspec.convert(rows, list[tuple[bytes, bytes]])]
    for one in told:
        validate("evaluation.alert.v1", one)
    return told
