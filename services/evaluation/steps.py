"""What the worker does beside the stream every so often (publish, score, look for alerts), in transactions of its own.

What is due stays due in the database, and many changes of one thing come to one look at it. So a step may wait while
the stream is behind: it then has a small share of the time, and never waits longer than `_LONGEST`.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

import faust

from shared import db, logging

_REST: Final = 1.0
_REST_WHEN_BEHIND: Final = 15.0
_LONGEST: Final = 10.0
"""Seconds between two turns of a step that has more to do."""

_log = logging.get(__name__)


def every(
    app: faust.App,
    seconds: float,
    step: Callable[[], int],
    what: str,
    *,
    behind: Callable[[], bool],
    crash: Callable[[BaseException], None] | None = None,
) -> None:
    """Do `step` every so many seconds, in a thread, and again until it says 0: nothing more is due. As long as it took
    is left for the stream before it is done again; `behind`: whether the stream has more than it can take, which is
    left more.

    An error leaves what is due as it is, until the next time. One that is not transient is told to `crash`; without
    that, it must not keep figures from being counted.
    """

    async def turns() -> None:
        try:
            began = time.monotonic()
            while await asyncio.to_thread(step):
                rest = _REST_WHEN_BEHIND if behind() else _REST
                await asyncio.sleep(min(rest * (time.monotonic() - began), _LONGEST))
                began = time.monotonic()
        except Exception as error:
            if crash is not None and not db.is_transient(error):
                crash(error)
            _log.warning(f"{what} wait", cause=type(error).__name__, exc_info=not db.is_transient(error))

    app.timer(interval=seconds)(turns)
