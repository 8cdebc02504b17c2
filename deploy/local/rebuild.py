"""`nenep rebuild`: the figures again from the log, put in place, only compared, or as known at a past moment.

Runs `python -m services.evaluation rebuild` as the suite runs its processes. Its status is this command's: 1 when
`--verify` finds a difference or the work could not be done.
"""

import os
import subprocess
import sys
from pathlib import Path

import click

from deploy.local.deadletters import database_url, running
from deploy.local.places import PROJECT_ROOT


@click.command()
@click.option("--verify", is_flag=True, help="So sánh, không đổi gì / compare only; status 1 when something differs.")
@click.option("--until", metavar="INSTANT", help="Như đã biết lúc ấy / as known then, e.g. 2025-06-30T17:00:00+00:00.")
@click.option("--into", metavar="SCHEMA", help="Với --until: giữ thành lược đồ này / keep them as this schema.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("data"),
    show_default=True,
    help="Thư mục dữ liệu / the folder the suite keeps its data in.",
)
def rebuild(verify: bool, until: str | None, into: str | None, data: Path) -> None:
    """Tính lại mọi số liệu từ nhật ký / compute all figures again from the log, while the old ones stay readable."""
    state = running(data)
    words = [
        *(["--verify"] if verify else []),
        *([f"--until={until}"] if until is not None else []),
        *([f"--into={into}"] if into is not None else []),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "services.evaluation", "rebuild", *words],
        cwd=PROJECT_ROOT,
        check=False,
        env={
            **os.environ,
            "NENEP_SERVICE_NAME": "evaluation",
            "NENEP_DATABASE_URL": database_url(data, state, "evaluation"),
            "NENEP_KAFKA_BOOTSTRAP": state["bootstrap"],
            "NENEP_LOG_LEVEL": "warning",
        },
    )
    if done.returncode:
        sys.exit(done.returncode)
