"""What a service's role may do in a database that another role owns: work on its rows, never on its tables."""

from collections.abc import Collection
from typing import Final

from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shared.db import Connection

MIGRATING: Final = 0x6D696772  # "migr"
"""The advisory lock of whoever migrates a database."""
_MIGRATED: Final = "alembic_version"


def role_of(url: str) -> str:
    """The role a libpq URL connects as."""
    return str(conninfo_to_dict(url).get("user", ""))


def settle(conn: Connection, role: str, append_only: Collection[str]) -> None:
    """Let `role` read and change every row of the schema `public`, but only read and add to the `append_only` tables.

    Run by their owner after every migration, so that new tables are granted and a right too many is taken back. A role
    that owns nothing cannot alter, truncate, drop or disable triggers either (PostgreSQL manual, "Privileges"). Raises
    psycopg.errors.UndefinedTable where a table of `append_only` is absent.
    """
    name = sql.Identifier(role)
    kept = sql.SQL(", ").join(sql.Identifier("public", table) for table in append_only)
    statements = [
        sql.SQL("grant usage on schema public to {}").format(name),
        sql.SQL("grant select, insert, update, delete on all tables in schema public to {}").format(name),
        sql.SQL("grant usage, select on all sequences in schema public to {}").format(name),
        sql.SQL("revoke all on public.{} from {}").format(sql.Identifier(_MIGRATED), name),
        sql.SQL("grant select on public.{} to {}").format(sql.Identifier(_MIGRATED), name),
    ]
    if append_only:
        statements += [
            sql.SQL("revoke all on {} from {}").format(kept, name),
            sql.SQL("grant select, insert on {} to {}").format(kept, name),
        ]
    with conn.transaction():
        # Two grants at once end as "tuple concurrently updated"; behind a migration 10 s of waiting are too few.
        conn.execute("set local lock_timeout = 0")
        conn.execute("select pg_advisory_xact_lock(%s)", (MIGRATING,))
        for statement in statements:
            conn.execute(statement)
