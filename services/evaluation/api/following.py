"""Streams of changes: one thread reads what was published, and hands each stream what lies in its subtree.

A stream waits in a thread of the server's, holds no connection to the database, and keeps the newest version of each
scorecard only: a reader that is slow, or was away, is told less often, never wrongly.
"""

import threading
import time
from collections.abc import Callable
from typing import Final
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from services.evaluation.store import changes
from shared import logging, metrics
from shared.db import Pool
from shared.errors import Refusal, Text
from shared.http.throttle import TooMany

EVERY: Final = 1.0
"""Seconds between two readings of what was published: a scorecard is told at most so often."""
Card = tuple[UUID, str]
_log = logging.get(__name__)


class Full(Refusal):
    """This replica bears no more streams."""

    status = 503
    retry_after = 15


class Stream:
    """What one reader has not been told yet."""

    def __init__(self, subject: str, units: frozenset[UUID], position: int) -> None:
        self.subject = subject
        self.units = units
        self._position = position
        self._pending: dict[Card, int] = {}
        self._changed = threading.Condition()

    @property
    def position(self) -> int:
        """Everything published up to here is told or pending."""
        return self._position

    def tell(self, change: changes.Change) -> None:
        """Take over what a publication says of this stream's units."""
        with self._changed:
            if change.position <= self._position:
                return
            for unit_id, month, version in zip(change.unit_ids, change.months, change.versions, strict=True):
                if unit_id in self.units:
                    self._pending[unit_id, month] = version
            self._position = change.position
            if self._pending:
                self._changed.notify()

    def take(self, patience: float) -> tuple[dict[Card, int], int]:
        """What changed since the last time, waited for at most `patience` seconds, and the position it stands for."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._pending), timeout=patience)
            taken, self._pending = self._pending, {}
            return taken, self._position


class Follower:
    """All streams of this process. `most` at once, `most_each` of a token's subject."""

    def __init__(self, pool: Pool, *, most: int, most_each: int) -> None:
        self._pool, self._most, self._most_each = pool, most, most_each
        self._streams: set[Stream] = set()
        self._any = threading.Condition()
        self._thread: threading.Thread | None = None

    def join(self, subject: str, make: Callable[[], Stream]) -> Stream:
        """A new stream. Raises Full, or TooMany when the subject holds its share already."""
        with self._any:
            if sum(stream.subject == subject for stream in self._streams) >= self._most_each:
                raise TooMany(
                    "too-many-streams",
                    Text(
                        f"Mã truy cập này đang mở {self._most_each} luồng thay đổi; hãy đóng bớt rồi mở lại.",
                        f"This token holds {self._most_each} streams of changes; close one, then open another.",
                    ),
                    int(Full.retry_after or 0),
                )
            if len(self._streams) >= self._most:
                raise Full(
                    "too-many-streams",
                    Text(
                        f"Máy chủ này đã mở đủ {self._most} luồng thay đổi. Hãy thử lại sau ít giây.",
                        f"This replica bears {self._most} streams of changes and has them. Try again in a while.",
                    ),
                )
            stream = make()
            self._streams.add(stream)
            metrics.HTTP_STREAMS.set(len(self._streams))
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="changes", daemon=True)
                self._thread.start()
            self._any.notify()
        return stream

    def leave(self, stream: Stream) -> None:
        """The reader is gone."""
        with self._any:
            self._streams.discard(stream)
            metrics.HTTP_STREAMS.set(len(self._streams))

    def _follow(self) -> None:
        while not self._pool.closed:
            with self._any:
                self._any.wait_for(lambda: bool(self._streams), timeout=EVERY)
                streams = list(self._streams)
            if not streams:
                continue
            try:
                self._read(streams)
            except (psycopg.Error, PoolTimeout) as error:
                _log.warning("changes cannot be read; trying again", cause=type(error).__name__)
            time.sleep(EVERY)

    def _read(self, streams: list[Stream]) -> None:
        position = min(stream.position for stream in streams)
        with self._pool.connection() as conn:
            while found := changes.after(conn, position):
                for change in found:
                    for stream in streams:
                        stream.tell(change)
                position = found[-1].position
