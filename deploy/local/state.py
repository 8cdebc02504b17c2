"""Who runs a suite on a folder, and where: `suite.lock` and `suite.json`. Neither holds a secret."""

import fcntl
import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.local.errors import LocalError

_writing = threading.Lock()


def take_lock(folder: Path) -> int:
    """Become the only suite on `folder`; the lock is held until the descriptor returned is closed.

    Raises LocalError naming the process that holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "suite.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.read(descriptor, 20).decode() or "?"
        os.close(descriptor)
        raise LocalError(
            f"Đã có nenep chạy trên {folder} (tiến trình {holder}). Xem: nenep status; dừng: nenep down.",
            f"A suite is already running on {folder} (process {holder}). See: nenep status; stop: nenep down.",
        ) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def holder(folder: Path) -> int | None:
    """The process id of the suite that runs on `folder`; None when none does."""
    try:
        descriptor = os.open(folder / "suite.lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        text = os.read(descriptor, 20).decode()
        return int(text) if text.isdecimal() else None
    finally:
        os.close(descriptor)
    return None


def write_state(folder: Path, state: Mapping[str, Any]) -> None:
    """Replace `suite.json`, whole."""
    with _writing:
        partial = folder / ".suite.json"
        partial.write_text(json.dumps(state, indent=1), encoding="utf-8")
        partial.replace(folder / "suite.json")


def read_state(folder: Path) -> dict[str, Any] | None:
    """What the running suite last wrote; None when no suite runs on `folder`."""
    if holder(folder) is None:
        return None
    try:
        state: dict[str, Any] = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return state


def forget_state(folder: Path) -> None:
    """Remove `suite.json`."""
    with _writing:
        (folder / "suite.json").unlink(missing_ok=True)
