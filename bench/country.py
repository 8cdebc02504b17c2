"""All the provinces of a country in one installation, rebuilt from their log: seconds, memory, and equal figures.

The log of so many provinces under one root lies in the topics of a fresh broker; it is read raw once, then the rebuild
runs on an empty database, from the start of its process to its end. The figures of every unit above the branches must
equal the counts kept while the log was drawn: those of a quarter of a million branches would not fit beside it, and
are what the ones above are added up from.
"""

import tempfile
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from bench import engine
from bench.engine import Run, Say
from bench.history import History
from bench.log import fill, read_raw
from bench.tree import country
from deploy.local.errors import LocalError
from services.evaluation.merger import GROUP
from shared.kafka.admin import create_topics

PROVINCES: Final = 60
BRANCHES: Final = 4_500
MINUTES: Final = 4_300_000
BAR_SECONDS: Final = 90.0
BAR_MB: Final = 4_000.0
"""What is asked of the whole country."""


class Outcome(msgspec.Struct, frozen=True):
    """What was read, raw and rebuilt; `unit_months`: those compared, of the units above the branches."""

    provinces: int
    branches: int
    minutes: int
    messages: int
    mean_value_bytes: float
    raw_messages_per_second: float
    unit_months: int
    rebuild: Run


def measure(say: Say, *, provinces: int = PROVINCES, branches: int = BRANCHES, minutes: int = MINUTES) -> Outcome:
    """`branches` are of one province, `minutes` of all. Raises LocalError when figures are wrong."""
    tree = country(provinces, branches)
    history = History(tree, minutes, of_branches=False)
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as name, engine.servers(Path(name), say) as servers:
        create_topics(servers.bootstrap, replication_factor=1)
        say(f"filling the log with {minutes:,} minutes of {len(tree.branches):,} branches")
        sent = fill(servers.bootstrap, chain(history.units(), history.records()))
        say(f"{sent:,} messages; reading them raw")
        reading = read_raw(servers.bootstrap, GROUP)
        if reading.messages != sent:
            raise LocalError(f"đã gửi {sent}, đọc lại {reading.messages}", f"sent {sent}, not so many are there")
        say("the rebuild")
        url = engine.database(servers, "country")
        run = engine.bulk(url, servers, Path(name), sent)
        say("comparing the figures")
        truth = history.truth()
        above = [unit.unit_id for unit in tree.units if unit.level != "branch"]
        engine.require_equal("country", engine.figures(url, of=above), truth)
    return Outcome(
        provinces=provinces,
        branches=len(tree.branches),
        minutes=minutes,
        messages=sent,
        mean_value_bytes=reading.value_bytes / sent,
        raw_messages_per_second=sent / reading.seconds,
        unit_months=len(truth),
        rebuild=run,
    )
