"""One line that says what is being waited for: moving on a terminal, printed when it changes elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status


class Progress:
    """A context in which `say` shows its words with the seconds passed; silent when not `shown`."""

    def __init__(self, shown: bool) -> None:
        self._console = Console(stderr=True, quiet=not shown)
        self._status: Status | None = None
        self._last = ""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        if self._console.is_terminal:
            self._status = self._console.status("Nền nếp")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()
            self._status = None

    def say(self, words: str) -> None:
        """Show what is being done now."""
        if self._status is not None:
            self._status.update(f"{escape(words)} [dim]{time.monotonic() - self._began:.0f} s[/dim]")
        elif words != self._last:
            self._console.print(escape(words), highlight=False, soft_wrap=True)
        self._last = words
