"""The worker's loop that compares minutes, run as the process runs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest

from services.meetings.worker import Comparing
from shared import db
from shared.clock import Clock
from shared.together import Together
from tests.integration.meetings import minutes
from tests.integration.meetings.village import BRANCH, OTHER_BRANCH, Meetings
from tests.support import waiting


@contextmanager
def running(meetings: Meetings, folder: Path) -> Iterator[Comparing]:
    """The loop in a thread, stopped and joined at the end."""
    clock = folder / "clock"
    clock.write_text("2026-06-15T08:00:00+07:00")
    pool = db.open_pool(meetings.url, size=2, name="comparing-test")
    loop, stop = Comparing(pool, Clock(str(clock))), threading.Event()
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        yield loop
    finally:
        stop.set()
        thread.join()
        pool.close()


def _left(meetings: Meetings) -> int:
    with db.connect(meetings.url, name="test") as conn:
        (row,) = conn.execute("select count(*) from copy_queue").fetchall()
    return int(str(row[0]))


def test_minutes_adopted_while_it_runs_are_compared_and_told_of(meetings: Meetings, tmp_path: Path) -> None:
    meetings.feed("registry.roster.v1", minutes.roster(OTHER_BRANCH), minutes.roster(BRANCH) | {"version": 2})
    with running(meetings, tmp_path) as loop:
        rows = [
            minutes.row(unit_id, day, discussion=minutes.text(1), conclusion=minutes.text(2, 3))
            for unit_id, day in ((OTHER_BRANCH, date(2026, 6, 3)), (BRANCH, date(2026, 6, 4)))
        ]
        assert meetings.bring_in(meetings=rows).status == 200
        copied = waiting.until(
            lambda: [event for event in meetings.events() if event["copies"]], what="the copy's event", seconds=30
        )
        waiting.until(lambda: _left(meetings) == 0, what="an empty queue", seconds=30)
        assert loop.idle_because() is None
    (event,) = copied
    assert (event["meeting_id"], event["version"], event["copies"]["count"]) == (rows[1]["meeting_id"], 2, 1)


def test_a_database_that_is_away_is_waited_for(meetings: Meetings, tmp_path: Path) -> None:
    with running(meetings, tmp_path):
        with db.connect(meetings.url, name="test", autocommit=True) as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'comparing-test'"
            )
        meetings.adopted()
        waiting.until(lambda: _left(meetings) == 0, what="an empty queue", seconds=30)


def test_when_one_loop_fails_all_end_and_its_error_is_raised() -> None:
    class Failing:
        turned_at = 0.0

        def run(self, stop: threading.Event) -> None:
            raise psycopg.ProgrammingError("broken")

        def idle_because(self) -> str | None:
            return "broken"

    class Waiting(Failing):
        def run(self, stop: threading.Event) -> None:
            stop.wait()

        def idle_because(self) -> str | None:
            return None

    both = Together([Waiting(), Failing()])
    assert both.idle_because() == "broken"
    with pytest.raises(psycopg.ProgrammingError):
        both.run(threading.Event())
