"""The dated rules, as they stand in the database."""

from collections import defaultdict

import msgspec

from services.notifications.domain.rules import Rulebook
from shared.db import Connection


def load(conn: Connection) -> Rulebook:
    """Every version of every rule. Raises msgspec.ValidationError when a row's value is not what its rule needs."""
    versions: defaultdict[object, list[dict[str, object]]] = defaultdict(list)
    rows = conn.execute(
        "select name, valid_from, valid_to, value, issuer, citation from rule order by name, valid_from"
    )
    for name, valid_from, valid_to, value, issuer, citation in rows.fetchall():
        versions[name].append(
            {
                "valid_from": valid_from,
                "valid_to": valid_to,
                "value": value,
                "issuer": issuer,
                "citation": citation,
            }
        )
    return msgspec.convert(versions, Rulebook)
