"""The merge: one batch into the figures, in the transaction that moves the stream's positions.

Order of locks, the same in every worker, so that none waits for another in a circle:
1. positions of the batch's partitions (shared/kafka/batch.py);
2. the tree: shared for facts, exclusive for units (paths must not change under a roll-up);
3. facts, in the order of their keys;
4. the (unit, month) sums, in order.
What a batch changes is the difference between its facts and those they replace. Nobody else can replace them meanwhile:
all versions of a fact lie in one partition, whose position is locked.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Final, LiteralString

import polars as pl
from psycopg import sql

from services.evaluation import facts, fold, rules
from services.evaluation.decode import Meeting, Task
from services.evaluation.domain.topics import MEETINGS, TASKS
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.store import frames, past
from services.evaluation.store import sheets as sheet_rows
from shared.db import Connection
from shared.kafka.batch import Decoded

_TREE = 0x74726565  # "tree": the advisory lock of paths
_DUE = 1000
_SUMS: Final = ("unit_id", "month", *SUMMED_NAMES)
_PATH = {"branch_id": pl.String, "from_month": pl.String, "to_month": pl.String, "path": pl.String}


def apply_facts(conn: Connection, meetings: Sequence[Decoded[Meeting]], tasks: Sequence[Decoded[Task]]) -> int:
    """Merge meetings and tasks; returns how many were newer than what is known.

    The sums are locked once, when all facts are stored: a second time could wait for who waits for the first.
    """
    applied, changes = 0, list[pl.DataFrame]()
    of_meetings = [(event.data.meeting_id, event.data.version, event.data) for event in meetings]
    of_tasks = [(event.data.task_id, event.data.version, event.data) for event in tasks]
    for newer, change in (
        *(_store_meetings(conn, facts.meeting_facts(each)) for each in past.rounds(_telling(of_meetings))),
        *(_store_tasks(conn, facts.task_facts(each)) for each in past.rounds(of_tasks)),
    ):
        applied += newer
        changes += change
    _add_changes(conn, changes)
    return applied


def _telling(versions: Sequence[tuple[str, int, Meeting]]) -> list[tuple[str, int, Meeting]]:
    """`versions` without the plans that tell nothing: the first version, and each that follows another plan, where a
    newer one came in the same batch. Nothing counts or keeps them, and each would be a round of its own."""
    by_key: dict[str, dict[int, Meeting]] = {}
    for key, version, meeting in versions:
        by_key.setdefault(key, {})[version] = meeting
    telling = []
    for key, of_key in by_key.items():
        before = "planned" if 1 in of_key else ""
        for version in sorted(of_key):
            status = of_key[version].status
            if (before, status) != ("planned", "planned") or version == max(of_key):
                telling.append((key, version, of_key[version]))
            before = status
    return telling


def merge_meetings(conn: Connection, found: pl.DataFrame) -> int:
    """Merge facts of meetings, each key once; returns how many were newer than what is known."""
    newer, changes = _store_meetings(conn, found)
    _add_changes(conn, changes)
    return newer


def merge_tasks(conn: Connection, found: pl.DataFrame) -> int:
    """Merge facts of tasks, each key once; returns how many were newer than what is known."""
    newer, changes = _store_tasks(conn, found)
    _add_changes(conn, changes)
    return newer


def _store_meetings(conn: Connection, found: pl.DataFrame) -> tuple[int, list[pl.DataFrame]]:
    """Store facts of meetings; returns how many were newer than what is known, and what they change, in parts."""
    newer, replaced = _replace(conn, "meeting_fact", "meeting_id", found, facts.COUNTED)
    to_score = (pl.col("status") == "adopted") | pl.col("meeting_id").is_in(replaced["meeting_id"].to_list())
    sheet_rows.mark_due(conn, newer.filter(to_score)["meeting_id"].to_list())
    bands = rules.grade_bands(conn)

    def parts(rows: pl.DataFrame) -> pl.DataFrame:
        return fold.meeting_parts(fold.counting(rows), bands)

    return newer.height, _signed(parts, newer, replaced)


def _store_tasks(conn: Connection, found: pl.DataFrame) -> tuple[int, list[pl.DataFrame]]:
    """The same of tasks."""
    newer, replaced = _replace(conn, "task_fact", "task_id", found, facts.TASK_FACT)
    return newer.height, _signed(fold.task_parts, newer, replaced)


def _signed(parts: Callable[[pl.DataFrame], pl.DataFrame], new: pl.DataFrame, old: pl.DataFrame) -> list[pl.DataFrame]:
    changes = [] if new.is_empty() else [parts(new)]
    if not old.is_empty():
        gone = parts(old)
        changes.append(gone.with_columns(-pl.col(name) for name in gone.columns if name in SUMMED_NAMES))
    return changes


MERGES_OF_FACTS: Final[dict[str, Callable[[Connection, pl.DataFrame], int]]] = {
    MEETINGS: merge_meetings,
    TASKS: merge_tasks,
}
"""How facts of each topic are merged."""


def lock_tree(conn: Connection, *, exclusive: bool) -> None:
    """Hold the paths still (shared), or be alone to change them (exclusive), until the transaction ends."""
    conn.execute(
        "select pg_advisory_xact_lock(%s)" if exclusive else "select pg_advisory_xact_lock_shared(%s)", (_TREE,)
    )


def _replace(
    conn: Connection,
    table: LiteralString,
    key: LiteralString,
    found: pl.DataFrame,
    counted: Mapping[str, type[pl.DataType]],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Store those of `found` that are newer than what is known; returns them, and the columns `counted` of what they
    replace."""
    lock_tree(conn, exclusive=False)
    stage = f"stage_{table}"
    frames.stage(conn, stage, table, found)
    source = sql.SQL("{table} t join {stage} s using ({key})").format(
        table=sql.Identifier(table), stage=sql.Identifier(stage), key=sql.Identifier(key)
    )
    known = frames.read_of(conn, "t", source, counted)
    if known.is_empty():
        newer, replaced = found, known
    else:
        versions = known.select(key, pl.col("version").alias("known_version"))
        newer = (
            found.join(versions, on=key, how="left", maintain_order="left")
            .filter(pl.col("known_version").is_null() | (pl.col("known_version") < pl.col("version")))
            .drop("known_version")
        )
        replaced = known.join(newer.select(key), on=key, how="semi")
        past.keep(conn, table, stage, key, found.columns)
    if not newer.is_empty():
        conn.execute(
            sql.SQL(
                """
                insert into {table} as t ({names}) select {names} from {stage} order by {key}
                on conflict ({key}) do update set ({names}) = ({new}) where t.version < excluded.version
                """
            ).format(
                table=sql.Identifier(table),
                stage=sql.Identifier(stage),
                key=sql.Identifier(key),
                names=frames.columns(found.columns),
                new=frames.columns(found.columns, of="excluded"),
            )
        )
    return newer, replaced


def _add_changes(conn: Connection, changes: Sequence[pl.DataFrame]) -> None:
    """Add what facts change, each part with the columns it has, to the sums of all units above."""
    # Summed up once for all: a group by as many columns costs more than counting them.
    together = pl.concat([pl.DataFrame(schema=fold.VECTOR), *changes], how="diagonal")
    change = fold.nonzero(fold.add_up(together))
    if not change.is_empty():
        add_to_sums(conn, fold.roll_up(change, paths_of(conn, change)))


def paths_of(conn: Connection, vectors: pl.DataFrame) -> pl.DataFrame:
    """The paths of the branches of `vectors`, one row a unit on each."""
    paths = frames.read(
        conn,
        """
        select branch_id::text, from_month, to_month, array_to_string(path, ' ')
        from branch_path where branch_id = any(%b::uuid[])
        """,
        _PATH,
        (vectors["branch_id"].unique().to_list(),),
    )
    return paths.with_columns(pl.col("path").str.split(" ")).explode("path").rename({"path": "unit_id"})


def add_to_sums(conn: Connection, sums: pl.DataFrame) -> None:
    """Add to the sums of units, each of which then has a new version and is due to be published."""
    if sums.is_empty():
        return
    changed = fold.told(sums)
    names = ["unit_id", "month", *changed]
    frames.stage(conn, "stage_sum", "unit_month", sums.select(names), of=_SUMS)
    conn.execute(
        sql.SQL(
            """
            insert into unit_month as t ({names}) select {names} from stage_sum order by unit_id, month
            on conflict (unit_id, month) do update
            set {added}, version = t.version + 1, computed_at = clock_timestamp()
            """
        ).format(names=frames.columns(names), added=added(tuple(changed)))
    )
    publish_later(conn, sql.SQL("select unit_id, month from stage_sum"))


@lru_cache(maxsize=512)
def added(names: tuple[str, ...]) -> sql.SQL:
    """What sets the parts `names` of a row `t` to what they were and what comes (`excluded`)."""
    return frames.composed(
        sql.SQL(", ").join(sql.SQL("{0} = t.{0} + excluded.{0}").format(sql.Identifier(name)) for name in names)
    )


def publish_later(conn: Connection, changed: sql.SQL | sql.Composed) -> None:
    """The (unit, month) of the query `changed` are due to be published once this transaction has committed."""
    conn.execute(
        sql.SQL(
            """
            insert into scorecard_due (unit_ids, months)
            select array_agg(unit_id), array_agg(month)
            from (select unit_id, month, row_number() over () as place from ({}) changed) numbered
            group by (place - 1) / %s
            """
        ).format(changed),
        (_DUE,),
    )
