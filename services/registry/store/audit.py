"""The audit trail, as rows. The service's role may add to it and read it, never change it."""

from collections.abc import Sequence

import msgspec

from services.registry.domain.audit import Author, Entry
from shared.db import Connection


def record(conn: Connection, author: Author, entries: Sequence[Entry]) -> None:
    """Keep what was changed, in the transaction of the change."""
    if not entries:
        return
    conn.execute(
        """
        insert into audit
            (actor, request_id, decision_id, action, subject, subject_id, unit_id, before, after, personal)
        select %s, %s, %s, action, subject, subject_id, unit_id, before::jsonb, after::jsonb, personal
        from unnest(%b::text[], %b::text[], %b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::bytea[])
             as given (action, subject, subject_id, unit_id, before, after, personal)
        """,
        (
            author.actor,
            author.request_id,
            author.decision_id,
            [entry.action for entry in entries],
            [entry.subject for entry in entries],
            [entry.subject_id for entry in entries],
            [entry.unit_id for entry in entries],
            [_json(entry.before) for entry in entries],
            [_json(entry.after) for entry in entries],
            [entry.personal for entry in entries],
        ),
    )


def _json(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
