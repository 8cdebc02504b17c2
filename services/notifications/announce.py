"""From findings to notices, in the caller's transaction: decide who (pure), write, publish what inboxes received."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.notifications import events
from services.notifications.domain.findings import Cause, Finding
from services.notifications.domain.recipients import decide, recipient_ids
from services.notifications.store import choices, deliveries, notices
from services.notifications.store.deliveries import Made
from shared import metrics
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table


def announce(
    conn: Connection,
    findings: Sequence[Finding],
    parents: Mapping[tuple[UUID, date], UUID | None],
    *,
    now: datetime,
    email_from: date | None,
) -> None:
    """Tell of `findings` (each cause once): one notice a recipient, one delivery a channel.

    `parents` gives the unit above each branch on the finding's day. `email_from`: see `recipients.decide`.
    """
    if not findings:
        return
    chosen = choices.load(conn, recipient_ids(findings, parents))
    raised = notices.raise_(conn, decide(findings, parents, chosen, email_from=email_from), now)
    made = deliveries.make(conn, raised, now)
    table.append(conn, [_received(delivery, now) for delivery in made if delivery.channel == "inbox"])
    for notice in raised:
        metrics.NOTICES.labels(rule=notice.draft.finding.rule, outcome="raised").inc()


def cease(conn: Connection, causes: Sequence[Cause], closed: Sequence[UUID], *, now: datetime) -> None:
    """End the notices whose cause is gone; e-mails about them that wait are not sent.

    `causes` are gone for certain; of the units `closed` it is looked up whether they were branches at the month's end.
    """
    resolved = notices.resolve(conn, causes, now)
    if closed:
        resolved += notices.resolve_of_closed(conn, closed, now)
    if resolved:
        deliveries.withdraw(conn, [notice_id for notice_id, _ in resolved], now)
    for _, rule in resolved:
        metrics.NOTICES.labels(rule=rule, outcome="resolved").inc()


def _received(made: Made, now: datetime) -> Event:
    draft = made.raised.draft
    return events.delivery(
        notice_id=made.raised.notice_id,
        rule=draft.finding.rule,
        about_unit_id=draft.finding.about_unit_id,
        recipient_unit_id=draft.recipient_unit_id,
        channel="inbox",
        status="sent",
        attempts=1,
        at=now,
    )
