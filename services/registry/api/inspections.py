"""Doors of inspection and supervision."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, known, require_unit, work
from services.registry.api.schemas import inspections as schemas
from services.registry.api.schemas.common import OnQuery
from services.registry.api.schemas.plans import UnderYearQuery
from services.registry.commands import inspections as commands
from services.registry.domain.inspections import Inspection, InspectionPlan
from services.registry.store import inspections as inspection_rows
from services.registry.store import rules as rule_rows
from services.registry.views import inspections as views
from services.registry.views.inspections import Carried, Completion
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.ids import new_id

doors = Blueprint(
    "inspections", __name__, url_prefix="/v1", description="Inspection and supervision (kiểm tra, giám sát)."
)


@doors.route("/inspection-kinds")
class Kinds(MethodView):
    """What kinds there are."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, schemas.InspectionKinds)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The kinds of inspection and supervision in force on a day: data with an issuer and dates."""
        rule = rule_rows.load(conn()).inspection_kinds_on(day_of(query))
        items = [{"kind": name} | msgspec.structs.asdict(kind) for name, kind in rule.value.items()]
        return {"source": rule.source, "items": items}


@doors.route("/inspection-plans")
class Plans(MethodView):
    """All plans."""

    @transaction
    @doors.arguments(schemas.PlanNew, example=schemas.A_NEW_PLAN)
    @doors.response(201, schemas.PlanShown)
    def post(self, given: dict[str, Any]) -> InspectionPlan:
        """A superior sets how many of each kind a unit carries out in a year. 409 when it has a plan for that year."""
        require(given["set_by"])
        plan_id = given.pop("plan_id") or new_id()
        return commands.set_plan(work(), InspectionPlan(plan_id=plan_id, **given))


@doors.route("/inspection-plans/<uuid:plan_id>/changes")
class Changes(MethodView):
    """Changes of one plan."""

    @transaction
    @doors.arguments(schemas.PlanChanged, example=schemas.A_PLAN_CHANGE)
    @doors.response(200, schemas.PlanShown)
    def post(self, given: dict[str, Any], plan_id: UUID) -> InspectionPlan:
        """Other numbers, or another day. Rights over the superior that set it are needed."""
        require(known(inspection_rows.find(conn(), plan_id), commands.unknown_plan).set_by)
        return commands.change_plan(work(), plan_id, given)


@doors.route("/inspection-plans/none-begun")
class NoneBegun(MethodView):
    """Plans of which nothing was carried out."""

    @transaction
    @doors.arguments(UnderYearQuery, location="query")
    @doors.response(200, schemas.NotBegunPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """The units of a subtree that plan something for the year and have carried out nothing by a day."""
        require_unit(query["under"])
        found = views.none_begun(
            conn(),
            query["under"],
            query["year"],
            day_of(query),
            paging.after(query["cursor"], str),
            query["limit"] + 1,
        )
        return paging.page(found, query["limit"], lambda one: one.code)


@doors.route("/inspections")
class Inspections(MethodView):
    """All inspections."""

    @transaction
    @doors.arguments(schemas.InspectionGiven, example=schemas.AN_INSPECTION_GIVEN)
    @doors.response(201, schemas.InspectionShown)
    def post(self, given: dict[str, Any]) -> Carried:
        """A unit records one it has carried out. A record stays; a mistake is corrected by another one."""
        require(given["unit_id"])
        given["inspection_id"] = given["inspection_id"] or new_id()
        given["carried_out_on"] = given.pop("on")
        done = commands.record(work(), Inspection(**given))
        return Carried(*[*msgspec.structs.astuple(done), None])


@doors.route("/units/<uuid:unit_id>/inspections")
class InspectionsOfUnit(MethodView):
    """The inspections of one unit."""

    @transaction
    @doors.arguments(schemas.YearPageQuery, location="query")
    @doors.response(200, schemas.InspectionPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """What a unit has carried out in a year, the newest day first, with what corrected it."""
        require_unit(unit_id)
        after = paging.after(query["cursor"], tuple[date, UUID])
        year = query["year"] or day_of(query).year
        found = views.carried_out(conn(), unit_id, year, after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda one: [one.on, one.inspection_id])


@doors.route("/units/<uuid:unit_id>/inspection-completion")
class CompletionOfUnit(MethodView):
    """What was planned and carried out."""

    @transaction
    @doors.arguments(schemas.YearQuery, location="query")
    @doors.response(200, schemas.CompletionShown)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Completion:
        """Planned and carried out by a day, of the unit itself and of its subtree, and how many have begun."""
        require_unit(unit_id)
        day = day_of(query)
        return views.completion_on(conn(), unit_id, query["year"] or day.year, day)
