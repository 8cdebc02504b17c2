"""A rebuild, and a reading in bulk, of what registry tells besides units."""

from datetime import date
from typing import Any

import pytest

from services.evaluation import catchup
from services.evaluation.merger import GROUP
from services.evaluation.views import registry_facts as views
from shared.db import Connection
from shared.envelope import Event
from shared.kafka import positions
from tests.integration.evaluation.figures import parts
from tests.integration.evaluation.test_rebuild import Live, live
from tests.integration.evaluation.test_registry_facts import roster, stay, target, village
from tests.support.events import event

__all__ = ["live"]
DAY = date(2025, 6, 30)


def sent_roster(live: Live, members: int, *, version: int, **more: Any) -> Event:
    return event("registry.roster.v1", roster(live.branch, *[stay()] * members, version=version, **more))


@pytest.fixture
def told(live: Live) -> dict[str, Any]:
    """A roster of three, one of whom was disciplined, a village, and two targets of which one is taken back."""
    gone = target(live.east, kind="inspection")
    kept = target(live.east, progress=[{"on": "2025-05-31", "value": 4}])
    live.send(
        sent_roster(live, 3, version=1, discipline=[{"on": "2025-06-04", "members": 1}]),
        event("registry.village.v1", village(live.east, live.branch, "member")),
        event("registry.target.v1", gone),
        event("registry.target.v1", kept),
        Event(topic="registry.targets.v1", type="registry.target.v1", source="/t", key=gone["target_id"], data=None),
    )
    return kept


def seen(conn: Connection, live: Live) -> tuple[object, ...]:
    found = (
        parts(conn, live.province, "2025-06").get("members_active"),
        views.villages(conn, live.province, DAY).own_branch,
        [(one.kind, one.reached) for one in views.targets(conn, live.east, 2025, DAY)],
        views.disciplined(conn, live.east, date(2025, 6, 1), DAY).members,
    )
    conn.commit()
    return found


def test_what_is_put_in_place_is_what_was_there(live: Live, told: dict[str, Any], conn: Connection) -> None:
    before = seen(conn, live)
    assert before == (3, 1, [("new_members", 4.0)], 1)
    outcome = live.rebuild()
    assert outcome.different == 0
    assert seen(conn, live) == before


def test_what_drifted_is_seen_mended_and_published(live: Live, told: dict[str, Any], conn: Connection) -> None:
    conn.execute("update unit_members set members_active = members_active + 1 where unit_id = %s", (live.province,))
    conn.execute("delete from target")
    conn.execute("update village_span set branch_id = null")
    conn.execute("delete from scorecard_due")
    conn.commit()
    assert live.rebuild(swap=False).different > 0
    live.rebuild()
    assert seen(conn, live) == (3, 1, [("new_members", 4.0)], 1)
    due = conn.execute(
        "select distinct month from scorecard_due, unnest(unit_ids, months) as due (unit_id, month) where unit_id = %s",
        (live.province,),
    )
    assert due.fetchall() == [("2025-06",)]


def test_what_came_while_the_log_was_read_is_not_lost(live: Live, told: dict[str, Any], conn: Connection) -> None:
    newer = told | {"version": 2, "progress": [{"on": "2025-06-15", "value": 6}]}
    live.rebuild(
        meanwhile=(
            sent_roster(live, 5, version=2),
            event("registry.target.v1", newer),
            event("registry.village.v1", village(live.west, None, "vacant")),
            live.branch_under(live.west, version=2),
        )
    )
    assert seen(conn, live) == (5, 1, [("new_members", 6.0)], 0)
    assert parts(conn, live.west, "2025-06")["members_active"] == 5
    assert "members_active" not in parts(conn, live.east, "2025-06")


def test_a_backlog_of_rosters_is_merged_in_bulk(live: Live, told: dict[str, Any], conn: Connection) -> None:
    with live.pool.connection() as other:
        stands = positions.all_positions(other, GROUP)
    conn.execute("truncate roster_fact, unit_members")
    conn.execute("update stream_position set next_offset = 0 where topic = 'registry.rosters.v1'")
    conn.commit()
    # The log is shared with the other tests of this session: rosters of their branches lie in it too.
    newer = sum(
        catchup.merge_partition(live.url, live.bootstrap, at, (0, stood.next_offset))[2]
        for at, stood in stands.items()
        if at[0] == "registry.rosters.v1" and stood.next_offset
    )
    assert newer >= 1
    assert parts(conn, live.province, "2025-06")["members_active"] == 3
