"""A migrated database of evaluation, and a connection to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import services.evaluation
from shared import db, process
from shared.db import Connection
from tests.integration.evaluation.committees import Evaluation, opened

MIGRATIONS = Path(services.evaluation.__file__).parent / "store" / "migrations"


@pytest.fixture
def database(migrated_database: Callable[[str, Callable[[str], None]], str]) -> str:
    return migrated_database("evaluation", lambda url: process.migrate(url, MIGRATIONS))


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    with db.connect(database, name="test") as connection:
        yield connection


@pytest.fixture
def evaluation(database: str, tmp_path: Path) -> Iterator[Evaluation]:
    """Evaluation at its doors: a province of two districts, with two branches and one."""
    with opened(database, tmp_path) as evaluation:
        evaluation.units(province=None, d1="province", d2="province", b1="d1", b2="d1", b3="d2")
        yield evaluation
