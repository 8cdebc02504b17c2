"""The migrations go up, down and up again."""

from collections.abc import Callable
from datetime import date

from alembic import command
from alembic.config import Config

from services.registry.__main__ import MIGRATIONS
from services.registry.commands import republish
from services.registry.commands.work import Work
from services.registry.domain.audit import Author
from services.registry.store.vault import Vault
from shared import db, process
from shared.outbox import table as outbox
from tests.integration.registry.conftest import KEYS


def tables(url: str) -> set[str]:
    """The tables of a database."""
    with db.connect(url, name="test") as conn:
        rows = conn.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {str(row[0]) for row in rows}


def test_down_takes_back_what_up_made(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS)
    made = tables(url)
    process.migrate(url, MIGRATIONS)
    assert {"unit", "unit_span", "member", "member_span", "rule", "outbox", "idempotency_key"} <= made

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "base")
    assert tables(url) == {"alembic_version"}

    process.migrate(url, MIGRATIONS)
    assert tables(url) == made


def test_what_is_kept_before_it_was_published_is_published_by_the_upgrade(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0006")
    with db.connect(url, name="test") as conn:
        conn.execute(_KEPT)
    process.migrate(url, MIGRATIONS)

    with db.connect(url, name="test") as conn:
        work = Work(conn, Author("test", ""), date(2026, 6, 15), Vault(KEYS))
        assert republish.due(work, lambda said: None) == 4
        assert republish.due(work, lambda said: None) == 0
        told = [(row.record.topic, row.record.key) for row in outbox.unsent(conn, 10)]
    branch, village, target = (f"00000000-0000-0000-0000-00000000000{number}".encode() for number in (2, 3, 4))
    assert told == [
        ("registry.rosters.v1", branch),
        ("registry.villages.v1", village),
        ("registry.targets.v1", target),
        ("registry.targets.v1", target[:-1] + b"5"),
    ]


_KEPT = """
insert into unit (unit_id, code, version, roster_version) values
    ('00000000-0000-0000-0000-000000000001', 'P', 1, 0), ('00000000-0000-0000-0000-000000000002', 'B', 1, 3);
insert into unit_span (unit_id, valid_from, kind, level, parent_id, name) values
    ('00000000-0000-0000-0000-000000000001', '2010-01-01', 'province_committee', 'province', null, 'P'),
    ('00000000-0000-0000-0000-000000000002', '2010-01-01', 'grassroots_branch', 'grassroots',
     '00000000-0000-0000-0000-000000000001', 'B');
insert into village (village_id, code) values ('00000000-0000-0000-0000-000000000003', 'T');
insert into village_span (village_id, valid_from, name, unit_id, head) values
    ('00000000-0000-0000-0000-000000000003', '2010-01-01', 'T', '00000000-0000-0000-0000-000000000001', 'vacant');
insert into target (target_id, unit_id, year, kind, value, due_on, set_by, citation) values
    ('00000000-0000-0000-0000-000000000004', '00000000-0000-0000-0000-000000000001', 2026, 'new_members', 5,
     '2026-12-15', '00000000-0000-0000-0000-000000000001', 'NQ'),
    ('00000000-0000-0000-0000-000000000005', '00000000-0000-0000-0000-000000000001', 2026, 'inspection', 5,
     '2026-12-15', '00000000-0000-0000-0000-000000000001', 'NQ');
"""
