"""Which submissions may travel together: one meeting's papers never overtake each other."""

from collections import deque

import msgspec

from deploy.local.demo.rows import Completion, Meeting, NotHeld, Submission


class Batch(msgspec.Struct):
    """Rows of one import, in the order they were added, and the meetings it is about to change."""

    rows: list[Submission]
    claims: set[str]

    def body(self) -> bytes:
        """The request's body."""
        rows = [submission.row for submission in self.rows]
        return msgspec.json.encode(
            {
                "meetings": [row for row in rows if isinstance(row, Meeting)],
                "not_held": [row for row in rows if isinstance(row, NotHeld)],
                "completions": [row for row in rows if isinstance(row, Completion)],
            }
        )


class Batcher:
    """Gathers submissions into batches of up to `size` rows.

    A meeting that is in the batch being gathered, or in one that is under way, is claimed: what else concerns it waits
    until that batch is `done`, in order.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._batch = Batch([], set())
        self._claimed: set[str] = set()
        self._waiting: dict[str, deque[Submission]] = {}

    @property
    def is_full(self) -> bool:
        """Whether the batch being gathered has its size."""
        return len(self._batch.rows) >= self._size

    @property
    def is_empty(self) -> bool:
        """Whether nothing is gathered; submissions may still be waiting for a batch under way."""
        return not self._batch.rows

    def add(self, submission: Submission) -> None:
        """Gather `submission`, or let it wait its turn."""
        if submission.meeting_id in self._claimed:
            self._waiting.setdefault(submission.meeting_id, deque()).append(submission)
            return
        self._batch.rows.append(submission)
        if not isinstance(submission.row, Completion):
            self._batch.claims.add(submission.meeting_id)
            self._claimed.add(submission.meeting_id)

    def take(self) -> Batch:
        """The batch gathered; it is under way from now on, and a new one begins."""
        batch, self._batch = self._batch, Batch([], set())
        return batch

    def done(self, batch: Batch) -> None:
        """`batch` was accepted: what waited for its meetings may go."""
        self._claimed -= batch.claims
        for meeting_id in batch.claims & self._waiting.keys():
            waiting = self._waiting.pop(meeting_id)
            for submission in waiting:
                self.add(submission)
