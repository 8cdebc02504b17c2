"""The due check: each month once, after its last reporting day, never far back, never behind the topics."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.notifications import stream, views
from services.notifications.due import DueCheck
from services.notifications.merge import Merge
from services.notifications.settings import NotificationsSettings
from services.notifications.store import meetings as store
from shared import db
from shared.clock import LOCAL
from shared.kafka import batch
from tests.integration.notifications.province import (
    BRANCH,
    COMMUNE,
    OTHER_BRANCH,
    RehearsalClock,
    Topics,
    meeting,
    unit,
)
from tests.support.waiting import until

BEFORE_DEADLINE = datetime(2026, 8, 2, 23, 59, 59, tzinfo=LOCAL)
AFTER_DEADLINE = datetime(2026, 8, 3, 0, 0, 0, tzinfo=LOCAL)


@pytest.fixture
def july(pool: db.Pool) -> None:
    """Every month before July 2026 has been examined."""
    with pool.connection() as conn:
        store.set_examined_through(conn, "2026-06")


def check(
    pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock, *, caught_up: bool = True
) -> list[str]:
    return DueCheck(pool, settings, clock, lambda: caught_up).turn()


def about(pool: db.Pool, recipient: object = COMMUNE, state: views.State = "open") -> list[tuple[object, str]]:
    assert isinstance(recipient, type(COMMUNE))
    with pool.connection() as conn:
        return sorted(
            (notice.about_unit.unit_id, notice.period) for notice in views.inbox(conn, recipient, state, None, 100)
        )


@pytest.mark.usefixtures("july")
def test_a_silent_branch_is_told_of_once_its_last_reporting_day_is_over(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    topics.meetings(meeting(date(2026, 7, 3)))
    clock.instant = BEFORE_DEADLINE
    assert check(pool, settings, clock) == []
    clock.instant = AFTER_DEADLINE
    assert check(pool, settings, clock) == ["2026-07"]
    assert check(pool, settings, clock) == []
    assert about(pool) == [(OTHER_BRANCH, "2026-07")]
    with pool.connection() as conn:
        (notice,) = views.inbox(conn, OTHER_BRANCH, "open", None, 10)
    assert notice.words.title.vi == "Chưa có biên bản sinh hoạt thường kỳ tháng 07/2026: Chi bộ thôn 2"
    assert "ngày 02/08/2026" in notice.words.text.vi


@pytest.mark.usefixtures("july")
def test_what_a_branch_recorded_as_not_held_is_answered_and_a_plan_or_a_theme_is_not(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    nothing: dict[str, Any] = {"attendance": None, "minutes": None, "adopted_at": None, "tasks_assigned": 0}
    topics.meetings(
        meeting(date(2026, 7, 3), status="not_held", **nothing),
        meeting(date(2026, 7, 3), status="planned", unit_id=str(OTHER_BRANCH), **nothing),
        meeting(date(2026, 7, 9), kind="thematic", unit_id=str(OTHER_BRANCH)),
    )
    clock.instant = AFTER_DEADLINE
    check(pool, settings, clock)
    assert about(pool) == [(OTHER_BRANCH, "2026-07")]


@pytest.mark.usefixtures("july")
def test_minutes_that_come_later_end_the_notice(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    clock.instant = AFTER_DEADLINE
    check(pool, settings, clock)
    assert about(pool) == [(BRANCH, "2026-07"), (OTHER_BRANCH, "2026-07")]
    topics.meetings(meeting(date(2026, 7, 31)))
    assert about(pool) == [(OTHER_BRANCH, "2026-07")]
    assert about(pool, state="resolved") == [(BRANCH, "2026-07")]


@pytest.mark.usefixtures("july")
def test_a_branch_closed_before_the_months_end_owes_nothing_even_when_that_is_learned_later(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    topics.units(unit(BRANCH, "branch", COMMUNE, "Chi bộ thôn 1", version=2, valid_to="2026-07-31"))
    clock.instant = AFTER_DEADLINE
    check(pool, settings, clock)
    assert about(pool) == [(OTHER_BRANCH, "2026-07")]
    topics.units(unit(OTHER_BRANCH, "branch", COMMUNE, "Chi bộ thôn 2", version=2, valid_to="2026-07-15"))
    assert about(pool) == []


@pytest.mark.usefixtures("july")
def test_nothing_is_examined_while_records_wait_to_be_merged(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    clock.instant = AFTER_DEADLINE
    assert check(pool, settings, clock, caught_up=False) == []
    assert about(pool) == []
    assert check(pool, settings, clock) == ["2026-07"]


def test_a_new_installation_looks_back_no_further_than_it_should(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    clock.instant = datetime(2026, 8, 10, tzinfo=UTC)
    assert check(pool, settings, clock) == ["2026-05", "2026-06", "2026-07"]
    clock.instant = datetime(2027, 8, 10, tzinfo=UTC)
    assert check(pool, settings, clock) == ["2027-05", "2027-06", "2027-07"]


@pytest.mark.usefixtures("july")
def test_minutes_that_are_being_merged_during_the_check_leave_no_notice_behind(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    clock.instant = AFTER_DEADLINE
    due = DueCheck(pool, settings, clock, lambda: True)
    records = topics.records("meetings.meeting.v1", [meeting(date(2026, 7, 3))])
    with ThreadPoolExecutor(1) as other_thread:
        with pool.connection() as merging:
            batch.merge(merging, stream.GROUP, records, stream.decode, Merge(settings, clock))
            examined = other_thread.submit(due.turn)
            wait_until_locked_out(pool)
        assert examined.result(timeout=30) == ["2026-07"]
    assert about(pool) == [(OTHER_BRANCH, "2026-07")]


@pytest.mark.usefixtures("july")
def test_two_workers_examine_a_month_once(
    topics: Topics, pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock
) -> None:
    clock.instant = AFTER_DEADLINE
    due = DueCheck(pool, settings, clock, lambda: True)
    with ThreadPoolExecutor(1) as other_thread:
        with pool.connection() as examining:
            store.hold_months(examining)
            other = other_thread.submit(due.turn)
            wait_until_locked_out(pool)
            store.set_examined_through(examining, "2026-07")
        assert other.result(timeout=30) == []
    assert about(pool) == []


def wait_until_locked_out(pool: db.Pool) -> None:
    """Wait until a connection waits for an advisory lock that another holds."""

    def waits() -> bool:
        with pool.connection() as conn:
            row = conn.execute(
                "select 1 from pg_locks where locktype = 'advisory' and not granted and database = "
                "(select oid from pg_database where datname = current_database())"
            ).fetchone()
        return row is not None

    until(waits, what="somebody to wait for the lock")
