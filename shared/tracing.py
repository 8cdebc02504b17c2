"""W3C Trace Context: one `traceparent` from the request through the outbox and the topics to the merge.

https://www.w3.org/TR/trace-context/
"""

import re
import secrets
from contextvars import ContextVar

_TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
_current: ContextVar[str] = ContextVar("traceparent", default="")


def begin(traceparent: str | None) -> str:
    """Continue the trace that `traceparent` names (a new span of it), or start one; returns this span's traceparent."""
    if traceparent and _TRACEPARENT.fullmatch(traceparent):
        trace_id, flags = traceparent[3:35], traceparent[53:]
    else:
        trace_id, flags = secrets.token_hex(16), "01"
    current = f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"
    _current.set(current)
    return current


def current() -> str:
    """The traceparent in force here, or an empty text outside any trace."""
    return _current.get()


def trace_id() -> str:
    """The id of the trace in force here, or an empty text outside any trace."""
    return _current.get()[3:35]
