"""Scorecards that changed leave through the outbox, in their newest state."""

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from services.evaluation.publish import publish_scorecards
from shared import db
from shared.contracts.catalogue import validate
from shared.db import Connection
from shared.outbox import table
from tests.integration.evaluation.figures import merge_meetings, merge_units
from tests.support.events import meeting, unit

PROVINCE, BRANCH = uuid4(), uuid4()


@pytest.fixture
def published(conn: Connection) -> Any:
    merge_units(
        conn,
        unit(PROVINCE, None, kind="province_committee", level="province"),
        unit(BRANCH, PROVINCE, kind="grassroots_branch", level="grassroots"),
    )

    def publish() -> dict[str, dict[str, Any]]:
        conn.execute("update outbox set sent_at = clock_timestamp()")
        publish_scorecards(conn)
        rows = table.unsent(conn, 100)
        return {(row.record.key or b"").decode(): msgspec.json.decode(row.record.value or b"") for row in rows}

    return publish


def test_each_changed_scorecard_is_published_once(conn: Connection, published: Any) -> None:
    merge_meetings(conn, meeting(BRANCH, "2025-06"), meeting(BRANCH, "2025-06", kind="thematic"))
    cards = published()
    assert set(cards) == {f"{PROVINCE}:2025-06", f"{BRANCH}:2025-06"}
    for card in cards.values():
        validate("evaluation.scorecard.v1", card)
        assert (card["parts"]["regular_held"], card["parts"]["thematic_held"], card["parts"]["branches"]) == (1, 1, 1)
    assert published() == {}


def test_a_change_after_it_is_published_again_under_a_newer_version(conn: Connection, published: Any) -> None:
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    before = published()[f"{PROVINCE}:2025-06"]
    merge_meetings(conn, meeting(BRANCH, "2025-06", kind="thematic"))
    after = published()[f"{PROVINCE}:2025-06"]
    assert after["version"] > before["version"]
    assert after["parts"]["thematic_held"] == 1


def test_a_branch_that_joins_changes_the_months_from_then_on(conn: Connection, published: Any) -> None:
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    published()
    merge_units(conn, unit(uuid4(), PROVINCE, kind="grassroots_branch", level="grassroots"))
    assert published()[f"{PROVINCE}:2025-06"]["parts"]["branches"] == 2


def test_a_branch_that_joins_while_scorecards_are_published_is_published_too(
    conn: Connection, database: str, published: Any
) -> None:
    """The publisher waits for nobody: what had not committed when it looked is due when it has."""
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    conn.commit()
    merge_units(conn, unit(uuid4(), PROVINCE, kind="grassroots_branch", level="grassroots"))
    with db.connect(database, name="publisher") as publisher:
        publisher.execute("set lock_timeout = '50ms'")
        assert publish_scorecards(publisher) == 2
    conn.commit()
    newest = {
        row.record.key: msgspec.json.decode(row.record.value or b"")["parts"]["branches"]
        for row in table.unsent(conn, 100)
    }
    assert newest[f"{PROVINCE}:2025-06".encode()] == 1
    newest |= {key.encode(): card["parts"]["branches"] for key, card in published().items()}
    assert newest[f"{PROVINCE}:2025-06".encode()] == 2


def test_old_changes_are_forgotten_without_a_look_at_all_that_are_kept(conn: Connection, published: Any) -> None:
    conn.execute(
        """
        insert into scorecard_change (at, unit_ids, months, versions)
        select clock_timestamp() - case when number > 30 then '0' else interval '61 minutes' end,
               array[gen_random_uuid()], array['2025-06'], array[number]
        from generate_series(1, 5000) number order by number
        """
    )
    read = """
        select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
        from pg_stat_xact_user_tables where relname = 'scorecard_change'
        """
    before = msgspec.convert(conn.execute(read).fetchone(), tuple[int])[0]
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    published()
    assert msgspec.convert(conn.execute(read).fetchone(), tuple[int])[0] - before < 1000
    assert conn.execute("select count(*), min(versions[1]) from scorecard_change").fetchone() == (4971, 1)


def test_small_changes_leave_together(conn: Connection, published: Any) -> None:
    """An evening's batches hold one to three events: else each would publish the province once more."""
    for _ in range(20):
        merge_meetings(conn, meeting(BRANCH, "2025-06", kind="thematic"))
    assert published()[f"{PROVINCE}:2025-06"]["parts"]["thematic_held"] == 20
    assert conn.execute("select count(*) from scorecard_due").fetchone() == (0,)
    looks = conn.execute("select cardinality(unit_ids) from alert_due where months is not null")
    assert looks.fetchall() == [(2,)]
