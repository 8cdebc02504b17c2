"""Processor time of processes with their children."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil

from deploy.local.suite import Suite


def families(suite: Suite) -> dict[str, list[psutil.Process]]:
    """Every process of a suite by name, with its children as they are now."""
    return {name: family(process.pid) for name, process in suite.processes.items()}


def family(pid: int | None) -> list[psutil.Process]:
    """A process and its children; empty when it is gone."""
    with suppress(psutil.Error):
        leader = psutil.Process(pid) if pid is not None else None
        return [leader, *leader.children(recursive=True)] if leader else []
    return []


def processor_seconds(members: Sequence[psutil.Process]) -> float:
    """User and system seconds of `members` so far; one that has ended counts nothing."""
    seconds = 0.0
    for member in members:
        with suppress(psutil.Error):
            times = member.cpu_times()
            seconds += times.user + times.system
    return seconds


def by_name(of: Mapping[str, Sequence[psutil.Process]]) -> dict[str, float]:
    """Processor seconds so far of each family."""
    return {name: processor_seconds(members) for name, members in of.items()}
