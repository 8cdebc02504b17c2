"""Step two of two: deliver one notice by e-mail; what fails is tried again, with longer waits, and given up at last.

Claim (commit), send, mark (commit): a letter goes out at least once. A crash between sending and marking sends it
again under the same Message-ID.
"""

import threading
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Literal

from services.notifications import events
from services.notifications.domain.patience import Patience
from services.notifications.domain.wording import Matter, words
from services.notifications.letter import compose
from services.notifications.settings import NotificationsSettings
from services.notifications.smtp import Refused, Session, Unreachable
from services.notifications.store import deliveries
from services.notifications.store.deliveries import Claimed
from shared import db, logging, metrics
from shared.clock import Clock
from shared.outbox import table

# Longer than a session can take over one letter: connect, EHLO, STARTTLS, EHLO, AUTH, MAIL, RCPT, DATA, text, QUIT.
_STEPS_OF_A_SESSION = 10

_log = logging.get(__name__)


class Delivery:
    """Sends the e-mails that are due."""

    def __init__(self, pool: db.Pool, settings: NotificationsSettings, clock: Clock) -> None:
        self._pool = pool
        self._settings = settings
        self._clock = clock
        self._lease_seconds = settings.smtp_timeout_seconds * _STEPS_OF_A_SESSION + 60
        self._patience = Patience(
            settings.mail_attempts, settings.mail_backoff_seconds, settings.mail_backoff_limit_seconds
        )

    def turn(self, stop: threading.Event, alive: Callable[[], None]) -> int:
        """Send what is due, one after another, until nothing is, the server is away, or `stop`; returns how many.

        `alive` is called before each letter. Raises what PostgreSQL raised.
        """
        sent = 0
        with Session(self._settings) as session:
            while not stop.is_set():
                alive()
                with self._pool.connection() as conn:
                    claimed = deliveries.claim(conn, self._lease_seconds)
                if claimed is None:
                    break
                try:
                    sent += self._deliver(claimed, session)
                except Unreachable:
                    break
        return sent

    def _deliver(self, claimed: Claimed, session: Session) -> bool:
        """Deliver one; whether it was sent. Raises Unreachable after having put it off."""
        if claimed.email is None:
            with self._pool.connection() as conn:
                deliveries.end(conn, claimed.notice_id, "withdrawn", self._clock.now())
            return False
        began = time.monotonic()
        try:
            session.send(self._letter(claimed, claimed.email))
        except Refused as refusal:
            self._failed(claimed, refusal.code, worth_another_try=not refusal.permanent)
            return False
        except Unreachable as trouble:
            self._failed(claimed, trouble.code, worth_another_try=True)
            raise
        with self._pool.connection() as conn:
            deliveries.end(conn, claimed.notice_id, "sent", self._clock.now())
            self._publish(conn, claimed, "sent")
        _log.info("e-mail sent", notice_id=str(claimed.notice_id), seconds=round(time.monotonic() - began, 3))
        return True

    def _letter(self, claimed: Claimed, recipient: str) -> EmailMessage:
        matter = Matter(
            rule=claimed.rule,
            unit_name=claimed.unit_name,
            period=claimed.period,
            day=claimed.day,
            facts=claimed.facts,
            source=claimed.source,
        )
        return compose(
            claimed.notice_id,
            words(matter),
            sender=self._settings.mail_from,
            recipient=recipient,
            language=claimed.language or "vi",
            at=self._clock.now(),
        )

    def _failed(self, claimed: Claimed, code: str, *, worth_another_try: bool) -> None:
        wait = self._patience.wait_after(claimed.attempts) if worth_another_try else None
        with self._pool.connection() as conn:
            if wait is None:
                deliveries.end(conn, claimed.notice_id, "given_up", self._clock.now(), code)
                self._publish(conn, claimed, "given_up")
            else:
                deliveries.put_off(conn, claimed.notice_id, wait, code)
                self._publish(conn, claimed, "failed")
        _log.warning(
            "e-mail given up" if wait is None else "e-mail failed",
            notice_id=str(claimed.notice_id),
            cause=code,
            attempts=claimed.attempts,
            next_try_seconds=wait,
        )

    def _publish(self, conn: db.Connection, claimed: Claimed, status: Literal["sent", "failed", "given_up"]) -> None:
        table.append(
            conn,
            [
                events.delivery(
                    notice_id=claimed.notice_id,
                    rule=claimed.rule,
                    about_unit_id=claimed.about_unit_id,
                    recipient_unit_id=claimed.recipient_unit_id,
                    channel="email",
                    status=status,
                    attempts=claimed.attempts,
                    at=self._clock.now(),
                )
            ],
        )
        metrics.NOTICES.labels(rule=claimed.rule, outcome=status).inc()
