"""How fast the read API answers scorecards at a constant rate while the stream merges: an open loop.

Evaluation as `nenep up` runs it (API, relay, worker), on a new data folder; a province's tree and past in its topics,
merged; then adoptions come into the topics at a constant rate, and requests leave at theirs whatever the answers take.
Each asks for a unit of any level (as many of each level) and a month, quarter or year of the last two drawn years. The
requests are shared out over as many portals' tokens as keep each below the limit of a token.

First nobody asks conditionally. Then, in a run of its own, a stated share of the requests carries the tag of the
answer that the same reader had of the same address before, if it had one.
"""

import http.client
import random
import tempfile
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from bench.engine import Say, merged
from bench.freshness import Spread
from bench.history import FIRST_MONTH, History
from bench.load import Shot, between, offer
from bench.log import fill
from bench.tree import Province, province
from deploy.local.errors import LocalError
from deploy.local.status import quantile, read_flow
from deploy.local.suite import Suite
from shared import db, months
from shared.envelope import Record

RATE: Final = 500
SECONDS: Final = 30
ADOPTIONS: Final = 50
BRANCHES: Final = 1_000
SHARE: Final = 0.8
BAR_SECONDS: Final = 0.025
"""What is asked of the API: the 99th percentile at 500 requests a second."""
_PAST_MONTHS: Final = 24
_A_TOKENS: Final = 100  # requests a second
_PATIENCE: Final = 600.0


class Phase(msgspec.Struct, frozen=True):
    """One rate and share of conditional requests: what was offered and answered, and how long answers took."""

    offered_per_second: float
    conditional_share: float
    requests: int
    achieved_per_second: float
    answers: dict[str, int]
    reading: Spread
    adoptions_per_second: float
    event_age_p50: float | None
    event_age_p99: float | None

    @property
    def meets_bar(self) -> bool:
        """Every request was answered well, and the 99th percentile in time: who is refused is answered fast."""
        return self.answers.keys() <= {"200", "304"} and self.reading.p99 < BAR_SECONDS


class Outcome(msgspec.Struct, frozen=True):
    """All phases, with what they were measured on."""

    branches: int
    units: int
    unit_months: int
    portals: int
    phases: list[Phase]


class _Portal:
    """A reader with a token of its own: its kept connections, and the tags of what it has read."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url).netloc
        self._token = token
        self._own = threading.local()
        self._tags: dict[str, str] = {}

    def get(self, path: str, *, conditional: bool) -> int:
        """The answer's status; 0 where the connection failed."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(self._address, timeout=60)
        headers = {"Authorization": f"Bearer {self._token}"}
        if conditional and path in self._tags:
            headers["If-None-Match"] = self._tags[path]
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._own.connection = None
            return 0
        if tag := answer.getheader("ETag"):
            self._tags[path] = tag
        return answer.status


class _Adoptions:
    """Minutes that come into the topics at a constant rate."""

    def __init__(self, bootstrap: str, history: History, rate: int) -> None:
        self.sent = 0
        self._bootstrap = bootstrap
        self._records = history.records()
        self._rate = rate
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="adoptions", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more."""
        self._enough.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.perf_counter()
        while not self._enough.wait(max(0.0, due - time.perf_counter())):
            due += 0.5
            self.sent += fill(self._bootstrap, map(_made_now, islice(self._records, max(1, self._rate // 2))))


def measure(
    say: Say,
    *,
    rate: int = RATE,
    seconds: int = SECONDS,
    adoptions: int = ADOPTIONS,
    branches: int = BRANCHES,
    share: float = SHARE,
) -> Outcome:
    """Start evaluation, fill it, and measure both phases. Raises LocalError when something fails."""
    tree = province(branches)
    past = History(tree, branches * _PAST_MONTHS)
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder:
        suite = Suite(Path(folder) / "data", progress=False, log_level="warning")
        say("starting evaluation")
        suite.start(["evaluation"])
        try:
            say(f"filling the log: {branches * _PAST_MONTHS:,} minutes of {branches:,} branches")
            sent = fill(suite.bootstrap, chain(past.units(), past.records()))
            _until_merged(suite, sent)
            count = max(1, -(-rate // _A_TOKENS))
            portals = [
                _Portal(suite.url("evaluation"), suite.mint_token("portal", tree.root.unit_id)) for _ in range(count)
            ]
            phases = []
            for number, conditional in enumerate((0.0, share), start=1):
                say(f"{rate}/s for {seconds} s, {conditional:.0%} of the requests conditional")
                coming = History(tree, branches * 120, seed=1 + number)
                phases.append(_phase(suite, tree, portals, coming, rate, seconds, adoptions, conditional))
        finally:
            suite.stop()
    return Outcome(len(tree.branches), len(tree.units), len(past.truth()), count, phases)


def _phase(
    suite: Suite,
    tree: Province,
    portals: Sequence[_Portal],
    coming: History,
    rate: int,
    seconds: int,
    adoptions: int,
    conditional: float,
) -> Phase:
    rng = random.Random(3)
    asked = [_path(tree, rng) for _ in range(rate * seconds)]
    kept = [rng.random() < conditional for _ in asked]
    answers: Counter[str] = Counter()

    def read(number: int) -> int:
        return portals[number % len(portals)].get(asked[number], conditional=kept[number])

    for number in range(0, len(asked), max(1, len(asked) // 200)):  # connections, prepared statements, caches
        read(number)
    load = _Adoptions(suite.bootstrap, coming, adoptions)
    load.start()
    ages, began = _event_ages(suite), time.perf_counter()
    shots = offer(read, len(asked), rate)
    lasted = time.perf_counter() - began
    load.stop()
    answers.update(str(shot.status) for shot in shots)
    good = [shot for shot in shots if shot.status in (200, 304)]
    if not good:
        raise LocalError(f"Không câu trả lời nào đúng: {dict(answers)}", f"No answer was good: {dict(answers)}")
    merged_ = between(ages, _event_ages(suite))
    return Phase(
        offered_per_second=rate,
        conditional_share=conditional,
        requests=len(shots),
        achieved_per_second=_achieved(shots, good),
        answers=dict(answers),
        reading=Spread.of([shot.latency for shot in good]),
        adoptions_per_second=load.sent / lasted,
        event_age_p50=quantile(merged_, 0.5),
        event_age_p99=quantile(merged_, 0.99),
    )


def _path(tree: Province, rng: random.Random) -> str:
    levels = ("province", "district", "commune", "branch")
    level = rng.choice(levels)
    unit = (
        rng.choice([one for one in tree.units if one.level == level])
        if level != "branch"
        else rng.choice(tree.branches)
    )
    month = months.add(FIRST_MONTH, rng.randrange(_PAST_MONTHS))
    year, quarter = month[:4], f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}"
    return f"/v1/units/{unit.unit_id}/scorecard?period={rng.choice((month, quarter, year))}"


def _made_now(record: Record) -> Record:
    """`record` as if it had just been made: a month is drawn at once, long before its last record is sent."""
    now = datetime.now(UTC).isoformat().encode()
    return msgspec.structs.replace(
        record, headers=[(name, now if name == "ce_time" else value) for name, value in record.headers]
    )


def _achieved(shots: Sequence[Shot], good: Sequence[Shot]) -> float:
    return len(good) / (max(shot.answered for shot in good) - min(shot.intended for shot in shots))


def _until_merged(suite: Suite, messages: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    with db.connect(suite.database_url("evaluation"), name="bench", autocommit=True) as conn:
        while (found := merged(conn)) < messages:
            if time.monotonic() > deadline:
                raise LocalError(f"Mới gộp {found}/{messages} bản ghi.", f"Only {found} of {messages} were merged.")
            time.sleep(0.2)


def _event_ages(suite: Suite) -> dict[float, float]:
    with urllib.request.urlopen(f"{suite.ops_url('evaluation-worker')}/metrics", timeout=10) as answer:
        return read_flow([answer.read().decode()]).buckets
