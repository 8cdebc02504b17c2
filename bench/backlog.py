"""How long until what waits is in the figures of every level: after an outage, and in a new installation.

After an outage: a tenth as many minutes are merged and the worker ends; then the others come into the topics, and a
worker starts. In a new installation: the same whole log, an empty database. The clock runs from the start of the
process until every position stands at the end the log had then. While the worker catches up more minutes come, at a
constant rate, which the live agent takes over. Lost or repeated at the hand-over would show: figures must equal the
counts kept while all of it was drawn, of every unit and month, and the positions the ends of the topics.
"""

import tempfile
import threading
import time
from itertools import chain, islice
from pathlib import Path
from typing import Final

import msgspec

from bench import engine
from bench.engine import Run, Say
from bench.history import History
from bench.log import fill
from bench.tree import BRANCHES, province
from deploy.local.errors import LocalError
from shared import db
from shared.kafka.admin import create_topics

MINUTES: Final = 1_000_000
BAR_SECONDS: Final = 30.0
"""What is asked for a million minutes."""
_CHUNK: Final = 50
_EVERY: Final = 0.5
_MEANWHILE: Final = 2_000
_PATIENCE: Final = 300.0


class Outcome(msgspec.Struct, frozen=True):
    """Minutes that waited; messages that waited and the seconds until they were merged, each way; how many messages
    came meanwhile."""

    minutes: int
    unit_months: int
    outage_messages: int
    outage: Run
    new_messages: int
    new: Run
    came_meanwhile: int


def measure(say: Say, *, minutes: int = MINUTES, branches: int = BRANCHES) -> Outcome:
    """Raises LocalError when a process fails or figures are not what they must be."""
    tree = province(branches)
    stored, waiting, meanwhile = (
        History(tree, count, seed=seed) for seed, count in enumerate((max(1, minutes // 10), minutes, _MEANWHILE))
    )
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as name, engine.servers(Path(name), say) as servers:
        folder = Path(name)
        create_topics(servers.bootstrap, replication_factor=1)
        urls = {way: engine.database(servers, way) for way in ("outage", "new")}
        say("filling the log with what is merged before the outage")
        first = fill(servers.bootstrap, chain(stored.units(), stored.records()))
        engine.live(urls["outage"], servers, folder, first, bulk_from=1)
        say(f"filling the log with {minutes:,} minutes that wait")
        whole = first + fill(servers.bootstrap, waiting.records())
        say(f"after an outage: {whole - first:,} messages wait")
        coming = _Coming(servers.bootstrap, meanwhile)

        def reached() -> None:
            coming.end()
            _until_level(urls["outage"], whole + coming.sent)

        coming.start()
        outage = engine.live(urls["outage"], servers, folder, whole, bulk_from=1, reached=reached)
        engine.forget_offsets(servers.bootstrap)
        came = coming.sent
        say(f"in a new installation: {whole + came:,} messages wait")
        new = engine.live(urls["new"], servers, folder, whole + came, bulk_from=1)
        truth = engine.together([stored.truth(), waiting.truth(), meanwhile.truth()])
        for way, url in urls.items():
            engine.require_equal(way, engine.figures(url), truth)
    return Outcome(minutes, len(truth), whole - first, outage, whole + came, new, came)


class _Coming:
    """Minutes that come while a backlog is caught up, at a constant rate; those that are left come at its end."""

    def __init__(self, bootstrap: str, history: History) -> None:
        self.sent = 0
        self._bootstrap = bootstrap
        self._records = history.records()
        self._enough = threading.Event()
        self._thread = threading.Thread(target=self._run, name="coming", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def end(self) -> None:
        """Send what is left."""
        self._enough.set()
        self._thread.join()
        self.sent += fill(self._bootstrap, self._records)

    def _run(self) -> None:
        while not self._enough.wait(_EVERY):
            self.sent += fill(self._bootstrap, islice(self._records, _CHUNK))


def _until_level(url: str, messages: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    with db.connect(url, name="bench", autocommit=True) as conn:
        while (merged := engine.merged(conn)) < messages:
            if time.monotonic() > deadline:
                raise LocalError(
                    f"Sau khi bắt kịp, luồng chỉ gộp {merged}/{messages} bản ghi.",
                    f"After catching up the stream merged {merged} of {messages} messages only.",
                )
            time.sleep(_EVERY)
