"""The dated rules, read whole: there are a handful."""

from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from services.meetings.domain.rules import DatedRule, RuleBook
from shared.db import Connection

_Row = tuple[str, date, date | None, str, str, str]
_value = msgspec.json.Decoder(Any)


def load(conn: Connection) -> RuleBook:
    """Every rule the installation knows."""
    rows = conn.execute("select name, valid_from, valid_to, value::text, issuer, citation from rule")
    return _book(tuple(msgspec.convert(rows.fetchall(), list[_Row])))


@lru_cache(maxsize=2)
def _book(rows: tuple[_Row, ...]) -> RuleBook:
    """The rules of these rows: read every time, and taken apart only when they are others than the last time."""
    return RuleBook(
        [
            DatedRule(name, valid_from, valid_to, _value.decode(value), issuer, citation)
            for name, valid_from, valid_to, value, issuer, citation in rows
        ]
    )
