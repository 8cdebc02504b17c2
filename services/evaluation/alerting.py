"""Alerts that begin and cease: a step of the worker, beside the stream, in transactions of its own.

What is known of a unit's alerts follows from its months and the rules alone: they are computed whole for each unit that
is due and compared with what is stored. So a crash, a rebuild or a second look changes nothing, and late minutes, a
correction or another bar change just what they change.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
import polars as pl

from services.evaluation import log
from services.evaluation.domain.alerts import readings, rules
from services.evaluation.domain.alerts.episodes import Episode, episodes
from services.evaluation.domain.alerts.reconcile import Alert, is_carried, reconcile
from services.evaluation.domain.alerts.rules import InspectionNotBegun, Rulebook, RuleName
from services.evaluation.domain.alerts.series import ordinal, series
from services.evaluation.rules import Stage, stages
from services.evaluation.store import alert_rules
from services.evaluation.store import alerts as store
from services.evaluation.store.alerts import Saved
from shared import db, metrics, months
from shared.clock import Clock, local_day
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.envelope import Event
from shared.kafka import positions
from shared.kafka.positions import Partition
from shared.outbox import table

LOOKBACK: Final = 12
"""Months before the present one that are judged; what happened before them is history, and tells nobody."""
_BEFORE: Final = 15
"""Months before these that a judgement may need: a mean of six, before six in a row, from a quarter's first."""
_ENTRIES: Final = 2
_TYPE: Final = "evaluation.alert.v1"


class Alerting:
    """Looks at what is due. Time makes alerts begin too, but only once all that was reported has been merged."""

    def __init__(self, pool: db.Pool, bootstrap: str, group: str, clock: Clock) -> None:
        self._pool = pool
        self._bootstrap = bootstrap
        self._group = group
        self._clock = clock
        self._caught_up_for: str | None = None
        self._waits_for: tuple[str, dict[Partition, int]] | None = None

    def turn(self) -> int:
        """Look at some of what is due; 0: nothing is, or not yet. Raises what PostgreSQL and the broker raise."""
        now = self._clock.now()
        with self._pool.connection() as conn:
            closed = last_closed(conn, now)
        if not self._caught_up(closed):
            return 0
        with self._pool.connection() as conn:
            if not store.lock(conn):
                return 0
            pass_time(conn, now, closed)
            return look(conn, now)

    def _caught_up(self, closed: str) -> bool:
        """Whether what lay in the topics after `closed` was closed, and this process had begun, is merged.

        Asked once a month: what is reported after that is late.
        """
        if self._caught_up_for == closed:
            return True
        if self._waits_for is None or self._waits_for[0] != closed:
            self._waits_for = closed, asyncio.run(_ends(self._bootstrap, self._group))
        with self._pool.connection() as conn:
            stands = positions.all_positions(conn, self._group)
        if any(at not in stands or stands[at].next_offset < end for at, end in self._waits_for[1].items()):
            return False
        self._caught_up_for = closed
        return True


async def _ends(bootstrap: str, group: str) -> dict[Partition, int]:
    partitions = [
        (topic, number)
        for topic in catalogue().groups[group].reads
        for number in range(catalogue().topics[topic].partitions)
    ]
    return {at: end for at, (begin, end) in (await log.ends(bootstrap, partitions)).items() if begin < end}


def last_closed(conn: Connection, now: datetime) -> str:
    """The last month whose last reporting day is over."""
    present = months.month_of(now)
    before = [months.add(present, -count) for count in range(1, LOOKBACK)]
    at = stages(conn, before, now)
    return next((month for month, stage in zip(before, at, strict=True) if stage == Stage.CLOSED), before[-1])


def pass_time(conn: Connection, now: datetime, closed: str) -> None:
    """What the clock or new rules made due: every unit when a month has closed or a rule changed; a day, some."""
    before = store.clock(conn)
    # A month that was judged stays judged, although a rule of reporting or a rehearsal's clock went back.
    closed = max(closed, before.closed_through or closed)
    today = local_day(now)
    present = store.Clock(today, closed, alert_rules.digest(conn))
    if before == present:
        return
    if (before.closed_through, before.rules_digest) != (present.closed_through, present.rules_digest):
        store.all_due(conn)
    else:
        store.day_due(conn, _plan_kinds(alert_rules.load(conn)), today.year)
    store.set_clock(conn, present)


def look(conn: Connection, now: datetime) -> int:
    """Judge some of the units that are due, store what is new and publish it; returns how many entries were due.

    Nothing is judged before `pass_time` has said what is closed.
    """
    closed = store.clock(conn).closed_through
    if closed is None:
        return 0
    today = local_day(now)
    first = months.add(months.month_of(today), -LOOKBACK)
    earliest = months.add(first, -_BEFORE)
    entries, unit_ids = store.take_due(conn, _ENTRIES, earliest, closed)
    if not unit_ids:
        return entries
    rulebook = alert_rules.load(conn)
    # A statement of its own after the one that took what is due, so that it sees all that was committed with that.
    found = series(store.figures(conn, unit_ids, earliest), earliest, today, closed_through=closed)
    plans = store.plans(conn, _plan_kinds(rulebook))
    known: defaultdict[tuple[RuleName, UUID], list[Alert]] = defaultdict(list)
    for alert in store.known(conn, unit_ids):
        known[alert.rule, alert.unit_id].append(alert)
    changed: list[Alert] = []
    for rule, versions in rulebook.items():
        read = readings.read(rule, versions, found, plans)
        mine = {unit_id: alerts for (name, unit_id), alerts in known.items() if name == rule}
        changed += _changed(rule, read, mine, first)
    if changed:
        _publish(conn, store.save(conn, changed, now), rulebook)
    return entries


def _plan_kinds(rulebook: Rulebook) -> list[str]:
    values = [version.value for version in rulebook.get("inspection_not_begun", ())]
    return sorted({value.target_kind for value in values if isinstance(value, InspectionNotBegun)})


def _changed(rule: RuleName, read: pl.DataFrame, known: dict[UUID, list[Alert]], first: str) -> list[Alert]:
    carried = [str(unit_id) for unit_id, alerts in known.items() if any(is_carried(one, first) for one in alerts)]
    held: defaultdict[UUID, list[Episode]] = defaultdict(list)
    for episode in episodes(
        read, pl.DataFrame({"unit_id": carried}, schema={"unit_id": pl.String}), first=ordinal(first)
    ):
        held[UUID(episode.unit_id)].append(episode)
    return [
        alert
        for unit_id in sorted({*held, *known})
        for alert in reconcile(rule, unit_id, held[unit_id], known.get(unit_id, []), first=first)
    ]


def _publish(conn: Connection, saved: Sequence[Saved], rulebook: Rulebook) -> None:
    table.append(conn, [_event(one, rulebook) for one in saved])
    for one in saved:
        metrics.ALERTS.labels(rule=one.alert.rule, state=one.alert.state).inc()


def _event(saved: Saved, rulebook: Rulebook) -> Event:
    alert = saved.alert
    return Event(
        topic=catalogue().topic_of(_TYPE),
        type=_TYPE,
        source="/evaluation",
        key=str(alert.alert_id),
        data={
            **msgspec.to_builtins(alert),
            "source": source(rulebook, alert),
            "begun_at": saved.begun_at.isoformat(),
            "ended_at": saved.ended_at and saved.ended_at.isoformat(),
        },
        traceparent="",
    )


def source(rulebook: Rulebook, alert: Alert) -> str:
    """Issuer and citation of the version of the rule that `alert` began by; empty when that version is gone."""
    versions: tuple[rules.Version, ...] = rulebook.get(alert.rule, ())
    return next((version.source for version in versions if version.valid_from == alert.rule_from), "")
