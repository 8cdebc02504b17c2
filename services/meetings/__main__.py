"""`python -m services.meetings api | relay | worker | migrate`"""

from pathlib import Path

import click
import flask

from services.meetings.settings import MeetingsSettings
from shared import db, logging, process
from shared.settings import load


@click.group()
def main() -> None:
    """Meetings: what happens in the branches."""


@main.command()
def api() -> None:
    """Serve the API."""
    settings = load(MeetingsSettings)

    def build_app() -> flask.Flask:
        from services.meetings.api.app import build  # imported in the worker process, not in gunicorn's parent

        return build(settings)

    process.run_api(build_app, settings)


@main.command()
def relay() -> None:
    """Send the outbox to Kafka."""
    process.run_relay(load(MeetingsSettings))


@main.command()
def worker() -> None:
    """Keep the copies of units and rosters."""
    from services.meetings import worker

    settings = load(MeetingsSettings)
    logging.configure(settings.service_name, "worker", settings.log_level)
    pool = db.open_pool(settings.database_url, size=2, name="meetings-worker")
    process.run_loop("worker", worker.build(settings.kafka_bootstrap, pool), settings)


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    process.migrate(load(MeetingsSettings).database_url, Path(__file__).parent / "store" / "migrations")


if __name__ == "__main__":
    main(prog_name="python -m services.meetings")
