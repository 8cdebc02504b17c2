"""1 July 2025, rehearsed: provinces with a year of meetings behind them, the decision, and July after it."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from deploy.local.demo import compare, register, watch
from deploy.local.demo.client import Client
from deploy.local.demo.compare import Comparison
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.province import Province, side_by_side
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.run import Demo, OnPhase, Options, driver_of, opened, phase
from deploy.local.demo.state import State
from deploy.local.demo.steps import subject_of
from deploy.local.demo.year import LAST_MONTH, Ids, Year
from deploy.local.errors import LocalError
from deploy.local.reorganisation.decision import Plan, Row, plan
from deploy.local.reorganisation.reform import EFFECTIVE_ON, Reform, find_reform
from shared.clock import local_day
from shared.months import add, first_day

FIRST_MONTH: Final = add(LAST_MONTH, 1)
"""The first month after."""
_NUMBER: Final = "01-QĐ/TU"
_DAY_BEFORE: Final = "2025-06-30"


class Count(msgspec.Struct, frozen=True):
    """What stands under the provinces' committees on a day."""

    units: int
    districts: int
    communes: int
    branches: int
    members: int


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What the reorganisation did and measured; times in seconds.

    `right_after` is from the request that put the decision in force until every figure of the month before and of the
    first month after was what it must be. `equal`: every figure is right, and nobody was lost.
    """

    province: str
    before: Count
    after: Count
    provinces: tuple[str, ...]
    operations: dict[str, int]
    meetings_behind: int
    meetings: int
    preview: dict[str, Any]
    seconds: dict[str, float]
    right_after: float | None
    late_to_catch_up: list[str]
    comparison: Comparison
    equal: bool


class _Rehearsal:
    """The parts that the steps share."""

    def __init__(self, demo: Demo, clock: RehearsalClock, reform: Reform, province: Province) -> None:
        self.demo = demo
        self.clock = clock
        self.reform = reform
        self.province = province
        self.oracle = Oracle(province)
        self.names = {unit.code: unit.name for unit in province.units}
        self.old_roots: list[str] = []
        self.new_root = ""
        self.root_code = ""

    def roots(self, month: str) -> Sequence[str]:
        """The ids of the provinces' committees in a month."""
        return [self.new_root] if month >= FIRST_MONTH else self.old_roots

    def arrived(self, ids: Ids, month: str) -> bool:
        """Wait until the provinces' own figures of a month are right; whether they were in time."""
        demo, expected = self.demo, self.oracle.figures([month])[month]
        codes = [self.root_code] if month >= FIRST_MONTH else [root.code for root in self.province.roots]
        return all(
            watch.figures_arrived(demo.client, demo.token, root, month, expected[code], demo.options.patience)
            for code, root in zip(codes, self.roots(month), strict=True)
        )

    def compare(self, months: Sequence[str]) -> Comparison:
        """Every figure of every unit in force in `months`."""
        return compare.compare(self.demo.client, self.demo.token, self.roots, self.names, self.oracle, months)


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
        result = _rehearse(_Rehearsal(demo, clock, reform, province), on_phase)
        if stay is not None:
            stay(demo, result)
        return result


def _rehearse(run: _Rehearsal, on_phase: OnPhase) -> Result:
    demo, province, oracle = run.demo, run.province, run.oracle
    options, state, client = demo.options, demo.state, demo.client
    on_phase("ready", demo)
    demo.token = demo.suite.mint_token("province_admin", None, subject_of("demo"))
    with phase(demo, "registering", "đưa tổ chức và đảng viên vào sổ", on_phase):
        enrolled_on = local_day(run.clock.now)
        run.old_roots = register.register(client, demo.token, province)
        demo.root_id = run.old_roots[0]
        ids = register.read_ids(client, demo.token, run.old_roots)
        run.oracle.enrol(ids.members, enrolled_on)
    year = Year(province, ids, months=options.months + 1, last=FIRST_MONTH, seed=options.seed)
    state.expected = year.expected_meetings()
    driver = driver_of(demo, year, run.clock, oracle, on_phase)
    late: list[str] = []
    told: dict[str, Any] = {}
    for window in year.windows():
        state.month = window.month
        if window.month == FIRST_MONTH:
            told = _reorganise(run, ids, year.months[-2:], on_phase)
        with phase(demo, f"sending {window.month}", f"tháng {window.month}", on_phase, "sending"):
            driver.run(window)
        with phase(demo, f"waiting {window.month}", f"chờ số liệu {window.month}", on_phase, "waiting"):
            if not run.arrived(ids, window.month):
                late.append(f"figures {window.month}")
    state.sending_ended = time.monotonic()
    with phase(demo, "comparing", "đối chiếu từng số", on_phase):
        for month in year.months:
            if not run.arrived(ids, month):
                break
        compared = run.compare(year.months)
    state.phase = "xong"
    state.seconds["total"] = time.monotonic() - state.began
    portal = demo.suite.mint_token("portal", run.new_root)
    state.page = f"{demo.suite.url('evaluation')}/?period={FIRST_MONTH}#token={portal}"
    result = Result(
        province=run.reform.short_name,
        provinces=run.reform.before,
        meetings=state.meetings,
        seconds={name: round(seconds, 2) for name, seconds in state.seconds.items()},
        late_to_catch_up=late,
        comparison=compared,
        equal=compared.equal and told["right_after"] is not None and _nobody_lost(told["before"], told["after"]),
        **told,
    )
    on_phase("done", demo)
    return result


def _reorganise(run: _Rehearsal, ids: Ids, months: Sequence[str], on_phase: OnPhase) -> dict[str, Any]:
    demo, client, token = run.demo, run.demo.client, run.demo.token
    behind = demo.state.meetings
    with phase(demo, "deciding", "lập quyết định", on_phase):
        rows = _rows(client, token, run.old_roots)
        before = _count(client, token, run.old_roots, _DAY_BEFORE)
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
        right_after = _right(run, ids, months, began)
    after = _count(client, token, [run.new_root], EFFECTIVE_ON.isoformat())
    return {
        "before": before,
        "after": after,
        "operations": dict(Counter(operation["op"] for operation in planned.body["operations"])),
        "meetings_behind": behind,
        "preview": {name: value for name, value in preview.items() if name != "conflicts"},
        "right_after": None if right_after is None else round(right_after, 2),
    }


def _reshape(run: _Rehearsal, planned: Plan, ids: Ids) -> None:
    run.oracle.reshape(FIRST_MONTH, planned.parents)
    run.names |= planned.names
    run.root_code = next(code for code, parent in planned.parents.items() if parent is None)
    made = {operation["code"]: operation["unit_id"] for operation in planned.body["operations"] if "code" in operation}
    run.new_root = made.get(run.root_code) or ids.units[run.root_code]


def _right(run: _Rehearsal, ids: Ids, months: Sequence[str], began: float) -> float | None:
    """Seconds from `began` until every figure of `months` is right; None when patience ended."""
    deadline = time.monotonic() + run.demo.options.patience
    while all(run.arrived(ids, month) for month in months) and time.monotonic() < deadline:
        asked = time.monotonic()
        if run.compare(months).equal:
            return asked - began
    return None


def _rows(client: Client, token: str, roots: Sequence[str]) -> list[Row]:
    found = [
        row
        for root in roots
        for row in client.pages("registry", f"/v1/units?under={root}&on={_DAY_BEFORE}&limit=1000", token)
    ]
    codes = {row["unit_id"]: row["code"] for row in found}
    return [
        Row(
            row["unit_id"],
            row["code"],
            row["kind"],
            row["level"],
            codes.get(row["parent_id"]),
            row["name"],
            row["branch_type"],
        )
        for row in found
    ]


def _count(client: Client, token: str, roots: Sequence[str], day: str) -> Count:
    units: list[dict[str, Any]] = []
    members: set[str] = set()
    for root in roots:
        units += client.pages("registry", f"/v1/units?under={root}&on={day}&limit=1000", token)
        rosters = client.pages("registry", f"/v1/rosters?under={root}&on={day}&limit=1000", token)
        members |= {row["member_id"] for row in rosters}
    kinds = Counter(row["kind"] for row in units)
    return Count(
        units=len(units),
        districts=sum(1 for row in units if row["kind"] == "direct_committee"),
        communes=sum(1 for row in units if row["kind"] == "grassroots_committee" and row["level"] == "commune"),
        branches=kinds["branch"] + kinds["grassroots_branch"],
        members=len(members),
    )


def _nobody_lost(before: Count, after: Count) -> bool:
    return (before.branches, before.members) == (after.branches, after.members)


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
