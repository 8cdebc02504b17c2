"""The doors of the rules that alerts come from."""

from collections.abc import Sequence
from typing import Any

import flask
from flask.views import MethodView

from services.evaluation.api.committees import work
from services.evaluation.api.schemas import alert_rules as schemas
from services.evaluation.commands import alert_rules as commands
from services.evaluation.commands.alert_rules import Given
from services.evaluation.store import alert_rules as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.store.alert_rules import Row
from shared.errors import Forbidden, Text
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, decided, service, transaction

doors = Blueprint("alert-rules", __name__, url_prefix="/v1", description="The dated rules that alerts come from.")


@doors.route("/alert-rules")
class AlertRules(MethodView):
    """The rules alerts come from."""

    @transaction
    @doors.response(200, schemas.AlertRuleVersion(many=True))
    def get(self) -> Sequence[Row]:
        """Every version of every rule of alerts, by name and day"""
        return rows.versions(conn())

    @transaction
    @doors.arguments(schemas.AlertRuleGiven, example=schemas.A_RULE)
    @doors.response(201, schemas.AlertRuleVersion(many=True))
    def post(self, given: dict[str, Any]) -> Sequence[Row]:
        """A version of a rule from a day on; the one in force then ends there, one of the same first day is replaced

        Every fault of its bars and dates is named at once. Answers with every version of the rule.
        """
        _require_every_unit()
        return commands.enter(work(), Given(**given))


@doors.route("/alert-rules/<name>/end")
class End(MethodView):
    """Ending a rule."""

    @transaction
    @doors.arguments(schemas.AlertRuleEnd)
    @doors.response(200, schemas.AlertRuleVersion(many=True))
    def post(self, given: dict[str, Any], name: str) -> Sequence[Row]:
        """End the version of a rule that holds on a day, without a successor: its alerts cease with `rule-ended`"""
        _require_every_unit()
        return commands.end(work(), name, given["valid_to"], rejudge=given["rejudge"])


def _require_every_unit() -> None:
    """Let the request go on only with rights over every unit here: a rule holds for all of them. Raises Forbidden."""
    units, everything = actor().units_of(flask.g.roles)
    roots = committee_rows.roots(conn(), service().clock.today())
    if not everything and not (roots and all(service().covers(conn(), units, root) for root in roots)):
        raise Forbidden(
            "every-unit",
            Text(
                "Quy định cảnh báo áp dụng cho mọi đơn vị trên hệ thống này: chỉ người quản trị của toàn bộ các đơn vị "
                "mới nhập được.",
                "A rule of alerts is for every unit of this installation: only who administers all of them enters it.",
            ),
        )
    decided("everything")
