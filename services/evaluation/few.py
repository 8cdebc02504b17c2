"""The merge of a few events, row by row: the same facts, the same definitions, the same locks as merge.py by columns.

Columns and staging tables cost tens of milliseconds of processor however few the events are, and at the pace of an
evening a batch holds one to three. That both come to the same is tested (tests/property/).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, Final, LiteralString

import msgspec
import psycopg
from psycopg import sql
from psycopg.adapt import PyFormat

from services.evaluation import facts, fold, rowwise, rules
from services.evaluation.decode import Meeting, Task
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.merge import added, lock_tree
from services.evaluation.store import frames, past
from services.evaluation.store import sheets as sheet_rows
from shared.db import Connection

_Change = dict[str, int]
_Changes = defaultdict[tuple[str, str], _Change]
_Row = dict[str, Any]
_Asked = psycopg.Cursor[tuple[object, ...]] | None
_Definitions = Mapping[str, rowwise.Cell]
_COUNTED: Final[Mapping[str, Sequence[str]]] = {"meeting_fact": list(facts.COUNTED), "task_fact": list(facts.TASK_FACT)}
_STORED: Final[Mapping[str, Sequence[str]]] = {
    "meeting_fact": list(facts.MEETING_FACT),
    "task_fact": list(facts.TASK_FACT),
}


@lru_cache(maxsize=8)
def _of_meetings(bands: tuple[fold.GradeBands, ...]) -> _Definitions:
    return fold.parts_of_meetings(rowwise, bands)


_OF_TASKS: Final[_Definitions] = fold.parts_of_tasks(rowwise)


def merge_few(conn: Connection, meetings: Sequence[Meeting], tasks: Sequence[Task]) -> int:
    """Merge meetings and tasks; returns how many were newer than what is known."""
    applied = 0
    change: _Changes = defaultdict(dict)
    rounds = zip_longest(
        past.rounds([(meeting.meeting_id, meeting.version, meeting) for meeting in meetings]),
        past.rounds([(task.task_id, task.version, task) for task in tasks]),
        fillvalue=(),
    )
    # What need not be waited for is sent together: PostgreSQL carries it out in this order all the same.
    with conn.pipeline():
        lock_tree(conn, exclusive=False)
        bands = tuple(rules.grade_bands(conn)) if meetings else ()
        for some_meetings, some_tasks in rounds:
            of_meetings = facts.rows(facts.meeting_columns(some_meetings), facts.MEETING_FACT) if some_meetings else []
            of_tasks = facts.rows(facts.task_columns(some_tasks), facts.TASK_FACT) if some_tasks else []
            asked_meetings = _ask(conn, "meeting_fact", "meeting_id", of_meetings)
            asked_tasks = _ask(conn, "task_fact", "task_id", of_tasks)
            applied += _replace(
                conn, "meeting_fact", "meeting_id", of_meetings, asked_meetings, _of_meetings(bands), change
            )
            applied += _replace(conn, "task_fact", "task_id", of_tasks, asked_tasks, _OF_TASKS, change)
        _add_to_sums(conn, change)
    return applied


def _ask(conn: Connection, table: LiteralString, key: LiteralString, rows: Sequence[_Row]) -> _Asked:
    """Ask what is stored under the keys of `rows`: the columns that parts are counted from."""
    return conn.execute(_known(table, key), ([row[key] for row in rows],)) if rows else None


@cache
def _known(table: LiteralString, key: LiteralString) -> bytes:
    query = sql.SQL("select {} from {} where {} = any(%b::uuid[])")
    return query.format(frames.columns(_COUNTED[table]), sql.Identifier(table), sql.Identifier(key)).as_bytes(None)


def _replace(
    conn: Connection,
    table: LiteralString,
    key: LiteralString,
    rows: Sequence[_Row],
    asked: _Asked,
    definitions: _Definitions,
    change: _Changes,
) -> int:
    """Store those of `rows` that are newer than what is known, and note what they change; returns how many."""
    if asked is None:
        return 0
    known: dict[str, _Row] = {}
    for stored in asked.fetchall():
        row: _Row = dict(zip(_COUNTED[table], stored, strict=True))
        row[key], row["branch_id"] = str(row[key]), str(row["branch_id"])
        known[row[key]] = row
    newer = [row for row in rows if row[key] not in known or known[row[key]]["version"] < row["version"]]
    if not newer:
        return 0
    newer.sort(key=lambda row: row[key])
    replaced = [known[row[key]] for row in newer if row[key] in known]
    if replaced:
        past.keep_rows(conn, table, key, newer)
    statement = _upsert(table, key)
    for row in newer:
        conn.execute(statement, [frames.text_of(value) for value in row.values()])
    if table == "meeting_fact":
        sheet_rows.mark_due(conn, [row[key] for row in newer if row["status"] == "adopted" or row[key] in known])
    for sign, versions in ((1, newer), (-1, replaced)):
        for row in versions:
            vector = change[row["branch_id"], row["month"]]
            for name, part in definitions.items():
                if count := part.read(row):
                    vector[name] = vector.get(name, 0) + sign * count
    return len(newer)


@cache
def _upsert(table: LiteralString, key: LiteralString) -> bytes:
    # Values go as texts without a type, which take that of their column: one prepared statement for all of them.
    names = list(_STORED[table])
    statement = sql.SQL(
        """
        insert into {table} as t ({names}) values ({values})
        on conflict ({key}) do update set ({names}) = ({new}) where t.version < excluded.version
        """
    )
    return statement.format(
        table=sql.Identifier(table),
        names=frames.columns(names),
        values=sql.SQL(", ").join([sql.Placeholder(format=PyFormat.TEXT)] * len(names)),
        key=sql.Identifier(key),
        new=frames.columns(names, of="excluded"),
    ).as_bytes(None)


def _add_to_sums(conn: Connection, change: Mapping[tuple[str, str], _Change]) -> None:
    """Add what changed to the sums of every unit above, each of which then is due to be published."""
    changed = {at: vector for at, vector in change.items() if any(vector.values())}
    if not changed:
        return
    rows = conn.execute(
        "select branch_id::text, from_month, to_month, path::text[] from branch_path where branch_id = any(%b::uuid[])",
        (list({branch_id for branch_id, _ in changed}),),
    ).fetchall()
    sums: _Changes = defaultdict(dict)
    for branch_id, begin, end, path in msgspec.convert(rows, list[tuple[str, str, str | None, list[str]]]):
        for (changed_id, month), vector in changed.items():
            if changed_id == branch_id and begin <= month and (end is None or month < end):
                for unit_id in path:
                    of_unit = sums[unit_id, month]
                    for name, count in vector.items():
                        of_unit[name] = of_unit.get(name, 0) + count
    places = sorted(at for at, vector in sums.items() if any(vector.values()))
    if not places:
        return
    unit_ids, months = [unit_id for unit_id, _ in places], [month for _, month in places]
    vectors = ["{" + ",".join([str(sums[at].get(name, 0)) for name in SUMMED_NAMES]) + "}" for at in places]
    conn.execute(_ADD_TO_SUMS, (unit_ids, months, vectors))
    conn.execute("insert into scorecard_due (unit_ids, months) values (%b::uuid[], %b::text[])", (unit_ids, months))


# The sums of a row come as one array, so that there are not as many parameters as parts.
_ADD_TO_SUMS: Final = (
    sql.SQL(
        """
        insert into unit_month as t (unit_id, month, {names})
        select unit_id, month, {values}
        from (
            select unit_id, month, vector::bigint[] as v
            from unnest(%b::uuid[], %b::text[], %b::text[]) as n (unit_id, month, vector)
        ) given order by unit_id, month
        on conflict (unit_id, month) do update
        set {added}, version = t.version + 1, computed_at = clock_timestamp()
        """
    )
    .format(
        names=frames.columns(SUMMED_NAMES),
        values=sql.SQL(", ").join(sql.SQL("v[{}]").format(place + 1) for place in range(len(SUMMED_NAMES))),
        added=added(SUMMED_NAMES),
    )
    .as_bytes(None)
)
