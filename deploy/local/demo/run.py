"""The rehearsal from start to end: suite, province, year, comparison."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec

from deploy.local.demo import compare, compare_registry, register, villages, watch
from deploy.local.demo.client import Client
from deploy.local.demo.compare import Comparison
from deploy.local.demo.drive import Driver
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.province import Province, build
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.state import State
from deploy.local.demo.steps import Secretary, subject_of
from deploy.local.demo.year import LAST_MONTH, Ids, Year
from deploy.local.errors import LocalError
from deploy.local.suite import Suite
from deploy.local.table import SERVICES
from shared.clock import local_day
from shared.months import add, first_day

PATIENCE: Final = 300.0


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What to rehearse. `data` None: a temporary folder, removed at the end."""

    province: str = "Gia Lai"
    branches: int | None = None
    months: int = 12
    seed: int = 1
    data: Path | None = None
    stack: str = "embedded"
    patience: float = PATIENCE


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a rehearsal did and measured; times in seconds, rates a second."""

    province: str
    seed: int
    months: list[str]
    branches: int
    units: int
    members: int
    counts: dict[str, Any]
    requests: int
    requests_sent_again: int
    meetings_per_second: float
    seconds: dict[str, float]
    late_to_catch_up: list[str]
    restarts: dict[str, int]
    comparison: Comparison
    equal: bool


class Demo:
    """A rehearsal under way, as callbacks see it: the suite, the client, the state, and the province's committee."""

    def __init__(self, options: Options, state: State, suite: Suite, client: Client) -> None:
        self.options = options
        self.state = state
        self.suite = suite
        self.client = client
        self.root_id = ""
        self.token = ""


OnPhase = Callable[[str, Demo], None]
"""Told each phase as it begins: `ready`, `registering`, `sending YYYY-MM`, `progress` (after every batch or group of
steps), `waiting YYYY-MM`, `comparing`, `done`. It runs in the rehearsal's own thread."""


def run_demo(
    options: Options,
    on_phase: OnPhase = lambda phase, demo: None,
    *,
    state: State | None = None,
    stay: Callable[[Demo, Result], None] | None = None,
) -> Result:
    """Rehearse, compare every figure, and say what came out; `stay` is called at the end, the suite still up.

    Raises LocalError when an option is wrong, a server does not start or a door refuses what the rehearsal sends.
    """
    state = state if state is not None else State()
    first = add(LAST_MONTH, 1 - options.months)
    province = build(options.province, branches=options.branches, seed=options.seed, first_month=first_day(first))
    state.province = province.name
    with opened(options, state, first) as (demo, clock):
        result = _rehearse(demo, province, clock, on_phase)
        if stay is not None:
            stay(demo, result)
        return result


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


def _rehearse(demo: Demo, province: Province, clock: RehearsalClock, on_phase: OnPhase) -> Result:
    options, state, client = demo.options, demo.state, demo.client
    on_phase("ready", demo)
    demo.token = demo.suite.mint_token("province_admin", None, subject_of("demo"))
    enrolled_on = local_day(clock.now)
    with phase(demo, "registering", "đưa tổ chức và đảng viên vào sổ", on_phase):
        demo.root_id, *_ = register.register(client, demo.token, province)
    with phase(demo, "preparing", "chuẩn bị biên bản", on_phase):
        ids = register.read_ids(client, demo.token, [demo.root_id])
        settled, before = villages.villages(province, options.seed), add(LAST_MONTH, -options.months)
        goals = villages.goals(province, before, options.seed)
        register.settle(client, demo.token, ids, settled, goals, demo.root_id)
        year = Year(province, ids, months=options.months, seed=options.seed)
        state.expected = year.expected_meetings()
        _contact_points(demo, province, ids)
        everyone = {"branches": len(year.units)}
        watch.figures_arrived(client, demo.token, demo.root_id, year.months[0], everyone, options.patience)
    portal = demo.suite.mint_token("portal", demo.root_id)
    state.page = f"{demo.suite.url('evaluation')}/#token={portal}"
    oracle = Oracle(province)
    oracle.enrol(ids.members, enrolled_on)
    late: list[str] = []
    began = time.monotonic()
    with watch.Watcher(demo.suite, demo.token, demo.root_id, state):
        driver = driver_of(demo, year, clock, oracle, on_phase)
        for window in year.windows():
            state.month = window.month
            with phase(demo, f"sending {window.month}", f"tháng {window.month}", on_phase, "sending"):
                driver.run(window)
            with phase(demo, f"waiting {window.month}", f"chờ số liệu {window.month}", on_phase, "waiting"):
                late += _caught_up(demo, province, ids, oracle, window.month)
        state.sending_ended = time.monotonic()
        state.seconds["year"] = state.sending_ended - began
        with phase(demo, "comparing", "đối chiếu từng số", on_phase):
            for month in year.months:
                expected = oracle.figures([month])[month][province.root.code]
                if not watch.figures_arrived(client, demo.token, demo.root_id, month, expected, options.patience):
                    break
            names = {unit.code: unit.name for unit in province.units}
            compared = compare.compare(client, demo.token, lambda _: [demo.root_id], names, oracle, year.months)
            told = compare_registry.compare(client, demo.token, province, ids, settled, goals, year.months[-1])
            compared = compare_registry.together(compared, *told)
    state.phase = "xong"
    state.seconds["total"] = time.monotonic() - state.began
    result = Result(
        province=province.name,
        seed=options.seed,
        months=year.months,
        branches=len(province.branches()),
        units=len(province.units),
        members=sum(map(len, province.members.values())),
        counts=state.measured(),
        requests=client.requests,
        requests_sent_again=client.sent_again,
        meetings_per_second=round(state.meetings / state.seconds["sending"], 1),
        seconds={name: round(seconds, 2) for name, seconds in state.seconds.items()},
        late_to_catch_up=late,
        restarts={name: watched.restarts for name, watched in demo.suite.processes.items() if watched.restarts},
        comparison=compared,
        equal=compared.equal,
    )
    on_phase("done", demo)
    return result


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


def _caught_up(demo: Demo, province: Province, ids: Ids, oracle: Oracle, month: str) -> list[str]:
    """Wait for evaluation and notifications; what was not there in time."""
    late = []
    patience = demo.options.patience
    expected = oracle.figures([month])[month][province.root.code]
    if not watch.figures_arrived(demo.client, demo.token, demo.root_id, month, expected, patience):
        late.append(f"figures {month}")
    silent = oracle.silent(month)
    if silent and not watch.notice_arrived(demo.client, demo.token, ids.units[silent[-1]], month, patience):
        late.append(f"notices {month}")
    return late


def _contact_points(demo: Demo, province: Province, ids: Ids) -> None:
    """Two offices that want letters: the first district's and the one of the police."""
    offices = [unit.code for unit in province.units if unit.kind == "direct_committee"]
    for code in (offices[0], offices[-2]):
        body = msgspec.json.encode({"email": f"vanphong.{code.lower()}@example.invalid", "language": "vi"})
        path = f"/v1/units/{ids.units[code]}/contact-point"
        demo.client.send("PUT", "notifications", path, demo.token, body=body)


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
