"""What a message costs as more provinces share one installation: one worker, one root above them all.

For each number of provinces a fresh broker and fresh databases: the same small province that many times, each with the
same number of minutes, in the topics. Merged by a live worker (forbidden to merge in bulk), then rebuilt into another
database. Both must equal the counts kept while the log was drawn, of every unit and month, the root's among them.
A message's cost is the processor's time of worker (or rebuild) and of PostgreSQL, by messages; wall seconds stand
beside it.
"""

import tempfile
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from bench import engine
from bench.engine import Run, Say
from bench.history import History
from bench.log import fill
from bench.tree import country
from shared.kafka.admin import create_topics

PROVINCES: Final = (1, 5, 20, 60)
BRANCHES: Final = 100
MINUTES: Final = 5_000
_MILLION: Final = 1_000_000


class Point(msgspec.Struct, frozen=True):
    """So many provinces: units of all levels, what was read, and how long each way took."""

    provinces: int
    units: int
    minutes: int
    messages: int
    unit_months: int
    live: Run
    rebuild: Run

    def microseconds(self, run: Run) -> float:
        """Processor time of a message, PostgreSQL's with it; of the live worker from its first batch on: neither what
        it took to start, nor the messages that were merged by then."""
        done = (run.starting_seconds, run.starting_database_seconds, run.starting_messages)
        if run.starting_messages >= self.messages:  # all of it was one batch: the start is told with it
            done = (0.0, 0.0, 0)
        seconds = run.processor_seconds - done[0] + run.database_seconds - done[1]
        return 1e6 * seconds / (self.messages - done[2])

    def per_million_meetings(self, run: Run) -> float:
        """Processor seconds a million adopted minutes take, corrections, repeats and their tasks with them."""
        return self.microseconds(run) * self.messages / self.minutes

    def wall_per_million_meetings(self, run: Run) -> float:
        """Seconds of the clock a million adopted minutes take."""
        return _MILLION * run.seconds / self.minutes


def measure(
    say: Say, *, provinces: Sequence[int] = PROVINCES, branches: int = BRANCHES, minutes: int = MINUTES
) -> list[Point]:
    """One point for each of `provinces`; `minutes` are of one province. Raises LocalError when figures are wrong."""
    return [_point(say, count, branches, minutes) for count in provinces]


def _point(say: Say, provinces: int, branches: int, minutes: int) -> Point:
    tree = country(provinces, branches)
    history = History(tree, provinces * minutes)
    with (
        tempfile.TemporaryDirectory(prefix="nenep-bench-") as name,
        engine.servers(Path(name), say) as servers,
    ):
        create_topics(servers.bootstrap, replication_factor=1)
        say(f"{provinces} provinces: filling the log with {provinces * minutes:,} minutes")
        messages = fill(servers.bootstrap, chain(history.units(), history.records()))
        urls = {way: engine.database(servers, way) for way in ("live", "rebuild")}
        say(f"{provinces} provinces: the live worker, {messages:,} messages")
        live = engine.live(urls["live"], servers, Path(name), messages, bulk_from=engine.NEVER_IN_BULK)
        say(f"{provinces} provinces: the rebuild")
        rebuild = engine.bulk(urls["rebuild"], servers, Path(name), messages)
        truth = history.truth()
        for way, url in urls.items():
            engine.require_equal(way, engine.figures(url), truth)
    return Point(provinces, len(tree.units), provinces * minutes, messages, len(truth), live, rebuild)
