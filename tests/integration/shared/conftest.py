"""Topics and connections for the tests of what the services share."""

import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from deploy.local.servers import Servers
from shared import db
from shared.kafka import positions
from shared.outbox import table


@pytest.fixture
def fresh_topic(servers: Servers) -> Callable[[], str]:
    """Makes topics of one partition, each under a name of its own."""

    def make() -> str:
        name = f"test.{secrets.token_hex(6)}"
        admin: Any = KafkaAdminClient(bootstrap_servers=servers.bootstrap)
        try:
            admin.create_topics([NewTopic(name, 1, 1)])
            admin.wait_for_topics([name])
        finally:
            admin.close()
        return name

    return make


@pytest.fixture
def database(fresh_database: Callable[[], str]) -> str:
    """A database with an outbox, positions, and a table that says what was applied."""
    url = fresh_database()
    with db.connect(url, name="test") as conn:
        for statements in (table.DDL, positions.DDL, "create table applied (value integer)"):
            conn.execute(statements)
    return url


@pytest.fixture
def conn(database: str) -> Iterator[db.Connection]:
    """A connection that commits each statement, unless a block of it says otherwise."""
    with db.connect(database, name="test", autocommit=True) as conn:
        yield conn
