"""What doors ask of every request about a unit: is it within rights, is it known, which day is meant."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, cast
from uuid import UUID

import flask

from services.registry.commands.work import Work
from services.registry.domain.audit import Author
from services.registry.domain.reach import Reach
from services.registry.store import reach as reach_rows
from services.registry.store.vault import Vault
from services.registry.views import units as views
from shared.auth import Role
from shared.errors import NotFound, Text
from shared.http import context

T = TypeVar("T")


def require_unit(unit_id: UUID) -> None:
    """Let the request go on only about a known unit within the actor's rights. Raises Forbidden, NotFound.

    Only who has rights over everything is told that a unit is unknown.
    """
    context.require(unit_id)
    if not views.is_known(context.conn(), unit_id):
        raise NotFound("unit", Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id."))


def require_place(parent_id: UUID | None) -> None:
    """The same for the place below a unit; the place of a root (None) needs rights over everything."""
    if parent_id is None:
        context.require_everything()
    else:
        context.require(parent_id)


def known(found: T | None, unknown: Callable[[], NotFound]) -> T:
    """What was found; whether the rights reach it is still to be asked. Raises Forbidden, and `unknown`.

    Only who has rights over everything is told that there is no such thing.
    """
    if found is None:
        context.require_everything()
        raise unknown()
    return found


def reach() -> Reach:
    """How far the actor's rights to this door go today; the door has thereby decided on the scope."""
    units, everything = context.actor().units_of(cast("frozenset[Role]", flask.g.roles))
    context.decided("reach")
    if everything:
        return Reach(everything=True)
    return Reach(everything=False, units=reach_rows.covered(context.conn(), units, context.service().clock.today()))


def day_of(query: dict[str, Any]) -> date:
    """The day a reader asks about."""
    on: date | None = query["on"]
    return on or context.service().clock.today()


def work() -> Work:
    """What this request does, as commands take it."""
    author = Author(context.actor().subject, flask.g.request_id)
    return Work(context.conn(), author, context.service().clock.today(), vault())


def vault() -> Vault:
    """The keys of personal data."""
    return cast(Vault, flask.current_app.extensions["vault"])
