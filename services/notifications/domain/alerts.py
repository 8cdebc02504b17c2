"""What the rules need to know of an alert: a rule of evaluation's that began or ceased to hold for a unit."""

from uuid import UUID

import msgspec

from services.notifications.domain.findings import Cause, Facts, Finding
from services.notifications.domain.rules import ALERT_RULES, AlertRule, Rulebook, in_force
from shared import months


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert in its latest state.

    It began with the month `since`, whose `facts` decided; `source` is the issuer and citation of the rule's version
    there. `holds`: it has neither ceased nor been withdrawn. `rule` may be one that is not known here yet.
    """

    alert_id: UUID
    version: int
    unit_id: UUID
    rule: str
    holds: bool
    since: str
    facts: Facts
    source: str

    @property
    def known_rule(self) -> AlertRule | None:
        """Its rule, if there are words for it here."""
        return next((rule for rule in ALERT_RULES if rule == self.rule), None)


def newest(alerts: list[Alert]) -> list[Alert]:
    """Each alert once, in its newest version, in the order of ids (so that two workers lock rows alike)."""
    latest: dict[UUID, Alert] = {}
    for alert in alerts:
        if alert.alert_id not in latest or latest[alert.alert_id].version < alert.version:
            latest[alert.alert_id] = alert
    return [latest[alert_id] for alert_id in sorted(latest)]


def of_alert(alert: Alert, rulebook: Rulebook) -> Finding | None:
    """What is to be told of an alert: nothing once it has ended, or where nobody is to be told of its rule."""
    rule, day = alert.known_rule, months.last_day(alert.since)
    if rule is None or not alert.holds:
        return None
    audience = in_force(rulebook.alerts(rule), day)
    if audience is None:
        return None
    return Finding(
        rule=rule,
        subject=str(alert.alert_id),
        about_unit_id=alert.unit_id,
        period=alert.since,
        day=day,
        meeting_id=None,
        facts=alert.facts,
        source=alert.source,
        to_unit=audience.value.unit,
        to_superior=audience.value.superior,
    )


def ended(alert: Alert) -> Cause | None:
    """The cause that is gone, if the alert has ended."""
    rule = alert.known_rule
    return None if rule is None or alert.holds else (rule, str(alert.alert_id))
