"""What every rehearsal has: its options, the suite under way, the phases, who sends."""

import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from deploy.local.demo import watch
from deploy.local.demo.client import Client
from deploy.local.demo.drive import Driver
from deploy.local.demo.kills import Killer
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.oracle_parts import SETTLES_LATER
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.state import State
from deploy.local.demo.steps import Secretary, subject_of
from deploy.local.demo.year import Year
from deploy.local.errors import LocalError
from deploy.local.suite import Suite
from deploy.local.table import SERVICES
from shared.months import add

PATIENCE: Final = 300.0
COMPARED_WITHIN: Final = 0.02
"""Seconds in which one set of minutes is compared with others, at the most (docs/meetings.md: 4 to 9 ms)."""


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to rehearse. `data` None: a temporary folder, removed at the end. `kills`: how often something is killed."""

    province: str = "Gia Lai"
    branches: int | None = None
    months: int = 12
    seed: int = 1
    data: Path | None = None
    stack: str = "embedded"
    patience: float = PATIENCE
    kills: int = 0


class Demo:
    """A rehearsal under way, as callbacks see it: the suite, the client, the state, and the province's committee."""

    def __init__(self, options: Options, state: State, suite: Suite, client: Client) -> None:
        self.options = options
        self.state = state
        self.suite = suite
        self.client = client
        self.root_id = ""
        self.token = ""

    @property
    def restarts(self) -> dict[str, int]:
        """How often each process that ended was started again."""
        return {name: watched.restarts for name, watched in self.suite.processes.items() if watched.restarts}

    def killing(self, *, decides: bool = False) -> Killer:
        """What kills processes as often as the options say; `decides`: also around a decision."""
        return Killer(self.suite, self.state, self.options.kills, self.options.seed, decides=decides)

    def arrived(self, oracle: Oracle, root: str, root_id: str, month: str, but: Collection[str] = ()) -> bool:
        """Wait until a province's own figures of a month, `but` some, are right; whether they were in time.

        Where copies are waited for, patience grows with the minutes that one worker has to read.
        """
        patience = self.options.patience + (0.0 if set(but) >= SETTLES_LATER else COMPARED_WITHIN * self.state.meetings)
        expected = {name: value for name, value in oracle.figures([month])[month][root].items() if name not in but}
        return watch.figures_arrived(self.client, self.token, root_id, month, expected, patience)


OnPhase = Callable[[str, Demo], None]
"""Told each phase as it begins: `ready`, `registering`, `sending YYYY-MM`, `progress` (after every batch or group of
steps), `waiting YYYY-MM`, `comparing`, `done`. It runs in the rehearsal's own thread."""


@contextmanager
def opened(options: Options, state: State, first: str) -> Iterator[tuple[Demo, RehearsalClock]]:
    """A suite of its own, its clock set to where the month before `first` is closed."""
    with _folder(options.data) as folder:
        state.folder = str(folder)
        clock = RehearsalClock(folder / "clock", Year.closes_at(add(first, -1)))
        state.phase = "khởi động"
        began = time.monotonic()
        suite = Suite(
            folder,
            stack=options.stack,
            clock_file=clock.file,
            ephemeral=options.data is None,
            progress=False,
            say=lambda words: setattr(state, "phase", words),
        )
        with suite, Client({name: suite.url(name) for name in SERVICES}, patience=options.patience) as client:
            state.seconds["start"] = time.monotonic() - began
            yield Demo(options, state, suite, client), clock


def driver_of(demo: Demo, year: Year, clock: RehearsalClock, oracle: Oracle, on_phase: OnPhase) -> Driver:
    """What sends `year`, each branch with the token of its own secretary."""
    tokens: dict[int, str] = {}

    def token_of(branch: int) -> str:
        if branch not in tokens:
            unit_id = year.branches[branch].unit_id
            tokens[branch] = demo.suite.mint_token("branch_secretary", unit_id, subject_of(unit_id))
        return tokens[branch]

    return Driver(
        demo.client,
        demo.token,
        Secretary(demo.client, token_of, demo.token),
        clock,
        oracle,
        demo.state,
        lambda: on_phase("progress", demo),
    )


@contextmanager
def phase(demo: Demo, name: str, words: str, on_phase: OnPhase, timed_as: str = "") -> Iterator[None]:
    """A part of a rehearsal: shown as `words`, told as `name`, its seconds kept under `timed_as`."""
    demo.state.phase = words
    on_phase(name, demo)
    began = time.monotonic()
    yield
    seconds = demo.state.seconds
    seconds[timed_as or name] = seconds.get(timed_as or name, 0.0) + time.monotonic() - began


@contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    if named is None:
        folder = Path(tempfile.mkdtemp(prefix="nenep-demo-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    if named.exists() and any(named.iterdir()):
        raise LocalError(
            f"{named}: thư mục đã có dữ liệu; diễn tập cần thư mục trống. Chọn thư mục khác cho --data.",
            f"{named} is not empty; a rehearsal starts from nothing. Name another folder with --data.",
        )
    named.mkdir(parents=True, exist_ok=True)
    yield named.resolve()
