"""Several loops in one process: all run, or none."""

import threading
import time
from collections.abc import Sequence

from shared.process import Loop


class Together:
    """Several loops, each in a thread of its own; when one ends, all end, and its error is raised."""

    def __init__(self, loops: Sequence[Loop]) -> None:
        self._loops = loops
        self._failures: list[BaseException] = []
        self.turned_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Run every loop until `stop`, or until one of them ends. Raises what the first to fail raised."""
        ended = threading.Event()
        threads = [
            threading.Thread(target=self._run_one, args=(loop, ended), name=type(loop).__name__) for loop in self._loops
        ]
        for thread in threads:
            thread.start()
        while not stop.is_set() and not ended.wait(0.2):
            self.turned_at = min(loop.turned_at for loop in self._loops)
        ended.set()
        for thread in threads:
            thread.join()
        if self._failures:
            raise self._failures[0]

    def idle_because(self) -> str | None:
        """Why the first loop that cannot work cannot; None while all can."""
        return next((reason for loop in self._loops if (reason := loop.idle_because()) is not None), None)

    def _run_one(self, loop: Loop, ended: threading.Event) -> None:
        try:
            loop.run(ended)
        except BaseException as failure:  # handed to the thread that waits, which raises it
            self._failures.append(failure)
        finally:
            ended.set()
