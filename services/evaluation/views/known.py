"""Facts of a subtree and period, each once, in the order of months, branch codes and ids: as they are known, or as they
were known at a past moment. The tree is the one known today either way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, LiteralString
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import facts, sheets
from services.evaluation.domain.periods import Period
from services.evaluation.store import frames
from shared.db import Connection

CODE: Final = "unit_code"
"""The column of a branch's code beside those of its facts."""


class Asked(msgspec.Struct, frozen=True):
    """Whose facts, of which months, and as known when (None: now)."""

    unit_id: UUID
    period: Period
    known_at: datetime | None = None


class After(msgspec.Struct, frozen=True):
    """The place behind which facts are read."""

    month: str = ""
    code: str = ""
    branch_id: str = "00000000-0000-0000-0000-000000000000"
    key: str = ""


class Kind(msgspec.Struct, frozen=True):
    """A kind of fact: its table (or a query in brackets) and key, and the columns that are read of it."""

    table: LiteralString
    key: LiteralString
    schema: dict[str, Any]
    query: LiteralString | None = None


MEETINGS: Final = Kind(
    "meeting_fact", "meeting_id", {**facts.COUNTED, "reported_on": pl.Date, "report_due_on": pl.Date}
)
TASKS: Final = Kind("task_fact", "task_id", dict(facts.TASK_FACT))
SHEETS: Final = Kind(
    "meeting_sheet",
    "meeting_id",
    {**sheets.SHEET, "held_on": pl.Date},
    "(select s.*, m.held_on from meeting_sheet s join meeting_fact m using (meeting_id))",
)

_ROWS: Final[LiteralString] = """
(
    select {names}, u.code as {code}
    from {facts} f
    join branch_path p on p.branch_id = f.branch_id and p.from_month <= f.month
         and (p.to_month is null or f.month < p.to_month)
    join unit u on u.unit_id = f.branch_id
    where p.path @> array[{unit}::uuid] and f.month between {first} and {last}
      and (f.month, u.code collate "C", f.branch_id, f.{key}::text collate "C")
          > ({month}, {code_after}, {branch}::uuid, {key_after})
    order by f.month, u.code collate "C", f.branch_id, f.{key}::text collate "C"
    limit {limit}
) f order by f.month, f.{code} collate "C", f.branch_id, f.{key}::text collate "C"
"""
_AT: Final[LiteralString] = """
(
    select {names} from {table} f where known_at <= {at}
    union all
    select {names} from {past} f where known_at <= {at} and {at} < until
)
"""


def read(conn: Connection, asked: Asked, kind: Kind, after: After, limit: int | None) -> pl.DataFrame:
    """Up to `limit` facts of `kind` behind `after`, with the code of their branch."""
    rows = sql.SQL(_ROWS).format(
        names=frames.columns(list(kind.schema), of="f"),
        code=sql.Identifier(CODE),
        facts=_facts(kind, asked.known_at),
        key=sql.Identifier(kind.key),
        unit=sql.Literal(asked.unit_id),
        first=sql.Literal(asked.period.first),
        last=sql.Literal(asked.period.last),
        month=sql.Literal(after.month),
        code_after=sql.Literal(after.code),
        branch=sql.Literal(after.branch_id),
        key_after=sql.Literal(after.key),
        limit=sql.Literal(limit),
    )
    return frames.read_of(conn, "f", rows, {**kind.schema, CODE: pl.String})


def of_branches(
    conn: Connection, branch_ids: Sequence[str], first: str, last: str, known_at: datetime | None
) -> pl.DataFrame:
    """The meetings of branches in the months from `first` to `last`."""
    rows = sql.SQL("{} f where f.branch_id = any({}::uuid[]) and f.month between {} and {}").format(
        _facts(MEETINGS, known_at), sql.Literal(list(branch_ids)), sql.Literal(first), sql.Literal(last)
    )
    return frames.read_of(conn, "f", rows, MEETINGS.schema)


def _facts(kind: Kind, known_at: datetime | None) -> sql.Composable:
    if known_at is None:
        return sql.Identifier(kind.table) if kind.query is None else sql.SQL(kind.query)
    return sql.SQL(_AT).format(
        names=frames.columns(list(kind.schema)),
        table=sql.Identifier(kind.table),
        past=sql.Identifier(f"{kind.table}_past"),
        at=sql.Literal(known_at),
    )
