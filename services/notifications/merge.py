"""A batch of units, decisions and meetings, merged in one transaction: keep what is newer, tell, end what is gone.

Every statement takes the whole batch: a province's year of 73,000 meetings passes here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from services.notifications.announce import announce, cease
from services.notifications.domain import decisions
from services.notifications.domain.decisions import Decision
from services.notifications.domain.findings import Cause, Finding, ceased, of_decision, of_meeting
from services.notifications.domain.meetings import Meeting, newest
from services.notifications.domain.recipients import first_day_for_email
from services.notifications.settings import NotificationsSettings
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
        return len(changed) + len(kept) + len(new)

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
