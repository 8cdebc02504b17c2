"""Rows with wrapped data keys, whatever they seal: how many each key wraps, wrapping them anew, sealing plain rows."""

from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from psycopg import sql

from services.registry.domain import names
from services.registry.domain.members import Person, Sex
from services.registry.store import people
from services.registry.store.vault import Vault, WrappedKey
from shared.db import Connection

TABLES: Final = ("member", "file")
"""Tables with the columns `key_id` and `data_key`, whose owner's id is the primary key `<table>_id`."""


def tables(conn: Connection) -> list[str]:
    """Those of `TABLES` that there are: while an older database is migrated, some are not there yet."""
    query = "select tablename from pg_tables where schemaname = 'public' and tablename = any(%s) order by 1 desc"
    return [str(table) for (table,) in conn.execute(query, (list(TABLES),))]


def counts(conn: Connection) -> dict[str, int]:
    """How many data keys each key wraps, by its id."""
    found: dict[str, int] = {}
    for table in tables(conn):
        query = sql.SQL("select key_id, count(*) from {} where key_id is not null group by key_id")
        rows = conn.execute(query.format(sql.Identifier(table))).fetchall()
        for key_id, count in msgspec.convert(rows, list[tuple[str, int]]):
            found[key_id] = found.get(key_id, 0) + count
    return found


def rewrap(conn: Connection, vault: Vault, table: str, limit: int) -> int:
    """Wrap up to `limit` data keys of `table` with the newest key; returns how many were.

    Rows that another transaction holds, as a running job holds its file, are left for another time. The words of
    members' names are counted anew with it.
    """
    named = {"table": sql.Identifier(table), "id": sql.Identifier(f"{table}_id")}
    rows = conn.execute(
        sql.SQL(
            "select {id}, key_id, data_key from {table} where key_id <> %s order by {id} limit %s "
            "for no key update skip locked"
        ).format(**named),
        (vault.newest, limit),
    ).fetchall()
    ids, keys = [], {}
    for owner, key_id, data_key in msgspec.convert(rows, list[tuple[UUID, str, bytes]]):
        ids.append(owner)
        keys[owner] = vault.unwrap(owner, WrappedKey(key_id, data_key))
    if table == "member":
        _index(conn, vault, keys)
    wrapped = [vault.wrap(owner, keys[owner]) for owner in ids]
    conn.execute(
        sql.SQL(
            """
            update {table} t set key_id = given.key_id, data_key = given.data_key
            from unnest(%b::uuid[], %b::text[], %b::bytea[]) as given (id, key_id, data_key) where t.{id} = given.id
            """
        ).format(**named),
        (ids, [one.key_id for one in wrapped], [one.key for one in wrapped]),
    )
    return len(ids)


def _index(conn: Connection, vault: Vault, keys: dict[UUID, bytes]) -> None:
    """Count the words of these members' names with the newest key."""
    ids, words = [], []
    for row in conn.execute("select member_id, sealed from member where member_id = any(%b)", (list(keys),)):
        member_id, sealed = msgspec.convert(row, tuple[UUID, bytes])
        person = msgspec.json.decode(vault.open(member_id, keys[member_id], sealed), type=Person)
        ids.append(member_id)
        words.append(people.array(vault.blind(names.folded(person.full_name))))
    conn.execute(
        """
        update member m set words = given.words::bigint[]
        from unnest(%b::uuid[], %b::text[]) as given (id, words) where m.member_id = given.id
        """,
        (ids, words),
    )


def has_plain_columns(conn: Connection) -> bool:
    """Whether the table of members still has columns of plain personal data (up to revision 0003a)."""
    query = "select 1 from information_schema.columns where table_name = 'member' and column_name = 'full_name'"
    return conn.execute(query).fetchone() is not None


def forget_answers(conn: Connection) -> None:
    """Delete kept answers that show a person, as doors gave them up to revision 0003a."""
    conn.execute("delete from idempotency_key where position('\"full_name\"'::bytea in body) > 0")


def seal_plain(conn: Connection, vault: Vault, limit: int) -> int:
    """Seal up to `limit` members whose data stand in plain columns only; returns how many were."""
    rows = conn.execute(
        """
        select member_id, full_name, birth_date, sex, ethnicity, phone from member
        where sealed is null and erased_at is null order by member_id limit %s for no key update
        """,
        (limit,),
    ).fetchall()
    sealed = [
        (row[0], people.seal(vault, row[0], Person(*row[1:])))
        for row in msgspec.convert(rows, list[tuple[UUID, str, date, Sex | None, str | None, str | None]])
    ]
    conn.execute(
        """
        update member m set key_id = given.key_id, data_key = given.data_key, sealed = given.sealed,
                            words = given.words::bigint[]
        from unnest(%b::uuid[], %b::text[], %b::bytea[], %b::bytea[], %b::text[])
             as given (id, key_id, data_key, sealed, words)
        where m.member_id = given.id
        """,
        (
            [member_id for member_id, _ in sealed],
            [one.wrapped.key_id for _, one in sealed],
            [one.wrapped.key for _, one in sealed],
            [one.sealed for _, one in sealed],
            [people.array(one.words) for _, one in sealed],
        ),
    )
    return len(sealed)
