"""The relay: the only way from a service's database to Kafka.

1. Hold the service's advisory lock: one relay is active, others stand by (several would break a key's order).
2. Take the first unsent rows.
3. Send them all, and wait for every acknowledgement (a future nobody checks is a lost error).
4. Mark what was acknowledged; a row after a failed one of its key counts as failed, and goes again after it.
A crash between 3 and 4 sends the batch again, in order: readers drop what they have by its version.
"""

import threading
import time
from collections.abc import Callable, Sequence

import psycopg
from kafka.errors import KafkaError

from shared import db, logging, metrics
from shared.kafka.producer import Producer
from shared.outbox import table

_LOCK = 0x6E656E65  # "nene": the advisory lock of a database's active relay
_POLL_SECONDS = 0.2
_SEND_TIMEOUT = 30.0
# Rounds begin so far apart: a row that comes alone leaves at once, many that come at once leave together. A round, and
# what it sets off in Kafka and in every reader, costs hardly more for many records than for one.
_ROUND_SECONDS = 0.025
_PURGE = 5000
_TIDY_SECONDS = 10.0

_log = logging.get(__name__)


class Relay:
    """Sends a service's outbox until asked to stop."""

    def __init__(
        self,
        database_url: str,
        bootstrap: str,
        *,
        batch: int,
        keep_days: int,
        name: str,
        chores: Sequence[Callable[[db.Connection], object]] = (),
    ) -> None:
        self._database_url = database_url
        self._bootstrap = bootstrap
        self._batch = batch
        self._keep_days = keep_days
        self._name = name
        self._chores = chores
        self._tidy_at = 0.0
        self.turned_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Send until `stop`; whatever is away (database, broker) is waited for, with the reason in the log."""
        wait = 0.1
        while not stop.is_set():
            try:
                self._session(stop)
            except (psycopg.Error, KafkaError, TimeoutError) as error:
                metrics.RELAY_ACTIVE.set(0)
                metrics.RELAY_FAILURES.labels(cause=type(error).__name__).inc()
                _log.warning("relay waits", cause=type(error).__name__, next_try_seconds=wait)
                self.turned_at = time.monotonic()
                stop.wait(wait)
                wait = min(wait * 2, 5.0)
            else:
                wait = 0.1

    def _session(self, stop: threading.Event) -> None:
        with db.connect(self._database_url, name=self._name, autocommit=True) as conn:
            while not _try_lock(conn):
                self.turned_at = time.monotonic()
                # How much waits is for the active relay to say; what this one last saw is out of date.
                metrics.OUTBOX_UNSENT.set(0)
                metrics.OUTBOX_OLDEST_SECONDS.set(0)
                if stop.wait(1.0):
                    return
            metrics.RELAY_ACTIVE.set(1)
            conn.execute(f"listen {table.CHANNEL}")
            # A mark that is lost with the machine is a record sent again, as after a crash before it was marked.
            conn.execute("set synchronous_commit = off")
            with Producer(self._bootstrap, client_id=self._name) as producer:
                _log.info("relay active")
                last_housekeeping = 0.0
                while not stop.is_set():
                    self.turned_at = time.monotonic()
                    if time.monotonic() - last_housekeeping > 1.0:
                        last_housekeeping = time.monotonic()
                        self._housekeeping(conn)
                    began = time.monotonic()
                    sent = self.turn(conn, producer)
                    if sent == self._batch:
                        continue
                    if sent:
                        stop.wait(max(0.0, began + _ROUND_SECONDS - time.monotonic()))
                    # Poll is the truth, NOTIFY only shortens the wait.
                    next(conn.notifies(timeout=_POLL_SECONDS, stop_after=1), None)
            metrics.RELAY_ACTIVE.set(0)

    def idle_because(self) -> str | None:
        """None: a relay that stands by is as ready as the active one."""
        return None

    def turn(self, conn: db.Connection, producer: Producer) -> int:
        """One round: send and mark. Returns how many rows were sent. Raises what Kafka or PostgreSQL raised."""
        rows = table.unsent(conn, self._batch)
        if not rows:
            return 0
        failures = producer.send_all([row.record for row in rows], timeout=_SEND_TIMEOUT)
        sent = acknowledged(rows, failures)
        table.mark_sent(conn, [row.position for row in sent])
        for row in sent:
            metrics.RELAY_SENT.labels(topic=row.record.topic).inc()
        failure = next((failure for failure in failures if failure is not None), None)
        if failure is not None:
            raise failure
        return len(sent)

    def _housekeeping(self, conn: db.Connection) -> None:
        unsent, oldest_seconds = table.depth(conn)
        metrics.OUTBOX_UNSENT.set(unsent)
        metrics.OUTBOX_OLDEST_SECONDS.set(oldest_seconds)
        if time.monotonic() < self._tidy_at:
            return
        purged = table.purge(conn, self._keep_days, limit=_PURGE)
        self._tidy_at = time.monotonic() + (0.0 if purged == _PURGE else _TIDY_SECONDS)
        for chore in self._chores:
            chore(conn)


def acknowledged(rows: Sequence[table.Unsent], failures: Sequence[Exception | None]) -> list[table.Unsent]:
    """The rows that may be marked: acknowledged, and behind no failed row of the same topic and key."""
    failed_keys: set[tuple[str, bytes | None]] = set()
    marked = []
    for row, failure in zip(rows, failures, strict=True):
        identity = (row.record.topic, row.record.key)
        if failure is not None:
            failed_keys.add(identity)
        elif identity not in failed_keys:
            marked.append(row)
    return marked


def _try_lock(conn: db.Connection) -> bool:
    row = conn.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone()
    return row is not None and row[0] is True
