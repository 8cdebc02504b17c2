"""Each service's application, without its database."""

from collections.abc import Iterator
from pathlib import Path

import flask
import pytest

from deploy.local.tokens import TokenIssuer
from tests.support import services


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> TokenIssuer:
    folder: Path = tmp_path_factory.mktemp("keys")
    return TokenIssuer(folder / "keys")


@pytest.fixture(scope="session", params=services.NAMES)
def app(request: pytest.FixtureRequest, issuer: TokenIssuer) -> Iterator[flask.Flask]:
    built = services.build(request.param, issuer)
    yield built
    services.close(built)
