"""Where the local suite keeps what it downloads, and how two processes take turns there."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parents[2]


def cache_dir() -> Path:
    """The folder of downloaded and derived files: `NENEP_CACHE`, else `.cache/` in the project root."""
    named = os.environ.get("NENEP_CACHE")
    path = Path(named).expanduser() if named else PROJECT_ROOT / ".cache"
    path.mkdir(parents=True, exist_ok=True)
    return path.resolve()


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold an advisory lock on the file `path` (made if absent); waits for whoever holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Write `text` so that only this user may read it (mode 600), whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    partial.replace(path)
