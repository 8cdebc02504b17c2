"""What the doors of the committees' work ask of every request: who and when, which version, the unit's superior."""

from typing import Any, TypeVar
from uuid import UUID

import flask

from services.evaluation.commands.committees import Work
from services.evaluation.domain.committees import Place
from services.evaluation.store import committees as rows
from shared.errors import Forbidden, NotFound, Text
from shared.http import context

T = TypeVar("T")


def work() -> Work:
    """What this request does, as commands take it."""
    clock = context.service().clock
    return Work(context.conn(), context.actor().subject, flask.g.request_id, clock.today(), clock.now())


def tagged(shown: T, version: int, status: int = 200) -> tuple[T, int, dict[str, str]]:
    """The answer with its version, to be sent again in If-Match."""
    return shown, status, {"ETag": f'"{version}"'}


def require_unit(unit_id: UUID) -> Place:
    """Let the request go on only about a known unit within the actor's rights. Raises Forbidden, NotFound."""
    context.require(unit_id)
    found = rows.latest_place(context.conn(), unit_id, context.service().clock.today())
    if found is None:
        raise NotFound("unit", Text("Không có đơn vị này. Hãy kiểm tra mã.", "There is no such unit. Check the id."))
    return found


def require_superior(unit_id: UUID) -> Place:
    """Let the request go on only for an office above the unit (of a root: on it). Raises Forbidden, NotFound."""
    found = require_unit(unit_id)
    units, everything = context.actor().units_of(flask.g.roles)
    above = units if found.parent_id is None else units - {unit_id}
    if not everything and not context.service().covers(context.conn(), above, unit_id):
        raise Forbidden(
            "not-superior",
            Text(
                "Việc này do cấp uỷ cấp trên trực tiếp quyết định, không phải chính đơn vị. Hãy đề nghị cấp trên.",
                "This is for the committee above the unit to decide, not for the unit itself. Ask it.",
            ),
        )
    return found


def require_itself(unit_id: UUID) -> Place:
    """Let the request go on only with rights on the unit itself, not from above it. Raises Forbidden, NotFound."""
    found = require_unit(unit_id)
    units, _ = context.actor().units_of(flask.g.roles)
    if unit_id not in units:
        raise Forbidden(
            "not-itself",
            Text(
                "Đề nghị này do chính đơn vị lập. Cấp trên trả lại kèm lý do, hoặc quyết định mức của mình.",
                "The unit proposes this itself. An office above returns it with a reason, or decides its own grade.",
            ),
        )
    return found


def known(found: T | None, unknown: NotFound) -> T:
    """What was found; only who has rights over everything is told that there is no such thing. Raises Forbidden."""
    if found is None:
        context.require_everything()
        raise unknown
    return found


def etag_parameters() -> dict[str, Any]:
    """If-Match, as the published description shows it."""
    return {
        "parameters": [
            {
                "in": "header",
                "name": "If-Match",
                "required": False,
                "schema": {"type": "string"},
                "description": "The version (ETag) the change is based on; 409 when there is a newer one.",
                "example": '"3"',
            }
        ]
    }
