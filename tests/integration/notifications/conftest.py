"""A migrated database, a pool, a settable clock and the topics, for each test of notifications."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from deploy.local.servers import Servers
from services.notifications.settings import NotificationsSettings
from shared import db, process
from tests.integration.notifications.province import MIGRATIONS, RehearsalClock, Topics, units


@pytest.fixture
def settings(servers: Servers, migrated_database: Callable[[str, Callable[[str], None]], str]) -> NotificationsSettings:
    """Settings on a migrated database of its own; e-mail is switched on, towards a port nobody listens on."""
    return NotificationsSettings(
        database_url=migrated_database("notifications", lambda url: process.migrate(url, MIGRATIONS)),
        database_pool=4,
        kafka_bootstrap=servers.bootstrap,
        smtp_host="127.0.0.1",
        smtp_port=9,
        smtp_timeout_seconds=5,
        mail_from="nenep@gialai.gov.vn",
        mail_attempts=3,
        mail_backoff_seconds=0.01,
    )


@pytest.fixture
def pool(settings: NotificationsSettings) -> Iterator[db.Pool]:
    """Connections to the service's database."""
    with db.open_pool(settings.database_url, size=4, name="test") as pool:
        yield pool


@pytest.fixture
def clock() -> RehearsalClock:
    """A clock that stands at 10 July 2026, in the morning."""
    return RehearsalClock(datetime(2026, 7, 10, 2, tzinfo=UTC))


@pytest.fixture
def topics(pool: db.Pool, settings: NotificationsSettings, clock: RehearsalClock) -> Topics:
    """The topics, with the small province's units merged."""
    topics = Topics(pool, settings, clock)
    topics.units(*units())
    return topics
