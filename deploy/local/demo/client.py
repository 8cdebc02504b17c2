"""A careful HTTP client: what did not arrive for certain is sent again, with the same Idempotency-Key."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.local.errors import LocalError

# A right may fail to reach a unit only because the unit's event is on its way; the answer does not tell which.
_NOT_YET = frozenset({"unit-not-here-yet", "outside-rights", "no-unit"})
_BUSY = frozenset({502, 503, 504})


class Refused(LocalError):
    """A service said no; `status` is its HTTP status, 0 when nothing answered."""

    def __init__(self, vi: str, en: str, status: int) -> None:
        super().__init__(vi, en)
        self.status = status


class Client:
    """Requests to the suite's APIs. `urls` gives each service's address; safe to use from several threads."""

    def __init__(self, urls: Mapping[str, str], *, patience: float = 120.0) -> None:
        self._urls = urls
        self._patience = patience
        self._http = httpx.Client(
            timeout=httpx.Timeout(120.0, connect=5.0),
            headers={"Accept-Language": "vi", "Content-Type": "application/json"},
            trust_env=False,
        )
        self._lock = threading.Lock()
        self.requests = 0
        self.sent_again = 0

    @property
    def services(self) -> tuple[str, ...]:
        """The services it knows."""
        return tuple(self._urls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def send(
        self, method: str, service: str, path: str, token: str, *, body: bytes | None = None, key: str | None = None
    ) -> Any:
        """The answer's JSON. Connection errors, 502–504 and 409 `unit-not-here-yet` are tried again with the same key.

        Raises Refused with the service's own words when it refuses, or when patience ends.
        """
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        deadline = time.monotonic() + self._patience
        pause = 0.05
        while True:
            self._count(again=pause > 0.05)
            status = 0
            try:
                answer = self._http.request(method, self._urls[service] + path, content=body, headers=headers)
            except httpx.TransportError as error:
                problem = f"{type(error).__name__}: {error}"
            else:
                status = answer.status_code
                if answer.is_success:
                    return json.loads(answer.content) if answer.content else None
                problem = _words(answer)
                if status not in _BUSY and _rule(answer) not in _NOT_YET:
                    raise _refused(method, service, path, problem, status)
            if time.monotonic() > deadline:
                raise _refused(method, service, path, problem, status)
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def pages(self, service: str, path: str, token: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page. `path` already has its query."""
        cursor: str | None = None
        while True:
            page = self.send("GET", service, path + (f"&cursor={cursor}" if cursor else ""), token)
            yield from page["items"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def _count(self, *, again: bool) -> None:
        with self._lock:
            self.requests += 1
            self.sent_again += again


def metric(url: str, name: str, labels: Mapping[str, str] | None = None) -> float | None:
    """The sum of a metric's samples that carry `labels` at a process's /metrics; None while it does not answer."""
    try:
        text = httpx.get(f"{url}/metrics", timeout=2.0, trust_env=False).text
    except httpx.TransportError:
        return None
    wanted = [f'{label}="{value}"' for label, value in (labels or {}).items()]
    total = 0.0
    for line in text.splitlines():
        if line.startswith((name + "{", name + " ")) and all(part in line for part in wanted):
            total += float(line.rsplit(" ", 1)[1])
    return total


def _rule(answer: httpx.Response) -> str:
    try:
        return str(json.loads(answer.content).get("rule", ""))
    except (ValueError, AttributeError):
        return ""


def _words(answer: httpx.Response) -> str:
    try:
        problem = json.loads(answer.content)
    except ValueError:
        return f"HTTP {answer.status_code}"
    named = [f"{fault.get('field')}: {fault.get('message')}" for fault in problem.get("errors", [])[:5]]
    return " | ".join([f"HTTP {answer.status_code} {problem.get('detail')}", *named])


def _refused(method: str, service: str, path: str, problem: str, status: int) -> Refused:
    return Refused(
        f"{service} không nhận {method} {path}: {problem}",
        f"{service} refused {method} {path}; its words are above.",
        status,
    )
