"""Doors of units."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, require_place, require_unit, work
from services.registry.api.schemas.common import OnPageQuery, OnQuery
from services.registry.api.schemas.lineage import LineageShown
from services.registry.api.schemas.units import (
    SubtreeQuery,
    UnitChanged,
    UnitClosed,
    UnitNew,
    UnitPage,
    UnitPath,
    UnitShown,
)
from services.registry.commands import units as commands
from services.registry.domain import names, spans
from services.registry.domain.spans import vi
from services.registry.domain.units import Unit, UnitChange, UnitSpan
from services.registry.views import decisions as decision_views
from services.registry.views import units as views
from services.registry.views.units import UnitOnDay
from shared.errors import NotFound, Text
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("units", __name__, url_prefix="/v1", description="Units of the organisation, over time.")


@doors.route("/units")
class Units(MethodView):
    """All units of a subtree."""

    @transaction
    @doors.arguments(SubtreeQuery, location="query")
    @doors.response(200, UnitPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """The units of a subtree, its top included, as they are on a day, by code."""
        require_unit(query["under"])
        after = paging.after(query["cursor"], str)
        found = views.subtree_on(conn(), query["under"], day_of(query), after, query["limit"] + 1)
        return paging.page(found, query["limit"], _code)

    @transaction
    @doors.arguments(UnitNew)
    @doors.response(201, UnitShown)
    def post(self, given: dict[str, Any]) -> UnitOnDay:
        """A new unit with its first span. 409 when its code is taken."""
        require_place(given["parent_id"])
        code, unit_id = given.pop("code"), given.pop("unit_id")
        span = msgspec.convert(given | {"valid_to": None, "name": names.tidy(given["name"])}, UnitSpan)
        return _on(commands.create_unit(work(), code, span, unit_id), span.valid_from)


@doors.route("/units/<uuid:unit_id>")
class OneUnit(MethodView):
    """One unit."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, UnitShown)
    def get(self, query: dict[str, Any], unit_id: UUID) -> UnitOnDay:
        """The unit as it is on a day. 404 when it is not in force then."""
        require_unit(unit_id)
        return _in_force(views.unit_on(conn(), unit_id, day_of(query)), day_of(query))


@doors.route("/units/<uuid:unit_id>/children")
class Children(MethodView):
    """The units directly below one."""

    @transaction
    @doors.arguments(OnPageQuery, location="query")
    @doors.response(200, UnitPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The units directly below one on a day, by code."""
        require_unit(unit_id)
        after = paging.after(query["cursor"], str)
        found = views.children_on(conn(), unit_id, day_of(query), after, query["limit"] + 1)
        return paging.page(found, query["limit"], _code)


@doors.route("/units/<uuid:unit_id>/path")
class Path(MethodView):
    """The way from the root to a unit."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, UnitPath)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The way from the root to the unit on a day. 404 when it is not in force then."""
        require_unit(unit_id)
        path = views.path_on(conn(), unit_id, day_of(query))
        _in_force(path[-1] if path else None, day_of(query))
        return {"items": path}


@doors.route("/units/<uuid:unit_id>/lineage")
class Lineage(MethodView):
    """Where a unit comes from and what it became."""

    @transaction
    @doors.response(200, LineageShown)
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """The units it came from and those it became by mergers and splits, over all generations, with decisions."""
        require_unit(unit_id)
        return {
            "came_from": decision_views.came_from(conn(), unit_id),
            "became": decision_views.became(conn(), unit_id),
        }


@doors.route("/units/<uuid:unit_id>/changes")
class Changes(MethodView):
    """Changes of one unit."""

    @transaction
    @doors.arguments(UnitChanged)
    @doors.response(200, UnitShown)
    def post(self, given: dict[str, Any], unit_id: UUID) -> UnitOnDay:
        """What is new about the unit from a day on. To move it, rights over its new place are needed too.

        Changes of later days stay; what changes is carried on into them until one that changed the same fact.
        """
        require_unit(unit_id)
        if "parent_id" in given:
            require_place(given["parent_id"])
        if "name" in given:
            given["name"] = names.tidy(given["name"])
        day = given.pop("valid_from")
        return _on(commands.change_unit(work(), unit_id, day, msgspec.convert(given, UnitChange)), day)


@doors.route("/units/<uuid:unit_id>/closure")
class Closure(MethodView):
    """The end of one unit."""

    @transaction
    @doors.arguments(UnitClosed)
    @doors.response(200, UnitShown)
    def post(self, given: dict[str, Any], unit_id: UUID) -> UnitOnDay:
        """The unit no longer exists from `closed_on` on. Units below it and its members are moved first."""
        require_unit(unit_id)
        after = commands.close_unit(work(), unit_id, given["closed_on"])
        return _on(after, after.spans[-1].valid_from)


def _in_force(unit: UnitOnDay | None, day: date) -> UnitOnDay:
    if unit is None:
        raise NotFound(
            "unit-not-in-force",
            Text(
                f"Không có đơn vị này vào ngày {vi(day)}. Hãy kiểm tra mã, hoặc chọn ngày khác (on=…).",
                f"There is no such unit on {day}. Check the id, or choose another day (on=…).",
            ),
        )
    return unit


def _on(unit: Unit, day: date) -> UnitOnDay:
    span = next(span for span in unit.spans if spans.holds(span, day))
    return UnitOnDay(
        unit.unit_id,
        unit.code,
        span.kind,
        span.level,
        span.parent_id,
        span.name,
        span.branch_type,
        span.valid_from,
        span.valid_to,
    )


def _code(unit: UnitOnDay) -> str:
    return unit.code
