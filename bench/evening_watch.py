"""What a suite has still to do, and what its processes have spent."""

import time
from contextlib import suppress
from typing import Final

import psutil
import psycopg

from deploy.local.errors import LocalError
from deploy.local.status import fetch_flow
from deploy.local.suite import Suite
from deploy.local.table import SERVICES

_PATIENCE: Final = 600.0


def copies_compared(suite: Suite) -> float:
    """Wait until meetings' worker has compared every minutes; when that was (`perf_counter`). Raises LocalError."""
    deadline = time.monotonic() + _PATIENCE
    with psycopg.connect(suite.database_url("meetings"), autocommit=True) as conn:
        while conn.execute("select from copy_queue limit 1").fetchone() is not None:
            if time.monotonic() > deadline:
                raise LocalError("Hàng đợi so trùng không cạn.", "The queue of comparisons did not empty.")
            time.sleep(0.25)
    return time.perf_counter()


def settle(suite: Suite, patience: float = _PATIENCE) -> None:
    """Wait until every outbox is sent and every reader has read. Raises LocalError after `patience` seconds."""
    ports = {name: int(suite.ops_url(name).rsplit(":", 1)[1]) for name in suite.processes if "-" in name}
    deadline = time.monotonic() + patience
    calm = 0
    while calm < 3:  # the metrics are brought up to date once a second
        flows = [fetch_flow(service, ports) for service in SERVICES]
        calm = 0 if any(flow.unsent or flow.lag for flow in flows) else calm + 1
        if time.monotonic() > deadline:
            raise LocalError("Hàng đợi không cạn.", "The queues did not empty.")
        time.sleep(1.0)


def spent(suite: Suite) -> dict[str, float]:
    """Processor seconds so far of every process with its children, those that have ended included; `client`: of us."""
    seconds = {"client": time.process_time()}
    for name, watched in suite.processes.items():
        seconds[name] = 0.0
        with suppress(psutil.Error):
            leader = psutil.Process(watched.pid)
            # A pool renews its connections each hour: what PostgreSQL's ended backends took is with their parent.
            ended = leader.cpu_times()
            seconds[name] = ended.children_user + ended.children_system
            for member in (leader, *leader.children(recursive=True)):
                with suppress(psutil.Error):
                    times = member.cpu_times()
                    seconds[name] += times.user + times.system
    return seconds
