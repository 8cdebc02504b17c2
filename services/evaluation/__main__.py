"""`python -m services.evaluation api | relay | worker | migrate | rebuild`"""

import sys
from datetime import datetime
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

    process.run_api(build_app, settings, streams=settings.streams)


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
@click.option("--verify", is_flag=True, help="So sánh, không đổi gì / compare only; status 1 when something differs.")
@click.option(
    "--until",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    metavar="INSTANT",
    help="Như đã biết lúc ấy / figures as known then (2025-06-30T17:00:00+00:00), beside the live ones.",
)
@click.option("--into", metavar="SCHEMA", help="Với --until: giữ thành lược đồ này / keep them as this schema.")
def rebuild(verify: bool, until: datetime | None, into: str | None) -> None:
    """Tính lại số liệu từ nhật ký / compute the figures again from the log, compare, and put them in place."""
    if verify and until is not None:
        raise click.UsageError("--verify, --until: chọn một / choose one")
    if into is not None and until is None:
        raise click.UsageError("--into đi cùng --until / --into goes with --until")
    import psycopg
    from aiokafka.errors import KafkaError

    from services.evaluation import handover, outcomes, rebuild
    from shared.kafka.batch import Flooded

    settings = load(EvaluationSettings)
    url, bootstrap = settings.database_url, settings.kafka_bootstrap
    try:
        if until is not None:
            outcome = rebuild.as_known(url, bootstrap, until=until, into=into, say=_say)
        else:
            outcome = rebuild.rebuild(url, bootstrap, swap=not verify, say=_say)
    except (handover.Busy, ValueError, Flooded, KafkaError, psycopg.OperationalError) as error:
        told = f"{type(error).__name__}: {error}" if isinstance(error, KafkaError | psycopg.Error) else str(error)
        raise click.ClickException(f"chưa xong / not done: {told}") from error
    if sys.stderr.isatty():
        click.echo(err=True)
    for line in outcomes.lines(outcome, kept_as=into):
        click.echo(line)
    if outcome.verified is not None and (outcome.different or outcome.verified.facts):
        raise SystemExit(1)


def _say(words: str) -> None:
    # On a terminal one line that moves (ECMA-48: EL 2 erases the line), elsewhere a line each.
    moves = sys.stderr.isatty()
    click.echo(f"\r\x1b[2K… {words}" if moves else f"… {words}", nl=not moves, err=True)


if __name__ == "__main__":
    main(prog_name="python -m services.evaluation")
