"""From a secretary's "adopt" to the province's figure: how long until the read API counts what was just adopted.

The whole suite, as `nenep up` runs it, on a new data folder: every adoption takes the full way – API of meetings,
PostgreSQL, relay, Kafka, Faust, PostgreSQL, read API. A province of 4,000 branches with five members each is brought in
by the registry's import; each branch's meetings are planned, the roll called and the minutes written beforehand, over
the API too. Then adoptions leave at a constant rate whatever the answers take (open loop), each rate in a month of its
own, so that one number, the province's `regular_held` of that month, counts exactly those adoptions.

Every adoption is timed, none is sampled: that number is read over HTTP at a fixed interval by one reader, and the k-th
answer 200 is paired with the first reading that shows at least base + k (load.attribute says what this pairing keeps
and what not). So freshness runs from the moment the client holds the whole answer to the moment another client holds
one with the figure in it; it includes the wait for the next reading and the reading itself. `event age`, the worker's
own histogram from the event's `time` to its merge, stands beside it as a second opinion that costs nothing.

Client, reader and suite share the machine: what they take from it is part of the figures.
"""

import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from bench.branches import prepare, register
from bench.evening_watch import settle
from bench.load import Caller, Shot, Watcher, attribute, between, offer
from bench.processes import by_name, families
from bench.report import percentile
from bench.tree import province
from deploy.local.demo.client import Client
from deploy.local.errors import LocalError
from deploy.local.status import quantile, read_flow
from deploy.local.suite import Suite
from deploy.local.table import SERVICES
from shared import months

RATES: Final = (50, 200)
SECONDS: Final = 20
READ_EVERY: Final = 0.02
BAR_SECONDS: Final = 1.0
"""What is asked of the suite: the 99th percentile under a second at 50 adoptions a second."""
_CATCH_UP_SECONDS = 120.0
Say = Callable[[str], None]


class Spread(msgspec.Struct, frozen=True):
    """Percentiles by nearest rank, in seconds."""

    p50: float
    p90: float
    p99: float
    max: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of all `values`, in any order."""
        return cls(percentile(values, 0.5), percentile(values, 0.9), percentile(values, 0.99), max(values))


class Phase(msgspec.Struct, frozen=True):
    """One rate: what was offered and answered, how long answers, readings and figures took, and `processor_ms`: the
    milliseconds of processor each process spent for one adoption (readings among them), until the last was counted."""

    offered_per_second: float
    adoptions: int
    achieved_per_second: float
    not_200_share: float
    adoption: Spread
    freshness: Spread
    event_age_p50: float | None
    event_age_p99: float | None
    readings: int
    reading: Spread
    processor_ms: dict[str, float]

    @property
    def processor_ms_total(self) -> float:
        """Milliseconds of processor for one adoption, all processes of the suite together."""
        return sum(self.processor_ms.values())

    @property
    def kept_up(self) -> bool:
        """Whether the answers came at the rate at which the requests left, to a twentieth."""
        return self.achieved_per_second >= 0.95 * self.offered_per_second


class Outcome(msgspec.Struct, frozen=True):
    """All rates, with what they were measured on."""

    branches: int
    members: int
    read_every_seconds: float
    phases: list[Phase]


def measure(
    say: Say, *, rates: Sequence[int] = RATES, seconds: int = SECONDS, read_every: float = READ_EVERY
) -> Outcome:
    """Start the suite, prepare, and measure each rate. Raises LocalError when something fails or is never counted."""
    counts = [rate * seconds for rate in rates]
    tree = province(max(counts))
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder:
        say("starting the suite")
        with (
            Suite(Path(folder) / "data", progress=False, log_level="warning") as suite,
            Client({name: suite.url(name) for name in SERVICES}) as client,
        ):
            say(f"bringing in {len(tree.units):,} units")
            root, branches = register(client, suite.mint_token("province_admin"), tree)
            officer = suite.mint_token("committee_officer", root)
            last = months.month_of(datetime.now(UTC))
            phases = []
            for number, (rate, count) in enumerate(zip(rates, counts, strict=True), start=1):
                month = months.add(last, -number)
                meetings = prepare(client, officer, branches[:count], month, say)
                settle(suite, _CATCH_UP_SECONDS)
                say(f"adopting {count:,} at {rate}/s")
                phases.append(_phase(suite, root, officer, month, meetings, rate, read_every))
    return Outcome(len(branches), sum(len(branch.members) for branch in branches), read_every, phases)


def _phase(
    suite: Suite, root: str, officer: str, month: str, meetings: Sequence[str], rate: int, read_every: float
) -> Phase:
    adopting = Caller(suite.url("meetings"), officer)
    reading = Caller(suite.url("evaluation"), suite.mint_token("portal", root))

    def held() -> int:
        status, body = reading.call("GET", f"/v1/units/{root}/scorecard?period={month}")
        if status != 200:
            raise LocalError(f"đọc số liệu: mã {status}: {body[:300]!r}", f"the read API answered {status}")
        return int(msgspec.json.decode(body)["parts"]["regular_held"])

    def adopt(number: int) -> int:
        return adopting.call("POST", f"/v1/meetings/{meetings[number]}/adoption", b"{}")[0]

    base = held()
    found = families(suite)
    used = by_name(found)
    ages = _event_ages(suite)
    watcher = Watcher(held, read_every)
    watcher.start()
    shots = offer(adopt, len(meetings), rate)
    answered = [shot.answered for shot in shots if shot.status == 200]
    counted = watcher.wait_for(base + len(answered), _CATCH_UP_SECONDS)
    watcher.stop()
    if not counted or not answered:
        seen = watcher.seen[-1][1] - base if watcher.seen else 0
        raise LocalError(
            f"{len(answered)} biên bản đã nhận, chỉ {seen} vào số liệu sau {_CATCH_UP_SECONDS:.0f} giây.",
            f"{len(answered)} adoptions answered 200, {seen} were counted after {_CATCH_UP_SECONDS:.0f} s.",
        )
    merged = between(ages, _event_ages(suite))
    spent = {name: (seconds - used[name]) * 1000 / len(answered) for name, seconds in by_name(found).items()}
    return Phase(
        offered_per_second=rate,
        adoptions=len(meetings),
        achieved_per_second=_achieved(shots),
        not_200_share=1 - len(answered) / len(shots),
        adoption=Spread.of([shot.latency for shot in shots if shot.status == 200]),
        freshness=Spread.of(attribute(answered, watcher.seen, base)),
        event_age_p50=quantile(merged, 0.5),
        event_age_p99=quantile(merged, 0.99),
        readings=len(watcher.reading),
        reading=Spread.of(watcher.reading),
        processor_ms={name: max(0.0, milliseconds) for name, milliseconds in spent.items()},
    )


def _achieved(shots: Sequence[Shot]) -> float:
    """Answers 200 a second, from the first intended request to the last answer."""
    good = [shot.answered for shot in shots if shot.status == 200]
    return len(good) / (max(good) - min(shot.intended for shot in shots)) if good else 0.0


def _event_ages(suite: Suite) -> dict[float, float]:
    with urllib.request.urlopen(f"{suite.ops_url('evaluation-worker')}/metrics", timeout=10) as answer:
        return read_flow([answer.read().decode()]).buckets
