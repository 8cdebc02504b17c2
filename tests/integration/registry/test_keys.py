"""The keys of personal data: people of an older database are sealed by the migration, and keys are rotated."""

import base64
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from click.testing import CliRunner, Result

from deploy.local.servers import Servers
from services.registry.__main__ import MIGRATIONS, main
from services.registry.store import keyed
from services.registry.store import members as member_rows
from services.registry.store.vault import Vault
from shared import db, process
from tests.integration.registry.dump import dump


def key(number: int) -> str:
    """A key of 32 equal bytes."""
    return base64.b64encode(bytes([number]) * 32).decode()


OLD, BOTH, NEW = f"old:{key(1)}", f"new:{key(2)},old:{key(1)}", f"new:{key(2)}"
PEOPLE = 2500

WORDS = tuple(word.encode() for word in ("Zxqvăn", "Zxqrai", "Zxqsortkey", "0987-ZXQ"))
"""Long enough not to come up by chance in some hundred kilobytes of ciphertext."""


def command(name: str, url: str, registry_keys: str) -> Result:
    """`python -m services.registry name` with these settings."""
    environment = {
        "NENEP_DATABASE_URL": url,
        "NENEP_KAFKA_BOOTSTRAP": "unused:9092",
        "NENEP_REGISTRY_KEYS": registry_keys,
    }
    return CliRunner().invoke(main, [name], env=environment, catch_exceptions=False)


@pytest.fixture
def old_database(request: pytest.FixtureRequest, fresh_database: Callable[[], str]) -> str:
    """A database of an older revision with people in it, and a kept answer that names one."""
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to=request.param)
    with db.connect(url, name="test") as conn:
        unit_id = uuid4()
        conn.execute("insert into unit (unit_id, code, version) values (%s, 'B', 1)", (unit_id,))
        conn.execute(
            """
            insert into member (member_id, code, full_name, sort_key, birth_date, sex, ethnicity, phone)
            select gen_random_uuid(), 'M' || n, 'Rơ Châm Zxqvăn ' || n, 'Zxqsortkey', date '1950-01-01' + n, 'female',
                   'Zxqrai', case when n > 5 then '0987-ZXQ-' || n end
            from generate_series(1, %s) n
            """,
            (PEOPLE,),
        )
        conn.execute(
            """
            insert into member_span (member_id, valid_from, unit_id, kind, status)
            select member_id, '2015-05-19', %s, 'official', 'active' from member
            """,
            (unit_id,),
        )
        conn.execute(
            "insert into idempotency_key values ('s', 'k', '', 201, %s)",
            ('{"person": {"full_name": "Rơ Châm Zxqvăn 1"}}'.encode(),),
        )
    return url


@pytest.mark.parametrize("old_database", ["0001", "0002"], indirect=True)
def test_an_upgrade_loses_nobody_and_leaves_nothing_in_plain(old_database: str, servers: Servers) -> None:
    refused = command("migrate", old_database, "")
    assert refused.exit_code == 1
    assert "NENEP_REGISTRY_KEYS" in refused.output

    migrated = command("migrate", old_database, OLD)

    assert (migrated.exit_code, command("migrate", old_database, OLD).exit_code) == (0, 0)
    assert f"sealed {PEOPLE} members" in migrated.output
    with db.connect(old_database, name="test") as conn:
        found = member_rows.load_by_code(conn, Vault(OLD), ["M1", "M2500"])
        assert conn.execute("select count(*), count(sealed) from member").fetchone() == (PEOPLE, PEOPLE)
    first, last = found["M1"], found["M2500"]
    assert first.person is not None
    assert last.person is not None
    assert (first.person.full_name, str(first.person.birth_date)) == ("Rơ Châm Zxqvăn 1", "1950-01-02")
    assert (first.person.phone, last.person.phone) == (None, "0987-ZXQ-2500")
    assert (first.person.sex, first.person.ethnicity, len(first.spans)) == ("female", "Zxqrai", 1)
    held = dump(old_database)
    assert b"2015-05-19" in held
    for word in WORDS:
        assert word not in held
        for table in ("member", "idempotency_key"):
            assert word not in _files(servers, old_database, table), "dropped columns are not left in the file"


def _files(servers: Servers, url: str, table: str) -> bytes:
    """What the server's file of a table holds."""
    admin = servers.admin_url.rsplit("/", 1)[0] + "/" + url.rsplit("/", 1)[1]
    with psycopg.connect(admin, autocommit=True) as conn:
        conn.execute("checkpoint")
        row = conn.execute("select pg_read_binary_file(pg_relation_filepath(%s))", (table,)).fetchone()
    assert row is not None
    return bytes(row[0])


@pytest.mark.parametrize("old_database", ["0002"], indirect=True)
def test_without_the_keys_people_are_not_dropped(old_database: str) -> None:
    with pytest.raises(RuntimeError, match="not sealed yet"):
        process.migrate(old_database, MIGRATIONS)

    with db.connect(old_database, name="test") as conn:
        assert conn.execute("select count(full_name) from member").fetchone() == (PEOPLE,)
        assert conn.execute("select version_num from alembic_version").fetchone() == ("0003a",)


@pytest.mark.parametrize("old_database", ["0002"], indirect=True)
def test_keys_are_rotated_in_batches_from_where_it_was_stopped(old_database: str) -> None:
    assert command("migrate", old_database, OLD).exit_code == 0
    with db.connect(old_database, name="test") as conn:
        assert keyed.rewrap(conn, Vault(BOTH), "member", 700) == 700  # and then the power failed

    said = command("rotate-keys", old_database, BOTH).output

    assert "1800 data keys are to be wrapped with 'new'" in said
    assert "1000 of 1800 done" in said
    assert "nothing needs 'old' any more" in " ".join(said.split())
    assert "the only key" in command("rotate-keys", old_database, NEW).output
    with db.connect(old_database, name="test") as conn:
        found = member_rows.load_by_code(conn, Vault(NEW), [f"M{n}" for n in range(1, PEOPLE + 1)])
        assert len({member.person and member.person.full_name for member in found.values()}) == PEOPLE
        words = Vault(NEW).blind(["ro", "cham", "zxqvan", "77"])
        rows = conn.execute("select code from member where words @> %s::bigint[]", (words,)).fetchall()
        assert rows == [("M77",)]


@pytest.mark.parametrize("old_database", ["0002"], indirect=True)
def test_a_key_that_is_still_needed_is_missed_before_anything_is_done(old_database: str) -> None:
    assert command("migrate", old_database, OLD).exit_code == 0

    for name in ("migrate", "rotate-keys"):
        refused = command(name, old_database, NEW)
        assert refused.exit_code == 1
        assert f"lacks keys that wrap data: 'old' ({PEOPLE})" in refused.output


def test_no_process_that_opens_personal_data_starts_without_a_key() -> None:
    environment: dict[str, Any] = {"NENEP_DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "NENEP_KAFKA_BOOTSTRAP": "x:1"}
    started = subprocess.run(
        [sys.executable, "-m", "services.registry", "api"], env=environment, capture_output=True, text=True, check=False
    )

    assert started.returncode == 1
    assert "there is no key for personal data" in started.stderr
    assert "Traceback" not in started.stderr
