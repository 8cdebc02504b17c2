"""Many events at once: what is impossible of them crosses processes, keeps nothing alive, and nobody works on alone."""

import gc
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from services.evaluation import bulk, decode
from shared.envelope import Attributes, Received, to_record
from shared.errors import Impossible
from tests.support.events import event, meeting
from tests.support.waiting import until

MEETINGS = "meetings.meetings.v1"
_WORKS = """
import sys
from services.evaluation import bulk
from tests.unit.evaluation.test_bulk import work
if __name__ == "__main__":
    list(bulk.each(work, [(path,) for path in sys.argv[1:]], records=10**6))
"""


def _impossible(count: int) -> Sequence[Received]:
    headers = to_record(event("meetings.meeting.v1", meeting(uuid4(), "2025-06"))).headers
    return [Received(MEETINGS, 0, offset, b"key", b'{"half": ', headers) for offset in range(count)]


@pytest.mark.skipif((psutil.cpu_count() or 1) < 2, reason="one core: nothing is done in another process")
def test_what_is_impossible_comes_back_from_another_process_with_its_reason() -> None:
    calls = [(_impossible(count), decode.meeting) for count in (1, 2, 3)]
    done = list(bulk.each(bulk.decoded, calls, records=10**6))
    reasons = [(reason.reason, bool(reason.detail)) for _, rejected in done for _, reason in rejected]
    assert reasons == [("malformed", True)] * 6


class _Big:
    """What was decoded beside something impossible."""


def test_what_is_impossible_keeps_nothing_else_alive() -> None:
    made: list[weakref.ref[_Big]] = []

    def decode_(record: Received, about: Attributes) -> _Big:
        if record.offset == 2:
            try:
                int("third")
            except ValueError:
                raise Impossible("impossible-value", "the third") from None
        big = _Big()
        made.append(weakref.ref(big))
        return big

    found, rejected = bulk.decoded(_impossible(4), decode_)
    assert (len(found), [reason.detail for _, reason in rejected]) == (3, ["the third"])
    del found
    gc.collect()
    assert [one() for one in made] == [None] * 3


def work(path: str) -> None:
    """Say that it is being done, and take long."""
    Path(path).touch()
    threading.Event().wait(300)


@pytest.mark.skipif((psutil.cpu_count() or 1) < 2, reason="one core: nothing is done in another process")
def test_who_is_killed_leaves_nobody_at_work(tmp_path: Path) -> None:
    """A helper that worked on would write into the tables of the next rebuild."""
    paths = [tmp_path / "helper", tmp_path / "itself"]
    with subprocess.Popen([sys.executable, "-c", _WORKS, *map(str, paths)]) as process:
        try:
            until(lambda: all(path.exists() for path in paths), what="both to be at work")
            helpers = psutil.Process(process.pid).children()
        finally:
            process.send_signal(signal.SIGKILL)
    try:
        until(lambda: not any(_lives(one) for one in helpers), what="its helpers to end", seconds=20)
    finally:
        for one in helpers:
            if _lives(one):
                one.kill()


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
