"""Whether an answer can have changed: a stamp of the rows it would be read from, for a fraction of reading them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any, Final, LiteralString

import msgspec
from psycopg import sql

from services.evaluation import figures, rules
from services.evaluation.rules import Stage
from shared import months
from shared.db import Connection

_CATALOGUE: Final = sha256(
    " ".join(f"{figure.name}={getattr(figure, 'formula', '')}" for figure in figures.BY_NAME.values()).encode()
).hexdigest()
"""Figures that were added or are computed otherwise change every answer."""
_TABLES: Final = sorted({part.table for part in figures.STANDING})
_STAMP: Final[LiteralString] = """
with chosen as materialized (select u.unit_id, u.version from {units} join unit u using (unit_id))
select (select sum(hashtextextended(format('%%s %%s', unit_id, version), 0))::text from chosen),
       (select sum(hashtextextended(format('%%s %%s %%s', m.unit_id, m.month, m.version), 0))::text
        from chosen join unit_month m using (unit_id) where m.month between %(first)s and %(last)s),
       {standing}
"""
_STANDING: Final[LiteralString] = """
       (select sum(hashtextextended(c::text, 0))::text
        from chosen join {table} c using (unit_id) where c.month <= %(last)s)
"""


class Stamp(msgspec.Struct, frozen=True):
    """The same as long as the answer is; whether every month it is of is closed."""

    text: str
    is_closed: bool


def of(conn: Connection, units: LiteralString, given: Mapping[str, Any], first: str, last: str, now: datetime) -> Stamp:
    """The stamp of the figures of `units` (as views/cards.py selects them, with what it is `given`) from `first` to
    `last`: the units as they are, the sums by their versions, and what stands."""
    row = conn.execute(_query(units), {**given, "first": first, "last": last}).fetchone()
    stages = rules.stages(conn, list(months.between(first, last)), now)
    text = sha256(repr((_CATALOGUE, row, stages)).encode()).hexdigest()
    return Stamp(text, all(stage == Stage.CLOSED for stage in stages))


@cache
def _query(units: LiteralString) -> bytes:
    return (
        sql.SQL(_STAMP)
        .format(
            units=sql.SQL(units),
            standing=sql.SQL(", ").join(sql.SQL(_STANDING).format(table=sql.Identifier(name)) for name in _TABLES),
        )
        .as_bytes(None)
    )
