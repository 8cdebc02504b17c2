"""The dated rules of alerts, as they stand in the database."""

import hashlib
from collections import defaultdict
from datetime import date
from typing import Any

import msgspec

from services.evaluation.domain.alerts.rules import VALUES, Rulebook, RuleName, Value, Version
from shared import logging
from shared.db import Connection

_log = logging.get(__name__)
_Row = tuple[str, date, date | None, dict[str, Any], str, str]


def load(conn: Connection) -> Rulebook:
    """Every version of every rule that can be used.

    A rule one of whose rows cannot be read (bars without a band between them, an unknown member) is left out as a
    whole, and the log names the row: its alerts stay as they are until the row is corrected.
    """
    found: defaultdict[RuleName, list[Version]] = defaultdict(list)
    unusable = set()
    for name, valid_from, valid_to, value, issuer, citation in _rows(conn):
        kind = VALUES.get(name)  # type: ignore[call-overload]  # a row may name no rule of ours
        if kind is None:
            _log.error("no such alert rule", rule=name)
            continue
        try:
            version = Version(valid_from, valid_to, _value(kind, value), issuer, citation)
        except msgspec.ValidationError as error:
            unusable.add(name)
            _log.error("an alert rule cannot be used", rule=name, valid_from=str(valid_from), fault=str(error))
        else:
            found[name].append(version)  # type: ignore[index]  # one of VALUES
    return {name: tuple(versions) for name, versions in found.items() if name not in unusable}


def digest(conn: Connection) -> str:
    """What changes when any row of a rule does."""
    return hashlib.sha256(msgspec.json.encode(_rows(conn), order="deterministic")).hexdigest()


def _rows(conn: Connection) -> list[_Row]:
    rows = conn.execute(
        "select name, valid_from, valid_to, value, issuer, citation from alert_rule order by name, valid_from"
    ).fetchall()
    return msgspec.convert(rows, list[_Row])


def _value(kind: type[Value], value: dict[str, Any]) -> Value:
    return msgspec.convert(value, kind)
