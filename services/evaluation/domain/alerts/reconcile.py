"""What is known of alerts against what the figures say now: what begins, ceases, goes on, or never was."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal
from uuid import UUID, uuid5

import msgspec

from services.evaluation.domain.alerts.episodes import Episode, Month
from services.evaluation.domain.alerts.rules import RuleName

State = Literal["begun", "ceased", "withdrawn"]
_NAMES: Final = UUID("3f0d7c62-6f57-5d34-9a3e-6b1a3f8f2c11")


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert in its latest state.

    `since` and `until` are months; `began` and `ended` those that decided, with their facts; `cause` says why it ended:
    see Episode, or `figures-changed`: what it began by is no longer so, and it is withdrawn.
    """

    alert_id: UUID
    version: int
    rule: RuleName
    unit_id: UUID
    state: State
    since: str
    until: str | None
    rule_from: date
    began: tuple[Month, ...]
    ended: tuple[Month, ...] = ()
    cause: str | None = None


def alert_id(rule: RuleName, unit_id: UUID, since: str, again: int = 0) -> UUID:
    """The id of the alert that began with the month `since`: the same whoever computes it.

    `again` counts those of this name that belong to another beginning now (see `reconcile`).
    """
    return uuid5(_NAMES, f"{rule}:{unit_id}:{since}" + (f":{again}" if again else ""))


def reconcile(
    rule: RuleName, unit_id: UUID, episodes: Sequence[Episode], known: Sequence[Alert], *, first: str
) -> list[Alert]:
    """The alerts of a rule and unit that are new or have changed, each with version 0 if new, else its last one.

    `known`: all that are known of the two, withdrawn ones too. Months before `first` were not looked at: an alert
    that ended before it stays as it is. A beginning that moves (late minutes, a correction) keeps its alert, so that
    nobody is told twice: an episode takes the alert of its month, else one whose time it shares.
    """
    free = {alert.alert_id: alert for alert in known}
    pairs: list[tuple[Episode, Alert | None]] = []
    for episode in episodes:
        taken = _same_beginning(episode, free.values(), first)
        if taken is not None:
            del free[taken.alert_id]
        pairs.append((episode, taken))
    for place, (episode, taken) in enumerate(pairs):
        if taken is None and (shared := _shares_time(episode, free.values(), first)) is not None:
            del free[shared.alert_id]
            pairs[place] = (episode, shared)
    used = {alert.alert_id for alert in known}
    wanted = []
    for episode, taken in pairs:
        alert = _alert(rule, unit_id, episode, taken, used)
        used.add(alert.alert_id)
        wanted.append(alert)
    wanted += [_withdrawn(alert) for alert in free.values() if alert.state != "withdrawn" and alert.since >= first]
    before = {alert.alert_id: alert for alert in known}
    return [alert for alert in wanted if before.get(alert.alert_id) != alert]


def _same_beginning(episode: Episode, free: Iterable[Alert], first: str) -> Alert | None:
    if episode.carried:
        return next((alert for alert in free if is_carried(alert, first)), None)
    return next((alert for alert in free if alert.since == episode.since), None)


def is_carried(alert: Alert, first: str) -> bool:
    """Whether the alert held just before the month `first`."""
    return alert.state != "withdrawn" and alert.since < first and (alert.until is None or alert.until >= first)


def _shares_time(episode: Episode, free: Iterable[Alert], first: str) -> Alert | None:
    sharing = [
        alert
        for alert in free
        if alert.state != "withdrawn"
        and alert.since >= first
        and (episode.until is None or alert.since <= episode.until)
        and (alert.until is None or episode.since <= alert.until)
    ]
    return min(sharing, key=lambda alert: alert.since, default=None)


def _alert(rule: RuleName, unit_id: UUID, episode: Episode, taken: Alert | None, used: set[UUID]) -> Alert:
    state: State = "begun" if episode.until is None else "ceased"
    if taken is not None and episode.carried:
        return msgspec.structs.replace(
            taken, state=state, until=episode.until, ended=episode.ended, cause=episode.cause
        )
    if episode.valid_from is None:
        raise ValueError("an episode that was carried belongs to an alert")
    if taken is not None:
        name = taken.alert_id
    else:
        again = 0
        while (name := alert_id(rule, unit_id, episode.since, again)) in used:
            again += 1
    return Alert(
        alert_id=name,
        version=taken.version if taken else 0,
        rule=rule,
        unit_id=unit_id,
        state=state,
        since=episode.since,
        until=episode.until,
        rule_from=episode.valid_from,
        began=episode.began,
        ended=episode.ended,
        cause=episode.cause,
    )


def _withdrawn(alert: Alert) -> Alert:
    return msgspec.structs.replace(alert, state="withdrawn", until=None, ended=(), cause="figures-changed")
