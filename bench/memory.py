"""What the suite takes when it does nothing: seconds from nothing to ready, then memory of each process.

A new data folder, so PostgreSQL's cluster is made, Kafka's storage formatted and every migration run; the jars are
there already. RSS counts shared pages in every process that maps them (PostgreSQL's buffers, libraries); PSS shares
them out, so only PSS adds up to what the machine has less.
"""

import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import psutil

from bench.processes import by_name, families
from deploy.local.jars import ensure_jars
from deploy.local.suite import Suite

IDLE_SECONDS: Final = 10.0


class Use(msgspec.Struct, frozen=True):
    """Memory of a process with its children, in MB of 10⁶ bytes, and how many processes it is."""

    name: str
    processes: int
    rss_mb: float
    pss_mb: float


class Outcome(msgspec.Struct, frozen=True):
    """Seconds to ready, memory by process, and the processor's share of one core while idle."""

    ready_seconds: float
    idle_seconds: float
    idle_core_share: float
    uses: list[Use]

    def total(self) -> Use:
        """All of them."""
        return Use(
            "total",
            sum(use.processes for use in self.uses),
            sum(use.rss_mb for use in self.uses),
            sum(use.pss_mb for use in self.uses),
        )


def measure(say: Callable[[str], None]) -> Outcome:
    """Start a suite on a new folder and look at it. Raises LocalError when it does not come up."""
    ensure_jars(say)
    with tempfile.TemporaryDirectory(prefix="nenep-bench-") as folder:
        say("starting the suite")
        began = time.perf_counter()
        with Suite(Path(folder) / "data", progress=False, log_level="warning") as suite:
            ready = time.perf_counter() - began
            found = families(suite)
            before = sum(by_name(found).values())
            say(f"ready after {ready:.1f} s; idle for {IDLE_SECONDS:.0f} s")
            time.sleep(IDLE_SECONDS)
            busy = (sum(by_name(found).values()) - before) / IDLE_SECONDS
            return Outcome(ready, IDLE_SECONDS, busy, [_use(name, members) for name, members in found.items()])


def _use(name: str, members: list[psutil.Process]) -> Use:
    count, resident, proportional = 0, 0, 0
    for member in members:
        with suppress(psutil.Error):
            memory = member.memory_full_info()
            count += 1
            resident += memory.rss
            proportional += memory.pss
    return Use(name, count, resident / 1e6, proportional / 1e6)
