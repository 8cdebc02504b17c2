"""A rebuild beside the running worker: killed anywhere it leaves the figures as they were, and loses no adoption."""

import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final, LiteralString

import pytest

from tests.broker.conftest import Province
from tests.broker.load import Load
from tests.broker.test_evaluation_worker import BRANCHES, DISTRICT, MEETINGS, PROVINCE, tree, year
from tests.support.waiting import until

_WAITS = """
select count(*) from pg_stat_activity where application_name = 'evaluation-rebuild' and wait_event_type = 'Lock'
"""
_HERE = "select count(*) from pg_stat_activity where application_name = 'evaluation-rebuild'"


def _figures(province: Province) -> Sequence[object]:
    with province.connect() as conn:
        return conn.execute(
            "select unit_id, month, regular_held, present, tasks_assigned from unit_month order by 1, 2"
        ).fetchall()


def _until_said(process: subprocess.Popen[str], words: str) -> None:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if words in line:
            return
        said.append(line)
    raise AssertionError(f"it ended without saying {words!r}: {said}")


def _waits(province: Province) -> bool:
    return bool(province.scalar(_WAITS))


@contextmanager
def _held_up(province: Province, statement: LiteralString) -> Iterator[None]:
    """What `statement` locks stays locked."""
    with province.connect() as conn, conn.transaction():
        conn.execute(statement)
        yield


def _kill_while_reading(province: Province) -> None:
    with province.rebuild() as process:
        _until_said(process, "… read")
        process.send_signal(signal.SIGKILL)


def _kill_in(province: Province, step: str, lock: LiteralString) -> None:
    with province.rebuild() as process:
        _until_said(process, "… folding")
        with _held_up(province, lock):
            _until_said(process, f"… {step}")
            until(partial(_waits, province), what=f"the rebuild to be held up while {step}", seconds=9)
            process.send_signal(signal.SIGKILL)
            process.wait(30)


_KILLS: Final[dict[str, Callable[[Province], None]]] = {
    "reading": _kill_while_reading,
    # Comparing makes a table, whose name is taken until we end; the swap empties the copy of the units, after it has
    # locked every live table.
    "comparing": partial(_kill_in, step="comparing", lock="create table rebuilt.different ()"),
    "swapping": partial(_kill_in, step="swapping", lock="select from unit for update"),
}


@pytest.mark.parametrize("step", _KILLS)
def test_killed_it_leaves_the_figures_readable_and_the_next_one_succeeds(province: Province, step: str) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(1500))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 1500, what="the figures")
    before = _figures(province)
    _KILLS[step](province)
    until(lambda: not province.scalar(_HERE), what="PostgreSQL to see that it is gone")
    assert _figures(province) == before
    province.send_meetings(*year(100))
    until(lambda: province.held(PROVINCE) == 1600, what="the stream to go on")
    province.rebuilt()
    assert province.held(PROVINCE) == 1600
    assert province.scalar("select count(*) from pg_namespace where nspname = 'rebuilt'") == 0


def test_what_is_adopted_while_it_works_is_in_the_figures_once(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(2000))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 2000, what="the first figures")
    with Load(province, BRANCHES) as load:
        for _ in range(3):
            began = province.position(MEETINGS)
            province.rebuilt()
            assert province.position(MEETINGS) > began
    until(lambda: province.position(MEETINGS) == 2000 + load.events, what="everything merged")
    held = 2000 + sum(load.held.values())
    assert (province.held(PROVINCE), province.held(DISTRICT)) == (held, held)
    province.rebuilt("--verify")


def test_a_spoilt_sum_is_found_beside_a_busy_stream_and_its_cause_is_named(province: Province) -> None:
    province.send_units(*tree())
    province.send_meetings(*year(2000))
    province.worker.start()
    until(lambda: province.held(PROVINCE) == 2000, what="the first figures")
    with Load(province, BRANCHES):
        province.rebuilt("--verify")
        with province.connect() as conn:
            conn.execute("update unit_month set present = present + 1 where unit_id = %s", (DISTRICT,))
        with province.rebuild("--verify") as process:
            said, _ = process.communicate(timeout=300)
    assert process.returncode == 1
    for words in (f"U-{DISTRICT}", "2025-01", "present", "sum kept wrongly"):
        assert words in said
