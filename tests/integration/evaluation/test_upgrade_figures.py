"""The revision that brings figures by group comes onto a database that has counted meetings, and goes."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from alembic import command
from alembic.config import Config

from services.evaluation.domain import periods
from services.evaluation.views import cards
from shared import db, process
from shared.db import Connection
from shared.units import replica
from tests.integration.evaluation.conftest import MIGRATIONS
from tests.integration.evaluation.figures import NOW, merge_meetings
from tests.support import events

PROVINCE, BRANCH, MEETING = uuid4(), uuid4(), uuid4()
JUNE = periods.of_month("2025-06")


def _step(url: str, to: str, *, down: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
    (command.downgrade if down else command.upgrade)(config, to)


def _counted_before(conn: Connection) -> None:
    """A branch below a province, and the third version of its meeting as the release before counted it."""
    units = [
        events.unit(PROVINCE, None, kind="province_committee", level="province"),
        events.unit(BRANCH, PROVINCE, kind="grassroots_branch", level="grassroots"),
    ]
    replica.upsert(conn, [events.decoded("registry.unit.v1", unit, replica.decode).data for unit in units])
    conn.execute(
        "insert into branch_path (branch_id, from_month, to_month, path) values (%s, '2020-01', null, %s)",
        (BRANCH, [BRANCH, PROVINCE]),
    )
    conn.execute(
        """
        insert into meeting_fact (meeting_id, version, branch_id, month, kind, status, held_on, on_time, corrected,
            owed, present, absent_with_reason, absent_without_reason, complete, has_conclusion, speakers,
            tasks_assigned, self_points)
        values (%s, 3, %s, '2025-06', 'regular', 'adopted', '2025-06-03', true, false, 10, 8, 1, 1, true, true, 4,
            2, 9150)
        """,
        (MEETING, BRANCH),
    )
    for unit_id in (PROVINCE, BRANCH):
        conn.execute("insert into unit_branches (unit_id, month, change) values (%s, '2020-01', 1)", (unit_id,))
        conn.execute(
            """
            insert into unit_month (unit_id, month, version, regular_held, regular_on_time, owed, present,
                absent_with_reason, absent_without_reason, minutes_complete, with_conclusion, with_tasks, speakers,
                tasks_assigned, self_scored, self_points_hundredths, grade_good)
            values (%s, '2025-06', 40, 1, 1, 10, 8, 1, 1, 1, 1, 1, 4, 2, 1, 9150, 1)
            """,
            (unit_id,),
        )
    conn.execute(
        """
        insert into stream_position (consumer, topic, partition, topic_id, next_offset)
        values ('evaluation.figures', 'meetings.meetings.v1', 0, 'x', 77)
        """
    )


def _offset(conn: Connection) -> Any:
    row = conn.execute("select next_offset from stream_position where topic = 'meetings.meetings.v1'").fetchone()
    return row and row[0]


def test_what_was_counted_before_stays_and_the_log_brings_what_it_lacks(fresh_database: Callable[[], str]) -> None:
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0002")
    with db.connect(url, name="test") as conn:
        _counted_before(conn)

    process.migrate(url, MIGRATIONS)

    same = events.meeting(
        BRANCH,
        "2025-06",
        meeting_id=MEETING,
        version=3,
        members_with_task=2,
        duration_kept=True,
        superior_assigned=True,
    )
    older: dict[str, Any] = {**same, "version": 2, "status": "planned", "revision": 0}
    with db.connect(url, name="test") as conn:
        assert _offset(conn) == 0
        before = cards.scorecard(conn, PROVINCE, JUNE, NOW)
        assert (before.parts["regular_held"], before.parts["present"], before.parts["members_with_task"]) == (1, 8, 0)
        assert merge_meetings(conn, older) == 0
        assert merge_meetings(conn, same) == 1
        after = cards.scorecard(conn, PROVINCE, JUNE, NOW)
        brought = {"members_with_task": 2, "task_members_known": 1, "duration_known": 1, "duration_kept": 1}
        assert after.parts == before.parts | brought | {"superior_assigned": 1}
        assert after.version > before.version == 40
        assert merge_meetings(conn, same) == 0

    _step(url, "0002", down=True)

    with db.connect(url, name="test") as conn:
        row = conn.execute("select regular_held, present, version from unit_month where unit_id = %s", (PROVINCE,))
        assert row.fetchone() == (1, 8, after.version)
    _step(url, "head")
