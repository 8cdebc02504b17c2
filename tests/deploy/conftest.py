"""The suite as Kubernetes would get it."""

import pytest

from tests.deploy.manifests import OVERLAYS, Manifests, rendered


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker of the tests that make a virtual environment for each service."""
    config.addinivalue_line("markers", "packaging: installs each service alone; leave out with -m 'not packaging'")


@pytest.fixture(params=OVERLAYS)
def manifests(request: pytest.FixtureRequest) -> Manifests:
    """Every overlay in turn."""
    return rendered(request.param)
