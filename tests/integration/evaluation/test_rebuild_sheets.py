"""A rebuild makes the sheets of the log anew, and what is due while it runs stays due."""

from typing import Any
from uuid import uuid4

import pytest

from services.evaluation.scoring import score_due
from shared.db import Connection
from tests.integration.evaluation import test_rebuild
from tests.integration.evaluation.figures import parts
from tests.integration.evaluation.test_rebuild import Live
from tests.support.events import event, meeting

MONTH = "2025-12"
live = test_rebuild.live
"""The fixture: a log, a database that has merged it, a province of two districts."""


def told(live: Live, **changes: Any) -> dict[str, Any]:
    return meeting(live.branch, MONTH, last_resolution={"tasks": 4, "done": 3}, **changes)


def score(conn: Connection) -> None:
    while score_due(conn):
        conn.commit()
    conn.commit()


def sheets(conn: Connection, live: Live) -> list[tuple[object, ...]]:
    """The sheets of the test's own branch: a rebuild finds what other tests left in the log, too."""
    rows = conn.execute(
        "select * from meeting_sheet where branch_id = %s order by meeting_id", (live.branch,)
    ).fetchall()
    conn.commit()
    return rows


def evidence(conn: Connection, live: Live) -> int:
    return parts(conn, live.province, MONTH).get("evidence_points_hundredths", 0)


def test_the_sheets_and_figures_of_a_rebuild_are_those_of_the_worker(live: Live, conn: Connection) -> None:
    live.send(event("meetings.meeting.v1", told(live)))
    score(conn)
    before, points = sheets(conn, live), evidence(conn, live)
    conn.commit()
    assert before
    assert points
    assert live.rebuild().different == 0
    assert (sheets(conn, live), evidence(conn, live)) == (before, points)


def test_a_drifted_sum_is_seen_and_mended(live: Live, conn: Connection) -> None:
    live.send(event("meetings.meeting.v1", told(live)))
    score(conn)
    points = evidence(conn, live)
    conn.execute("update unit_month set evidence_points_hundredths = 1 where unit_id = %s", (live.province,))
    conn.commit()
    assert live.rebuild().different > 0
    assert evidence(conn, live) == points


def test_what_was_due_or_scored_while_the_log_was_read_is_scored_after_the_swap(live: Live, conn: Connection) -> None:
    live.send(event("meetings.meeting.v1", told(live)))
    score(conn)
    first = evidence(conn, live)
    conn.commit()
    meanwhile = told(live, meeting_id=uuid4())
    live.rebuild(meanwhile=(event("meetings.meeting.v1", meanwhile),))
    assert evidence(conn, live) == first
    score(conn)
    assert evidence(conn, live) == 2 * first
    assert len(sheets(conn, live)) == 2


def test_a_sheet_made_of_the_live_tables_while_the_log_was_read_is_made_again(
    live: Live, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.send(event("meetings.meeting.v1", told(live)))
    score(conn)
    first = evidence(conn, live)
    conn.commit()
    send = Live.send

    def and_score(self: Live, *sent: Any) -> None:
        send(self, *sent)
        score(conn)

    monkeypatch.setattr(Live, "send", and_score)
    live.rebuild(meanwhile=(event("meetings.meeting.v1", told(live, meeting_id=uuid4())),))
    score(conn)
    assert evidence(conn, live) == 2 * first
