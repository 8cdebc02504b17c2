"""`python -m services.evaluation api | relay | worker | migrate`"""

from pathlib import Path

import click
import flask

from services.evaluation.settings import EvaluationSettings
from shared import process
from shared.settings import load


@click.group()
def main() -> None:
    """Evaluation: figures of every unit, continuously."""


@main.command()
def api() -> None:
    """Serve the read API and the live page."""
    settings = load(EvaluationSettings)

    def build_app() -> flask.Flask:
        from services.evaluation.api.app import build  # imported in the worker process, not in gunicorn's parent

        return build(settings)

    process.run_api(build_app, settings)


@main.command()
def relay() -> None:
    """Send the outbox to Kafka."""
    process.run_relay(load(EvaluationSettings))


@main.command()
def worker() -> None:
    """Merge the topics into the figures."""
    from services.evaluation import worker  # Faust is needed by this command only

    worker.run(load(EvaluationSettings))


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision."""
    process.migrate(load(EvaluationSettings).database_url, Path(__file__).parent / "store" / "migrations")


if __name__ == "__main__":
    main(prog_name="python -m services.evaluation")
