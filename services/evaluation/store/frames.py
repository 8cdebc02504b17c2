"""Between PostgreSQL and polars: frames go in by COPY to a staging table, and come out of a query."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, LiteralString

import polars as pl
from psycopg import sql

from shared.db import Connection


def stage(
    conn: Connection, name: LiteralString, like: LiteralString, frame: pl.DataFrame, *, of: Sequence[str] | None = None
) -> None:
    """Put `frame` into the temporary table `name`, typed as the like-named columns of `like`; gone at commit.

    `of`: the columns of that table, where `frame` has not always the same of them.
    """
    staging, names = sql.Identifier(name), columns(frame.columns if of is None else of)
    conn.execute(
        sql.SQL("create temp table if not exists {} on commit delete rows as select {} from {} with no data").format(
            staging, names, sql.Identifier(like)
        )
    )
    conn.execute(sql.SQL("delete from {}").format(staging))
    write(conn, staging, frame)


def write(conn: Connection, table: sql.Identifier, frame: pl.DataFrame) -> None:
    """Append `frame` to `table`, column by name."""
    with conn.cursor().copy(
        sql.SQL("copy {} ({}) from stdin (format csv)").format(table, columns(frame.columns))
    ) as to:
        for part in frame.iter_slices(50_000):
            to.write(part.write_csv(include_header=False))


def read(
    conn: Connection, query: LiteralString | sql.Composed, schema: Mapping[str, Any], parameters: Sequence[Any] = ()
) -> pl.DataFrame:
    """The rows of `query` as a frame of `schema` (column by column; ids cast to text by the query)."""
    statement = sql.SQL(query) if isinstance(query, str) else query
    rows = conn.execute(statement, parameters).fetchall()
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def read_of(
    conn: Connection, alias: LiteralString, source: LiteralString | sql.Composed, schema: Mapping[str, Any]
) -> pl.DataFrame:
    """The columns of `schema` of `alias` in `source` (what follows `from`, without parameters), as a frame, by COPY:
    no Python object is made of a value, however many rows there are."""
    wanted = _wanted(alias, tuple(schema.items()))
    query = sql.SQL("copy (select {} from {}) to stdout (format csv)").format(
        wanted, sql.SQL(source) if isinstance(source, str) else source
    )
    with conn.cursor().copy(query) as rows:
        text = b"".join(rows)
    if not text:
        return pl.DataFrame(schema=dict(schema))
    return pl.read_csv(BytesIO(text), has_header=False, schema=dict(schema))


def text_of(value: object) -> str | None:
    """A value as PostgreSQL reads it from a text without a type."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def columns(names: Sequence[str], *, of: str = "") -> sql.SQL:
    """`names` as a list of columns, of the table alias `of` when one is given."""
    return _columns(tuple(names), of)


def select(query: LiteralString, names: Sequence[str]) -> sql.Composed:
    """`query` with `names` as the list of columns in its place `{}`."""
    return sql.SQL(query).format(columns(names))


# psycopg takes a fifth of a millisecond to compose and quote the names of all parts, and a batch needs them often.
@lru_cache(maxsize=512)
def _columns(names: tuple[str, ...], of: str) -> sql.SQL:
    return composed(sql.SQL(", ").join(sql.Identifier(of, name) if of else sql.Identifier(name) for name in names))


@lru_cache(maxsize=64)
def _wanted(alias: str, schema: tuple[tuple[str, Any], ...]) -> sql.SQL:
    return composed(
        sql.SQL(", ").join(
            sql.SQL("{}::text").format(sql.Identifier(alias, name))
            if dtype == pl.Boolean
            else sql.Identifier(alias, name)
            for name, dtype in schema
        )
    )


def composed(part: sql.Composed) -> sql.SQL:
    """`part` in one piece, for whoever keeps it."""
    return sql.SQL(part.as_string(None))
