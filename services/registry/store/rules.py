"""The registry's dated rules, as rows."""

from datetime import date
from typing import Any

import msgspec

from services.registry.domain.rules import AllowedParents, Rule, Rules
from shared.db import Connection


def load(conn: Connection) -> Rules:
    """Every version of every rule."""
    rows = conn.execute("select name, valid_from, valid_to, value, issuer, citation from rule order by valid_from")
    versions: dict[str, list[dict[str, Any]]] = {"allowed_parents": [], "admission_age": []}
    for name, valid_from, valid_to, value, issuer, citation in msgspec.convert(
        rows.fetchall(), list[tuple[str, date, date | None, Any, str, str]]
    ):
        versions[name].append(
            {"valid_from": valid_from, "valid_to": valid_to, "value": value, "issuer": issuer, "citation": citation}
        )
    return Rules(
        msgspec.convert(versions["allowed_parents"], tuple[Rule[AllowedParents], ...]),
        msgspec.convert(versions["admission_age"], tuple[Rule[int], ...]),
    )
