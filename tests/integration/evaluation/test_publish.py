"""Scorecards that changed leave through the outbox, in their newest state."""

from concurrent.futures import ThreadPoolExecutor
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
from tests.support.waiting import until

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
    """The publisher waits for the row that the tree's change holds, and must then see all of that change."""
    merge_meetings(conn, meeting(BRANCH, "2025-06"))
    conn.commit()
    with db.connect(database, name="publisher") as publisher, ThreadPoolExecutor(1) as executor:
        merge_units(conn, unit(uuid4(), PROVINCE, kind="grassroots_branch", level="grassroots"))
        publishing = executor.submit(publish_scorecards, publisher)
        with db.connect(database, name="onlooker", autocommit=True) as onlooker:
            until(lambda: _waits_for_a_lock(onlooker, "publisher"), what="the publisher to wait for the row")
        conn.commit()
        assert publishing.result(timeout=30) > 0
        publisher.commit()
    newest = {}
    for row in table.unsent(conn, 100):
        newest[row.record.key] = msgspec.json.decode(row.record.value or b"")["parts"]["branches"]
    newest |= {key.encode(): card["parts"]["branches"] for key, card in published().items()}
    assert newest[f"{PROVINCE}:2025-06".encode()] == 2


def _waits_for_a_lock(conn: Connection, name: str) -> bool:
    row = conn.execute(
        "select exists (select 1 from pg_stat_activity where application_name = %s and wait_event_type = 'Lock')",
        (name,),
    ).fetchone()
    return row == (True,)
