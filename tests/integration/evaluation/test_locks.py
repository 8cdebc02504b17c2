"""What waits for what: neither merges nor rubrics nor migrations wait for each other in a circle."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.evaluation import arrivals, decode
from services.evaluation.merge import lock_tree
from services.evaluation.scoring import score_due
from services.evaluation.shadow import lock_live
from shared import db, process
from shared.db import Connection
from shared.kafka.batch import Decoded
from tests.integration.evaluation.conftest import MIGRATIONS
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support import events
from tests.support.waiting import until

FIRST, SECOND, ABOVE = UUID(int=10), UUID(int=11), UUID(int=99)
MONTH = "2025-12"


def _until_waiting(conn: Connection, name: str) -> None:
    """Until a connection whose name is like `name` waits for a lock."""
    query = "select 1 from pg_stat_activity where application_name like %s and wait_event_type = 'Lock'"
    until(lambda: conn.execute(query, (name,)).fetchone(), what="a connection that waits for a lock", seconds=20)


@pytest.mark.parametrize("few", [0, arrivals.FEW], ids=["by columns", "by rows"])
def test_a_batch_that_waits_for_a_sum_holds_none_that_comes_after_it(
    database: str, conn: Connection, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Meetings and tasks of one batch, and a meeting's versions, are added together: sums are locked in one order."""
    merge_units(
        conn,
        events.unit(ABOVE, None, kind="province_committee", level="province"),
        events.unit(FIRST, ABOVE),
        events.unit(SECOND, ABOVE),
    )
    merge_meetings(conn, *(events.meeting(branch, MONTH) for branch in (FIRST, SECOND)))
    conn.commit()
    monkeypatch.setattr(arrivals, "FEW", few)
    batch: list[Decoded[Any]] = [
        events.decoded("meetings.meeting.v1", events.meeting(FIRST, MONTH), decode.meeting),
        events.decoded("meetings.task.v1", events.task(SECOND, date(2025, 12, 20)), decode.task),
    ]

    def merge() -> None:
        with db.connect(database, name="merging") as merging:
            arrivals.apply_facts(merging, batch)

    with db.connect(database, name="watching", autocommit=True) as watching, ThreadPoolExecutor(1) as pool:
        conn.execute("select from unit_month where unit_id = %s for update", (SECOND,))
        merged = pool.submit(merge)
        _until_waiting(watching, "merging")
        try:
            conn.execute("select from unit_month where unit_id = %s for update nowait", (ABOVE,))
        finally:
            conn.rollback()
            merged.result(20)


def test_a_scorer_that_waits_for_the_tree_holds_no_table_a_swap_needs(database: str, conn: Connection) -> None:
    merge_units(conn, events.unit(FIRST, None))
    merge_meetings(conn, events.meeting(FIRST, MONTH))
    conn.commit()

    def score() -> int:
        with db.connect(database, name="scoring") as scoring:
            return score_due(scoring)

    with db.connect(database, name="watching", autocommit=True) as watching, ThreadPoolExecutor(1) as pool:
        lock_tree(conn, exclusive=True)
        scored = pool.submit(score)
        _until_waiting(watching, "scoring")
        try:
            lock_live(conn)
        finally:
            conn.rollback()
            assert scored.result(20) == 1


def test_a_migration_waits_for_a_merge_before_it_locks_what_that_needs(fresh_database: Callable[[], str]) -> None:
    """A worker of the release before locks its positions first; so does the revision that changes facts."""
    url = fresh_database()
    process.migrate(url, MIGRATIONS, to="0002")
    with (
        db.connect(url, name="merging") as merging,
        db.connect(url, name="watching", autocommit=True) as watching,
        ThreadPoolExecutor(1) as pool,
    ):
        merging.execute(
            """
            insert into stream_position (consumer, topic, partition, topic_id, next_offset)
            values ('evaluation.figures', 'meetings.meetings.v1', 0, 'x', 77)
            """
        )
        merging.commit()
        merging.execute("select from stream_position for update")
        migrated = pool.submit(process.migrate, url, MIGRATIONS)
        _until_waiting(watching, "%")
        try:
            merging.execute("set local lock_timeout = '200ms'")
            merging.execute(
                "insert into task_fact values (%s, 1, %s, '2025-06', 'assigned', '2025-06-01')", [uuid4()] * 2
            )
            merging.execute("select count(*) from meeting_fact")
        finally:
            merging.commit()
            migrated.result(60)
