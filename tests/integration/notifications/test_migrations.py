"""The schema comes and goes, whoever runs `migrate`, and enters rules that the service can read."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date

from alembic import command
from alembic.config import Config

from services.notifications.domain.rules import RULE_NAMES, in_force
from services.notifications.store import rules
from shared import db, process
from tests.integration.notifications.province import MIGRATIONS


def tables(url: str) -> set[object]:
    with db.connect(url, name="test") as conn:
        rows = conn.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    return {name for (name,) in rows} - {"alembic_version"}


def test_two_that_migrate_at_once_take_turns_and_a_downgrade_leaves_nothing(
    fresh_database: Callable[[], str],
) -> None:
    url = fresh_database()
    environ = {**os.environ, "NENEP_DATABASE_URL": url, "NENEP_KAFKA_BOOTSTRAP": "127.0.0.1:9"}
    argv = [sys.executable, "-m", "services.notifications", "migrate"]
    both = [subprocess.Popen(argv, env=environ, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(process.communicate(timeout=120)[1], process.returncode) for process in both]
    assert [code for _, code in ends] == [0, 0], ends
    assert {"notice", "delivery", "outbox", "stream_position", "unit_span", "idempotency_key"} <= tables(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "base")
    assert tables(url) == set()


def test_the_rules_entered_are_whole_and_follow_one_another(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS)
    with db.connect(url, name="test") as conn:
        rulebook = rules.load(conn)
    for name in RULE_NAMES:
        versions = getattr(rulebook, name)
        assert versions[-1].valid_to is None
        assert [version.valid_to for version in versions[:-1]] == [version.valid_from for version in versions[1:]]
        assert all(version.issuer and version.citation for version in versions)
    before, after = (in_force(rulebook.attendance_low, day) for day in (date(2025, 10, 27), date(2025, 10, 28)))
    assert before is not None
    assert after is not None
    assert (before.value.percent, before.value.comparison) == (85, "over")
    assert (after.value.percent, after.value.comparison) == (90, "at_least")


def test_a_process_without_its_settings_says_which_one_is_missing() -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("NENEP_")}
    argv = [sys.executable, "-m", "services.notifications", "relay"]
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert "`database_url`" in done.stderr
    assert "docs/settings.md" in done.stderr
