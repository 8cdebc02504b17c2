"""The registry's processes: `python -m services.registry api | relay | worker | migrate | rotate-keys | republish`."""

from pathlib import Path

import click

from services.registry.commands import keys
from services.registry.commands import republish as republishing
from services.registry.commands.work import Work
from services.registry.domain.audit import Author
from services.registry.settings import RegistrySettings
from services.registry.store import untold
from services.registry.store.vault import Vault
from shared import db, logging, process
from shared.clock import Clock
from shared.settings import load

MIGRATIONS = Path(__file__).parent / "store" / "migrations"
SEALING = "0003a"
"""The revision with both plain columns and sealed ones for personal data: the next takes the plain ones away."""
APPEND_ONLY = ("access", "audit", "inspection", "target_progress")
"""Tables whose rows the service's role can only read and add to."""


@click.group()
def main() -> None:
    """Who exists: units over time, and members."""


@main.command()
def api() -> None:
    """Serve the API."""
    from services.registry.api.app import build  # only this process needs Flask's parts

    settings = load(RegistrySettings)
    Vault(settings.registry_keys)  # says what is wrong here, not from within the server
    process.run_api(lambda: build(settings), settings)


@main.command()
def relay() -> None:
    """Send the outbox to Kafka."""
    process.run_relay(load(RegistrySettings))


@main.command()
def worker() -> None:
    """Carry out the spreadsheet files that wait."""
    from services.registry.worker import Worker  # only this process needs openpyxl's parts at once

    settings = load(RegistrySettings)
    logging.configure(settings.service_name, "worker", settings.log_level)
    process.run_loop("worker", Worker(settings), settings)


@main.command()
def migrate() -> None:
    """Bring the database to the newest revision, and personal data still in plain columns under keys."""
    settings = load(RegistrySettings)
    vault = Vault(settings.registry_keys)
    owner_url = settings.migration_url or settings.database_url
    process.migrate(owner_url, MIGRATIONS, to=SEALING)
    with db.connect(owner_url, name="migrate") as conn:
        keys.seal_plain(conn, vault, click.echo)
    process.migrate(
        owner_url,
        MIGRATIONS,
        service_url=settings.database_url,
        append_only=APPEND_ONLY,
    )
    with db.connect(owner_url, name="migrate") as conn:
        republishing.due(_work(settings, conn, vault), click.echo)


@main.command(name="rotate-keys")
def rotate_keys() -> None:
    """Wrap every data key with the newest key of the settings; may be stopped and started again at any time."""
    settings = load(RegistrySettings)
    with db.connect(settings.database_url, name="rotate-keys") as conn:
        keys.rotate(conn, Vault(settings.registry_keys), click.echo)


@main.command()
@click.option(
    "--topic",
    "topics",
    multiple=True,
    type=click.Choice(untold.TOPICS),
    help="Only this topic; may be given several times. All of the registry's when left out.",
)
def republish(topics: tuple[str, ...]) -> None:
    """Publish the state of everything kept again; may be stopped and started again at any time.

    For a topic that was lost and made again: its readers, and new ones, have everything from it once more.
    """
    settings = load(RegistrySettings)
    with db.connect(settings.database_url, name="republish") as conn:
        work = _work(settings, conn, Vault(settings.registry_keys))
        count = republishing.everything(work, topics or untold.TOPICS, click.echo)
    click.echo(f"Đã ghi lại {count} sự kiện vào hàng chờ gửi. / {count} events are in the outbox again.")


def _work(settings: RegistrySettings, conn: db.Connection, vault: Vault) -> Work:
    return Work(conn, Author("republish", ""), Clock(settings.clock_file).today(), vault)


if __name__ == "__main__":
    main()
