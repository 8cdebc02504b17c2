"""Doors of what the registry tells: targets, villages, members disciplined."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.schemas import registry_facts as schemas
from services.evaluation.views import registry_facts as views
from services.evaluation.views.registry_facts import Discipline, Villages
from shared import months
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction

doors = Blueprint("registry_facts", __name__, url_prefix="/v1", description="Targets, villages, discipline.")


@doors.route("/units/<uuid:unit_id>/targets")
class UnitTargets(MethodView):
    """The targets of one unit."""

    @transaction
    @doors.arguments(schemas.TargetsQuery, location="query")
    @doors.response(200, schemas.TargetFigures, example=schemas.SOME_TARGETS)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """A unit's targets against plan and time"""
        require(unit_id)
        day = query["on"] or service().clock.today()
        year = query["year"] or day.year
        return {"unit_id": unit_id, "year": year, "on": day, "items": views.targets(conn(), unit_id, year, day)}


@doors.route("/units/<uuid:unit_id>/villages")
class UnitVillages(MethodView):
    """The villages of one unit's subtree."""

    @transaction
    @doors.arguments(schemas.DayQuery, location="query")
    @doors.response(200, schemas.VillagesFigure, example=schemas.SOME_VILLAGES)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Villages:
        """How far branches reach a unit's villages"""
        require(unit_id)
        return views.villages(conn(), unit_id, query["on"] or service().clock.today())


@doors.route("/units/<uuid:unit_id>/discipline")
class UnitDiscipline(MethodView):
    """The members disciplined in one unit."""

    @transaction
    @doors.arguments(schemas.DisciplineQuery, location="query")
    @doors.response(200, schemas.DisciplineFigure, example=schemas.SOME_DISCIPLINE)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Discipline:
        """How many members of a unit's branches were disciplined in a period"""
        require(unit_id)
        period = query["period"]
        return views.disciplined(conn(), unit_id, months.first_day(period.first), months.last_day(period.last))
