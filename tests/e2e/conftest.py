"""The whole suite, running: every process of the four services, a broker, a database, a mail sink."""

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from deploy.local.suite import Suite


class Clock:
    """The rehearsal's clock of the running suite."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(datetime(2025, 6, 3, 14, 30, tzinfo=UTC))

    def set(self, instant: datetime) -> None:
        partial = self.file.with_suffix(".new")
        partial.write_text(instant.isoformat())
        partial.rename(self.file)


@pytest.fixture(scope="module")
def clock() -> Iterator[Clock]:
    with tempfile.TemporaryDirectory(prefix="nenep-clock-") as folder:
        yield Clock(Path(folder) / "now")


@pytest.fixture(scope="module")
def suite(clock: Clock) -> Iterator[Suite]:
    with (
        tempfile.TemporaryDirectory(prefix="nenep-e2e-") as folder,
        Suite(Path(folder) / "data", clock_file=clock.file, ephemeral=True, progress=False) as running,
    ):
        yield running


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, headers={"Accept-Language": "en"}) as client:
        yield client
