"""Meetings into the topics while a test does something else, and the counts the figures must come to."""

import threading
from collections import Counter
from collections.abc import Sequence
from random import Random
from types import TracebackType
from typing import Self
from uuid import UUID

from tests.broker.conftest import Province
from tests.support.events import meeting


class Load:
    """Sends adopted regular meetings of `branches`, some twice and some corrected, until the context ends.

    `held` counts, by plain additions, how many meetings each branch has had.
    """

    def __init__(self, province: Province, branches: Sequence[UUID], *, at_once: int = 40) -> None:
        self.held: Counter[UUID] = Counter()
        self.events = 0
        self._province = province
        self._branches = branches
        self._at_once = at_once
        self._random = Random(11)
        self._enough = threading.Event()
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._enough.set()
        self._thread.join()
        if self._failed is not None:
            raise self._failed

    def _run(self) -> None:
        try:
            while not self._enough.wait(0.1):  # a rate, not a synchronisation
                self._send()
        except BaseException as error:
            self._failed = error

    def _send(self) -> None:
        rng = self._random
        sent = []
        for _ in range(self._at_once):
            branch = rng.choice(self._branches)
            one = meeting(branch, f"2025-{rng.randint(1, 12):02d}")
            sent.append(one)
            if rng.random() < 0.1:
                sent.append({**one, "version": 2, "revision": 2, "period": f"2025-{rng.randint(1, 12):02d}"})
            if rng.random() < 0.1:
                sent.append(one)
            self.held[branch] += 1
        self._province.send_meetings(*sent)
        self.events += len(sent)
