"""Roles and databases of a PostgreSQL server: each service has its own and can open no other."""

import json
import secrets
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from deploy.local.places import write_private


def libpq_url(role: str, password: str, server: tuple[str, int], database: str) -> str:
    """A connection URL; `server` is host and port."""
    return f"postgresql://{quote(role)}:{quote(password)}@{server[0]}:{server[1]}/{quote(database)}"


class Databases:
    """Roles and databases of one server: a role owns its database, and no other role may connect to it."""

    def __init__(self, admin_url: str, server: tuple[str, int], secrets_file: Path | None = None) -> None:
        self.admin_url = admin_url
        self._server = server
        self._secrets_file = secrets_file
        self._passwords: dict[str, str] = {}
        if secrets_file is not None and secrets_file.exists():
            self._passwords = json.loads(secrets_file.read_text(encoding="utf-8"))

    def _password(self, role: str) -> str:
        if role not in self._passwords:
            self._passwords[role] = secrets.token_urlsafe(24)
            if self._secrets_file is not None:
                write_private(self._secrets_file, json.dumps(self._passwords, indent=1))
        return self._passwords[role]

    def create(self, name: str, role: str | None = None, *, like: str | None = None) -> str:
        """The URL of database `name` for its owner `role` (by default of the same name); makes what is absent.

        A new database holds what `like` holds, to which nobody may be connected; by default nothing.
        """
        role = role or name
        told, password = role in self._passwords, self._password(role)
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            owner, database = sql.Identifier(role), sql.Identifier(name)
            _login(connection, role, password, told=told)
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                model = sql.Identifier(like or "template1")
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(database, owner, model))
            for shared in (name, "postgres", "template1"):
                connection.execute(
                    sql.SQL("REVOKE CONNECT, TEMPORARY ON DATABASE {} FROM PUBLIC").format(sql.Identifier(shared))
                )
        return libpq_url(role, password, self._server, name)

    def create_service_role(self, name: str, role: str) -> str:
        """The URL of database `name` for `role`, which owns nothing there: `migrate` grants it its tables' rows."""
        told, password = role in self._passwords, self._password(role)
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            _login(connection, role, password, told=told)
            connection.execute(
                sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(name), sql.Identifier(role))
            )
        return libpq_url(role, password, self._server, name)

    def drop(self, name: str) -> None:
        """Drop database `name`, ending the connections to it; nothing happens when it is absent."""
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _login(connection: psycopg.Connection, role: str, password: str, *, told: bool) -> None:
    """Let `role` log in with `password`; `told`: it was made with it before."""
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    if not (known and told):
        verb = sql.SQL("ALTER" if known else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, sql.Identifier(role), sql.Literal(password))
        )
