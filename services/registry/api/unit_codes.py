"""Doors of units' codes in other systems."""

from typing import Any
from uuid import UUID

from flask.views import MethodView
from marshmallow import fields

from services.registry.api import checks
from services.registry.api.asked import day_of, reach, require_unit, work
from services.registry.api.schemas.common import OnQuery
from services.registry.commands import unit_codes as commands
from services.registry.domain import spans
from services.registry.domain.unit_codes import UnitCode
from services.registry.store import unit_codes as rows
from shared.errors import NotFound, Text
from shared.http.blueprint import Blueprint, Schema
from shared.http.context import conn, transaction

doors = Blueprint("unit_codes", __name__, url_prefix="/v1", description="Codes that other systems have for units.")


class CodeGiven(Schema):
    """A unit's code in another system."""

    code = fields.String(
        required=True, validate=checks.code, metadata={"description": "The code there.", "example": "64.01.0003"}
    )
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2024-01-01"})
    valid_to = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "The day after the last.", "example": None}
    )


class CodeShown(Schema):
    """A unit's code in another system."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    system = fields.String(metadata={"description": "The other system."})
    code = fields.String(metadata={"description": "The unit's code there."})
    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})


class CodesShown(Schema):
    """A unit's codes."""

    items = fields.List(fields.Nested(CodeShown), metadata={"description": "By system."})


@doors.route("/units/<uuid:unit_id>/codes")
class CodesOfUnit(MethodView):
    """The codes of one unit."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, CodesShown)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The unit's codes in other systems on a day."""
        require_unit(unit_id)
        return {"items": rows.on(conn(), unit_id, day_of(query))}


@doors.route("/units/<uuid:unit_id>/codes/<system>")
class CodeInSystem(MethodView):
    """One unit's code in one system."""

    @transaction
    @doors.arguments(CodeGiven)
    @doors.response(200, CodeShown)
    def put(self, given: dict[str, Any], unit_id: UUID, system: str) -> UnitCode:
        """The unit's code in `system` (a short name such as `csdl-dv`) from a day on; an earlier one ends there.

        409 when another unit has this code on one of the days.
        """
        require_unit(unit_id)
        return commands.give(work(), UnitCode(unit_id, _system(system), **given))


@doors.route("/unit-codes/<system>/<code>")
class UnitByCode(MethodView):
    """The unit behind a code."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, CodeShown)
    def get(self, query: dict[str, Any], system: str, code: str) -> UnitCode:
        """The unit that has a code of another system on a day. 404 when none within rights has it."""
        within = reach()
        found = spans.at(rows.equal(conn(), system, code), day_of(query))
        if found is None or not within.covers(found.unit_id):
            raise NotFound(
                "unit-code",
                Text(
                    f"Trong quyền của bạn không có đơn vị nào mang mã {code} của hệ thống {system} vào ngày này.",
                    f"No unit within your rights has the code {code} of {system} on this day.",
                ),
            )
        return found


def _system(name: str) -> str:
    if not (1 <= len(name) <= 40 and name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
        raise NotFound(
            "system",
            Text(
                "Tên hệ thống phải có từ 1 đến 40 chữ cái không dấu, chữ số, gạch nối.",
                "The name of a system has 1 to 40 letters without marks, digits and hyphens.",
            ),
        )
    return name
