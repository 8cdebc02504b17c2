"""The merge: one batch into the figures, in the transaction that moves the stream's positions.

Order of locks, the same in every worker, so that none waits for another in a circle:
1. positions of the batch's partitions (shared/kafka/batch.py);
2. the tree: shared for facts, exclusive for units (paths must not change under a roll-up);
3. the (branch, month) vectors the batch touches, in order;
4. the (unit, month) sums, in order.
The vectors are locked before their facts are read: two workers may hold facts of one branch and month, as meetings are
spread over partitions by their own id.
"""

from collections.abc import Sequence
from typing import LiteralString

import polars as pl
from psycopg import sql

from services.evaluation import fold, rules
from services.evaluation.decode import Meeting, Task
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.store import frames
from shared.db import Connection
from shared.kafka.batch import Decoded

_TREE = 0x74726565  # "tree": the advisory lock of paths
_PAIR = {"branch_id": pl.String, "month": pl.String}


def apply_meetings(conn: Connection, events: Sequence[Decoded[Meeting]]) -> int:
    """Merge meetings; returns how many were newer than what is known."""
    return _apply(conn, "meeting_fact", "meeting_id", fold.meeting_facts([event.data for event in events]))


def apply_tasks(conn: Connection, events: Sequence[Decoded[Task]]) -> int:
    """Merge tasks; returns how many were newer than what is known."""
    return _apply(conn, "task_fact", "task_id", fold.task_facts([event.data for event in events]))


def _apply(conn: Connection, table: LiteralString, key: LiteralString, facts: pl.DataFrame) -> int:
    lock_tree(conn, exclusive=False)
    frames.stage(conn, f"stage_{table}", table, facts)
    pairs = _touched(conn, table, key)
    if pairs.is_empty():
        return 0
    stored = _lock_vectors(conn, pairs)
    applied = _upsert_facts(conn, table, key, facts.columns)
    vectors = fold.vectors(*_facts_of_pairs(conn), rules.grade_bands(conn))
    change = fold.difference(vectors, stored)
    _write_vectors(conn, change)
    add_to_sums(conn, fold.roll_up(change, _paths_of(conn, change)))
    return applied


def lock_tree(conn: Connection, *, exclusive: bool) -> None:
    """Hold the paths still (shared), or be alone to change them (exclusive), until the transaction ends."""
    conn.execute(
        "select pg_advisory_xact_lock(%s)" if exclusive else "select pg_advisory_xact_lock_shared(%s)", (_TREE,)
    )


def _touched(conn: Connection, table: LiteralString, key: LiteralString) -> pl.DataFrame:
    """The (branch, month) of every newer fact, and of the older fact it replaces (a meeting may change its month)."""
    query = sql.SQL(
        """
        with newer as (
            select s.branch_id, s.month, t.branch_id as old_branch_id, t.month as old_month
            from {stage} s left join {table} t using ({key})
            where t.version is null or t.version < s.version)
        select branch_id::text, month from newer
        union select old_branch_id::text, old_month from newer where old_branch_id is not null
        """
    ).format(stage=sql.Identifier(f"stage_{table}"), table=sql.Identifier(table), key=sql.Identifier(key))
    return frames.read(conn, query, _PAIR)


def _lock_vectors(conn: Connection, pairs: pl.DataFrame) -> pl.DataFrame:
    """Lock the vectors of `pairs`, made where there are none yet; returns them as they are."""
    frames.stage(conn, "stage_pair", "branch_month", pairs)
    conn.execute(
        """
        insert into branch_month (branch_id, month)
        select branch_id, month from stage_pair order by branch_id, month on conflict do nothing
        """
    )
    query = frames.select(
        """
        select branch_id::text, month, {} from branch_month b
        where (branch_id, month) in (select branch_id, month from stage_pair)
        order by branch_id, month for update
        """,
        SUMMED_NAMES,
    )
    return frames.read(conn, query, fold.VECTOR)


def _upsert_facts(conn: Connection, table: LiteralString, key: LiteralString, names: Sequence[str]) -> int:
    statement = sql.SQL(
        """
        insert into {table} as t ({names}) select {names} from {stage} order by {key}
        on conflict ({key}) do update set ({names}) = ({new}) where t.version < excluded.version
        """
    ).format(
        table=sql.Identifier(table),
        stage=sql.Identifier(f"stage_{table}"),
        key=sql.Identifier(key),
        names=frames.columns(names),
        new=frames.columns(names, of="excluded"),
    )
    return conn.execute(statement).rowcount


def _facts_of_pairs(conn: Connection) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every fact of the months in hand: meetings and tasks."""
    meetings, tasks = (
        frames.read(
            conn,
            sql.SQL("select {names} from {table} f join stage_pair p using (branch_id, month)").format(
                names=sql.SQL(", ").join(
                    sql.SQL("{}::text").format(sql.Identifier(name)) if name.endswith("_id") else sql.Identifier(name)
                    for name in schema
                ),
                table=sql.Identifier(table),
            ),
            schema,
        )
        for table, schema in (("meeting_fact", fold.MEETING_FACT), ("task_fact", fold.TASK_FACT))
    )
    return meetings, tasks


def _write_vectors(conn: Connection, change: pl.DataFrame) -> None:
    _add(conn, "branch_month", "stage_vector", "branch_id", change)


def _paths_of(conn: Connection, vectors: pl.DataFrame) -> pl.DataFrame:
    return frames.read(
        conn,
        """
        select branch_id::text, from_month, to_month, unit_id::text
        from branch_path, unnest(path) as unit_id where branch_id = any(%s)
        """,
        fold.PATHS,
        (vectors["branch_id"].unique().to_list(),),
    )


def add_to_sums(conn: Connection, sums: pl.DataFrame) -> None:
    """Add to the sums of units, each of which then has a new version."""
    _add(conn, "unit_month", "stage_sum", "unit_id", sums, ", version = t.version + 1, computed_at = clock_timestamp()")


def _add(
    conn: Connection,
    table: LiteralString,
    stage: LiteralString,
    key: LiteralString,
    sums: pl.DataFrame,
    besides: LiteralString = "",
) -> None:
    if sums.is_empty():
        return
    names = [key, "month", *SUMMED_NAMES]
    frames.stage(conn, stage, table, sums.select(names))
    conn.execute(
        sql.SQL(
            """
            insert into {table} as t ({names}) select {names} from {stage} order by {key}, month
            on conflict ({key}, month) do update set {added}{besides}
            """
        ).format(
            table=sql.Identifier(table),
            stage=sql.Identifier(stage),
            key=sql.Identifier(key),
            names=frames.columns(names),
            added=sql.SQL(", ").join(
                sql.SQL("{0} = t.{0} + excluded.{0}").format(sql.Identifier(name)) for name in SUMMED_NAMES
            ),
            besides=sql.SQL(besides),
        )
    )
