"""Sheets of meetings and which are due, as rows."""

from datetime import date
from typing import Final
from uuid import UUID

import polars as pl
from psycopg import sql

from services.evaluation import sheets
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.store import frames
from shared.db import Connection

_CHUNK: Final = 1000
_SCORING: Final = 0x73686565  # "shee": one scores


def lock_scoring(conn: Connection) -> bool:
    """Be the one who scores, until the transaction ends; False when another is."""
    return conn.execute("select pg_try_advisory_xact_lock(%s)", (_SCORING,)).fetchone() == (True,)


def hold_off_scoring(conn: Connection) -> None:
    """Nobody scores until the transaction ends; who is at it is waited for."""
    conn.execute("select pg_advisory_xact_lock(%s)", (_SCORING,))


def mark_due(conn: Connection, meeting_ids: list[str]) -> None:
    """These meetings are to be scored (anew) once this transaction has committed."""
    for begin in range(0, len(meeting_ids), _CHUNK):
        conn.execute("insert into sheet_due (meeting_ids) values (%b::uuid[])", (meeting_ids[begin : begin + _CHUNK],))


def mark_due_of(conn: Connection, meetings: sql.SQL | sql.Composed) -> None:
    """The same of the column `meeting_id` of a query."""
    conn.execute(
        sql.SQL(
            """
            insert into sheet_due (meeting_ids)
            select array_agg(meeting_id)
            from (select meeting_id, row_number() over () as place from ({}) found) numbered group by (place - 1) / {}
            """
        ).format(meetings, sql.Literal(_CHUNK))
    )


def mark_moved_due(conn: Connection) -> None:
    """The same of the branches of `stage_moved`, from their months on, where a unit has a rubric of its own: another
    path may lead to another rubric."""
    mark_due_of(
        conn,
        sql.SQL(
            """
            select f.meeting_id from stage_moved m
            join meeting_fact f on f.branch_id = m.branch_id and f.month >= m.from_month and f.status = 'adopted'
            where exists (select 1 from rubric where state = 'in_force' and owner_id is not null)
            """
        ),
    )


def take_due(conn: Connection, meetings: int) -> int:
    """Move what is marked, up to `meetings` meetings (at least 1,000), to the temporary table `stage_due`; returns how
    many meetings."""
    conn.execute("create temp table if not exists stage_due (meeting_id uuid primary key) on commit delete rows")
    conn.execute("delete from stage_due")
    return conn.execute(
        """
        with oldest as (
            select ctid as mark, marked_at, cardinality(meeting_ids) as meetings
            from sheet_due order by marked_at limit %(meetings)s
        ), added as (
            select mark, sum(meetings) over (order by marked_at, mark) as meetings from oldest
        ), taken as (
            delete from sheet_due where ctid = any (array(select mark from added where meetings <= %(meetings)s))
            returning meeting_ids
        )
        insert into stage_due select distinct unnest(meeting_ids) from taken
        """,
        {"meetings": meetings},
    ).rowcount


def is_due(conn: Connection) -> bool:
    """Whether any meeting waits to be scored."""
    return conn.execute("select exists (select 1 from sheet_due)").fetchone() == (True,)


def facts_due(conn: Connection) -> pl.DataFrame:
    """What the sheets of `stage_due` are made of."""
    return frames.read_of(conn, "f", "stage_due join meeting_fact f using (meeting_id)", sheets.SCORED)


def sheets_due(conn: Connection) -> pl.DataFrame:
    """The sheets that the meetings of `stage_due` have."""
    return frames.read_of(conn, "s", "stage_due join meeting_sheet s using (meeting_id)", sheets.SHEET)


def places_due(conn: Connection, rubrics: list[Rubric], branch_ids: list[str]) -> pl.DataFrame:
    """Where `branch_ids` stand below the owners of `rubrics`."""
    owning = sheets.owners(rubrics)
    if not owning:
        return pl.DataFrame(schema=sheets.PLACES)
    return frames.read(
        conn,
        """
        select branch_id::text, from_month, to_month, p.unit_id::text, p.height - 1
        from branch_path, unnest(path) with ordinality as p (unit_id, height)
        where branch_id = any(%b::uuid[]) and p.unit_id = any(%b::uuid[])
        """,
        sheets.PLACES,
        (branch_ids, list(owning)),
    )


def replace_due(conn: Connection, made: pl.DataFrame) -> None:
    """Keep `made` as the sheets of the meetings of `stage_due`; those without one have none any more."""
    frames.stage(conn, "stage_sheet", "meeting_sheet", made)
    conn.execute(
        """
        delete from meeting_sheet s using stage_due d
        where s.meeting_id = d.meeting_id and not exists (select 1 from stage_sheet n where n.meeting_id = s.meeting_id)
        """
    )
    names = list(sheets.SHEET)
    conn.execute(
        sql.SQL(
            "insert into meeting_sheet ({names}) select {names} from stage_sheet order by meeting_id"
            " on conflict (meeting_id) do update set ({names}) = ({new})"
        ).format(names=frames.columns(names), new=frames.columns(names, of="excluded"))
    )


def mark_days_due(conn: Connection, rubric: Rubric, since: date) -> None:
    """The same of the adopted meetings that a rubric is for, held on `since` or later: those of its owner's branches.

    The tree is locked (merge.lock_tree): a branch that comes below the owner afterwards is marked by its move.
    """
    found = sql.SQL(
        "select f.meeting_id from meeting_fact f where f.status = 'adopted' and f.kind = {} and f.held_on >= {}"
    ).format(sql.Literal(rubric.content.sheet), sql.Literal(since))
    mark_due_of(conn, found if rubric.owner_id is None else found + sql.SQL(" and ") + below(rubric.owner_id))


def below(owner_id: UUID) -> sql.Composed:
    """Whether the branch of a meeting `f` stood below a unit in the meeting's month, as a condition."""
    return sql.SQL(
        "exists (select 1 from branch_path p where p.branch_id = f.branch_id and {} = any(p.path)"
        " and p.from_month <= f.month and (p.to_month is null or f.month < p.to_month))"
    ).format(sql.Literal(owner_id))
