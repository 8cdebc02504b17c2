"""Which alerts are known, in which version, and which wait for their unit."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from services.notifications.domain.alerts import Alert
from shared.db import Connection


def upsert(conn: Connection, alerts: Sequence[Alert]) -> list[Alert]:
    """Keep the alerts (each once) that are newer than what is known; returns those."""
    rows = conn.execute(
        """
        insert into alert (alert_id, version, unit_id, rule, holds, since, facts, source)
        select * from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::text[], %s::bool[], %s::text[], %s::jsonb[],
                             %s::text[])
        on conflict (alert_id) do update set
            version = excluded.version, unit_id = excluded.unit_id, rule = excluded.rule, holds = excluded.holds,
            since = excluded.since, facts = excluded.facts, source = excluded.source, awaits_unit = false
        where alert.version < excluded.version
        returning alert_id
        """,
        (
            [alert.alert_id for alert in alerts],
            [alert.version for alert in alerts],
            [alert.unit_id for alert in alerts],
            [alert.rule for alert in alerts],
            [alert.holds for alert in alerts],
            [alert.since for alert in alerts],
            [Jsonb(alert.facts) for alert in alerts],
            [alert.source for alert in alerts],
        ),
    )
    kept = {row[0] for row in rows.fetchall()}
    return [alert for alert in alerts if alert.alert_id in kept]


def awaiting(conn: Connection, unit_ids: Sequence[UUID]) -> list[Alert]:
    """The alerts of `unit_ids` that came before their unit was known here."""
    rows = conn.execute(
        """
        select alert_id, version, unit_id, rule, holds, since, facts, source
        from alert where awaits_unit and unit_id = any(%s) order by alert_id
        """,
        (list(unit_ids),),
    ).fetchall()
    names = Alert.__struct_fields__
    return [msgspec.convert(dict(zip(names, row, strict=True)), Alert) for row in rows]


def mark_awaiting(conn: Connection, considered: Sequence[UUID], waiting: Sequence[UUID]) -> None:
    """Of the alerts `considered`, those `waiting` are looked at again when their unit comes; the others are not."""
    conn.execute(
        "update alert set awaits_unit = alert_id = any(%s) where alert_id = any(%s)", (list(waiting), list(considered))
    )
