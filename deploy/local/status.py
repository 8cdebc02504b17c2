"""`nenep status`: every process, what each service has still to do, and what to do about what is wrong."""

import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.ports import HOST
from deploy.local.table import SERVICES

_OLD_OUTBOX_SECONDS = 30.0
_MUCH_LAG = 10_000.0


@dataclass
class Flow:
    """What one service's processes say of the records that pass through: None where none says it.

    `unsent` and `oldest` are the outbox's rows and the age in seconds of its oldest; `lag` is in records;
    `age_p50` and `age_p99` are seconds from an event's commit to its merge, since the process started.
    """

    unsent: float | None = None
    oldest: float | None = None
    lag: float | None = None
    age_p50: float | None = None
    age_p99: float | None = None
    buckets: dict[float, float] = field(default_factory=dict)


def quantile(buckets: Mapping[float, float], share: float) -> float | None:
    """The value below which `share` of the observations lie, by linear interpolation in a cumulative histogram.

    None without observations; in the last, open bucket its lower bound, as Prometheus's histogram_quantile does.
    """
    total = buckets.get(float("inf"), 0.0)
    if total <= 0:
        return None
    wanted, below, counted = share * total, 0.0, 0.0
    for bound, cumulative in sorted(buckets.items()):
        if cumulative >= wanted:
            if bound == float("inf"):
                return below
            inside = cumulative - counted
            return below + (bound - below) * ((wanted - counted) / inside if inside else 1.0)
        below, counted = bound, cumulative
    return below


def read_flow(texts: list[str]) -> Flow:
    """Sum up the /metrics pages of one service's processes."""
    flow = Flow()
    for text in texts:
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                match sample.name:
                    case "nenep_outbox_unsent":
                        flow.unsent = max(flow.unsent or 0.0, sample.value)
                    case "nenep_outbox_oldest_seconds":
                        flow.oldest = max(flow.oldest or 0.0, sample.value)
                    case "nenep_consumer_lag_records":
                        flow.lag = (flow.lag or 0.0) + sample.value
                    case "nenep_event_age_seconds_bucket":
                        bound = float(sample.labels["le"])
                        flow.buckets[bound] = flow.buckets.get(bound, 0.0) + sample.value
    flow.age_p50, flow.age_p99 = quantile(flow.buckets, 0.5), quantile(flow.buckets, 0.99)
    return flow


def fetch_flow(service: str, ports: Mapping[str, int]) -> Flow:
    """Ask a service's processes for their metrics; those that do not answer are left out."""
    texts = []
    for command in SERVICES[service]:
        address = f"http://{HOST}:{ports[f'{service}-{command}']}/metrics"
        with suppress(OSError), urllib.request.urlopen(address, timeout=3) as answer:
            texts.append(answer.read().decode())
    return read_flow(texts)


def advice(state: Mapping[str, Any], flows: Mapping[str, Flow]) -> list[str]:
    """What is wrong and what to do next, a line each; empty when nothing is."""
    lines = []
    for name, process in state["processes"].items():
        if process["state"] not in ("running", "held"):
            lines.append(f"{name}: chưa chạy / not running ({process['state']}) → nenep logs {name}")
        elif process["restarts"]:
            lines.append(f"{name}: đã khởi động lại {process['restarts']} lần / restarted → nenep logs {name}")
    for service, flow in flows.items():
        if (flow.oldest or 0.0) > _OLD_OUTBOX_SECONDS:
            waited = duration(flow.oldest or 0.0)
            lines.append(f"{service}: sự kiện chờ gửi / unsent for {waited} → nenep logs {service}-relay")
        if (flow.lag or 0.0) > _MUCH_LAG:
            lines.append(f"{service}: chưa đọc / behind by {flow.lag:.0f} → nenep logs {service}-worker")
    return lines


def process_row(name: str, process: Mapping[str, Any]) -> tuple[str, str, str, str, str, str]:
    """One line of the table of processes: name, state, pid, uptime, restarts, resident memory with children."""
    pid, uptime, memory = process["pid"], "–", "–"
    if pid is not None:
        with suppress(psutil.Error):
            root = psutil.Process(pid)
            family = [root, *root.children(recursive=True)]
            memory = f"{sum(member.memory_info().rss for member in family) / 1e6:.0f} MB"
            uptime = duration(time.time() - process["started_at"])
    return name, process["state"], str(pid or "–"), uptime, str(process["restarts"]), memory


def duration(seconds: float) -> str:
    """Seconds in the two largest units: `41 s`, `3 m 05 s`, `2 h 10 m`."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} m"
