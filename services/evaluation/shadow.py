"""The tables of figures a second time, in the schema `rebuilt`: filled without indexes, compared, put in place.

They are made from the live ones as these are now: columns, defaults, comments, storage, indexes, constraints, rights.
"""

import re
from collections.abc import Sequence
from typing import Final, LiteralString

import msgspec
from psycopg import sql

from services.evaluation.figures import STANDING, SUMMED_NAMES
from services.evaluation.merge import publish_later
from services.evaluation.store.rubrics import REBUILDS
from shared.db import Connection
from shared.units import replica

TABLES: Final[tuple[LiteralString, ...]] = (
    "meeting_fact",
    "task_fact",
    "roster_fact",
    "branch_path",
    "unit_branches",
    "unit_members",
    "unit_month",
    "meeting_sheet",
    "sheet_due",
)
_BESIDE: Final[tuple[LiteralString, ...]] = ("meeting_fact_past", "task_fact_past", "scorecard_due")
_VERSIONS: Final = 1_000_000


def lock(conn: Connection) -> bool:
    """Take the lock of rebuilds for as long as `conn` lives; False when another has it."""
    return conn.execute("select pg_try_advisory_lock(%s)", (REBUILDS,)).fetchone() == (True,)


def unlock(conn: Connection) -> None:
    """Give up the lock of rebuilds; the next may begin."""
    conn.execute("select pg_advisory_unlock(%s)", (REBUILDS,))


def table(name: LiteralString) -> sql.Identifier:
    """The shadow of the table `name`."""
    return sql.Identifier("rebuilt", name)


def unhurried(conn: Connection) -> None:
    """For this transaction: no time limit on statements, room to build indexes, and no wait for the disk (the swap,
    which waits, writes what came before it too)."""
    conn.execute("set local statement_timeout = 0")
    conn.execute("set local idle_in_transaction_session_timeout = 0")
    conn.execute("set local maintenance_work_mem = '256MB'")
    conn.execute("set local synchronous_commit = off")


def create(conn: Connection) -> None:
    """Make the schema anew, its tables empty and without indexes.

    A row of `unit_month` begins at a version above all the live ones can reach until the swap.
    """
    conn.execute("drop schema if exists rebuilt cascade")
    conn.execute("create schema rebuilt")
    for name in TABLES:
        conn.execute(
            sql.SQL("create table {} (like public.{} including defaults including comments including storage)").format(
                table(name), sql.Identifier(name)
            )
        )
        for statement in _texts(conn, _LIKE, name):
            conn.execute(statement)
    row = conn.execute("select (coalesce(max(version), 0) / %(n)s + 1) * %(n)s from unit_month", {"n": _VERSIONS})
    (version,) = msgspec.convert(row.fetchone(), tuple[int])
    conn.execute(
        sql.SQL("alter table {} alter version set default {}").format(table("unit_month"), sql.Literal(version))
    )


def drop(conn: Connection) -> None:
    """Remove the schema."""
    conn.execute("drop schema if exists rebuilt cascade")


def stand_in(conn: Connection) -> None:
    """Tables for what merging writes beside the figures, so that merging into the shadow leaves nothing outside it."""
    for name in _BESIDE:
        conn.execute(
            sql.SQL("create table {} (like public.{} including all)").format(table(name), sql.Identifier(name))
        )


def require_free(conn: Connection, name: str) -> None:
    """Raises ValueError unless a schema of that name could be made."""
    if re.fullmatch(r"(?!pg_)[a-z][a-z0-9_]{0,62}", name) is None or name in ("public", "rebuilt"):
        raise ValueError(f"{name!r} cannot be a schema's name here: a-z, 0-9, _, a letter first; not public, rebuilt")
    if conn.execute("select from pg_namespace where nspname = %s", (name,)).fetchone() is not None:
        raise ValueError(f"there is a schema {name} already; another name, or: drop schema {name} cascade")


def keep(conn: Connection, name: str, units: Sequence[replica.Unit]) -> None:
    """The shadow becomes the schema `name`, with `units` to name its rows by."""
    conn.execute("create table rebuilt.unit (like public.unit including all)")
    conn.execute("create table rebuilt.unit_span (like public.unit_span including all)")
    conn.execute("set local search_path = rebuilt, public")
    replica.upsert(conn, units)
    conn.execute("set local search_path = public")
    conn.execute("drop table rebuilt.different, rebuilt.sheet_due")
    conn.execute(sql.SQL("alter schema rebuilt rename to {}").format(sql.Identifier(name)))


def build_indexes(conn: Connection, name: LiteralString) -> None:
    """The indexes and constraints of the live table, on its filled shadow."""
    for statement in (*_texts(conn, _INDEXES, name), *_texts(conn, _ANALYZE, name)):
        conn.execute(statement)


def compare(conn: Connection) -> int:
    """How many unit-months differ from the live figures (a row of zeros equals no row); kept in `rebuilt.different`."""
    conn.execute(
        sql.SQL(
            """
            create table rebuilt.different as
            select unit_id, month from public.unit_month l full join rebuilt.unit_month r using (unit_id, month)
            where ({live}) is distinct from ({rebuilt})
            union select unit_id, month from ({standing}) standing
            """
        ).format(
            standing=standing_differs(),
            live=counts("l", SUMMED_NAMES),
            rebuilt=counts("r", SUMMED_NAMES),
        )
    )
    row = conn.execute("select count(*) from rebuilt.different").fetchone()
    return msgspec.convert(row, tuple[int])[0]


def lock_live(conn: Connection) -> None:
    """Be alone with the live tables until the transaction ends. Raises psycopg.errors.LockNotAvailable after 0.5 s.

    A reader may hold one of them and wait for another that we hold: we give up before PostgreSQL, which looks for that
    after a second (`deadlock_timeout`), ends the reader's request.
    """
    conn.execute("set local lock_timeout = '500ms'")
    conn.execute(
        sql.SQL("lock table {} in access exclusive mode").format(
            sql.SQL(", ").join(sql.Identifier("public", name) for name in TABLES)
        )
    )
    conn.execute("set local lock_timeout = '10s'")


def put_in_place(conn: Connection) -> None:
    """The shadow tables instead of the live ones, and what differed due to be published; the caller holds the locks."""
    # What is due to be scored stays so: the rebuilt facts are at least as new as the marks.
    conn.execute("insert into rebuilt.sheet_due select * from public.sheet_due")
    # A unit-month that is all zeros now keeps a row: its readers are told so.
    conn.execute(
        """
        insert into rebuilt.unit_month (unit_id, month)
        select unit_id, month from rebuilt.different join public.unit_month using (unit_id, month)
        on conflict do nothing
        """
    )
    publish_later(
        conn,
        sql.SQL(
            """
            select u.unit_id, u.month from rebuilt.unit_month u join rebuilt.different using (unit_id, month)
            union
            select u.unit_id, u.month from rebuilt.unit_month u join (
                select unit_id, min(month) as month from ({standing}) standing group by unit_id
            ) c on u.unit_id = c.unit_id and u.month >= c.month
            """
        ).format(standing=standing_differs()),
    )
    for name in TABLES:
        for statement in _texts(conn, _RIGHTS, name):
            conn.execute(statement)
        conn.execute(sql.SQL("drop table public.{}").format(sql.Identifier(name)))
        conn.execute(sql.SQL("alter table {} set schema public").format(table(name)))
    drop(conn)


def standing_differs() -> sql.Composed:
    """The unit-months in which a standing count changes by another number than in the live tables."""
    tables = {part.table: [one.column for one in STANDING if one.table == part.table] for part in STANDING}
    differ = sql.SQL(
        "select unit_id, month from public.{table} l full join rebuilt.{table} r using (unit_id, month)"
        " where ({live}) is distinct from ({rebuilt})"
    )
    return sql.SQL(" union ").join(
        differ.format(table=sql.Identifier(name), live=counts("l", columns), rebuilt=counts("r", columns))
        for name, columns in tables.items()
    )


def counts(alias: str, columns: Sequence[str]) -> sql.Composed:
    """`columns` of a row that may be missing, each 0 then."""
    return sql.SQL(", ").join(sql.SQL("coalesce({}, 0)").format(sql.Identifier(alias, name)) for name in columns)


def _texts(conn: Connection, query: LiteralString, name: str) -> Sequence[sql.SQL]:
    """Statements that PostgreSQL itself writes of the live table `name`."""
    rows = conn.execute(query, {"table": name}).fetchall()
    return [sql.SQL(text) for (text,) in msgspec.convert(rows, list[tuple[str]])]


_LIKE: Final[LiteralString] = """
select format('alter table rebuilt.%%I set (%%s)', relname, array_to_string(reloptions, ', '))
from pg_class where oid = ('public.' || quote_ident(%(table)s))::regclass and reloptions is not null
union all
select format('comment on table rebuilt.%%I is %%L', %(table)s::text, comment)
from obj_description(('public.' || quote_ident(%(table)s))::regclass, 'pg_class') comment where comment is not null
"""
_INDEXES: Final[LiteralString] = """
select statement from (
    select 1 as place, replace(pg_get_indexdef(indexrelid), format(' ON public.%%I ', %(table)s::text),
                               format(' ON rebuilt.%%I ', %(table)s::text)) as statement
    from pg_index where indrelid = ('public.' || quote_ident(%(table)s))::regclass
    union all
    select 2, format('alter table rebuilt.%%I add constraint %%I %%s using index %%I', %(table)s::text, conname,
                     case contype when 'p' then 'primary key' else 'unique' end, conname)
    from pg_constraint
    where conrelid = ('public.' || quote_ident(%(table)s))::regclass and contype in ('p', 'u')
) written order by place
"""
# Of a hundred columns rows are chosen by two or three: statistics of the others cost a second and serve nobody.
_ANALYZE: Final[LiteralString] = """
select format('analyze rebuilt.%%I (%%s)', %(table)s::text, string_agg(quote_ident(attname), ', '))
from pg_attribute
where attrelid = ('public.' || quote_ident(%(table)s))::regclass and attnum in (
    select unnest(indkey) from pg_index where indrelid = ('public.' || quote_ident(%(table)s))::regclass
)
having count(*) > 0
"""
_RIGHTS: Final[LiteralString] = """
select format('grant %%s on rebuilt.%%I to %%s', privilege_type, relname,
              case grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end)
from pg_class, aclexplode(relacl)
where oid = ('public.' || quote_ident(%(table)s))::regclass and grantee <> relowner
"""
