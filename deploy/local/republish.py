"""`nenep republish`: what the registry keeps, told again to a topic that was lost and made again.

Runs `python -m services.registry republish` as the suite runs its processes: with the service's own role and keys.
"""

import os
import subprocess
import sys
from pathlib import Path

import click

from deploy.local.deadletters import database_url, running
from deploy.local.errors import LocalError
from deploy.local.places import PROJECT_ROOT
from deploy.local.table import APART
from deploy.local.vault import registry_keys
from shared.contracts.catalogue import catalogue

_TOPICS = [name for name, topic in catalogue().topics.items() if topic.owner == "registry"]


@click.command()
@click.option(
    "--topic", "topics", type=click.Choice(_TOPICS), multiple=True, help="Chủ đề này / this topic; repeatable."
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Thư mục dữ liệu / the folder the suite keeps its data in.",
)
def republish(topics: tuple[str, ...], data: Path) -> None:
    """Phát lại sổ gốc / publish the state of all that the registry keeps again, or of some topics only."""
    state = running(data)
    done = subprocess.run(
        [sys.executable, "-m", "services.registry", "republish", *(f"--topic={topic}" for topic in topics)],
        cwd=PROJECT_ROOT,
        check=False,
        env={
            **os.environ,
            "NENEP_SERVICE_NAME": "registry",
            "NENEP_DATABASE_URL": database_url(data, state, "registry", role=APART["registry"]),
            "NENEP_KAFKA_BOOTSTRAP": state["bootstrap"],
            "NENEP_REGISTRY_KEYS": registry_keys(data.resolve() / "keys"),
            **({"NENEP_CLOCK_FILE": state["clock_file"]} if state["clock_file"] else {}),
        },
    )
    if done.returncode:
        raise LocalError("Phát lại chưa xong; lý do ở trên.", "Not all was published again; the reason is above.")
