"""The door of the dated rules."""

from typing import Any

import msgspec
from flask.views import MethodView
from marshmallow import fields

from services.registry.api.asked import day_of
from services.registry.api.schemas.common import OnQuery
from services.registry.store import rules as rows
from shared.http.blueprint import Blueprint, Schema
from shared.http.context import conn, transaction

doors = Blueprint("rules", __name__, url_prefix="/v1", description="The dated rules that changes are judged by.")


class RuleShown(Schema):
    """A rule in the version in force on the day asked for."""

    name = fields.String(metadata={"description": "Its stable name.", "example": "unit_kinds"})
    valid_from = fields.Date(metadata={"description": "The first day of this version."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})
    value = fields.Raw(
        metadata={
            "description": "What it says. unit_kinds: per kind its words (vi, en), the levels it may stand at, and "
            "whether it holds members (then it has a branch type). allowed_parents: per kind those it may stand under."
        }
    )
    issuer = fields.String(metadata={"description": "Whose word it is."})
    citation = fields.String(metadata={"description": "Where it is written."})


class RulesShown(Schema):
    """The rules in force on a day."""

    items = fields.List(fields.Nested(RuleShown), metadata={"description": "By name."})


@doors.route("/rules")
class Rules(MethodView):
    """All rules."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, RulesShown)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The rules in force on a day: kinds and levels of units, who may stand under whom, ages, day limits."""
        found = rows.on(conn(), day_of(query))
        return {"items": [{"name": name} | msgspec.structs.asdict(rule) for name, rule in found]}
