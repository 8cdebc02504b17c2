"""A batch of units, decisions, meetings and alerts, merged in one transaction: keep the newer, tell, end what is gone.

Every statement takes the whole batch: a province's year of 73,000 meetings passes here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.notifications.announce import announce, cease
from services.notifications.domain import alerts, decisions
from services.notifications.domain.alerts import Alert
from services.notifications.domain.decisions import Decision
from services.notifications.domain.findings import Cause, Finding, ceased, of_decision, of_meeting
from services.notifications.domain.meetings import Meeting, newest
from services.notifications.domain.recipients import first_day_for_email
from services.notifications.settings import NotificationsSettings
from services.notifications.store import alerts as alert_store
from services.notifications.store import decisions as decision_store
from services.notifications.store import meetings as meeting_store
from services.notifications.store import rules
from services.notifications.stream import Change
from shared.clock import Clock, local_day
from shared.db import Connection
from shared.kafka.batch import Decoded
from shared.units import replica


class Merge:
    """Applies decoded batches (`shared.kafka.batch.Apply`)."""

    def __init__(self, settings: NotificationsSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def __call__(self, conn: Connection, events: Sequence[Decoded[Change]], /) -> int:
        """Merge `events`; returns how many of them were applied (the others were stale)."""
        meeting_store.share_months(conn)
        units = [event.data for event in events if isinstance(event.data, replica.Unit)]
        changed = [unit.unit_id for unit in replica.upsert(conn, units)] if units else []
        arrived = newest([event.data for event in events if isinstance(event.data, Meeting)])
        kept = meeting_store.upsert(conn, arrived) if arrived else []
        kept_ids = {meeting.meeting_id for meeting in kept}
        waited = meeting_store.awaiting(conn, changed) if changed else []
        self._judge(conn, kept, [meeting for meeting in waited if meeting.meeting_id not in kept_ids], changed)
        decided = decisions.newest([event.data for event in events if isinstance(event.data, Decision)])
        new = decision_store.upsert(conn, decided) if decided else []
        if new:
            self._tell(conn, new)
        alerted = alerts.newest([event.data for event in events if isinstance(event.data, Alert)])
        heard = alert_store.upsert(conn, alerted) if alerted else []
        self._alert(conn, heard, changed)
        return len(changed) + len(kept) + len(new) + len(heard)

    def _alert(self, conn: Connection, kept: Sequence[Alert], changed: Sequence[UUID]) -> None:
        """Tell of alerts that hold, those of units that came now among them, and end the notices of the others."""
        kept_ids = {alert.alert_id for alert in kept}
        waited = alert_store.awaiting(conn, changed) if changed else []
        considered = [*kept, *(alert for alert in waited if alert.alert_id not in kept_ids)]
        if not considered:
            return
        now = self._clock.now()
        rulebook = rules.load(conn)
        findings = [finding for alert in considered if (finding := alerts.of_alert(alert, rulebook)) is not None]
        parents = self._above(conn, findings, local_day(now))
        told = [finding for finding in findings if (finding.about_unit_id, finding.day) in parents]
        if waited or len(told) < len(findings):
            waiting = {finding.subject for finding in findings} - {finding.subject for finding in told}
            alert_store.mark_awaiting(conn, [one.alert_id for one in considered], [UUID(one) for one in waiting])
        cease(conn, sorted(cause for alert in kept if (cause := alerts.ended(alert)) is not None), [], now=now)
        announce(conn, told, parents, now=now, email_from=self._email_from(now))

    def _above(
        self, conn: Connection, findings: Sequence[Finding], today: date
    ) -> dict[tuple[UUID, date], UUID | None]:
        """Who stands above the units of alerts today, where they are in force still: a month is judged after its end,
        and by then a reorganisation may have ended who stood above in it."""
        then = meeting_store.parents_on(conn, sorted({(f.about_unit_id, f.day) for f in findings}))
        now = meeting_store.parents_on(conn, sorted({(f.about_unit_id, today) for f in findings}))
        return {(unit_id, day): now.get((unit_id, today), above) for (unit_id, day), above in then.items()}

    def _tell(self, conn: Connection, decided: Sequence[Decision]) -> None:
        """Tell the units that decisions name, and end the notices of decisions that were withdrawn."""
        now = self._clock.now()
        rulebook = rules.load(conn)
        findings = [finding for decision in decided for finding in of_decision(decision, rulebook)]
        gone: list[Cause] = [("decision_in_force", str(one.decision_id)) for one in decided if not one.in_force]
        cease(conn, gone, [], now=now)
        # Each unit that is named is told itself; its superior is told only if the decision names it too.
        alone = {(finding.about_unit_id, finding.day): None for finding in findings}
        announce(conn, findings, alone, now=now, email_from=self._email_from(now))

    def _email_from(self, now: datetime) -> date | None:
        if not self._settings.smtp_host:
            return None
        return first_day_for_email(local_day(now), self._settings.lookback_months)

    def _judge(
        self, conn: Connection, kept: Sequence[Meeting], waited: Sequence[Meeting], changed: Sequence[UUID]
    ) -> None:
        now = self._clock.now()
        rulebook = rules.load(conn)
        findings: list[Finding] = []
        gone: list[Cause] = []
        for meeting in (*kept, *waited):
            found = of_meeting(meeting, rulebook)
            findings += found
            gone += ceased(meeting, found)
        parents = meeting_store.parents_on(conn, sorted({(f.about_unit_id, f.day) for f in findings}))
        told = [finding for finding in findings if (finding.about_unit_id, finding.day) in parents]
        if waited or len(told) < len(findings):
            considered = [meeting.meeting_id for meeting in (*kept, *waited)]
            waiting = {finding.meeting_id for finding in findings} - {finding.meeting_id for finding in told}
            meeting_store.mark_awaiting(conn, considered, [meeting_id for meeting_id in waiting if meeting_id])
        cease(conn, sorted(gone), changed, now=now)
        announce(conn, told, parents, now=now, email_from=self._email_from(now))
