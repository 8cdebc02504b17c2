"""The embedded PostgreSQL: each service's database is its own, and a killed server keeps what was committed."""

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from deploy.local.postgres import EmbeddedPostgres
from deploy.local.servers import Servers


def test_a_role_opens_its_own_database_only(servers: Servers) -> None:
    first, second = servers.database("own_first"), servers.database("own_second")
    try:
        with psycopg.connect(first) as connection:
            connection.execute("CREATE SCHEMA shadow")
            connection.execute("CREATE TABLE shadow.kept (id int)")
        for database in ("own_first", "postgres", "template1"):
            foreign = second.rsplit("/", 1)[0] + f"/{database}"
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                psycopg.connect(foreign)
        wrong = first.replace(":", ":not-", 2).replace("postgresql:not-", "postgresql:", 1)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)
    finally:
        servers.drop_database("own_first")
        servers.drop_database("own_second")


def test_asking_again_gives_the_same_database(servers: Servers) -> None:
    url = servers.database("again")
    try:
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (id int)")
        assert servers.database("again") == url
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        servers.drop_database("again")


def test_fresh_databases_are_empty_and_apart(fresh_database: Callable[[], str]) -> None:
    first, second = fresh_database(), fresh_database()
    assert first != second
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE only_here (id int)")
    with psycopg.connect(second) as connection:
        assert connection.execute("SELECT to_regclass('only_here')").fetchone() == (None,)
        assert connection.execute("SELECT lower('ĐẢNG BỘ'), current_setting('server_encoding')").fetchone() == (
            "đảng bộ",
            "UTF8",
        )


def test_a_killed_server_keeps_what_was_committed(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "pg", short_lived=True)
    server.start()
    try:
        url = server.databases.create("kept")
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE numbers AS SELECT generate_series(1, 1000) AS n")
        server.kill()
        assert not server.is_ready()
        server.start()
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT sum(n) FROM numbers").fetchone() == (500_500,)
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
    finally:
        server.stop()
    for name in ("admin.password", "passwords.json"):
        assert (tmp_path / "pg" / name).stat().st_mode & 0o077 == 0
