"""The servers every test shares: a real Kafka and a real PostgreSQL, started when the first test asks."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.local.servers import STACKS, Servers, open_servers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--stack`: processes of this machine (the default), or containers where a Docker API answers."""
    parser.addoption("--stack", choices=STACKS, default="auto", help="where Kafka and PostgreSQL come from")


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Iterator[Servers]:
    """Kafka and PostgreSQL for the whole session; use fresh topic, group and database names in every test."""
    stack: str = request.config.getoption("--stack")
    # Not pytest's own folder: every session of pytest shuts it to other accounts, PostgreSQL's among them.
    with tempfile.TemporaryDirectory(prefix="nenep-tests-") as folder:
        opened = open_servers(Path(folder), stack=stack, short_lived=True)
        opened.start()
        yield opened
        opened.stop()


@pytest.fixture
def fresh_database(servers: Servers) -> Iterator[Callable[[], str]]:
    """Makes empty databases: each call gives the URL of a new one; all are dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{secrets.token_hex(6)}"
        made.append(name)
        return servers.database(name, "tester")

    yield make
    for name in made:
        servers.drop_database(name)


@pytest.fixture(scope="session")
def _models() -> dict[str, str]:
    return {}


@pytest.fixture
def migrated_database(
    servers: Servers, _models: dict[str, str]
) -> Iterator[Callable[[str, Callable[[str], None]], str]]:
    """Makes databases with a service's tables: each call gives the URL of a new copy of what `migrate` made once.

    Migrating a database for every test would take longer than the tests.
    """
    made: list[str] = []

    def make(service: str, migrate: Callable[[str], None]) -> str:
        if service not in _models:
            model = f"model_{secrets.token_hex(6)}"
            migrate(servers.database(model, "tester"))
            _models[service] = model
        name = f"test_{secrets.token_hex(6)}"
        made.append(name)
        return servers.database(name, "tester", like=_models[service])

    yield make
    for name in made:
        servers.drop_database(name)


@pytest.fixture
def service_role(servers: Servers) -> Callable[[str], str]:
    """Gives the URL of a fresh database for a role that owns nothing in it (shared/grants.py)."""
    return lambda url: servers.service_role(url.rsplit("/", 1)[1], "tester_service")
