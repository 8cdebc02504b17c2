"""PostgreSQL: one pool a process, always with time limits, and the few errors that are worth another try."""

import random
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool

from shared import logging, metrics

Connection = psycopg.Connection[tuple[object, ...]]
Pool = ConnectionPool[Connection]
T = TypeVar("T")

_log = logging.get(__name__)
# Without them a server that vanished is waited for 130 s to connect (psycopg) and two hours to answer (TCP's default).
_NETWORK: Final[dict[str, int]] = {
    "connect_timeout": 5,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 35_000,
}
_BELIEVED: Final = 2.0
"""Seconds for which a connection that answered is believed to stand without being asked again."""
_alive: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()
_LIMITS = "-c statement_timeout=60s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"


def connect(url: str, *, name: str, autocommit: bool = False) -> Connection:
    """One connection outside the pool, with the house's time limits. Raises psycopg.OperationalError."""
    return psycopg.connect(url, autocommit=autocommit, **_parameters(name))


def open_pool(url: str, *, size: int, name: str) -> Pool:
    """The process's connections; a database that is away is waited for, a broken connection is replaced."""
    return ConnectionPool(
        url,
        connection_class=Connection,
        kwargs=_parameters(name),
        min_size=1,
        max_size=size,
        timeout=10,
        check=_check,
        open=True,
    )


def _check(conn: Connection) -> None:
    """Ask the server for a sign of life, unless it gave one just now. Raises psycopg.OperationalError."""
    now = time.monotonic()
    if now - _alive.get(conn, 0.0) > _BELIEVED:
        ConnectionPool.check_connection(conn)
        _alive[conn] = now


def _parameters(name: str) -> dict[str, Any]:
    return {"options": _LIMITS, "application_name": name, **_NETWORK}


def is_transient(error: BaseException) -> bool:
    """Whether the same transaction may succeed later: serialization, deadlock, lock wait, or the server being away.

    psycopg's OperationalError is all of these, and also what is too large for the server (SQLSTATE 54), which stays so.
    """
    if isinstance(error, errors.IdleInTransactionSessionTimeout):
        return True
    return isinstance(error, psycopg.OperationalError) and not (error.sqlstate or "").startswith("54")


def until_committed(
    transaction: Callable[[], T],
    *,
    what: str,
    stopping: Callable[[], bool] = lambda: False,
    also: tuple[type[Exception], ...] = (),
) -> T:
    """Run `transaction` until it commits, waiting 0.1 s, then longer, up to 5 s between tries, and saying so.

    Only transient errors (`is_transient`, and those of `also`) are tried again; any other, and a transient one while
    `stopping()`, is raised.
    """
    wait, tries = 0.1, 0
    while True:
        try:
            return transaction()
        except Exception as error:
            if not (is_transient(error) or isinstance(error, also)) or stopping():
                raise
            tries += 1
            cause = type(error).__name__
            metrics.MERGE_RETRIES.labels(cause=cause).inc()
            _log.warning("transaction waits", what=what, tries=tries, cause=cause, next_try_seconds=round(wait, 1))
            time.sleep(wait * random.uniform(0.8, 1.2))  # noqa: S311 - spreads retries, guards nothing
            wait = min(wait * 2, 5.0)
