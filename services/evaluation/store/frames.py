"""Between PostgreSQL and polars: frames go in by COPY to a staging table, and come out of a query."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

import polars as pl
from psycopg import sql

from shared.db import Connection


def stage(conn: Connection, name: LiteralString, like: LiteralString, frame: pl.DataFrame) -> None:
    """Put `frame` into the temporary table `name`, typed as the like-named columns of `like`; gone at commit."""
    staging, names = sql.Identifier(name), columns(frame.columns)
    conn.execute(
        sql.SQL("create temp table if not exists {} on commit delete rows as select {} from {} with no data").format(
            staging, names, sql.Identifier(like)
        )
    )
    conn.execute(sql.SQL("delete from {}").format(staging))
    with conn.cursor().copy(sql.SQL("copy {} ({}) from stdin (format csv)").format(staging, names)) as copy:
        copy.write(frame.write_csv(include_header=False))


def read(
    conn: Connection, query: LiteralString | sql.Composed, schema: Mapping[str, Any], parameters: Sequence[Any] = ()
) -> pl.DataFrame:
    """The rows of `query` as a frame of `schema` (column by column; ids cast to text by the query)."""
    statement = sql.SQL(query) if isinstance(query, str) else query
    rows = conn.execute(statement, parameters).fetchall()
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def columns(names: Sequence[str], *, of: str = "") -> sql.Composed:
    """`names` as a list of columns, of the table alias `of` when one is given."""
    return sql.SQL(", ").join(sql.Identifier(of, name) if of else sql.Identifier(name) for name in names)


def select(query: LiteralString, names: Sequence[str]) -> sql.Composed:
    """`query` with `names` as the list of columns in its place `{}`."""
    return sql.SQL(query).format(columns(names))
