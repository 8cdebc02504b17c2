"""The door of the rules that the committees' work goes by."""

from datetime import date
from typing import Any, Final

from flask.views import MethodView
from marshmallow import fields

from services.evaluation.api.schemas import committees
from services.evaluation.store import committees as rows
from shared.http.blueprint import Blueprint, Schema
from shared.http.context import conn, service, transaction

doors = Blueprint("committee-rules", __name__, url_prefix="/v1", description="Rules the committees' work goes by.")
_NAMES: Final = ("classification", "ranking_minimums", "size_bands", "weak_causes")


class CommitteeRulesQuery(Schema):
    """`?on=`"""

    on = committees.day("The day; today when left out.", "2025-06-30", required=False)


class CommitteeRule(Schema):
    """A rule in force."""

    name = fields.String(metadata={"description": "What it is about."})
    value = fields.Raw(metadata={"description": "What it says."})
    source = fields.String(metadata={"description": "Issuer and citation."})
    valid_from = fields.Date(metadata={"description": "Its first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The first day no longer."})


class CommitteeRules(Schema):
    """The rules in force on a day."""

    items = fields.List(fields.Nested(CommitteeRule), metadata={"description": "By name."})


@doors.route("/committee-rules")
class Rules(MethodView):
    """The rules in force."""

    @transaction
    @doors.arguments(CommitteeRulesQuery, location="query")
    @doors.response(200, CommitteeRules)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Size bands, minimums of rankings, causes of weakness and the limit of classification on a day."""
        day: date = query["on"] or service().clock.today()
        found = rows.rules_on(conn(), _NAMES, day)
        return {
            "items": [
                {
                    "name": name,
                    "value": rule.value,
                    "source": rule.source,
                    "valid_from": rule.valid_from,
                    "valid_to": rule.valid_to,
                }
                for name, rule in found
            ]
        }
