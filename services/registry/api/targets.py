"""Doors of targets."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, known, require_unit, work
from services.registry.api.schemas import targets as schemas
from services.registry.api.schemas.common import OnQuery
from services.registry.commands import targets as commands
from services.registry.commands.targets import Broken
from services.registry.domain.targets import Part, Report, Target
from services.registry.store import rules as rule_rows
from services.registry.store import targets as target_rows
from services.registry.views import targets as views
from services.registry.views.targets import Asked, TargetOnDay
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.ids import new_id

doors = Blueprint("targets", __name__, url_prefix="/v1", description="Targets (chỉ tiêu) and what was reached of them.")


@doors.route("/target-kinds")
class Kinds(MethodView):
    """What targets can be about."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, schemas.Kinds)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The kinds of target in force on a day: data with an issuer and dates, not constants."""
        rule = rule_rows.load(conn()).target_kinds_on(day_of(query))
        items = [{"kind": name} | msgspec.structs.asdict(kind) for name, kind in rule.value.items()]
        return {"source": rule.source, "items": items}


@doors.route("/targets")
class Targets(MethodView):
    """All targets of a subtree."""

    @transaction
    @doors.arguments(schemas.TargetsQuery, location="query")
    @doors.response(200, schemas.TargetPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """The targets of a subtree for a year with what was reached by a day, by unit code and kind."""
        require_unit(query["under"])
        asked = Asked(query["under"], query["year"], day_of(query), query["kind"], deep=True)
        return _page(asked, query)

    @transaction
    @doors.arguments(schemas.TargetNew, example=schemas.A_NEW_TARGET)
    @doors.response(201, schemas.TargetShown)
    def post(self, given: dict[str, Any]) -> TargetOnDay:
        """A superior sets a target for a unit and a year. 409 when the unit has one of that kind and year."""
        require(given["set_by"])
        target_id = given.pop("target_id") or new_id()
        return _shown(commands.set_target(work(), Target(target_id=target_id, **given)))


@doors.route("/targets/<uuid:target_id>/changes")
class Changes(MethodView):
    """Changes of one target."""

    @transaction
    @doors.arguments(schemas.TargetChanged, example=schemas.A_CHANGE)
    @doors.response(200, schemas.TargetShown)
    def post(self, given: dict[str, Any], target_id: UUID) -> TargetOnDay:
        """Another value or day. Where parts below no longer make up the target, the difference is named."""
        before = _locked(target_id, of_superior=True)
        difference = given.pop("difference") or Decimal(0)
        return _shown(commands.change_target(work(), before, given, difference))


@doors.route("/targets/<uuid:target_id>/breakdown")
class Breakdown(MethodView):
    """The parts of one target."""

    @transaction
    @doors.arguments(schemas.BreakdownGiven, example=schemas.A_BREAKDOWN)
    @doors.response(200, schemas.BrokenDown)
    def post(self, given: dict[str, Any], target_id: UUID) -> Broken:
        """The target in parts for the units directly below, all or nothing, in place of an earlier breakdown.

        Their sum is the target, or the difference is named; a refusal says what it is.
        """
        target = _locked(target_id)
        parts = [Part(**part) for part in given["parts"]]
        return commands.break_down(work(), target, parts, given["citation"], given["difference"] or Decimal(0))


@doors.route("/targets/<uuid:target_id>/progress")
class Progress(MethodView):
    """Reports on one target."""

    @transaction
    @doors.arguments(schemas.ReportsQuery, location="query")
    @doors.response(200, schemas.ReportPage)
    def get(self, query: dict[str, Any], target_id: UUID) -> paging.Page:
        """Every report on the target, the newest day first, with what corrected it."""
        require(_found(target_id).unit_id)
        after = paging.after(query["cursor"], tuple[date, UUID])
        found = views.reports(conn(), target_id, after, query["limit"] + 1)
        return paging.page(found, query["limit"], lambda one: [one.on, one.report_id])

    @transaction
    @doors.arguments(schemas.ProgressGiven, example=schemas.A_PROGRESS)
    @doors.response(201, schemas.TargetShown)
    def post(self, given: dict[str, Any], target_id: UUID) -> TargetOnDay:
        """The unit reports what it has reached. A report stays as it is; a mistake is corrected by another one."""
        target = _locked(target_id)
        given["report_id"] = given["report_id"] or new_id()
        given["reported_on"] = given.pop("on")
        commands.report(work(), target, Report(target_id=target_id, reported_by=context.actor().subject, **given))
        return _shown(target)


@doors.route("/units/<uuid:unit_id>/targets")
class TargetsOfUnit(MethodView):
    """The targets of one unit."""

    @transaction
    @doors.arguments(schemas.TargetsOfUnitQuery, location="query")
    @doors.response(200, schemas.TargetPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The targets of a unit for a year: reached by a day, of the plan and of the time, and the subtree's sum."""
        require_unit(unit_id)
        day = day_of(query)
        return _page(Asked(unit_id, query["year"] or day.year, day), query)


def _page(asked: Asked, query: dict[str, Any]) -> paging.Page:
    after = paging.after(query["cursor"], tuple[str, str])
    found = views.targets_on(conn(), asked, rule_rows.load(conn()), after, query["limit"] + 1)
    return paging.page(found, query["limit"], lambda one: [one.unit_code, one.kind])


def _shown(target: Target) -> TargetOnDay:
    today = context.service().clock.today()
    return views.one_on(conn(), target.target_id, target.unit_id, target.year, rule_rows.load(conn()), today)


def _locked(target_id: UUID, *, of_superior: bool = False) -> Target:
    """The target, once the actor's rights reach its unit, or the superior that set it."""
    found = _found(target_id)
    require(found.set_by if of_superior else found.unit_id)
    return commands.target_to_change(work(), target_id)


def _found(target_id: UUID) -> Target:
    return known(target_rows.find(conn(), target_id), commands.unknown_target)
