"""The dated rules, read whole: there are a handful."""

from datetime import date
from typing import Any

import msgspec

from services.meetings.domain.rules import DatedRule, RuleBook
from shared.db import Connection


def load(conn: Connection) -> RuleBook:
    """Every rule the installation knows."""
    rows = conn.execute("select name, valid_from, valid_to, value, issuer, citation from rule").fetchall()
    return RuleBook(
        [DatedRule(*row) for row in msgspec.convert(rows, list[tuple[str, date, date | None, Any, str, str]])]
    )
