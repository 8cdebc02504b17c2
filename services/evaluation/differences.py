"""What differs between the live figures and those in the schema `rebuilt`, and why: the facts behind it, the path of a
branch, a dated rule, or the sum alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, LiteralString
from uuid import UUID

import msgspec
from psycopg import sql
from psycopg.rows import dict_row

from services.evaluation import shadow
from services.evaluation.figures import STANDING, SUMMED_NAMES
from services.evaluation.store import differing as asked
from shared.db import Connection

_EVIDENCE: Final = tuple(name for name in SUMMED_NAMES if name.startswith("evidence_"))
_CERTAIN: Final = tuple(name for name in SUMMED_NAMES if name not in _EVIDENCE)
_GRADED: Final = {
    **{f"grade_{grade}": "grade_" for grade in ("good", "fair", "average", "weak")},
    **{f"official_{grade}": "official_" for grade in ("good", "fair", "average", "weak")},
}
_MOST: Final = 5
_Facts = tuple[tuple[Literal["meeting", "task", "sheet"], LiteralString, LiteralString, LiteralString], ...]
_KEYS: Final[tuple[tuple[Literal["meeting", "task", "roster"], LiteralString, LiteralString], ...]] = (
    ("meeting", "meeting_fact", "meeting_id"),
    ("task", "task_fact", "task_id"),
    ("roster", "roster_fact", "branch_id"),
)
_MEETINGS: Final[_Facts] = (("meeting", "meeting_fact", "meeting_id", "f.status <> 'planned'"),)
_FACTS_OF: Final[Mapping[str, _Facts]] = {
    **dict.fromkeys(("tasks_due", "tasks_done", "tasks_done_late"), (("task", "task_fact", "task_id", "true"),)),
    **dict.fromkeys(_EVIDENCE, (*_MEETINGS, ("sheet", "meeting_sheet", "meeting_id", "true"))),
}
"""The facts a figure is counted from, where these are not those of meetings: table, key, and which of them count."""


class Cause(msgspec.Struct, frozen=True):
    """Why a figure differs: what kind of thing, and how it stands live and by the log."""

    kind: Literal["meeting", "task", "sheet", "roster", "path", "rule", "sum"]
    what: str
    live: str
    rebuilt: str


class Difference(msgspec.Struct, frozen=True):
    """A figure of a unit and month that is not what the log gives; `causes`: some of them, at least one.

    Of a standing figure (branches, members) the numbers are the changes in that month.
    """

    unit_id: str
    code: str
    name: str
    month: str
    figure: str
    live: int
    rebuilt: int
    causes: Sequence[Cause]


class ThenAndNow(msgspec.Struct, frozen=True):
    """A unit's regular meetings and those present at its counted meetings in a month: as rebuilt, and live."""

    unit_id: str
    month: str
    held_then: int
    held_now: int
    present_then: int
    present_now: int


def find(conn: Connection) -> int:
    """How many unit-months differ; kept in `rebuilt.different`.

    Points by evidence are added a moment after the facts: where a meeting waits for them they are not compared.
    """
    conn.execute(asked.UNSCORED)
    conn.execute(
        sql.SQL(
            """
            create table rebuilt.different as
            select unit_id, month from public.unit_month l full join rebuilt.unit_month r using (unit_id, month)
            left join rebuilt.unscored w using (unit_id, month)
            where ({live}) is distinct from ({rebuilt})
               or w.waits is null and ({live_evidence}) is distinct from ({rebuilt_evidence})
            union select unit_id, month from ({standing}) standing
            """
        ).format(
            live=shadow.counts("l", _CERTAIN),
            rebuilt=shadow.counts("r", _CERTAIN),
            live_evidence=shadow.counts("l", _EVIDENCE),
            rebuilt_evidence=shadow.counts("r", _EVIDENCE),
            standing=shadow.standing_differs(),
        )
    )
    (count,) = msgspec.convert(conn.execute("select count(*) from rebuilt.different").fetchone(), tuple[int])
    return count


def first(conn: Connection) -> Difference:
    """Of the earliest month in `rebuilt.different` the lowest unit, its first figure that differs, and why."""
    (row,) = _rows(conn, asked.LOWEST)
    unit_id, month = row["unit_id"], row["month"]
    figure, live, rebuilt = _figure(conn, unit_id, month)
    causes = _causes(conn, unit_id, month, figure)
    if not causes:
        causes = [_alone(conn, unit_id, month, figure, live, rebuilt)]
    return Difference(str(unit_id), row["code"], row["name"], month, figure, live, rebuilt, causes)


def facts(conn: Connection) -> tuple[int, list[Cause]]:
    """How many facts are there in another version than the log has them, or on one side only; and some of them.

    The figures may agree all the same; the next version of such a fact would then be added to a wrong one.
    """
    count, some = 0, list[Cause]()
    for kind, table, key in _KEYS:
        query = sql.SQL(asked.VERSIONS).format(
            live=sql.Identifier("public", table), rebuilt=sql.Identifier("rebuilt", table), key=sql.Identifier(key)
        )
        for row in _rows(conn, query, (_MOST,)):
            count += row["many"]
            some += [Cause(kind, str(row["key"]), *_versions(row["live"], row["rebuilt"]))]
    return count, some[:_MOST]


def _versions(*found: int | None) -> tuple[str, str]:
    live, rebuilt = ("–" if version is None else f"version {version}" for version in found)
    return live, rebuilt


def then_and_now(conn: Connection, unit_ids: Sequence[UUID]) -> list[ThenAndNow]:
    """The months of these units, in order."""
    return [msgspec.convert(row, ThenAndNow) for row in _rows(conn, asked.THEN_AND_NOW, (list(unit_ids),))]


def _figure(conn: Connection, unit_id: UUID, month: str) -> tuple[str, int, int]:
    tables: dict[str, dict[str, str]] = {"unit_month": {name: name for name in SUMMED_NAMES}}
    for part in STANDING:
        tables.setdefault(part.table, {})[part.name] = part.column
    waits = _rows(conn, "select from rebuilt.unscored where unit_id = %s and month = %s", (unit_id, month))
    for table, names in tables.items():
        live, rebuilt = (_numbers(conn, schema, table, list(names.values()), unit_id, month) for schema in _SCHEMAS)
        for name, column in names.items():
            if live[column] != rebuilt[column] and not (waits and name in _EVIDENCE):
                return name, live[column], rebuilt[column]
    raise AssertionError(f"{unit_id} {month} does not differ")


def _numbers(
    conn: Connection, schema: str, table: str, columns: Sequence[str], unit_id: UUID, month: str
) -> Mapping[str, int]:
    wanted = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("select {} from {} where unit_id = %s and month = %s").format(wanted, sql.Identifier(schema, table))
    found = _rows(conn, query, (unit_id, month))
    return found[0] if found else dict.fromkeys(columns, 0)


def _causes(conn: Connection, unit_id: UUID, month: str, figure: str) -> list[Cause]:
    """Facts of the branches below that differ, or their paths."""
    branches = [row["branch_id"] for row in _rows(conn, asked.BRANCHES, {"unit": unit_id, "month": month})]
    standing = {part.name: part.table for part in STANDING}
    causes = []
    if figure not in standing:
        for kind, table, key, counts in _FACTS_OF.get(figure, _MEETINGS):
            query = sql.SQL(asked.OF_FACTS).format(
                live=sql.Identifier("public", table),
                rebuilt=sql.Identifier("rebuilt", table),
                key=sql.Identifier(key),
                counts=sql.SQL(counts),
            )
            rows = _rows(conn, query, {"branches": branches, "month": month, "most": _MOST})
            causes += [Cause(kind, str(row["key"]), *_apart(row["live"], row["rebuilt"])) for row in rows]
    elif standing[figure] == "unit_members":
        rows = _rows(conn, asked.ROSTERS, {"branches": branches, "most": _MOST})
        causes += [Cause("roster", str(row["key"]), *_apart(row["live"], row["rebuilt"])) for row in rows]
    paths = _rows(conn, asked.PATHS, {"branches": branches, "most": _MOST})
    causes += [Cause("path", str(row["key"]), row["live"] or "–", row["rebuilt"] or "–") for row in paths]
    return causes[:_MOST]


def _apart(live: dict[str, Any] | None, rebuilt: dict[str, Any] | None) -> tuple[str, str]:
    """How two states of a fact are told apart: by absence, by version, or by the columns that differ."""
    if live is None or rebuilt is None:
        return _versions(*(None if one is None else one["version"] for one in (live, rebuilt)))
    names = [name for name in live if live[name] != rebuilt.get(name)]
    shown = ["version"] if "version" in names else names[:3]
    before, after = (", ".join(f"{name} {one.get(name)}" for name in shown) for one in (live, rebuilt))
    return before, after


def _alone(conn: Connection, unit_id: UUID, month: str, figure: str, live: int, rebuilt: int) -> Cause:
    """Facts and paths agree: grades that add up to the same were given by other bands; else the sum was kept wrong."""
    if (prefix := _GRADED.get(figure)) is not None:
        grades = [name for name in _GRADED if name.startswith(prefix)]
        before, after = (_numbers(conn, schema, "unit_month", grades, unit_id, month) for schema in _SCHEMAS)
        if sum(before.values()) == sum(after.values()):
            told = [", ".join(f"{name} {one[name]}" for name in grades) for one in (before, after)]
            return Cause("rule", "grade_bands", *told)
    return Cause("sum", "facts and paths are the same", str(live), str(rebuilt))


def _rows(
    conn: Connection, query: LiteralString | sql.Composed, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> list[dict[str, Any]]:
    with conn.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, parameters).fetchall()


_SCHEMAS: Final = ("public", "rebuilt")
