"""The supervisor: restarts what dies or hangs, stops all, and leaves nothing when it is itself killed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from deploy.local.errors import LocalError
from deploy.local.leftovers import note_pids, sweep
from deploy.local.process import Child, Command
from deploy.local.supervisor import Supervisor, Watched
from tests.support.waiting import until

# Writes its own id and that of a child of its own, then waits to be ended.
_PROGRAM = """
import os, pathlib, signal, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
path = pathlib.Path(sys.argv[1])
path.with_suffix(".new").write_text(f"{os.getpid()} {helper.pid}")
path.with_suffix(".new").replace(path)
signal.pause()
"""
_KEEPER = """
import pathlib, sys
from tests.integration.local.test_supervisor import watched
from deploy.local.supervisor import Supervisor
folder = pathlib.Path(sys.argv[1])
supervisor = Supervisor(folder)
supervisor.add([watched(folder, "first"), watched(folder, "second")])
supervisor.wait_ready(["first", "second"], 30)
print("ready", flush=True)
sys.stdin.read()
"""


def watched(folder: Path, name: str, alive: Callable[[], bool] | None = None) -> Watched:
    """A process of the tiny program, ready when it has written down its ids."""
    note = folder / f"{name}.pids"
    command = Command(name, [sys.executable, "-c", _PROGRAM, str(note)], folder / f"{name}.log", grace=5.0)
    return Watched(Child(command), ready=note.exists, alive=alive)


def _gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _pids(folder: Path, name: str) -> list[int]:
    return [int(word) for word in (folder / f"{name}.pids").read_text().split()]


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    """A supervisor that takes a process for hung after half a second of failing probes."""
    made = Supervisor(tmp_path, unhealthy_after=0.5, probe_every=0.1)
    yield made
    made.stop()


def test_what_dies_is_started_again_and_nothing_of_it_remains(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.add([watched(tmp_path, "first")])
    supervisor.wait_ready(["first"], 30)
    process = supervisor.processes["first"]
    before = _pids(tmp_path, "first")
    supervisor.kill("first")
    until(lambda: process.pid is not None and process.pid not in before, what="the supervisor")
    assert process.restarts == 1
    assert all(_gone(pid) for pid in before)


def test_a_process_that_no_longer_answers_is_started_again(tmp_path: Path, supervisor: Supervisor) -> None:
    hung = tmp_path / "hung"
    supervisor.add([watched(tmp_path, "first", alive=lambda: not hung.exists())])
    supervisor.wait_ready(["first"], 30)
    process = supervisor.processes["first"]
    before = process.pid
    hung.touch()
    until(lambda: process.restarts > 0, what="the supervisor")
    hung.unlink()
    until(lambda: process.state == "running" and process.pid not in (None, before), what="the supervisor")


def test_a_held_process_stays_down_until_released(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.add([watched(tmp_path, "first"), watched(tmp_path, "second")])
    supervisor.wait_ready(["first", "second"], 30)
    supervisor.hold("first")
    supervisor.kill("second")
    until(lambda: supervisor.processes["second"].restarts == 1, what="the supervisor")
    until(lambda: supervisor.processes["second"].pid is not None, what="the supervisor")
    assert supervisor.processes["first"].state == "held"
    assert supervisor.processes["first"].pid is None
    supervisor.release("first")
    supervisor.wait_ready(["first"], 30)
    assert supervisor.processes["first"].restarts == 0


def test_stop_ends_every_process_and_its_children(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.add([watched(tmp_path, "first"), watched(tmp_path, "second")])
    supervisor.wait_ready(["first", "second"], 30)
    pids = _pids(tmp_path, "first") + _pids(tmp_path, "second")
    supervisor.stop(["second"], ["first"])
    until(lambda: all(_gone(pid) for pid in pids), what="the supervisor")
    assert {process.state for process in supervisor.processes.values()} == {"stopped"}
    assert not (tmp_path / "pids.json").exists()


def test_one_that_never_becomes_ready_is_named_with_its_last_words(tmp_path: Path, supervisor: Supervisor) -> None:
    argv = [sys.executable, "-c", "print('no such table'); raise SystemExit(3)"]
    supervisor.add([Watched(Child(Command("broken", argv, tmp_path / "broken.log")), ready=lambda: False)])
    with pytest.raises(LocalError, match="broken did not become ready") as caught:
        supervisor.wait_ready(["broken"], 60)
    assert "no such table" in caught.value.vi
    assert supervisor.processes["broken"].child.exit_code == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only; elsewhere the sweep does")
def test_a_killed_supervisor_leaves_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as keeper:
        assert keeper.stdout is not None
        assert keeper.stdout.readline() == b"ready\n"
        (first, first_helper), (second, second_helper) = _pids(tmp_path, "first"), _pids(tmp_path, "second")
        keeper.kill()
        keeper.wait()
    until(lambda: _gone(first) and _gone(second), what="the supervisor")
    # Children of the children are no longer anyone's: the next start ends them by their session.
    assert set(sweep(tmp_path / "pids.json")) == {first_helper, second_helper}
    until(lambda: _gone(first_helper) and _gone(second_helper), what="the supervisor")


def test_the_sweep_spares_a_stranger_with_a_noted_number(tmp_path: Path) -> None:
    notes = tmp_path / "pids.json"
    stranger = watched(tmp_path, "stranger").child
    stranger.spawn()
    try:
        note_pids(notes, [stranger])
        notes.write_text(json.dumps([[pid, began - 3600] for pid, began in json.loads(notes.read_text())]))
        assert sweep(notes) == []
        assert stranger.running
    finally:
        stranger.kill_tree()
    assert not stranger.running
