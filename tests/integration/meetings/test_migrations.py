"""The migrations go up, down and up again, also over an adoption that was taken back."""

import secrets
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config

from deploy.local.servers import Servers
from shared import db, process
from tests.integration.meetings.village import MIGRATIONS


@pytest.fixture
def url(servers: Servers) -> Iterator[str]:
    """A database of its own."""
    name = f"test_{secrets.token_hex(6)}"
    yield servers.database(name, "tester")
    servers.drop_database(name)


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return config


def _tables(url: str) -> set[str]:
    with db.connect(url, name="test") as conn:
        rows = conn.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {str(row[0]) for row in rows}


def test_down_takes_back_what_up_made(url: str) -> None:
    process.migrate(url, MIGRATIONS)
    made = _tables(url)
    assert {"meeting", "revision", "notice", "sent_part", "year_plan", "topic"} <= made
    command.downgrade(_config(url), "base")
    assert _tables(url) == {"alembic_version"}
    process.migrate(url, MIGRATIONS)
    assert _tables(url) == made


def test_down_keeps_the_minutes_that_stand(url: str) -> None:
    process.migrate(url, MIGRATIONS)
    with db.connect(url, name="test") as conn:
        conn.execute(
            """
            insert into meeting (meeting_id, version, unit_id, kind, period, starts_at, place, status, revision,
                                 adopted_at, reported_at, edition)
            values ('00000000-0000-7000-8000-000000000001', 4, '00000000-0000-7000-8000-000000000002', 'regular',
                    '2026-06', '2026-06-03T12:30:00Z', 'x', 'adopted', 1, now(), now(), 2)
            """
        )
        conn.execute(
            """
            insert into revision (meeting_id, edition, revision, document, made_by, made_at)
            select meeting_id, told, 1, 'edition ' || told, 'x', now() from meeting cross join unnest(array[1, 2]) told
            """
        )
    command.downgrade(_config(url), "0001")
    with db.connect(url, name="test") as conn:
        assert conn.execute("select revision, document from revision").fetchall() == [(1, "edition 2")]


def test_rubrics_that_were_taken_away_are_read_again(url: str) -> None:
    process.migrate(url, MIGRATIONS)
    with db.connect(url, name="test") as conn:
        for topic in ("evaluation.rubrics.v1", "registry.units.v1"):
            conn.execute("insert into stream_position values ('meetings.replica', %s, 0, 'x', 7)", (topic,))
    command.downgrade(_config(url), "0005")
    process.migrate(url, MIGRATIONS)
    with db.connect(url, name="test") as conn:
        known = conn.execute("select topic, next_offset from stream_position").fetchall()
    assert known == [("registry.units.v1", 7)]
