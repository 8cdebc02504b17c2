"""Alerts, the units due for a look, and what the rules look at. Every statement takes a whole batch."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from services.evaluation.domain.alerts import series
from services.evaluation.domain.alerts.reconcile import Alert
from services.evaluation.store import frames
from shared.db import Connection

_LOCK: Final = 0x616C7274  # "alrt": one that looks at a time
_CHUNK: Final = 1000


class Clock(msgspec.Struct, frozen=True):
    """When the rules last looked: the local day, the last closed month, what the rules were."""

    looked_on: date | None
    closed_through: str | None
    rules_digest: str | None


class Saved(msgspec.Struct, frozen=True):
    """An alert as it was stored: with its new version, and when it began and ended."""

    alert: Alert
    begun_at: datetime
    ended_at: datetime | None


def lock(conn: Connection) -> bool:
    """Be the one that looks until the transaction ends; False when another is."""
    return conn.execute("select pg_try_advisory_xact_lock(%s)", (_LOCK,)).fetchone() == (True,)


def clock(conn: Connection) -> Clock:
    """The clock of alerts."""
    row = conn.execute("select looked_on, closed_through, rules_digest from alert_clock").fetchone()
    return Clock(*msgspec.convert(row, tuple[date | None, str | None, str | None]))


def set_clock(conn: Connection, now: Clock) -> None:
    """Remember when the rules looked."""
    conn.execute(
        "update alert_clock set looked_on = %s, closed_through = %s, rules_digest = %s",
        (now.looked_on, now.closed_through, now.rules_digest),
    )


def all_due(conn: Connection) -> None:
    """Every unit is due for a look."""
    _due(conn, sql.SQL("select unit_id from unit"))


def day_due(conn: Connection, kinds: Sequence[str], year: int) -> None:
    """The units for which a day may change something: those with an open alert, or a target of `kinds` for `year`."""
    _due(
        conn,
        sql.SQL(
            "select unit_id from alert where state = 'begun' "
            "union select unit_id from target where kind = any({}) and year = {}"
        ).format(sql.Literal(list(kinds)), sql.Literal(year)),
    )


def units_due(conn: Connection, unit_ids: Sequence[UUID]) -> None:
    """These units are due for a look."""
    if unit_ids:
        _due(conn, sql.SQL("select unnest({}::uuid[]) as unit_id").format(sql.Literal(list(unit_ids))))


def targets_due(conn: Connection, target_ids: Sequence[UUID]) -> None:
    """The units of these targets, and of those they are parts of, are due for a look."""
    conn.execute(
        """
        with recursive above (target_id, unit_id, part_of) as (
            select target_id, unit_id, part_of from target where target_id = any(%s)
            union
            select t.target_id, t.unit_id, t.part_of from above a join target t on t.target_id = a.part_of
        )
        insert into alert_due (unit_ids) select array_agg(unit_id) from above having count(*) > 0
        """,
        (list(target_ids),),
    )


def replaced_targets_due(conn: Connection, before: str) -> None:
    """The same of every target that differs from, or is only in, the table `before`: what the targets were."""
    _due(
        conn,
        sql.SQL(
            """
            with recursive every as materialized (
                select target_id, unit_id, part_of from {before} union select target_id, unit_id, part_of from target
            ), changed as (
                (table {before} except table target) union all (table target except table {before})
            ), above (target_id, unit_id, part_of) as (
                select e.* from every e where target_id in (select target_id from changed)
                union
                select e.* from above a join every e on e.target_id = a.part_of
            )
            select unit_id from above
            """
        ).format(before=sql.Identifier(before)),
    )


def _due(conn: Connection, units: sql.SQL | sql.Composed) -> None:
    conn.execute(
        sql.SQL(
            """
            insert into alert_due (unit_ids)
            select array_agg(unit_id) from (
                select unit_id, row_number() over () as place from (select distinct unit_id from ({}) u) one
            ) numbered group by (place - 1) / %s
            """
        ).format(units),
        (_CHUNK,),
    )


def take_due(conn: Connection, entries: int, earliest: str, closed_through: str) -> tuple[int, list[UUID]]:
    """Up to `entries` entries (an entry is at most 1,000 units) that are due no more: how many, and which units of them
    are to be judged.

    A change of a month before `earliest` is history. One of a month after `closed_through` is passed over unless it may
    end an alert, or bring back what it ended, or cannot be: most changes are of the present month, and every unit is
    judged when that has closed.
    """
    row = conn.execute(
        """
        with taken as (
            delete from alert_due where position in (select position from alert_due order by position limit %(entries)s)
            returning unit_ids, months
        ), changed as (
            select distinct unit_id, month from taken, unnest(unit_ids, months) as u (unit_id, month)
        )
        select (select count(*) from taken), (
            select array_agg(distinct c.unit_id) from changed c left join unit_month m using (unit_id, month)
            where c.month is null or c.month between %(earliest)s and %(closed)s
               or exists (select from alert a
                          where a.unit_id = c.unit_id and (a.state = 'begun' or a.until > %(closed)s))
               or m.present > m.owed or m.speakers > m.present
               or m.regular_held + m.not_held > (
                   select coalesce(sum(b.change), 0) from unit_branches b
                   where b.unit_id = c.unit_id and b.month <= c.month)
        )
        """,
        {"entries": entries, "earliest": earliest, "closed": closed_through},
    ).fetchone()
    count, unit_ids = msgspec.convert(row, tuple[int, list[UUID] | None])
    return count, unit_ids or []


def figures(conn: Connection, unit_ids: Sequence[UUID], first: str) -> Mapping[str, pl.DataFrame]:
    """What `series.series` is made of, for `unit_ids` from the month `first` on. Whole, however many units."""
    due = pl.DataFrame({"unit_id": [str(unit_id) for unit_id in unit_ids]}, schema={"unit_id": pl.String})
    frames.stage(conn, "stage_alert", "unit", due)
    source = "{} t join stage_alert using (unit_id)"
    return {
        "spans": frames.read_of(conn, "t", sql.SQL(source).format(sql.Identifier("unit_span")), series.SPANS),
        "branches": frames.read_of(conn, "t", sql.SQL(source).format(sql.Identifier("unit_branches")), series.BRANCHES),
        "figures": frames.read_of(
            conn,
            "t",
            sql.SQL("unit_month t join stage_alert using (unit_id) where t.month >= {}").format(sql.Literal(first)),
            series.FIGURES,
        ),
    }


def plans(conn: Connection, kinds: Sequence[str]) -> pl.DataFrame:
    """The targets of `kinds` of the units `figures` was asked for, with what was reported of each and of its parts."""
    return frames.read(
        conn,
        """
        with recursive down (root, target_id) as (
            select target_id, target_id from target join stage_alert using (unit_id) where kind = any(%s)
            union
            select d.root, t.target_id from down d join target t on t.part_of = d.target_id
        )
        select r.unit_id::text, r.year, r.value, (report ->> 'on')::date, (report ->> 'value')::float
        from down d join target r on r.target_id = d.root join target t on t.target_id = d.target_id
        left join lateral jsonb_array_elements(t.progress) report on true
        """,
        series.PLANS,
        (list(kinds),),
    )


def known(conn: Connection, unit_ids: Sequence[UUID]) -> list[Alert]:
    """Every alert of `unit_ids`, withdrawn ones too."""
    rows = conn.execute(
        """
        select alert_id, version, rule, unit_id, state, since, until, rule_from, began, ended, cause
        from alert where unit_id = any(%b)
        """,
        (list(unit_ids),),
    ).fetchall()
    names = Alert.__struct_fields__
    return msgspec.convert([dict(zip(names, row, strict=True)) for row in rows], list[Alert])


def save(conn: Connection, alerts: Sequence[Alert], now: datetime) -> list[Saved]:
    """Store `alerts` under new versions.

    A version is at least the milliseconds since 1970, so that those of a database that was filled anew from the log,
    which counts from one, are newer than what the topic holds.
    """
    rows = conn.execute(
        """
        insert into alert as a (alert_id, version, rule, unit_id, state, since, until, rule_from, began, ended, cause,
                                begun_at, ended_at)
        select alert_id, (extract(epoch from clock_timestamp()) * 1000)::bigint, rule, unit_id, state, since, until,
               rule_from, began, ended, cause, %(now)s, case when state <> 'begun' then %(now)s::timestamptz end
        from unnest(%(ids)s::uuid[], %(rules)s::text[], %(units)s::uuid[], %(states)s::text[], %(since)s::text[],
                    %(until)s::text[], %(rule_from)s::date[], %(began)s::jsonb[], %(ended)s::jsonb[],
                    %(causes)s::text[])
            as s (alert_id, rule, unit_id, state, since, until, rule_from, began, ended, cause)
        on conflict (alert_id) do update set
            version = greatest(a.version + 1, excluded.version), state = excluded.state, since = excluded.since,
            until = excluded.until, rule_from = excluded.rule_from, began = excluded.began, ended = excluded.ended,
            cause = excluded.cause,
            begun_at = case when excluded.state = 'begun' and a.state <> 'begun' then excluded.begun_at
                            else a.begun_at end,
            ended_at = case when excluded.state = a.state then a.ended_at else excluded.ended_at end
        returning alert_id, version, begun_at, ended_at
        """,
        {
            "now": now,
            "ids": [alert.alert_id for alert in alerts],
            "rules": [alert.rule for alert in alerts],
            "units": [alert.unit_id for alert in alerts],
            "states": [alert.state for alert in alerts],
            "since": [alert.since for alert in alerts],
            "until": [alert.until for alert in alerts],
            "rule_from": [alert.rule_from for alert in alerts],
            "began": [Jsonb(msgspec.to_builtins(alert.began)) for alert in alerts],
            "ended": [Jsonb(msgspec.to_builtins(alert.ended)) for alert in alerts],
            "causes": [alert.cause for alert in alerts],
        },
    ).fetchall()
    stored = {
        alert_id: (version, begun_at, ended_at)
        for alert_id, version, begun_at, ended_at in msgspec.convert(
            rows, list[tuple[UUID, int, datetime, datetime | None]]
        )
    }
    saved = []
    for alert in alerts:
        version, begun_at, ended_at = stored[alert.alert_id]
        saved.append(Saved(msgspec.structs.replace(alert, version=version), begun_at, ended_at))
    return saved
