"""A child process of the suite: how it starts, is stopped, and never outlives who started it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1
# PyDLL keeps the interpreter's lock over the call: between fork and exec no other thread exists to give it back.
_libc = ctypes.PyDLL(None) if sys.platform == "linux" else None


def _follow_parent(parent: int, orphan_signal: int) -> Callable[[], None]:
    """What the child does before exec: ask the kernel for `orphan_signal` when its parent dies."""

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, orphan_signal)
            if os.getppid() != parent:  # the parent died before the request
                os._exit(1)

    return ask


@dataclass(frozen=True)
class Command:
    """What to run.

    `log` takes stdout and stderr. `user` is the account to run as, when started by root. `grace` is the seconds
    between `stop_signal` and SIGKILL. `orphan_signal` is what the kernel sends when the starter is gone. `before` is
    called ahead of every start.
    """

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    grace: float = 15.0
    before: Callable[[], None] | None = None


class Child:
    """One run after another of a command; every run is its own session, so that its group can be signalled."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self.started_at = 0.0
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the present or last run."""
        return self._popen.pid if self._popen else None

    @property
    def exit_code(self) -> int | None:
        """How the last run ended (negative: by that signal); None while it runs or before the first."""
        return self._popen.poll() if self._popen else None

    @property
    def running(self) -> bool:
        """Whether a run is alive now."""
        return self._popen is not None and self._popen.poll() is None

    def spawn(self) -> None:
        """Start a run.

        The kernel's parent-death signal is tied to the starting *thread* (prctl(2), PR_SET_PDEATHSIG): call this from
        a thread that lives as long as the child should.
        """
        if self.running:
            raise RuntimeError(f"{self.command.name} is already running")
        if self.command.before is not None:
            self.command.before()
        self.command.log.parent.mkdir(parents=True, exist_ok=True)
        # O_APPEND, because the log is cut in place when it grows (copy and truncate).
        with self.command.log.open("ab") as log:
            self._popen = subprocess.Popen(
                list(self.command.argv),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **self.command.env},
                cwd=self.command.cwd,
                start_new_session=True,
                # It takes no lock (see _follow_parent), which is what makes preexec_fn unsafe with threads.
                preexec_fn=_follow_parent(os.getpid(), self.command.orphan_signal),  # noqa: PLW1509
                user=self.command.user,
                group=self.command.user,
                extra_groups=None if self.command.user is None else [],
            )
        self.started_at = psutil.Process(self._popen.pid).create_time()  # not yet reaped, so it is there

    def signal(self, number: int) -> None:
        """Send a signal to the main process of the run; nothing happens when it is gone."""
        if self._popen is not None:
            self._popen.send_signal(number)

    def kill_tree(self) -> None:
        """SIGKILL the run with all its descendants, also those that made a session of their own, and wait for them."""
        if self._popen is not None:
            kill_session(self._popen.pid, self.started_at)
            self._popen.wait()

    def wait(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the run to end; whether it did."""
        if self._popen is None:
            return True
        try:
            self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End the run: the command's stop signal, its grace, then SIGKILL to all that is left of it."""
        if self.running:
            self.signal(self.command.stop_signal)
            self.wait(self.command.grace)
        self.kill_tree()

    def tail(self, lines: int = 12) -> str:
        """The last lines of the log, for a message about a failure."""
        try:
            text = self.command.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.splitlines()[-lines:])


def kill_session(leader: int, began: float) -> list[int]:
    """SIGKILL the session that process `leader` began at time `began`, with all descendants; wait until it is gone.

    Returns the ids that were found. Nothing happens when the number has since gone to another process.
    """
    with suppress(psutil.NoSuchProcess):
        if abs(psutil.Process(leader).create_time() - began) > 1.0:
            return []
    doomed: dict[int, psutil.Process] = {}
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                doomed[process.pid] = process
                doomed.update({child.pid: child for child in process.children(recursive=True)})
    for process in doomed.values():
        with suppress(psutil.NoSuchProcess):
            process.kill()
    deadline = time.monotonic() + 10
    while any(_lives(process) for process in doomed.values()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return sorted(doomed)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
