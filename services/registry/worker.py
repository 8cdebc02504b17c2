"""The worker: carries out files that wait, one at a time, and deletes what has been kept long enough.

A job's row stays locked by the transaction that saves its rows: whatever ends the worker gives the row free, nothing is
half-saved, and the job is taken again. How far it has come is told on a connection of its own.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from services.registry.commands.files import Counted, carry_out, failed
from services.registry.commands.imports import Step
from services.registry.commands.work import Work
from services.registry.domain.audit import Author
from services.registry.files.kinds import Limits
from services.registry.settings import RegistrySettings
from services.registry.store import files as file_rows
from services.registry.store.files import Job, Outcome, Progress, Taken
from services.registry.store.vault import Locked, Vault
from shared import db, logging, metrics
from shared.clock import Clock

_POLL_SECONDS = 1.0
_BEAT_SECONDS = 1.0
_CHORES_SECONDS = 60.0
_LONGEST_JOB = 1800.0
"""Seconds after which a job that shows no end is no sign of life any more: /livez fails, the worker is restarted."""
# A job's statements are large, and it waits its turn for the tree; between them it reads a workbook.
_PATIENCE = (
    "set local statement_timeout = '10min'; set local lock_timeout = '10min'; "
    "set local idle_in_transaction_session_timeout = '30min'"
)

_log = logging.get(__name__)


class Stopping(Exception):
    """The worker is asked to stop in the middle of a job."""


class _Counted(Counted):
    """Counts, and is where a job is left when the worker is to stop."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__()
        self._stop = stop

    def rows_read(self, rows: int, expected: int) -> None:
        super().rows_read(rows, expected)
        self._go_on()

    def rows_done(self, step: Step, rows: int) -> None:
        super().rows_done(step, rows)
        self._go_on()

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise Stopping


class Worker:
    """Carries out files until asked to stop."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._vault = Vault(settings.registry_keys)
        self._clock = Clock(settings.clock_file)
        self._limits = Limits(settings.file_unpacked_bytes, settings.import_rows)
        self._chores_at = 0.0
        self.turned_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`; a database that is away is waited for."""
        wait = 0.1
        while not stop.is_set():
            try:
                self._session(stop)
            except Stopping:
                return
            except psycopg.Error as error:
                if not db.is_transient(error):
                    raise
                _log.warning("worker waits", cause=type(error).__name__, next_try_seconds=wait)
                self.turned_at = time.monotonic()
                stop.wait(wait)
                wait = min(wait * 2, 5.0)
            else:
                wait = 0.1

    def idle_because(self) -> str | None:
        """None: it has nothing to wait for before it can work."""
        return None

    def _session(self, stop: threading.Event) -> None:
        url = self._settings.database_url
        with (
            db.connect(url, name="registry-worker") as conn,
            db.connect(url, name="registry-worker-beat", autocommit=True) as beside,
        ):
            beside.execute(f"listen {file_rows.CHANNEL}")
            while not stop.is_set():
                self.turned_at = time.monotonic()
                if time.monotonic() - self._chores_at > _CHORES_SECONDS:
                    self._chores_at = time.monotonic()
                    file_rows.purge(beside, self._settings.file_keep_days, limit=1000)
                waiting, oldest = file_rows.depth(beside)
                metrics.FILES_WAITING.set(waiting)
                metrics.FILES_OLDEST_SECONDS.set(oldest)
                if not self._turn(conn, beside, stop):
                    # Poll is the truth, NOTIFY only shortens the wait.
                    next(beside.notifies(timeout=_POLL_SECONDS, stop_after=1), None)

    def _turn(self, conn: db.Connection, beside: db.Connection, stop: threading.Event) -> bool:
        """Carry out one file; False when none waits."""
        with conn.transaction():
            conn.execute(_PATIENCE)
            taken = file_rows.take(conn)
            if taken is None:
                return False
            began = time.monotonic()
            attempts = file_rows.begin(beside, taken.file_id)
            counted = _Counted(stop)
            with self._beating(beside, taken, counted):
                job, outcome = self._outcome(conn, taken, attempts, counted)
                file_rows.end(conn, self._vault, taken.file_id, job.key if job else None, outcome)
        seconds = time.monotonic() - began
        metrics.FILES.labels(state=outcome.state).inc()
        metrics.FILE_SECONDS.observe(seconds)
        metrics.FILE_ROWS.inc(counted.read)
        _log.info(
            "file ended",
            file_id=str(taken.file_id),
            state=outcome.state,
            rule=outcome.refusal.rule if outcome.refusal else None,
            rows=counted.read,
            faults=outcome.faults,
            seconds=round(seconds, 1),
            attempts=attempts,
        )
        return True

    def _outcome(
        self, conn: db.Connection, taken: Taken, attempts: int, counted: Counted
    ) -> tuple[Job | None, Outcome]:
        if attempts > file_rows.MOST_ATTEMPTS:
            return None, failed("too-many-attempts")
        try:
            job = file_rows.opened(self._vault, taken)
        except Locked:
            _log.error("file does not open", file_id=str(taken.file_id), key_id=taken.key_id)
            return None, failed("key-missing")
        author = Author(taken.actor, taken.request_id)
        try:
            with conn.transaction():
                work = Work(conn, author, self._clock.today(), self._vault)
                return job, carry_out(work, job, self._limits, counted)
        except (Stopping, MemoryError):
            raise
        except Exception as error:
            if isinstance(error, psycopg.Error) and (db.is_transient(error) or conn.broken):
                raise
            # The sentence of such an error may quote a cell: its kind is all that is logged.
            _log.error("file failed", file_id=str(taken.file_id), cause=type(error).__name__)
            return job, failed("defect")

    @contextmanager
    def _beating(self, beside: db.Connection, taken: Taken, counted: Counted) -> Iterator[None]:
        """Tell every second, from a thread of its own, how far the job has come."""
        ended = threading.Event()
        began = time.monotonic()

        def tell() -> None:
            progress = Progress(counted.read, counted.judged, counted.saved, counted.expected)
            file_rows.beat(beside, taken.file_id, progress)

        def beat() -> None:
            while not ended.wait(_BEAT_SECONDS):
                if time.monotonic() - began < _LONGEST_JOB:
                    self.turned_at = time.monotonic()
                try:
                    tell()
                except psycopg.Error as error:
                    _log.warning("progress not told", cause=type(error).__name__)

        thread = threading.Thread(target=beat, name="beat", daemon=True)
        thread.start()
        try:
            yield
            ended.set()
            thread.join()
            tell()
        finally:
            ended.set()
            thread.join()
