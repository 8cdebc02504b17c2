"""Deliveries: one row per notice and channel. An inbox has its notice at once; an e-mail is claimed, sent, marked."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.notifications.domain.findings import Facts
from services.notifications.domain.recipients import Channel
from services.notifications.domain.rules import RuleName
from services.notifications.domain.wording import Language
from services.notifications.store.notices import Raised
from shared.db import Connection


class Made(msgspec.Struct, frozen=True):
    """A delivery that was made or, withdrawn before, waits again."""

    raised: Raised
    channel: Channel


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """An e-mail to be sent now; `email` is None when the contact point was removed meanwhile."""

    notice_id: UUID
    attempts: int
    rule: RuleName
    about_unit_id: UUID
    recipient_unit_id: UUID
    unit_name: str
    period: str
    day: date
    facts: Facts
    source: str
    email: str | None
    language: Language | None


def make(conn: Connection, raised: Sequence[Raised], at: datetime) -> list[Made]:
    """Deliveries for notices that were raised: in the inbox at once, by e-mail from now on; returns those made.

    An e-mail that went out before its notice was resolved is not sent again when the notice opens again.
    """
    wanted = [Made(notice, channel) for notice in raised for channel in notice.draft.channels]
    if not wanted:
        return []
    rows = conn.execute(
        """
        insert into delivery (notice_id, channel, status, attempts, ended_at)
        select w.notice_id, w.channel, case w.channel when 'inbox' then 'sent' else 'pending' end,
               case w.channel when 'inbox' then 1 else 0 end,
               case w.channel when 'inbox' then %s::timestamptz end
        from unnest(%s::uuid[], %s::text[]) as w (notice_id, channel)
        on conflict (notice_id, channel) do update
        set status = 'pending', attempts = 0, next_attempt_at = excluded.next_attempt_at, ended_at = null,
            failure = null
        where delivery.status = 'withdrawn'
        returning notice_id, channel
        """,
        (at, [made.raised.notice_id for made in wanted], [made.channel for made in wanted]),
    ).fetchall()
    made = {(notice_id, channel) for notice_id, channel in msgspec.convert(rows, list[tuple[UUID, Channel]])}
    return [delivery for delivery in wanted if (delivery.raised.notice_id, delivery.channel) in made]


def withdraw(conn: Connection, notice_ids: Sequence[UUID], at: datetime) -> None:
    """Nothing is left to tell: e-mails of `notice_ids` that have not gone out yet stay here."""
    conn.execute(
        "update delivery set status = 'withdrawn', ended_at = %s where notice_id = any(%s) and status = 'pending'",
        (at, list(notice_ids)),
    )


def claim(conn: Connection, lease_seconds: float) -> Claimed | None:
    """Take the e-mail that has been due longest, counting the attempt; other workers leave it for `lease_seconds`.

    The claim commits before the mail server is asked: a worker that dies then has used up an attempt, and the e-mail
    is due again after the lease. Waiting is measured by the database's clock, never by a rehearsal's.
    """
    rows = conn.execute(
        """
        with claimed as (
            update delivery set attempts = attempts + 1,
                                next_attempt_at = clock_timestamp() + make_interval(secs => %s)
            where channel = 'email' and notice_id = (
                select notice_id from delivery
                where status = 'pending' and channel = 'email' and next_attempt_at <= clock_timestamp()
                order by next_attempt_at limit 1 for update skip locked)
            returning notice_id, attempts)
        select c.notice_id, c.attempts, n.rule, n.about_unit_id, n.recipient_unit_id,
               coalesce(s.name, u.code, '') as unit_name, n.period, n.day, n.facts, n.source, p.email, p.language
        from claimed c
        join notice n using (notice_id)
        left join unit u on u.unit_id = n.about_unit_id
        left join unit_span s on s.unit_id = n.about_unit_id and s.valid_from <= n.day
                             and (s.valid_to is null or n.day < s.valid_to)
        left join contact_point p on p.unit_id = n.recipient_unit_id
        """,
        (lease_seconds,),
    )
    row = rows.fetchone()
    if row is None:
        return None
    names = [column.name for column in rows.description or ()]
    return msgspec.convert(dict(zip(names, row, strict=True)), Claimed)


def end(
    conn: Connection,
    notice_id: UUID,
    status: Literal["sent", "given_up", "withdrawn"],
    at: datetime,
    failure: str | None = None,
) -> None:
    """An e-mail was sent, was given up because of `failure`, or has no address any more."""
    conn.execute(
        "update delivery set status = %s, ended_at = %s, failure = %s where notice_id = %s and channel = 'email'",
        (status, at, failure, notice_id),
    )


def put_off(conn: Connection, notice_id: UUID, wait_seconds: float, failure: str) -> None:
    """Try an e-mail again after `wait_seconds`; `failure` is a code: the server's words repeat the address."""
    conn.execute(
        """
        update delivery set next_attempt_at = clock_timestamp() + make_interval(secs => %s), failure = %s
        where notice_id = %s and channel = 'email'
        """,
        (wait_seconds, failure, notice_id),
    )
