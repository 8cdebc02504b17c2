"""`python -m services.meetings api | relay | worker | migrate`"""

from pathlib import Path

import click
import flask

from services.meetings.settings import MeetingsSettings
from shared import db, logging, process
from shared.clock import Clock
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
    """Keep the copies of units, rosters and rubrics, and compare adopted minutes with each other."""
    from services.meetings import worker
    from shared.clock import Clock

    settings = load(MeetingsSettings)
    logging.configure(settings.service_name, "worker", settings.log_level)
    pool = db.open_pool(settings.database_url, size=3, name="meetings-worker")
    process.run_loop("worker", worker.build(settings.kafka_bootstrap, pool, Clock(settings.clock_file)), settings)


@main.command()
def sweep() -> None:
    """Clear stored files that belong to nothing, and those deleted long ago (uploads do a little of it each)."""
    from services.meetings.commands import attachments

    settings = load(MeetingsSettings)
    logging.configure(settings.service_name, "sweep", settings.log_level)
    cabinet, now = attachments.cabinet_of(settings), Clock(settings.clock_file).now()
    cleared = 0
    with db.connect(settings.database_url, name="meetings-sweep") as conn:
        while swept := attachments.sweep(conn, cabinet, now=now):
            conn.commit()
            cleared += swept
    logging.get(__name__).info("storage swept", cleared=cleared)


@main.command()
def republish() -> None:
    """Have the worker publish every adopted meeting again as its next version (readers keep newer versions only)."""
    from services.meetings.commands import republishing

    settings = load(MeetingsSettings)
    logging.configure(settings.service_name, "republish", settings.log_level)
    with db.connect(settings.database_url, name="meetings-republish") as conn:
        queued = republishing.queue_all(conn)
    logging.get(__name__).info("meetings queued", queued=queued)


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    process.migrate(load(MeetingsSettings).database_url, Path(__file__).parent / "store" / "migrations")


if __name__ == "__main__":
    main(prog_name="python -m services.meetings")
