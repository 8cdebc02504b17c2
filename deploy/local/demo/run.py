"""The rehearsal from start to end: suite, province, year, comparison."""

import time
from collections.abc import Callable
from typing import Any

import msgspec

from deploy.local.demo import compare, compare_registry, frame, register, villages, watch
from deploy.local.demo.compare import Comparison
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.oracle_parts import SETTLES_LATER
from deploy.local.demo.province import Province, build
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.stage import Demo, OnPhase, Options, driver_of, opened, phase
from deploy.local.demo.state import State
from deploy.local.demo.steps import subject_of
from deploy.local.demo.year import LAST_MONTH, Ids, Year
from shared.clock import local_day
from shared.months import add, first_day

__all__ = ["Demo", "OnPhase", "Options", "Result", "run_demo"]


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
    kills: dict[str, int]
    comparison: Comparison
    equal: bool


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
    oracle = Oracle(province, copies=True)
    oracle.enrol(ids.members, enrolled_on)
    frame.put_in_force(client, demo.token, demo.root_id, frame.BEFORE, first_day(year.months[0]))
    oracle.score_by(first_day(year.months[0]), frame.BEFORE)
    late: list[str] = []
    began = time.monotonic()
    with demo.killing() as killer, watch.Watcher(demo.suite, demo.token, demo.root_id, state):
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
                if not demo.arrived(oracle, province.root.code, demo.root_id, month):
                    break
            names = {unit.code: unit.name for unit in province.units}
            compared = compare.compare(
                client,
                demo.token,
                lambda _: [demo.root_id],
                names,
                oracle,
                year.months,
                now=clock.now,
                longer=compare.longer_periods(year.months),
            )
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
        restarts=demo.restarts,
        kills=killer.killed,
        comparison=compared,
        equal=compared.equal,
    )
    on_phase("done", demo)
    return result


def _caught_up(demo: Demo, province: Province, ids: Ids, oracle: Oracle, month: str) -> list[str]:
    """Wait for evaluation and notifications; what was not there in time."""
    late = []
    patience = demo.options.patience
    if not demo.arrived(oracle, province.root.code, demo.root_id, month, SETTLES_LATER):
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
