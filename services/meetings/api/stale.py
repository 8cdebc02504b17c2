"""A stale draft as a problem document that carries both versions."""

from typing import Any

import flask
import msgspec

from services.meetings.domain.drafts import Stale
from shared.http import problems


def install(app: flask.Flask) -> None:
    """Answer stale drafts of `app` with both versions."""
    app.register_error_handler(Stale, _stale)


def _stale(error: Stale) -> Any:
    answer = problems.problem(error.status, error.rule, error.message, error.faults, error.source)
    document = msgspec.json.decode(answer.get_data())
    document |= {
        "part": error.part,
        "based_on": error.based_on,
        "version": error.version,
        "current": error.current,
        "yours": error.yours,
    }
    answer.set_data(flask.json.dumps(document))
    return answer
