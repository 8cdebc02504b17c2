"""The rehearsal's clock: a file with an instant that every process of the suite takes for now (shared/clock.py)."""

import os
import time
from datetime import datetime
from pathlib import Path

# Processes read the file again at most every 50 ms.
_SEEN_AFTER = 0.08


class RehearsalClock:
    """Moves the suite's time forward, never back."""

    def __init__(self, file: Path, instant: datetime) -> None:
        self.file = file
        self.now = instant
        self._write()

    def advance(self, instant: datetime) -> None:
        """Make it `instant` everywhere, unless it is later already; returns once every process must have seen it."""
        if instant > self.now:
            self.now = instant
            self._write()
            time.sleep(_SEEN_AFTER)

    def _write(self) -> None:
        partial = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        partial.write_text(self.now.isoformat(timespec="microseconds"), encoding="ascii")
        partial.replace(self.file)
