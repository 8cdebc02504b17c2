"""A verification names the first figure that is not what the log gives, and why; it changes nothing."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import msgspec
import pytest
from psycopg import sql

from services.evaluation.differences import Cause, Difference
from services.evaluation.rebuild import Outcome, as_known, rebuild
from services.evaluation.verify import Verified
from shared.db import Connection
from shared.envelope import Event
from tests.integration.evaluation.figures import parts
from tests.integration.evaluation.test_rebuild import Live
from tests.integration.evaluation.test_rebuild import live as live
from tests.support.events import event, meeting, task, unit

_THEN = datetime(2025, 7, 1, tzinfo=UTC)


def _first(live: Live) -> Difference:
    verified = live.rebuild(swap=False).verified
    assert verified is not None
    assert verified.first is not None
    return verified.first


def _cause(live: Live) -> Cause:
    return _first(live).causes[0]


def _spoil(conn: Connection, statement: sql.SQL, *parameters: object) -> None:
    conn.execute(statement, parameters)
    conn.commit()


def test_right_figures_have_no_first_difference(live: Live) -> None:
    outcome = live.rebuild(swap=False)
    assert outcome.verified == Verified(0, None, 0, [])


def test_a_spoilt_sum_is_named_with_its_unit_month_and_both_values(live: Live, conn: Connection) -> None:
    _spoil(conn, sql.SQL("update unit_month set present = present + 3 where unit_id = %s"), live.east)
    found = _first(live)
    assert (found.unit_id, found.code, found.month) == (str(live.east), f"U-{live.east}", "2025-06")
    assert (found.figure, found.live, found.rebuilt) == ("present", 11, 8)
    assert [cause.kind for cause in found.causes] == ["sum"]
    assert parts(conn, live.east, "2025-06")["present"] == 11


def test_a_spoilt_fact_is_named_by_its_meeting_at_the_branch(live: Live, conn: Connection) -> None:
    lost = meeting(live.branch, "2025-05")
    live.send(event("meetings.meeting.v1", lost))
    _spoil(conn, sql.SQL("delete from meeting_fact where meeting_id = %s"), lost["meeting_id"])
    _spoil(conn, sql.SQL("delete from unit_month where month = '2025-05'"))
    found = _first(live)
    assert found.unit_id == str(live.branch)
    assert found.causes == [Cause("meeting", lost["meeting_id"], "–", "version 1")]


def test_a_fact_that_is_lost_is_told_though_the_sums_are_still_right(live: Live, conn: Connection) -> None:
    lost = meeting(live.branch, "2025-05")
    live.send(event("meetings.meeting.v1", lost))
    _spoil(conn, sql.SQL("delete from meeting_fact where meeting_id = %s"), lost["meeting_id"])
    verified = live.rebuild(swap=False).verified
    assert verified == Verified(0, None, 1, [Cause("meeting", lost["meeting_id"], "–", "version 1")])


def test_an_older_version_that_stayed_is_named(live: Live, conn: Connection) -> None:
    one = meeting(live.branch, "2025-05")
    live.send(
        event("meetings.meeting.v1", one), event("meetings.meeting.v1", {**one, "version": 2, "kind": "thematic"})
    )
    _spoil(
        conn,
        sql.SQL("update meeting_fact set version = 1, kind = 'regular' where meeting_id = %s"),
        one["meeting_id"],
    )
    _spoil(conn, sql.SQL("update unit_month set regular_held = 1, thematic_held = 0 where month = '2025-05'"))
    assert _cause(live) == Cause("meeting", one["meeting_id"], "version 1", "version 2")


def test_a_task_a_path_and_a_rule_are_told_apart(live: Live, conn: Connection) -> None:
    given = task(live.branch, datetime(2025, 5, 9, tzinfo=UTC).date(), status="done", done_on="2025-05-08")
    live.send(event("meetings.task.v1", given))
    _spoil(conn, sql.SQL("update task_fact set status = 'assigned', done_on = null"))
    _spoil(conn, sql.SQL("update unit_month set tasks_done = 0 where month = '2025-05'"))
    assert _cause(live).kind == "task"
    live.rebuild()
    _spoil(conn, sql.SQL("update branch_path set path = array[branch_id, %s, %s]::uuid[]"), live.west, live.province)
    _spoil(conn, sql.SQL("update unit_month set unit_id = %s where unit_id = %s"), live.west, live.east)
    assert _cause(live).kind == "path"
    live.rebuild()
    _spoil(conn, sql.SQL("update unit_month set grade_good = 0, grade_fair = grade_fair + grade_good"))
    assert (_cause(live).kind, _cause(live).what) == ("rule", "grade_bands")


def test_what_comes_while_it_reads_is_no_difference_and_stays(live: Live, conn: Connection) -> None:
    outcome = live.rebuild(swap=False, meanwhile=(event("meetings.meeting.v1", meeting(live.branch, "2025-07")),))
    assert outcome.verified == Verified(0, None, 0, [])
    assert parts(conn, live.province, "2025-07")["regular_held"] == 1


def test_what_waits_to_be_merged_is_no_difference(live: Live) -> None:
    live.put(event("meetings.meeting.v1", meeting(live.branch, "2025-07")))
    assert live.rebuild(swap=False).different == 0


def _made(data: dict[str, object], days: int, type_: str = "meetings.meeting.v1") -> Event:
    return msgspec.structs.replace(event(type_, data), time=_THEN + timedelta(days=days))


def _known(live: Live, *, into: str | None = None) -> Outcome:
    return as_known(live.url, live.bootstrap, until=_THEN, into=into, say=lambda _: None)


def _past_tree(live: Live) -> None:
    """The units of `live`, told before the moment that is asked for."""
    units = (
        unit(live.province, None, kind="province_committee", level="province", version=5),
        unit(live.east, live.province, kind="direct_committee", level="district", version=5),
        unit(live.west, live.province, kind="direct_committee", level="district", version=5),
        unit(live.branch, live.east, kind="grassroots_branch", level="grassroots", version=5),
    )
    live.send(*(_made(one, -60, "registry.unit.v1") for one in units))


def test_until_gives_each_meeting_in_its_version_of_then_and_leaves_the_live_ones(live: Live, conn: Connection) -> None:
    _past_tree(live)
    kept, corrected, later = (meeting(live.branch, "2025-05") for _ in range(3))
    gone = meeting(live.branch, "2025-05", version=4)
    live.send(
        _made(kept, -9),
        _made(corrected, -9),
        _made({**corrected, "version": 2, "kind": "thematic"}, 1),
        _made(later, 1),
        _made(gone, 1),
    )
    before = parts(conn, live.province, "2025-05")
    conn.commit()
    outcome = _known(live, into=f"then_{uuid4().hex}")
    # The oracle, by hand: two regular meetings of eight each were known; what is known by its fourth version only may
    # have been.
    months = {one.month: one for one in outcome.roots if one.unit_id == str(live.province)}
    assert (months["2025-05"].held_then, months["2025-05"].present_then) == (2, 16)
    assert (months["2025-05"].held_now, months["2025-05"].present_now) == (3, 32)
    assert months["2025-06"].held_then == 0
    assert outcome.gone >= 1
    assert parts(conn, live.province, "2025-05") == before


def test_until_keeps_what_it_found_as_a_schema_of_its_own(live: Live, conn: Connection) -> None:
    _past_tree(live)
    live.send(_made(meeting(live.branch, "2025-05"), -9), _made(meeting(live.branch, "2025-05"), 1))
    _known(live, into="as_of_july")
    row = conn.execute(
        "select u.code, m.regular_held from as_of_july.unit_month m join as_of_july.unit u using (unit_id)"
        " where unit_id = %s and month = '2025-05'",
        (live.province,),
    ).fetchone()
    assert row == (f"U-{live.province}", 1)
    conn.commit()
    with pytest.raises(ValueError, match="there is a schema as_of_july already"):
        _known(live, into="as_of_july")
    with pytest.raises(ValueError, match="cannot be a schema's name"):
        _known(live, into="public")
    assert rebuild(live.url, live.bootstrap, swap=False, say=lambda _: None).different == 0


def test_progress_tells_share_and_speed(live: Live) -> None:
    said: list[str] = []
    rebuild(live.url, live.bootstrap, swap=False, say=said.append)
    assert any("%" in words and words.endswith("/s") for words in said)
    assert said[-1] == "comparing"
