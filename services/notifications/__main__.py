"""`python -m services.notifications api|relay|worker|migrate`."""

from pathlib import Path

import click

from services.notifications.settings import NotificationsSettings
from shared import logging, process
from shared.settings import load

_MIGRATIONS = Path(__file__).parent / "store" / "migrations"


@click.group()
def main() -> None:
    """Notifications: who is told."""


@main.command()
def api() -> None:
    """Serve the HTTP API."""
    from services.notifications.api.app import build  # only this process needs Flask's parts

    settings = load(NotificationsSettings)
    process.run_api(lambda: build(settings), settings)


@main.command()
def relay() -> None:
    """Send the outbox to Kafka."""
    process.run_relay(load(NotificationsSettings))


@main.command()
def worker() -> None:
    """Merge units and meetings, examine months that are due, send e-mails."""
    from services.notifications.worker import build

    settings = load(NotificationsSettings)
    logging.configure(settings.service_name, "worker", settings.log_level)
    process.run_loop("worker", build(settings), settings)


@main.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    process.migrate(load(NotificationsSettings).database_url, _MIGRATIONS)


if __name__ == "__main__":
    main()
