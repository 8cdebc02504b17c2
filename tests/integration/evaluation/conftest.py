"""A migrated database of evaluation, and a connection to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services.evaluation
from shared import db, process
from shared.db import Connection

MIGRATIONS = Path(services.evaluation.__file__).parent / "store" / "migrations"


@pytest.fixture
def database(migrated_database: Callable[[str, Callable[[str], None]], str]) -> str:
    return migrated_database("evaluation", lambda url: process.migrate(url, MIGRATIONS))


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with db.connect(database, name="test") as connection:
        yield connection
