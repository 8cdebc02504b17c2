"""Looks at the running suite from outside: what it shows, and whether it has caught up."""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self

from deploy.local.demo.client import Client, Refused, metric
from deploy.local.demo.state import Child, State
from deploy.local.errors import LocalError
from deploy.local.suite import Suite


class Watcher:
    """A thread that reads the districts' figures of the current month, the notices and the mail for the screen."""

    def __init__(self, suite: Suite, token: str, root_id: str, state: State, every: float = 1.5) -> None:
        self._suite = suite
        # What does not answer at once is left for the next look.
        self._client = Client({"evaluation": suite.url("evaluation")}, patience=0.0)
        self._token = token
        self._root_id = root_id
        self._state = state
        self._every = every
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demo-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join()
        self._client.close()

    def _run(self) -> None:
        while not self._ending.wait(self._every):
            # What cannot be read now stays as it was: a process may be starting again.
            with contextlib.suppress(LocalError):
                self.look()

    def look(self) -> None:
        """Read everything once."""
        if self._state.month:
            path = f"/v1/units/{self._root_id}/children?period={self._state.month}&order_by=attendance_rate"
            rows = self._client.send("GET", "evaluation", path, self._token)
            cards = sorted((row["scorecard"] for row in rows), key=lambda card: str(card["code"]))
            self._state.children = tuple(Child(card["name"], card["parts"], card["derived"]) for card in cards)
        raised = metric(self._suite.ops_url("notifications-worker"), "nenep_notices_total", {"outcome": "raised"})
        # The count begins anew when the worker does; the greatest seen is the nearest to the truth.
        self._state.notices = max(self._state.notices, int(raised or 0))
        self._state.mails = sum(1 for _ in self._suite.mail_dir.glob("*.eml"))


def figures_arrived(
    client: Client, token: str, root_id: str, month: str, expected: Mapping[str, int], patience: float
) -> bool:
    """Wait until the province's figures of `month` are `expected`; whether they were in time."""
    path = f"/v1/units/{root_id}/scorecard?period={month}"

    def arrived() -> bool:
        try:
            answered: Mapping[str, Any] = client.send("GET", "evaluation", path, token)["parts"]
        except Refused as refusal:
            if refusal.status == 404:  # evaluation has not heard of the province's committee yet
                return False
            raise
        return all(answered.get(name) == value for name, value in expected.items())

    return _until(arrived, patience)


def notice_arrived(client: Client, token: str, branch_id: str, month: str, patience: float) -> bool:
    """Wait until a branch that did not answer for `month` has its notice; whether it came in time."""
    path = f"/v1/units/{branch_id}/inbox?state=all&limit=100"

    def arrived() -> bool:
        notices = client.send("GET", "notifications", path, token)["items"]
        return any(notice["rule"] == "minutes_missing" and notice["period"] == month for notice in notices)

    return _until(arrived, patience)


def _until(holds: Callable[[], bool], patience: float) -> bool:
    deadline = time.monotonic() + patience
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True
