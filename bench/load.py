"""Open-loop load: requests leave at a constant rate, whatever the answers take, and who has seen what, when."""

import http.client
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import msgspec

_THREADS = 64


class Shot(msgspec.Struct, frozen=True):
    """One request: when it was to leave and when its answer was whole (`perf_counter`); `status` 0: no answer."""

    intended: float
    answered: float
    status: int

    @property
    def latency(self) -> float:
        """Seconds from the intended moment, so that a request which had to wait for its turn is not called fast."""
        return self.answered - self.intended


class Caller:
    """Sends requests to one service over kept connections, one for each thread that calls."""

    def __init__(self, url: str, token: str) -> None:
        self._address = urlsplit(url).netloc
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._own = threading.local()

    def call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of the answer; (0, b"") where the connection failed."""
        connection: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = http.client.HTTPConnection(self._address, timeout=60)
        try:
            connection.request(method, path, body, self._headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._own.connection = None
            return 0, b""


def offer(send: Callable[[int], int], count: int, rate: float) -> list[Shot]:
    """Call `send(0)`, `send(1)` … `count` times, `rate` a second from now on, and wait for all; it answers a status."""
    began = time.perf_counter() + 0.1

    def shoot(number: int) -> Shot:
        status = send(number)
        return Shot(began + number / rate, time.perf_counter(), status)

    with ThreadPoolExecutor(_THREADS, thread_name_prefix="load") as pool:
        futures = []
        for number in range(count):
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
            futures.append(pool.submit(shoot, number))
        return [future.result() for future in futures]


class Watcher:
    """Reads a growing count at a fixed interval, in a thread, and remembers when it was seen to be what."""

    def __init__(self, read: Callable[[], int], interval: float) -> None:
        self._read = read
        self._interval = interval
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self.seen: list[tuple[float, int]] = []
        self.reading: list[float] = []

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def wait_for(self, count: int, timeout: float) -> bool:
        """Wait until the count was seen to be at least `count`; whether it was, in time."""
        deadline = time.monotonic() + timeout
        while not (self.seen and self.seen[-1][1] >= count):
            if time.monotonic() > deadline or not self._thread.is_alive():
                return False
            time.sleep(self._interval)
        return True

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        due = time.perf_counter()
        while not self._stop.is_set():
            asked = time.perf_counter()
            count = self._read()
            now = time.perf_counter()
            self.seen.append((now, count))
            self.reading.append(now - asked)
            # A reading that took longer than the interval is followed by the next at once, not by a burst.
            due = max(due + self._interval, now)
            self._stop.wait(due - now)


def attribute(answered: Sequence[float], seen: Sequence[tuple[float, int]], base: int) -> list[float]:
    """Seconds from the k-th answer to the first reading that counted at least `base` + k, for each k from 1.

    Answers and arrivals are paired in order. When events overtake one another the pairs are not the true ones; their
    mean is (a sum does not depend on the pairing), and the largest is at most the true largest. A value can be below
    zero when a change was visible before its answer had come through. Raises ValueError when one was never counted.
    """
    waits, place = [], 0
    for number, moment in enumerate(sorted(answered), start=1):
        while place < len(seen) and seen[place][1] < base + number:
            place += 1
        if place == len(seen):
            raise ValueError(f"{number - 1} of {len(answered)} were counted")
        waits.append(seen[place][0] - moment)
    return waits


def between(before: Mapping[float, float], after: Mapping[float, float]) -> dict[float, float]:
    """What a cumulative histogram counted between two readings."""
    return {bound: count - before.get(bound, 0.0) for bound, count in after.items()}
