"""Rate limits by who asks: a bucket of requests a token's subject, filled again as time passes.

The buckets are those of one process: behind n replicas a subject can reach n times the limit, which is enough to keep
one portal from taking a replica for itself. Headers are those of draft-ietf-httpapi-ratelimit-headers.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import Final

import flask
import msgspec

from shared import metrics
from shared.errors import Refusal, Text

_MOST_SUBJECTS: Final = 10_000


class TooMany(Refusal):
    """Asked too much: come again in `retry_after` seconds."""

    status = 429

    def __init__(self, rule: str, message: Text, retry_after: int) -> None:
        super().__init__(rule, message)
        self.retry_after = retry_after


class Taken(msgspec.Struct, frozen=True):
    """What a request found in its bucket: whether there was room, what is left, and seconds until there is more."""

    granted: bool
    left: int
    wait: float


class Buckets:
    """One bucket a subject: `burst` requests at once, `rate` a second in the long run."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.burst, self._clock = rate, burst, clock
        self._held: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, subject: str) -> Taken:
        """Take one request out of the bucket of `subject`."""
        with self._lock:
            now = self._clock()
            if len(self._held) >= _MOST_SUBJECTS:
                self._forget_full(now)
            level = self._level(subject, now)
            granted = level >= 1
            left = level - 1 if granted else level
            self._held[subject] = (left, now)
        return Taken(granted, int(left), 0.0 if granted else (1 - left) / self.rate)

    def _level(self, subject: str, now: float) -> float:
        level, at = self._held.get(subject, (float(self.burst), now))
        return min(float(self.burst), level + (now - at) * self.rate)

    def _forget_full(self, now: float) -> None:
        self._held = {one: held for one, held in self._held.items() if self._level(one, now) < self.burst}


def install(app: flask.Flask, rate: float, burst: int) -> None:
    """Limit every request of `app` that carries a token; a `rate` of 0 limits nothing. After the rights are asked."""
    if rate == 0:
        return
    buckets = Buckets(rate, burst)
    policy = f'"token";q={burst};w={math.ceil(burst / rate)}'

    @app.before_request
    def limit() -> None:
        actor = flask.g.get("actor")
        if actor is None:
            return
        taken = flask.g.taken = buckets.take(actor.subject)
        if not taken.granted:
            metrics.HTTP_THROTTLED.inc()
            wait = math.ceil(taken.wait)
            raise TooMany(
                "too-many-requests",
                Text(
                    f"Mã truy cập này đã hỏi quá nhiều: tối đa {rate:g} lượt một giây. Hãy hỏi lại sau {wait} giây.",
                    f"This token asked too often: at most {rate:g} requests a second. Ask again in {wait} s.",
                ),
                wait,
            )

    @app.after_request
    def tell(answer: flask.Response) -> flask.Response:
        taken: Taken | None = flask.g.get("taken")
        if taken is not None:
            answer.headers["RateLimit-Policy"] = policy
            answer.headers["RateLimit"] = f'"token";r={taken.left};t={math.ceil((burst - taken.left) / rate)}'
        return answer
