"""The doors of alerts."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.schemas import alerts as schemas
from services.evaluation.views import alerts as views
from services.evaluation.views.alerts import Place, Shown
from shared.errors import Forbidden
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction
from shared.http.paging import Page

doors = Blueprint("alerts", __name__, url_prefix="/v1", description="Rules that begin and cease to hold for a unit.")


@doors.route("/units/<uuid:unit_id>/alerts")
class SubtreeAlerts(MethodView):
    """The alerts of a subtree."""

    @transaction
    @doors.arguments(schemas.AlertsQuery, location="query")
    @doors.response(200, schemas.AlertPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Page:
        """The alerts of the unit and of all units below it today, the newest first"""
        require(unit_id)
        found = views.of_subtree(
            conn(),
            unit_id,
            service().clock.today(),
            state=query.get("state"),
            rule=query.get("rule"),
            after=paging.after(query["cursor"], Place),
            limit=query["limit"] + 1,
        )
        return paging.page(found, query["limit"], lambda shown: shown.place)


@doors.route("/alerts/<uuid:alert_id>")
class OneAlert(MethodView):
    """One alert."""

    @transaction
    @doors.response(200, schemas.AlertShown)
    def get(self, alert_id: UUID) -> Shown:
        """An alert with its reason, and the months and figures behind it"""
        found = views.find(conn(), alert_id)
        if found is None:
            raise views.no_alert()
        try:
            require(found.unit.unit_id)
        except Forbidden:
            raise views.no_alert() from None
        return found
