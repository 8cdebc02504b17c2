"""1 July 2025, rehearsed: provinces with a year of meetings behind them, the decision, and July after it."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from deploy.local.demo import compare, frame, register
from deploy.local.demo.client import Client
from deploy.local.demo.compare import Comparison
from deploy.local.demo.oracle_parts import SETTLES_LATER
from deploy.local.demo.province import side_by_side
from deploy.local.demo.stage import Demo, OnPhase, Options, driver_of, opened, phase
from deploy.local.demo.state import State
from deploy.local.demo.steps import subject_of
from deploy.local.demo.year import Ids, Year
from deploy.local.errors import LocalError
from deploy.local.reorganisation.census import DAY_BEFORE, Count, count, nobody_lost, rows_of
from deploy.local.reorganisation.decision import Plan, plan
from deploy.local.reorganisation.reform import EFFECTIVE_ON, find_reform
from deploy.local.reorganisation.rehearsal import FIRST_MONTH, Rehearsal
from shared.clock import local_day
from shared.months import add, first_day

_NUMBER: Final = "01-QĐ/TU"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the reorganisation did and measured; times in seconds.

    `right_after` is from the request that put the decision in force until every figure of the month before and of the
    first month after was what it must be. `counts` is what was sent, `of_before` what of it came after the decision and
    was of months before. `equal`: every figure is right, and nobody was lost.
    """

    province: str
    before: Count
    after: Count
    provinces: tuple[str, ...]
    operations: dict[str, int]
    meetings_behind: int
    meetings: int
    counts: dict[str, Any]
    of_before: dict[str, int]
    kills: dict[str, int]
    restarts: dict[str, int]
    requests_sent_again: int
    preview: dict[str, Any]
    seconds: dict[str, float]
    right_after: float | None
    late_to_catch_up: list[str]
    comparison: Comparison
    equal: bool


def run_reorganisation(
    options: Options,
    on_phase: OnPhase = lambda phase, demo: None,
    *,
    state: State | None = None,
    stay: Callable[[Demo, Result], None] | None = None,
) -> Result:
    """Rehearse the reorganisation of `options.province` (its name from 1/7/2025) after `options.months` months.

    Raises LocalError when an option is wrong, a server does not start or a door refuses what the rehearsal sends.
    """
    state = state if state is not None else State()
    reform = find_reform(options.province)
    first = add(FIRST_MONTH, -options.months)
    province = side_by_side(
        reform.short_name, reform.before, branches=options.branches, seed=options.seed, first_month=first_day(first)
    )
    state.province = " + ".join(reform.before)
    with opened(options, state, first) as (demo, clock):
        result = _rehearse(Rehearsal(demo, clock, reform, province), on_phase)
        if stay is not None:
            stay(demo, result)
        return result


def _rehearse(run: Rehearsal, on_phase: OnPhase) -> Result:
    demo, province, oracle = run.demo, run.province, run.oracle
    options, state, client = demo.options, demo.state, demo.client
    on_phase("ready", demo)
    demo.token = demo.suite.mint_token("province_admin", None, subject_of("demo"))
    with phase(demo, "registering", "đưa tổ chức và đảng viên vào sổ", on_phase):
        enrolled_on = local_day(run.clock.now)
        run.old_roots = register.register(client, demo.token, province)
        demo.root_id = run.old_roots[0]
        ids = register.read_ids(client, demo.token, run.old_roots)
        oracle.enrol(ids.members, enrolled_on)
    year = Year(province, ids, months=options.months + 1, last=FIRST_MONTH, seed=options.seed)
    state.expected = year.expected_meetings()
    for root_id in run.old_roots:
        run.score_by(root_id, frame.BEFORE, first_day(year.months[0]))
    oracle.score_by(first_day(year.months[0]), frame.BEFORE)
    with demo.killing(decides=True) as killer:

        def each_phase(name: str, demo: Demo) -> None:
            killer.on_phase(name, demo)
            on_phase(name, demo)

        late, told = _send_year(run, ids, year, each_phase)
    state.sending_ended = time.monotonic()
    with phase(demo, "comparing", "đối chiếu từng số", on_phase):
        for month in year.months:
            if not run.arrived(month):
                break
        compared = run.compare(year.months, compare.longer_periods(year.months[:-1]))
    state.phase = "xong"
    state.seconds["total"] = time.monotonic() - state.began
    portal = demo.suite.mint_token("portal", run.new_root)
    state.page = f"{demo.suite.url('evaluation')}/?period={FIRST_MONTH}#token={portal}"
    result = Result(
        province=run.reform.short_name,
        provinces=run.reform.before,
        meetings=state.meetings,
        counts=state.measured(),
        of_before=dict(oracle.after_reshape),
        kills=killer.killed,
        restarts=demo.restarts,
        requests_sent_again=client.sent_again,
        seconds={name: round(seconds, 2) for name, seconds in state.seconds.items()},
        late_to_catch_up=late,
        comparison=compared,
        equal=compared.equal and told["right_after"] is not None and nobody_lost(told["before"], told["after"]),
        **told,
    )
    on_phase("done", demo)
    return result


def _send_year(run: Rehearsal, ids: Ids, year: Year, on_phase: OnPhase) -> tuple[list[str], dict[str, Any]]:
    """What was late to be right, and what the decision came to."""
    demo = run.demo
    driver = driver_of(demo, year, run.clock, run.oracle, on_phase)
    late: list[str] = []
    told: dict[str, Any] = {}
    for window in year.windows():
        demo.state.month = window.month
        if window.month == FIRST_MONTH:
            told = _reorganise(run, ids, year.months[-2:], on_phase)
        with phase(demo, f"sending {window.month}", f"tháng {window.month}", on_phase, "sending"):
            driver.run(window)
        with phase(demo, f"waiting {window.month}", f"chờ số liệu {window.month}", on_phase, "waiting"):
            if not run.arrived(window.month, SETTLES_LATER):
                late.append(f"figures {window.month}")
    return late, told


def _reorganise(run: Rehearsal, ids: Ids, months: Sequence[str], on_phase: OnPhase) -> dict[str, Any]:
    demo, client, token = run.demo, run.demo.client, run.demo.token
    behind = demo.state.meetings
    with phase(demo, "deciding", "lập quyết định", on_phase):
        rows = rows_of(client, token, run.old_roots)
        before = count(client, token, run.old_roots, DAY_BEFORE)
        planned = plan(run.reform, rows, _NUMBER)
        decision = _send(client, token, "/v1/decisions", planned.body)
        path = f"/v1/decisions/{decision['decision_id']}"
    with phase(demo, "previewing", "xem trước quyết định", on_phase):
        preview = client.send("GET", "registry", f"{path}/preview", token)
        _refuse_conflicts(preview)
    began = time.monotonic()
    with phase(demo, "reorganising", "đưa quyết định vào hiệu lực", on_phase):
        _send(client, token, f"{path}/force", {"expected_version": decision["version"]})
    _reshape(run, planned, ids)
    demo.root_id = run.new_root
    with phase(demo, "settling", "chờ số liệu theo tổ chức mới", on_phase):
        run.score_by(run.new_root, frame.AFTER, EFFECTIVE_ON)
        run.oracle.score_by(EFFECTIVE_ON, frame.AFTER)
        right_after = _right(run, months, began)
    after = count(client, token, [run.new_root], EFFECTIVE_ON.isoformat())
    return {
        "before": before,
        "after": after,
        "operations": dict(Counter(operation["op"] for operation in planned.body["operations"])),
        "meetings_behind": behind,
        "preview": {name: value for name, value in preview.items() if name != "conflicts"},
        "right_after": None if right_after is None else round(right_after, 2),
    }


def _reshape(run: Rehearsal, planned: Plan, ids: Ids) -> None:
    run.oracle.reshape(FIRST_MONTH, planned.parents)
    run.names |= planned.names
    run.root_code = next(code for code, parent in planned.parents.items() if parent is None)
    made = {operation["code"]: operation["unit_id"] for operation in planned.body["operations"] if "code" in operation}
    run.new_root = made.get(run.root_code) or ids.units[run.root_code]


def _right(run: Rehearsal, months: Sequence[str], began: float) -> float | None:
    """Seconds from `began` until every figure of `months` is right; None when patience ended."""
    deadline = time.monotonic() + run.demo.options.patience
    while all(run.arrived(month, SETTLES_LATER) for month in months) and time.monotonic() < deadline:
        asked = time.monotonic()
        if run.compare(months, without=SETTLES_LATER).equal:
            return asked - began
    return None


def _send(client: Client, token: str, path: str, body: object) -> Any:
    return client.send("POST", "registry", path, token, body=msgspec.json.encode(body), key=str(uuid.uuid4()))


def _refuse_conflicts(preview: dict[str, Any]) -> None:
    conflicts = preview["conflicts"]
    if conflicts:
        first = "; ".join(f"{one['field']}: {one['message']}" for one in conflicts[:5])
        raise LocalError(
            f"Quyết định còn {len(conflicts)} xung đột: {first}",
            f"The decision has {len(conflicts)} conflicts; the first are named above.",
        )
