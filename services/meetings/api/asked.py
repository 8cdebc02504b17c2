"""What a request says beside its body: who and when, which version a draft was based on, which member asks."""

from typing import Any
from uuid import UUID

import flask

from services.meetings.domain import refused_steps
from shared.http import context
from shared.http.versions import if_match


def who_and_when() -> dict[str, Any]:
    """The bearer's subject, and now."""
    return {"by": context.actor().subject, "now": context.service().clock.now()}


def based_on(query: dict[str, Any]) -> int | None:
    """The version a draft was based on, from `?based_on=` or If-Match; None when neither says. Raises Refusal."""
    given: int | None = query["based_on"]
    return if_match() if given is None else given


def member() -> UUID:
    """The member whose own token this is: its subject is the member's id. Raises Forbidden for any other token."""
    try:
        return UUID(context.actor().subject)
    except ValueError:
        raise refused_steps.not_a_members_token() from None


def require_superior(unit_id: UUID) -> None:
    """Let the request go on only for an office above the branch. Raises Forbidden."""
    context.require(unit_id)
    actor, roles = context.actor(), flask.g.roles
    units, everything = actor.units_of(roles)
    if not everything and not context.service().covers(context.conn(), units - {unit_id}, unit_id):
        raise refused_steps.not_superior()
