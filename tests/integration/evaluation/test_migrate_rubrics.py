"""The revision of rubrics comes and goes."""

from collections.abc import Callable
from uuid import uuid4

from alembic import command
from alembic.config import Config

from shared import db, process
from tests.integration.evaluation.conftest import MIGRATIONS

TABLES = {"rubric", "meeting_sheet", "sheet_due"}


def _kept(url: str) -> tuple[set[str], int]:
    """The tables there are, and whether sums count what can be compared with evidence."""
    with db.connect(url, name="test") as conn:
        tables = {str(row[0]) for row in conn.execute("select tablename from pg_tables where schemaname = 'public'")}
        columns = conn.execute(
            "select 1 from information_schema.columns"
            " where table_name = 'unit_month' and column_name = 'evidence_compared'"
        )
        return tables & TABLES, columns.rowcount


def test_what_was_scored_is_taken_out_going_down_and_due_coming_up(fresh_database: Callable[[], str]) -> None:
    """Else it would be in the sums twice once it is scored again, or never be scored."""
    url, meeting_id, branch_id = fresh_database(), uuid4(), uuid4()
    process.migrate(url, MIGRATIONS, to="0005")
    with db.connect(url, name="test") as conn:
        for adopted, day in ((meeting_id, "2026-01-03"), (uuid4(), "2025-10-27")):
            conn.execute(
                """
                insert into meeting_fact (meeting_id, version, branch_id, month, kind, status, held_on, on_time,
                    corrected, owed, present, absent_with_reason, absent_without_reason, complete, has_conclusion,
                    speakers, tasks_assigned, known_at)
                values (%s, 3, %s, '2026-01', 'regular', 'adopted', %s, true, false, 10, 8, 1, 1, true, true, 4, 2,
                    now())
                """,
                (adopted, branch_id, day),
            )
        conn.execute(
            "insert into unit_month (unit_id, month, version, evidence_scored, evidence_points_hundredths,"
            " evidence_gap_hundredths) values (%s, '2026-01', 1, 1, 9000, 100)",
            (branch_id,),
        )
        assert conn.execute("select * from sheet_due").fetchall() == []
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0004")
    process.migrate(url, MIGRATIONS, to="0005")
    with db.connect(url, name="test") as conn:
        sums = conn.execute(
            "select evidence_scored, evidence_points_hundredths, evidence_gap_hundredths, evidence_compared"
            " from unit_month"
        )
        assert sums.fetchall() == [(0, 0, 0, 0)]
        assert conn.execute("select meeting_ids from sheet_due").fetchall() == [([meeting_id],)]


def test_down_takes_back_what_up_made(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0005")
    assert _kept(url) == (TABLES, 1)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.downgrade(config, "0004")
    assert _kept(url) == (set(), 0)
    process.migrate(url, MIGRATIONS, to="0005")
    assert _kept(url) == (TABLES, 1)
