"""The revision of past facts comes and goes, and leaves the facts and rules that were there."""

from collections.abc import Callable

from alembic import command
from alembic.config import Config

from shared import db, process
from tests.integration.evaluation.api import BRANCHES, MONTH
from tests.integration.evaluation.conftest import MIGRATIONS
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support import events

TABLES = {"meeting_fact_past", "task_fact_past", "scorecard_change"}


def _kept(url: str) -> tuple[set[str], int, object]:
    """The tables there are, how many rules, and how many facts."""
    with db.connect(url, name="test") as conn:
        tables = {str(row[0]) for row in conn.execute("select tablename from pg_tables where schemaname = 'public'")}
        rules = conn.execute("select 1 from rule where name in ('grade_bands', 'duration')").rowcount
        return tables & TABLES, rules, conn.execute("select count(*) from meeting_fact").fetchone()


def test_down_takes_back_what_up_made(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS)
    with db.connect(url, name="test") as conn:
        merge_units(conn, events.unit(BRANCHES[0], None))
        merge_meetings(conn, events.meeting(BRANCHES[0], MONTH))
    assert _kept(url) == (TABLES, 4, (1,))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0007")
    assert _kept(url) == (set(), 2, (1,))
    process.migrate(url, MIGRATIONS)
    assert _kept(url) == (TABLES, 4, (1,))
