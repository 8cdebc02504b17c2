"""`python -m services.evaluation api | relay | worker | migrate | rebuild`"""

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


@main.command()
@click.option("--verify", is_flag=True, help="Compare only; change nothing.")
def rebuild(verify: bool) -> None:
    """Compute the figures again from the log, compare, and put them in place."""
    from services.evaluation import rebuild

    settings = load(EvaluationSettings)
    outcome = rebuild.rebuild(settings.database_url, settings.kafka_bootstrap, swap=not verify, say=lambda _: None)
    click.echo(
        f"{outcome.events:,} events in {outcome.seconds:.1f} s; {outcome.unit_months:,} unit-months, "
        f"{outcome.different:,} differed; {'swapped' if outcome.swapped else 'nothing changed'}"
    )
    if verify and outcome.different:
        raise SystemExit(1)


if __name__ == "__main__":
    main(prog_name="python -m services.evaluation")
