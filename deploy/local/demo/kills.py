"""SIGKILL of the suite's processes at moments drawn from a seed: while minutes are sent, and around a decision."""

import itertools
import random
import signal
import threading
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from deploy.local.demo.state import State
from deploy.local.suite import Suite

if TYPE_CHECKING:
    from deploy.local.demo.stage import Demo

DECISION: Final = ("deciding", "reorganising", "settling")
_LOOK_EVERY: Final = 0.02
_DELAY: Final = 1.5
_APART: Final = frozenset({"mail"})


class Killer:
    """Kills `count` times: every process in its turn, in an order drawn from `seed`.

    The moments of the sending are numbers of meetings that have been accepted, drawn from the seed; a thread of its own
    watches for them, so that requests and batches are under way. A third of the kills is kept for the phases of a
    decision, where there is one, each up to a second and a half after a phase began.
    """

    def __init__(self, suite: Suite, state: State, count: int, seed: int, *, decides: bool) -> None:
        self.killed: dict[str, int] = {}
        self._suite = suite
        self._state = state
        self._rng = random.Random(f"{seed}:kills")  # noqa: S311 - a rehearsal's data, not a secret
        self._victims = self._turns([name for name in suite.processes if name not in _APART])
        kept = max(count // 3, min(count, len(DECISION))) if decides else 0
        self._of_phases = {phase: kept // len(DECISION) + (place < kept % len(DECISION))
                           for place, phase in enumerate(DECISION)}  # fmt: skip
        self._shares = sorted(self._rng.uniform(0.02, 0.98) for _ in range(count - kept))
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._timers: list[threading.Timer] = []
        self._thread = threading.Thread(target=self._watch, name="demo-kills", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        for timer in self._timers:
            timer.cancel()
            timer.join()

    def on_phase(self, phase: str, demo: "Demo") -> None:
        """Told each phase as it begins (stage.OnPhase)."""
        for _ in range(self._of_phases.get(phase, 0)):
            timer = threading.Timer(self._rng.uniform(0, _DELAY), self._kill)
            timer.start()
            self._timers.append(timer)

    def _watch(self) -> None:
        while self._shares and not self._ending.wait(_LOOK_EVERY):
            while self._shares and self._state.meetings >= self._shares[0] * max(1, self._state.expected):
                self._shares.pop(0)
                self._kill()

    def _kill(self) -> None:
        with self._lock:
            # One that is about to start again has nothing to lose; its turn goes to the next.
            victim = next(name for name in self._victims if self._suite.processes[name].pid is not None)
            self.killed[victim] = self.killed.get(victim, 0) + 1
            self._suite.kill(victim, signal.SIGKILL)

    def _turns(self, names: Sequence[str]) -> Iterator[str]:
        for _ in itertools.count():
            yield from self._rng.sample(names, len(names))
