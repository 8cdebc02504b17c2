"""Keeps the suite's processes running: starts, watches, restarts and stops them, and leaves none behind."""

import contextlib
import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import LocalError
from deploy.local.leftovers import cut_log, note_pids, sweep
from deploy.local.process import Child

FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 10.0
SETTLED_AFTER = 30.0  # seconds of life after which the backoff starts anew
UNHEALTHY_AFTER = 30.0  # seconds of failing probes after which a process is restarted
PROBE_EVERY = 5.0
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Watched:
    """A process under supervision and what has become of it.

    `ready` says whether it does its work, `alive` whether it turns at all; both ask the process and must be quick.
    `state` is starting, running, waiting (for its next start), held (stopped until released) or stopped.
    """

    child: Child
    ready: Callable[[], bool]
    alive: Callable[[], bool] | None = None
    restarts: int = 0
    state: str = "stopped"
    wanted: bool = True
    backoff: float = FIRST_BACKOFF
    next_start: float = 0.0
    failing_since: float | None = None

    @property
    def name(self) -> str:
        """The process's name in the suite, as `meetings-relay`."""
        return self.child.command.name

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self.child.pid if self.child.running else None


class Supervisor:
    """Runs processes until `stop`.

    Everything is started from one thread that lives as long as the supervisor, because the kernel ends a child when
    the thread that started it ends (see Child.spawn). Process ids are kept in `folder/pids.json`: what outlived a
    killed supervisor all the same is ended when the next one starts there.
    """

    def __init__(
        self,
        folder: Path,
        changed: Callable[[], None] = lambda: None,
        *,
        unhealthy_after: float = UNHEALTHY_AFTER,
        probe_every: float = PROBE_EVERY,
    ) -> None:
        self._unhealthy_after = unhealthy_after
        self._probe_every = probe_every
        self._pids_file = folder / "pids.json"
        self._changed = changed
        self._watched: dict[str, Watched] = {}
        self._orders: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ending = threading.Event()
        folder.mkdir(parents=True, exist_ok=True)
        sweep(self._pids_file)
        self._keeper = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._prober = threading.Thread(target=self._probe, name="supervisor-probes", daemon=True)
        self._keeper.start()
        self._prober.start()

    @property
    def processes(self) -> dict[str, Watched]:
        """What is watched, by name, in the order it was added."""
        return dict(self._watched)

    def add(self, processes: Iterable[Watched]) -> None:
        """Start processes and keep them running."""
        for watched in processes:
            self._watched[watched.name] = watched

    def wait_ready(self, names: Iterable[str], timeout: float, say: Callable[[str], None] = lambda _: None) -> None:
        """Wait until all of `names` are ready.

        Raises LocalError, naming one that is not and the end of its log, after `timeout` seconds or as soon as one
        has died four times.
        """
        missing = [self._watched[name] for name in names]
        deadline = time.monotonic() + timeout
        while missing:
            missing = [watched for watched in missing if not (watched.child.running and watched.ready())]
            if not missing:
                break
            say(", ".join(watched.name for watched in missing))
            doomed = next((watched for watched in missing if watched.restarts > 3), None)
            if doomed or time.monotonic() > deadline:
                self._give_up(doomed or missing[0])
            time.sleep(0.1)

    def _give_up(self, watched: Watched) -> None:
        log = watched.child.command.log
        raise LocalError(
            f"{watched.name} chưa sẵn sàng. Xem {log}. Cuối nhật ký:\n{watched.child.tail()}",
            f"{watched.name} did not become ready. See {log}; its end is above.",
        )

    def hold(self, name: str) -> None:
        """Stop a process and keep it stopped until `release`, for fault tests."""
        watched = self._watched[name]
        self._order(lambda: self._halt(watched))

    def release(self, name: str) -> None:
        """Let a held process run again."""
        watched = self._watched[name]
        watched.wanted, watched.next_start = True, 0.0

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Send a signal to a process; when that ends it, it is started again."""
        self._watched[name].child.signal(number)

    def stop(self, *groups: Iterable[str]) -> None:
        """Stop group after group of names, the members of one together, then whatever is left; ends the supervisor."""
        named = [list(group) for group in groups]
        rest = [name for name in self._watched if not any(name in group for group in named)]
        for group in (*named, rest):
            members = [self._watched[name] for name in group if name in self._watched]
            self._order(lambda members=members: self._halt_all(members))  # type: ignore[misc]  # bound at once
        self._ending.set()
        self._keeper.join()
        self._prober.join()
        self._pids_file.unlink(missing_ok=True)

    def _order(self, work: Callable[[], None]) -> None:
        """Have the keeper's thread do `work`, and wait for it; an error of the work is raised here."""
        done = threading.Event()
        failure: list[BaseException] = []

        def run() -> None:
            try:
                work()
            except BaseException as error:  # handed over to the caller's thread
                failure.append(error)
            finally:
                done.set()

        self._orders.put(run)
        done.wait()
        if failure:
            raise failure[0]

    def _halt(self, watched: Watched) -> None:
        self._halt_all([watched])
        watched.state = "held"

    def _halt_all(self, members: list[Watched]) -> None:
        for watched in members:
            watched.wanted = False
            if watched.child.running:
                watched.child.signal(watched.child.command.stop_signal)
        deadline = time.monotonic() + max((w.child.command.grace for w in members), default=0.0)
        for watched in members:
            watched.child.wait(max(0.0, deadline - time.monotonic()))
            watched.child.kill_tree()
            watched.state = "stopped"
        self._changed()

    def _keep(self) -> None:
        cut_at = time.monotonic()
        while not self._ending.is_set():
            with contextlib.suppress(queue.Empty):
                self._orders.get(timeout=0.1)()
            for watched in list(self._watched.values()):
                self._look_after(watched)
            if time.monotonic() - cut_at > 10:
                cut_at = time.monotonic()
                for watched in list(self._watched.values()):
                    cut_log(watched.child.command.log)

    def _look_after(self, watched: Watched) -> None:
        child, now = watched.child, time.monotonic()
        if not watched.wanted:
            return
        if child.running:
            if watched.backoff > FIRST_BACKOFF and time.time() - child.started_at > SETTLED_AFTER:
                watched.backoff = FIRST_BACKOFF
            if watched.failing_since is not None and now - watched.failing_since > self._unhealthy_after:
                _log.warning("%s has not answered for %.0f s; restarting it", watched.name, self._unhealthy_after)
                child.kill_tree()
            return
        if watched.state in ("starting", "running"):
            child.kill_tree()  # what the dead process left
            watched.state, watched.next_start = "waiting", now + watched.backoff
            watched.restarts += 1
            code = child.exit_code
            _log.warning("%s ended with %s; starting it again in %.1f s", watched.name, code, watched.backoff)
            watched.backoff = min(watched.backoff * 2, LONGEST_BACKOFF)
            self._changed()
        elif now >= watched.next_start:
            try:
                child.spawn()
            except OSError:
                _log.exception("%s could not be started", watched.name)
                watched.next_start, watched.restarts = now + watched.backoff, watched.restarts + 1
                watched.backoff = min(watched.backoff * 2, LONGEST_BACKOFF)
                return
            watched.state, watched.failing_since = "starting", None
            note_pids(self._pids_file, [each.child for each in self._watched.values() if each.child.running])
            self._changed()

    def _probe(self) -> None:
        probe_at = 0.0
        while not self._ending.wait(0.5):
            for watched in list(self._watched.values()):
                if watched.state == "starting" and watched.child.running and watched.ready():
                    watched.state = "running"
                    self._changed()
            if time.monotonic() > probe_at:
                probe_at = time.monotonic() + self._probe_every
                for watched in list(self._watched.values()):
                    self._probe_one(watched)

    def _probe_one(self, watched: Watched) -> None:
        if watched.alive is None or not watched.child.running or watched.alive():
            watched.failing_since = None
        elif watched.failing_since is None:
            watched.failing_since = time.monotonic()
