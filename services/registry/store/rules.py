"""The registry's dated rules, as rows."""

from datetime import date
from typing import Any

import msgspec

from services.registry.domain.rules import Rule, Rules
from shared.db import Connection


def load(conn: Connection) -> Rules:
    """Every version of every rule that `Rules` has a field for, by the name of the field."""
    rows = conn.execute("select name, valid_from, valid_to, value, issuer, citation from rule order by valid_from")
    versions: dict[str, list[dict[str, Any]]] = {}
    for name, valid_from, valid_to, value, issuer, citation in msgspec.convert(
        rows.fetchall(), list[tuple[str, date, date | None, Any, str, str]]
    ):
        versions.setdefault(name, []).append(
            {"valid_from": valid_from, "valid_to": valid_to, "value": value, "issuer": issuer, "citation": citation}
        )
    return msgspec.convert(versions, Rules)


def on(conn: Connection, day: date) -> list[tuple[str, Rule[Any]]]:
    """The rules in force on `day`, by name, whatever their values are."""
    rows = conn.execute(
        """
        select name, valid_from, valid_to, value, issuer, citation from rule
        where valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to) order by name
        """,
        {"day": day},
    ).fetchall()
    return [
        (name, Rule(*rule)) for name, *rule in msgspec.convert(rows, list[tuple[str, date, date | None, Any, str, str]])
    ]
