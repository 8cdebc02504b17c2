"""The migrations go up, down and up again."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config

from services.registry.__main__ import MIGRATIONS
from shared import db, process


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
