"""Which errors of a database are worth another try, and that a silent server is not waited for."""

import psycopg
import pytest
from psycopg import errors

from shared import db


@pytest.mark.parametrize(
    "error",
    [
        errors.SerializationFailure(),
        errors.DeadlockDetected(),
        errors.LockNotAvailable(),
        errors.QueryCanceled(),
        errors.AdminShutdown(),
        errors.IdleInTransactionSessionTimeout(),
        psycopg.OperationalError("the server is away"),
    ],
)
def test_what_passes_is_tried_again(error: Exception) -> None:
    assert db.is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.ProgramLimitExceeded(),
        errors.NumericValueOutOfRange(),
        errors.UniqueViolation(),
        errors.UndefinedTable(),
        psycopg.InterfaceError("the cursor is closed"),
        KeyError("a defect"),
    ],
)
def test_what_stays_is_not(error: Exception) -> None:
    assert not db.is_transient(error)


def test_a_defect_ends_the_tries_at_once() -> None:
    tries: list[int] = []

    def transaction() -> None:
        tries.append(1)
        raise errors.DeadlockDetected if len(tries) < 3 else KeyError("a defect")

    with pytest.raises(KeyError):
        db.until_committed(transaction, what="test")
    assert len(tries) == 3


def test_every_connection_gives_a_silent_server_up(database: str) -> None:
    with (
        db.connect(database, name="test") as one,
        db.open_pool(database, size=1, name="test") as pool,
        pool.connection() as other,
    ):
        for conn in (one, other):
            parameters = conn.info.get_parameters()
            assert {"connect_timeout", "keepalives_idle", "tcp_user_timeout"} <= set(parameters)
            assert conn.execute("show statement_timeout").fetchone() == ("1min",)
