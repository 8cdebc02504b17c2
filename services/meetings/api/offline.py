"""The doors of a device that works without a network: one request out, one back; and the yardstick of the month."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.meetings import evening
from services.meetings.api import asked
from services.meetings.api.schemas import offline as schemas
from services.meetings.api.schemas import queries
from services.meetings.commands import offline, saving
from services.meetings.domain.sending import Sent
from services.meetings.store import rules
from shared.clock import end_of_local_day
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction

doors = Blueprint("offline", __name__, url_prefix="/v1", description="An evening in one request out and one back.")


@doors.route("/units/<uuid:unit_id>/tonight")
class _Tonight(MethodView):
    @transaction
    @doors.arguments(queries.OnQuery, location="query")
    @doors.response(200, schemas.Tonight)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Everything a branch needs for tonight: roster, meetings with versions, last resolution, topics, rules."""
        require(unit_id)
        clock = service().clock
        day = query["on"] or clock.today()
        branch = saving.branch(conn(), unit_id)
        return evening.tonight(conn(), branch, rules.load(conn()), day, clock.now())

    @transaction
    @doors.arguments(schemas.Sent)
    @doors.response(200, schemas.Answers)
    def post(self, given: Sent, unit_id: UUID) -> offline.Answers:
        """Send everything back: each part is accepted or refused by itself, and answered once for all."""
        require(unit_id)
        return offline.send(conn(), unit_id, given, **asked.who_and_when())


@doors.route("/units/<uuid:unit_id>/last-resolution")
class _LastResolution(MethodView):
    @transaction
    @doors.arguments(queries.BeforeQuery, location="query")
    @doors.response(200, schemas.LastResolution)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The last regular meeting's resolution before a day, with the state of each task."""
        require(unit_id)
        today = service().clock.today()
        before = end_of_local_day((query["before"] or today) - timedelta(days=1))
        found = evening.last_resolution(conn(), unit_id, before, today)
        if found is None:
            raise evening.no_last_resolution()
        return found
