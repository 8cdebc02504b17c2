"""Which errors of a database are worth another try, and how long a silent server is waited for."""

import socket

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


def test_a_server_that_takes_connections_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            db.connect(f"postgresql://nobody@127.0.0.1:{port}/nowhere", name="test")
