"""What a run leaves behind: processes of a supervisor that was killed, and logs that grow."""

import contextlib
import json
import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

from deploy.local.process import Child, kill_session

_LOG_LIMIT = 20_000_000
_log = logging.getLogger(__name__)


def note_pids(pids_file: Path, running: Iterable[Child]) -> None:
    """Keep the ids of running processes with the times they began, for `sweep`."""
    rows = [[child.pid, child.started_at] for child in running]
    partial = pids_file.with_suffix(".partial")
    partial.write_text(json.dumps(rows), encoding="utf-8")
    partial.replace(pids_file)


def sweep(pids_file: Path) -> list[int]:
    """End what an earlier supervisor left running, by the ids it noted; returns the ids that were still alive."""
    try:
        rows: list[tuple[int, float]] = [
            (int(pid), float(at)) for pid, at in json.loads(pids_file.read_text(encoding="utf-8"))
        ]
    except (OSError, ValueError):
        return []
    left = [found for pid, began in rows for found in kill_session(pid, began)]
    if left:
        _log.warning("ended processes of an earlier run: %s", ", ".join(map(str, left)))
    pids_file.unlink(missing_ok=True)
    return left


def cut_log(path: Path, limit: int = _LOG_LIMIT) -> None:
    """Move the text of a log longer than `limit` bytes to `<name>.1`, in place, as its writer keeps it open."""
    with contextlib.suppress(OSError):
        if path.stat().st_size > limit:
            shutil.copyfile(path, path.with_name(path.name + ".1"))
            with path.open("r+b") as file:
                file.truncate(0)
