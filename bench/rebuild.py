"""From a full log to full figures: by the live worker, by the bulk rebuild, and what merely reading the log takes.

One machine, one run, one log: the tree of a province, adopted minutes (5 % sent twice, 3 % corrected later, some of the
corrections before what they correct) and tasks, in the topics of a fresh broker.

(a) raw: aiokafka's getmany over the same partitions, the median of three readings.
(b) live: `python -m services.evaluation worker` on an empty database, forbidden to merge in bulk, from the start of the
    process until its positions are at the ends of all partitions.
(c) start: the same as an installation starts, with a backlog that it merges in bulk before the stream begins.
(d) bulk: `python -m services.evaluation rebuild` on another empty database, from the start of the process to its end.

The figures of all three databases must be equal to each other, and to the counts kept while the log was drawn.
"""

import tempfile
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from statistics import median
from typing import Final

import msgspec

from bench import engine
from bench.engine import Run
from bench.history import Figures, History
from bench.log import fill, read_raw
from bench.tree import BRANCHES, province
from deploy.local.errors import LocalError
from services.evaluation.merger import GROUP
from shared.kafka.admin import create_topics

MINUTES: Final = 200_000
Say = Callable[[str], None]


class Outcome(msgspec.Struct, frozen=True):
    """What was read, and how fast each way was."""

    minutes: int
    messages: dict[str, int]
    mean_value_bytes: float
    unit_months: int
    raw_messages_per_second: float
    raw_readings: list[float]
    live: Run
    start: Run
    bulk: Run
    equal: bool

    @property
    def total(self) -> int:
        """Messages of all topics."""
        return sum(self.messages.values())


def measure(say: Say, *, minutes: int = MINUTES, branches: int = BRANCHES) -> Outcome:
    """Fill a log and measure. Raises LocalError when a process fails or the figures are not what they must be."""
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder, engine.servers(Path(folder), say) as servers:
        create_topics(servers.bootstrap, replication_factor=1)
        history = History(province(branches), minutes)
        say(f"filling the log: {minutes:,} minutes of {branches:,} branches")
        sent = fill(servers.bootstrap, chain(history.units(), history.records()))
        say(f"{sent:,} messages; reading them raw")
        readings = [read_raw(servers.bootstrap, GROUP) for _ in range(3)]
        if readings[0].messages != sent:
            raise LocalError(f"đã gửi {sent}, đọc lại {readings[0].messages}", f"sent {sent}, not so many are there")
        urls = {name: engine.database(servers, name) for name in ("live", "start", "bulk")}
        say("the live worker, from an empty database")
        live = engine.live(urls["live"], servers, Path(folder), sent, bulk_from=engine.NEVER_IN_BULK)
        engine.forget_offsets(servers.bootstrap)
        say("a worker that starts with the whole log waiting")
        start = engine.live(urls["start"], servers, Path(folder), sent, bulk_from=1)
        say("the bulk rebuild, into another empty database")
        bulk = engine.bulk(urls["bulk"], servers, Path(folder), sent)
        say("comparing the figures")
        truth = history.truth()
        for name, url in urls.items():
            engine.require_equal(name, engine.figures(url), truth)
            counted: Figures = {(unit, ""): {"branches": n} for unit, n in history.branches().items()}
            engine.require_equal(name, engine.branches(url), counted)
    return Outcome(
        minutes=minutes,
        messages=dict(readings[0]),
        mean_value_bytes=readings[0].value_bytes / sent,
        unit_months=len(truth),
        raw_messages_per_second=median(sent / reading.seconds for reading in readings),
        raw_readings=[sent / reading.seconds for reading in readings],
        live=live,
        start=start,
        bulk=bulk,
        equal=True,
    )
