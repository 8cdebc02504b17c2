"""Sends a year through the doors, window after window, while the rehearsal's clock moves."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from typing import Final

from deploy.local.demo.batches import Batch, Batcher
from deploy.local.demo.client import Client
from deploy.local.demo.oracle import Oracle
from deploy.local.demo.rehearsal_clock import RehearsalClock
from deploy.local.demo.rows import Call, Completion, Meeting, NotHeld, Submission
from deploy.local.demo.state import State
from deploy.local.demo.steps import Secretary
from deploy.local.demo.year import Window

BATCH_ROWS: Final = 800
CONNECTIONS: Final = 3


class Driver:
    """Sends submissions; those accepted are told to the oracle.

    Batches travel on a few connections at once, step-by-step work between them at its exact instants. `each` is called
    after every batch and group of steps.
    """

    def __init__(
        self,
        client: Client,
        officer_token: str,
        secretary: Secretary,
        clock: RehearsalClock,
        oracle: Oracle,
        state: State,
        each: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = client
        self._token = officer_token
        self._secretary = secretary
        self._clock = clock
        self._oracle = oracle
        self._state = state
        self._each = each
        self._batcher = Batcher(BATCH_ROWS)
        self._under_way: dict[Future[None], Batch] = {}
        self._group: list[Submission] = []
        self._reported = datetime.min.replace(tzinfo=UTC)

    def run(self, window: Window) -> None:
        """Send everything of `window`, then set the clock to its end. Raises LocalError when a door refuses."""
        with ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="demo-send") as pool:
            for submission in window.submissions:
                if self._group and submission.at != self._group[0].at:
                    self._walk_through(pool)
                if submission.door == "steps":
                    self._group.append(submission)
                    continue
                self._batcher.add(submission)
                if self._batcher.is_full:
                    self._launch(pool)
            if self._group:
                self._walk_through(pool)
            while not self._batcher.is_empty or self._under_way:
                if not self._batcher.is_empty:
                    self._launch(pool)
                else:
                    self._land()
        self._move_clock(window.closes_at)

    def _launch(self, pool: ThreadPoolExecutor) -> None:
        while len(self._under_way) >= CONNECTIONS:
            self._land()
        batch = self._batcher.take()
        self._move_clock(max(submission.at for submission in batch.rows))
        if self._state.sending_since is None:
            self._state.sending_since = time.monotonic()
        self._under_way[pool.submit(self._import, batch)] = batch

    def _import(self, batch: Batch) -> None:
        self._client.send("POST", "meetings", "/v1/imports", self._token, body=batch.body(), key=str(uuid.uuid4()))

    def _land(self) -> None:
        """Wait for a batch under way."""
        landed, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
        for future in landed:
            batch = self._under_way.pop(future)
            future.result()
            for submission in batch.rows:
                self._note(submission)
            self._batcher.done(batch)
        self._each()

    def _walk_through(self, pool: ThreadPoolExecutor) -> None:
        """Everything that secretaries do at one instant; the clock stands still meanwhile.

        An adoption counts which tasks of the last meeting are done. So that one can say how many these were, no batch
        is under way, and what one branch does is done one after another.
        """
        while self._under_way:
            self._land()
        group, self._group = self._group, []
        self._move_clock(group[0].at)
        by_branch: dict[int, list[Submission]] = {}
        for submission in group:
            by_branch.setdefault(submission.branch, []).append(submission)
        for future in [pool.submit(self._one_after_another, papers) for papers in by_branch.values()]:
            future.result()
        for submission in group:
            self._note(submission)
        self._state.steps += len(group)
        self._each()

    def _one_after_another(self, papers: list[Submission]) -> None:
        for submission in papers:
            self._secretary.send(submission)

    def _note(self, submission: Submission) -> None:
        self._oracle.take(submission, self._clock.now)
        state, row = self._state, submission.row
        state.rows += 1
        if isinstance(row, Completion):
            state.completions += 1
        elif isinstance(row, Call) or (isinstance(row, Meeting) and row.kind == "committee"):
            state.preparations += 1
        elif submission.repeated:
            state.repeated += 1
        elif isinstance(row, Meeting) and row.correction_reason is not None:
            state.corrections += 1
        else:
            state.meetings += 1
            state.not_held += isinstance(row, NotHeld)
            if isinstance(row, Meeting):
                state.out_of_order += row.reported_at < self._reported
                self._reported = max(self._reported, row.reported_at)

    def _move_clock(self, instant: datetime) -> None:
        self._clock.advance(instant)
        self._state.clock = self._clock.now
