"""The dated rules of alerts, as they stand in the database."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import msgspec
from psycopg.types.json import Jsonb

from services.evaluation.domain.alerts.rules import VALUES, Rulebook, RuleName, Value, Version
from shared import logging
from shared.db import Connection

_log = logging.get(__name__)
_LOCK: Final = 0x616C7275  # "alru": one changes the rules


class Row(msgspec.Struct, frozen=True):
    """One version of a rule, as it stands in the database."""

    name: str
    valid_from: date
    valid_to: date | None
    value: dict[str, Any]
    issuer: str
    citation: str


def load(conn: Connection) -> Rulebook:
    """Every version of every rule that can be used.

    A rule one of whose rows cannot be read (bars without a band between them, an unknown member) is left out as a
    whole, and the log names the row: its alerts stay as they are until the row is corrected.
    """
    found: defaultdict[RuleName, list[Version]] = defaultdict(list)
    unusable = set()
    for row in versions(conn):
        kind = VALUES.get(row.name)  # type: ignore[call-overload]  # a row may name no rule of ours
        if kind is None:
            _log.error("no such alert rule", rule=row.name)
            continue
        try:
            version = Version(row.valid_from, row.valid_to, _value(kind, row.value), row.issuer, row.citation)
        except msgspec.ValidationError as error:
            unusable.add(row.name)
            _log.error("an alert rule cannot be used", rule=row.name, valid_from=str(row.valid_from), fault=str(error))
        else:
            found[row.name].append(version)  # type: ignore[index]  # one of VALUES
    return {name: tuple(versions) for name, versions in found.items() if name not in unusable}


def digest(conn: Connection) -> str:
    """What changes when any row of a rule does."""
    return hashlib.sha256(msgspec.json.encode(versions(conn), order="deterministic")).hexdigest()


def lock(conn: Connection) -> None:
    """Be alone to change the rules until the transaction ends."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))


def versions(conn: Connection, name: str | None = None) -> list[Row]:
    """Every version of every rule, or of one, by name and day."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select name, valid_from, valid_to, value, issuer, citation from alert_rule
        where %(name)s::text is null or name = %(name)s order by name, valid_from
        """,
        {"name": name},
    ).fetchall()
    return [Row(*row) for row in rows]


def put(conn: Connection, row: Row) -> None:
    """Keep a version, instead of one of the same first day."""
    conn.execute(
        """
        insert into alert_rule (name, valid_from, valid_to, value, issuer, citation) values (%s, %s, %s, %s, %s, %s)
        on conflict (name, valid_from) do update
        set valid_to = excluded.valid_to, value = excluded.value, issuer = excluded.issuer, citation = excluded.citation
        """,
        (row.name, row.valid_from, row.valid_to, Jsonb(row.value), row.issuer, row.citation),
    )


def end(conn: Connection, name: str, day: date) -> date | None:
    """The version that began before `day` and would hold on it ends there; returns its first day, None: none did."""
    row = conn.execute(
        """
        update alert_rule set valid_to = %(day)s
        where name = %(name)s and valid_from < %(day)s and (valid_to is null or %(day)s < valid_to)
        returning valid_from
        """,
        {"name": name, "day": day},
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], date)


def kinds_and_levels(conn: Connection) -> tuple[frozenset[str], frozenset[str]]:
    """Every kind and every level that a unit here has or had."""
    rows = conn.execute("select distinct kind, level from unit_span").fetchall()
    found = msgspec.convert(rows, list[tuple[str, str]])
    return frozenset(kind for kind, _ in found), frozenset(level for _, level in found)


def _value(kind: type[Value], value: dict[str, Any]) -> Value:
    return msgspec.convert(value, kind)
