"""Notices: raised, refreshed, resolved, read. Every statement takes a whole batch."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from services.notifications.domain.findings import Cause
from services.notifications.domain.recipients import Draft
from services.notifications.domain.rules import RuleName
from shared.db import Connection
from shared.ids import new_id
from shared.units.replica import MEETING_KINDS


class Raised(msgspec.Struct, frozen=True):
    """A draft that became a notice, or reopened the one there was."""

    notice_id: UUID
    draft: Draft


def raise_(conn: Connection, drafts: Sequence[Draft], at: datetime) -> list[Raised]:
    """Make a notice of each draft, one per cause and recipient; returns those that are new or open again.

    A notice that is open already takes the newest facts and is not returned.
    """
    if not drafts:
        return []
    by_identity = {(*draft.finding.cause, draft.recipient_unit_id): draft for draft in drafts}
    columns = _columns(drafts)
    rows = conn.execute(
        """
        insert into notice (notice_id, rule, subject, recipient_unit_id, about_unit_id, period, day, meeting_id, facts,
                            source, raised_at)
        select d.*, %s from unnest(%s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::date[],
                                   %s::uuid[], %s::jsonb[], %s::text[]) d
        on conflict (rule, subject, recipient_unit_id) do update set
            facts = excluded.facts, source = excluded.source, raised_at = excluded.raised_at,
            resolved_at = null, read_at = null
        where notice.resolved_at is not null
        returning notice_id, rule, subject, recipient_unit_id
        """,
        (at, [new_id() for _ in drafts], *columns),
    ).fetchall()
    raised = [
        Raised(notice_id, by_identity[rule, subject, recipient])
        for notice_id, rule, subject, recipient in msgspec.convert(rows, list[tuple[UUID, RuleName, str, UUID]])
    ]
    if len(raised) < len(drafts):
        rules, subjects, recipients, *_, facts, sources = columns
        conn.execute(
            """
            update notice n set facts = d.facts, source = d.source
            from unnest(%s::text[], %s::text[], %s::uuid[], %s::jsonb[], %s::text[])
                as d (rule, subject, recipient_unit_id, facts, source)
            where n.rule = d.rule and n.subject = d.subject and n.recipient_unit_id = d.recipient_unit_id
              and (n.facts, n.source) is distinct from (d.facts, d.source)
            """,
            (rules, subjects, recipients, facts, sources),
        )
    return raised


def _columns(drafts: Sequence[Draft]) -> tuple[list[object], ...]:
    findings = [draft.finding for draft in drafts]
    return (
        [finding.rule for finding in findings],
        [finding.subject for finding in findings],
        [draft.recipient_unit_id for draft in drafts],
        [finding.about_unit_id for finding in findings],
        [finding.period for finding in findings],
        [finding.day for finding in findings],
        [finding.meeting_id for finding in findings],
        [Jsonb(finding.facts) for finding in findings],
        [finding.source for finding in findings],
    )


def resolve(conn: Connection, causes: Sequence[Cause], at: datetime) -> list[tuple[UUID, RuleName]]:
    """End the open notices about `causes`; returns the notices with their rules."""
    if not causes:
        return []
    rows = conn.execute(
        """
        update notice n set resolved_at = %s
        from unnest(%s::text[], %s::text[]) as gone (rule, subject)
        where n.rule = gone.rule and n.subject = gone.subject and n.resolved_at is null
        returning n.notice_id, n.rule
        """,
        (at, [rule for rule, _ in causes], [subject for _, subject in causes]),
    ).fetchall()
    return msgspec.convert(rows, list[tuple[UUID, RuleName]])


def resolve_of_closed(conn: Connection, unit_ids: Sequence[UUID], at: datetime) -> list[tuple[UUID, RuleName]]:
    """End the notices of missing minutes about those of `unit_ids` that were no branch at the month's end."""
    rows = conn.execute(
        """
        update notice n set resolved_at = %s
        where n.rule = 'minutes_missing' and n.resolved_at is null and n.about_unit_id = any(%s)
          and not exists (
              select 1 from unit_span s
              where s.unit_id = n.about_unit_id and s.kind = any(%s)
                and s.valid_from <= n.day and (s.valid_to is null or n.day < s.valid_to))
        returning n.notice_id, n.rule
        """,
        (at, list(unit_ids), sorted(MEETING_KINDS)),
    ).fetchall()
    return msgspec.convert(rows, list[tuple[UUID, RuleName]])


def recipient(conn: Connection, notice_id: UUID) -> UUID | None:
    """The unit that a notice in an inbox was sent to; None when there is no such notice."""
    row = conn.execute(
        """
        select n.recipient_unit_id from notice n join delivery d using (notice_id)
        where n.notice_id = %s and d.channel = 'inbox'
        """,
        (notice_id,),
    ).fetchone()
    return None if row is None else msgspec.convert(row, tuple[UUID])[0]


def mark_read(conn: Connection, notice_id: UUID, at: datetime) -> None:
    """Note when a notice was first read."""
    conn.execute("update notice set read_at = coalesce(read_at, %s) where notice_id = %s", (at, notice_id))
