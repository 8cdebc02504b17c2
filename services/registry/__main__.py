"""The registry's processes: `python -m services.registry api | relay | migrate`."""

from pathlib import Path

import click

from services.registry.settings import RegistrySettings
from shared import process
from shared.settings import load

MIGRATIONS = Path(__file__).parent / "store" / "migrations"


@click.group()
def main() -> None:
    """Who exists: units over time, and members."""


@main.command()
def api() -> None:
    """Serve the API."""
    from services.registry.api.app import build  # only this process needs Flask's parts

    settings = load(RegistrySettings)
    process.run_api(lambda: build(settings), settings)


@main.command()
def relay() -> None:
    """Send the outbox to Kafka."""
    process.run_relay(load(RegistrySettings))


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    process.migrate(load(RegistrySettings).database_url, MIGRATIONS)


if __name__ == "__main__":
    main()
