"""What a door may reach during a request: its connection, the actor, the clock, and the decision on rights."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

import flask
import msgspec

from shared.auth import Actor, Role, Verifier
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.errors import Forbidden, Text
from shared.http import idempotency
from shared.units import replica

P = ParamSpec("P")
R = TypeVar("R")

Covers = Callable[[Connection, frozenset[UUID], UUID], bool]
"""Whether one of the first units is the second or stands above it today."""


class Service(msgspec.Struct, frozen=True):
    """The parts of a running service that its doors share."""

    name: str
    pool: Pool
    clock: Clock
    verifier: Verifier
    covers: Covers


def service() -> Service:
    """The service this request came to."""
    return cast(Service, flask.current_app.extensions["nenep"])


def conn() -> Connection:
    """The request's connection; its transaction commits when the door returns."""
    return cast(Connection, flask.g.conn)


def actor() -> Actor:
    """Who asks."""
    return cast(Actor, flask.g.actor)


def transaction(view: Callable[P, R]) -> Callable[P, R]:
    """One transaction a request: committed after the answer is made, rolled back whole when anything is refused.

    Outermost decorator of a door. A request with an `Idempotency-Key` is carried out once; its answer is kept in the
    same transaction and given again.
    """

    @wraps(view)
    def in_transaction(*args: P.args, **kwargs: P.kwargs) -> R:
        with service().pool.connection() as connection:
            flask.g.conn = connection
            kept = idempotency.begin(connection)
            if kept is not None:
                decided("idempotent")
                return cast(R, kept)
            answer = view(*args, **kwargs)
            if undecided():
                raise AssertionError(f"{flask.request.method} {flask.request.path} would change without a decision")
            idempotency.keep(connection, cast(Any, answer))
            return answer

    return in_transaction


def covers_today(connection: Connection, above: frozenset[UUID], unit_id: UUID) -> bool:
    """`Covers` by the service's own `unit` and `unit_span`, as the tree is today (shared/units/replica.py)."""
    return replica.covers(connection, above, unit_id, service().clock.today())


def require(unit_id: UUID) -> None:
    """Let the request go on only if a grant that fits this door reaches `unit_id` today. Raises Forbidden."""
    units, everything = actor().units_of(cast("frozenset[Role]", flask.g.roles))
    if not everything and not service().covers(conn(), units, unit_id):
        raise Forbidden(
            "outside-rights",
            Text(
                "Quyền của bạn không bao gồm đơn vị này, hoặc đơn vị chưa có ở đây. Hãy hỏi người quản trị cấp trên.",
                "Your rights do not reach this unit, or it is not known here. Ask the administrator above you.",
            ),
        )
    decided("unit")


def require_everything() -> None:
    """Let the request go on only for the holder of rights over the whole installation. Raises Forbidden."""
    _, everything = actor().units_of(cast("frozenset[Role]", flask.g.roles))
    if not everything:
        raise Forbidden(
            "outside-rights",
            Text("Việc này cần quyền trên toàn hệ thống.", "This needs rights over the whole installation."),
        )
    decided("everything")


def undecided() -> bool:
    """Whether this request needs a decision on a unit (rights.py) and none was taken."""
    right: Any = flask.g.get("right")
    return right is not None and not right.public and right.scope == "unit" and flask.g.get("scope") is None


def decided(how: str) -> None:
    """Note that this request's scope was decided; an answer without such a decision is not given out (rights.py)."""
    flask.g.scope = how
