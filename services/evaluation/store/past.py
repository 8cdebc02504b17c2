"""Versions of facts that newer ones replaced, for reading figures as they were known at a past moment.

A version is known from the time of its event to that of the event that replaced it. Not kept: versions that were
replaced before this service merged them (a topic that was compacted, a backlog read in bulk), and planned meetings,
which add nothing to a figure.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, LiteralString, TypeVar

from psycopg import sql
from psycopg.types.numeric import Int8

from services.evaluation.store import frames
from shared.db import Connection

T = TypeVar("T")
_COUNTS: Final[dict[str, LiteralString]] = {"meeting_fact": "t.status <> 'planned'", "task_fact": "true"}


def keep(
    conn: Connection, table: LiteralString, stage: LiteralString, key: LiteralString, names: Sequence[str]
) -> None:
    """Keep the rows of `table` that those of `stage` are about to replace."""
    conn.execute(_keep(table, sql.Identifier(stage), key, names))


def keep_rows(conn: Connection, table: LiteralString, key: LiteralString, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep the rows of `table` that `rows`, whole, are about to replace."""
    source = sql.SQL("unnest(%b::uuid[], %b::bigint[], %s::timestamptz[]) as s ({}, version, known_at)").format(
        sql.Identifier(key)
    )
    conn.execute(
        _keep(table, source, key, list(rows[0])),
        ([row[key] for row in rows], [Int8(row["version"]) for row in rows], [row["known_at"] for row in rows]),
    )


def _keep(table: LiteralString, source: sql.Composable, key: LiteralString, names: Sequence[str]) -> sql.Composed:
    return sql.SQL(
        """
        insert into {past} ({names}, until)
        select {known}, s.known_at from {table} t join {source} {alias} using ({key})
        where t.version < s.version and t.known_at < s.known_at and {counts}
        on conflict do nothing
        """
    ).format(
        past=sql.Identifier(f"{table}_past"),
        names=frames.columns(names),
        known=frames.columns(names, of="t"),
        table=sql.Identifier(table),
        source=source,
        alias=sql.SQL("s" if isinstance(source, sql.Identifier) else ""),
        key=sql.Identifier(key),
        counts=sql.SQL(_COUNTS[table]),
    )


def rounds(versions: Sequence[tuple[str, int, T]]) -> Iterator[list[T]]:
    """What came in one batch as (key, version, thing), in rounds: each has a key once, older versions come earlier.

    Merged round by round, a version that is replaced within its own batch is kept as well.
    """
    by_key: dict[str, dict[int, T]] = {}
    for key, version, thing in versions:
        by_key.setdefault(key, {})[version] = thing
    ordered = [[of_key[version] for version in sorted(of_key)] for of_key in by_key.values()]
    for place in range(max(map(len, ordered), default=0)):
        yield [one[place] for one in ordered if place < len(one)]
