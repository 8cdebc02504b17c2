"""The audit trail as its readers are shown it."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from shared.clock import LOCAL
from shared.db import Connection


class Recorded(msgspec.Struct, frozen=True):
    """One change: who, when, by which decision, before and after. Nothing personal."""

    audit_id: int
    at: datetime
    actor: str
    request_id: str
    decision_id: UUID | None
    action: str
    subject: str
    subject_id: UUID
    unit_id: UUID | None
    before: Any
    after: Any


class Wanted(msgspec.Struct, frozen=True):
    """Which records are asked for; None: all.

    `units` are those a record may be of, `since` the first local day and `until` the day after the last.
    """

    units: Collection[UUID] | None = None
    subject_id: UUID | None = None
    decision_id: UUID | None = None
    since: date | None = None
    until: date | None = None


def trail(conn: Connection, wanted: Wanted, after: int | None, limit: int) -> list[Recorded]:
    """Up to `limit` records, the newest first, older than the one numbered `after`."""
    rows = conn.execute(
        """
        select audit_id, at, actor, request_id, decision_id, action, subject, subject_id, unit_id, before, after
        from audit
        where (%(units)s::uuid[] is null or unit_id = any(%(units)s::uuid[]))
          and (%(subject)s::uuid is null or subject_id = %(subject)s)
          and (%(decision)s::uuid is null or decision_id = %(decision)s)
          and (%(since)s::timestamptz is null or at >= %(since)s)
          and (%(until)s::timestamptz is null or at < %(until)s)
          and (%(after)s::bigint is null or audit_id < %(after)s)
        order by audit_id desc limit %(limit)s
        """,
        {
            "units": None if wanted.units is None else list(wanted.units),
            "subject": wanted.subject_id,
            "decision": wanted.decision_id,
            "since": _midnight(wanted.since),
            "until": _midnight(wanted.until),
            "after": after,
            "limit": limit,
        },
    ).fetchall()
    return [Recorded(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=LOCAL)
