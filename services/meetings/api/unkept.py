"""A transaction whose answer is kept nowhere: it holds names, or a secret that is told once."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import flask

from shared.http.context import service

P = ParamSpec("P")
R = TypeVar("R")


def unkept(view: Callable[P, R]) -> Callable[P, R]:
    """`transaction` without `Idempotency-Key`, whose answers are kept."""

    @wraps(view)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with service().pool.connection() as connection:
            flask.g.conn = connection
            return view(*args, **kwargs)

    return in_transaction
