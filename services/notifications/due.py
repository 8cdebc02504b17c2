"""The due check: once a month's last reporting day is over, which branches have not answered for it."""

from collections.abc import Callable
from datetime import datetime

from services.notifications.announce import announce
from services.notifications.domain.due import DueMonth, due_months
from services.notifications.domain.findings import of_month
from services.notifications.domain.recipients import first_day_for_email
from services.notifications.settings import NotificationsSettings
from services.notifications.store import meetings, rules
from shared import db, logging
from shared.clock import Clock, local_day

_log = logging.get(__name__)


class DueCheck:
    """Examines each month once, oldest first, and only when everything that was reported has been merged."""

    def __init__(
        self, pool: db.Pool, settings: NotificationsSettings, clock: Clock, caught_up: Callable[[], bool]
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._clock = clock
        self._caught_up = caught_up

    def turn(self) -> list[str]:
        """Examine the months that are due now; returns them. Raises what PostgreSQL or `caught_up` raised."""
        now = self._clock.now()
        with self._pool.connection() as conn:
            due = self._due(conn, now, lock=False)
        # Asked only when there is something to examine: the answer costs a round trip to the broker.
        if not due or not self._caught_up():
            return []
        examined = []
        for month in due:
            with self._pool.connection() as conn:
                if self._examine(conn, month, now):
                    examined.append(month.period)
        return examined

    def _due(self, conn: db.Connection, now: datetime, *, lock: bool) -> list[DueMonth]:
        through = meetings.examined_through(conn, lock=lock)
        return due_months(now, through, self._settings.lookback_months, rules.load(conn).minutes_missing)

    def _examine(self, conn: db.Connection, month: DueMonth, now: datetime) -> bool:
        meetings.hold_months(conn)
        if month not in self._due(conn, now, lock=True):
            return False  # another worker has examined it meanwhile
        silent = meetings.silent_branches(conn, month.period, month.last_day)
        findings = of_month(silent, month.period, month.last_day, month.due_on, month.rule)
        parents = meetings.parents_on(conn, [(unit_id, month.last_day) for unit_id in silent])
        email_from = (
            first_day_for_email(local_day(now), self._settings.lookback_months) if self._settings.smtp_host else None
        )
        announce(conn, findings, parents, now=now, email_from=email_from)
        meetings.set_examined_through(conn, month.period)
        _log.info("month examined", period=month.period, branches_without_minutes=len(silent))
        return True
