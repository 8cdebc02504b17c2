"""Doors of villages."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.registry.api.asked import day_of, known, require_unit, work
from services.registry.api.schemas import villages as schemas
from services.registry.api.schemas.common import OnQuery
from services.registry.commands import villages as commands
from services.registry.domain import names, spans
from services.registry.domain.spans import vi
from services.registry.domain.villages import Village, VillageChange, VillageSpan
from services.registry.store import rules as rule_rows
from services.registry.views import villages as views
from services.registry.views.villages import Coverage, VillageOnDay
from shared.errors import NotFound, Text
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction

doors = Blueprint("villages", __name__, url_prefix="/v1", description="Villages, their branches and their heads.")
_LISTED = 1000


@doors.route("/villages")
class Villages(MethodView):
    """All villages of a subtree."""

    @transaction
    @doors.arguments(schemas.VillagesQuery, location="query")
    @doors.response(200, schemas.VillagePage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """The villages of a subtree as they are on a day, by code."""
        require_unit(query["under"])
        found = views.villages_on(
            conn(),
            query["under"],
            day_of(query),
            paging.after(query["cursor"], str),
            query["limit"] + 1,
            without_branch=query["without_branch"],
        )
        return paging.page(found, query["limit"], _code)

    @transaction
    @doors.arguments(schemas.VillageNew, example=schemas.A_NEW_VILLAGE)
    @doors.response(201, schemas.VillageShown)
    def post(self, given: dict[str, Any]) -> VillageOnDay:
        """A new village with its first span. 409 when its code is taken. Rights over its branch are needed too."""
        _require_named(given)
        code, village_id = given.pop("code"), given.pop("village_id")
        span = msgspec.convert(given | {"valid_to": None, "name": names.tidy(given["name"])}, VillageSpan)
        return _shown(commands.create_village(work(), code, span, village_id), span.valid_from)


@doors.route("/villages/<uuid:village_id>")
class OneVillage(MethodView):
    """One village."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, schemas.VillageShown)
    def get(self, query: dict[str, Any], village_id: UUID) -> VillageOnDay:
        """The village as it is on a day. 404 when it is not in force then."""
        _require_village(village_id)
        found = views.village_on(conn(), village_id, day_of(query))
        if found is None:
            raise NotFound(
                "village-not-in-force",
                Text(
                    f"Không có thôn này vào ngày {vi(day_of(query))}. Hãy chọn ngày khác (on=…).",
                    f"There is no such village on {day_of(query)}. Choose another day (on=…).",
                ),
            )
        return found


@doors.route("/villages/<uuid:village_id>/changes")
class Changes(MethodView):
    """Changes of one village."""

    @transaction
    @doors.arguments(schemas.VillageChanged, example=schemas.A_CHANGE)
    @doors.response(200, schemas.VillageShown)
    def post(self, given: dict[str, Any], village_id: UUID) -> VillageOnDay:
        """What is new about the village from a day on. Rights over a new organisation or branch are needed too.

        Changes of later days stay; what changes is carried on into them until one that changed the same fact.
        """
        _require_village(village_id)
        _require_named(given)
        if "name" in given:
            given["name"] = names.tidy(given["name"])
        before = commands.village_to_change(work(), village_id)
        day = given.pop("valid_from")
        return _shown(commands.change_village(work(), before, day, msgspec.convert(given, VillageChange)), day)


@doors.route("/villages/<uuid:village_id>/closure")
class Closure(MethodView):
    """The end of one village."""

    @transaction
    @doors.arguments(schemas.VillageClosed, example=schemas.A_CLOSURE)
    @doors.response(200, schemas.VillageShown)
    def post(self, given: dict[str, Any], village_id: UUID) -> VillageOnDay:
        """The village no longer exists from `closed_on` on."""
        _require_village(village_id)
        before = commands.village_to_change(work(), village_id)
        after = commands.close_village(work(), before, given["closed_on"])
        return _shown(after, after.spans[-1].valid_from)


@doors.route("/units/<uuid:unit_id>/village-coverage")
class VillageCoverage(MethodView):
    """How far branches and members reach the villages of a subtree."""

    @transaction
    @doors.arguments(OnQuery, location="query")
    @doors.response(200, schemas.CoverageShown)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Coverage:
        """Villages of a subtree on a day: with a branch, without, without a chi uỷ; heads against the target."""
        require_unit(unit_id)
        day = day_of(query)
        least = rule_rows.load(conn()).committee_from_on(day).value
        return views.coverage_on(conn(), unit_id, day, least, _LISTED)


def _require_named(given: dict[str, Any]) -> None:
    for unit_id in (given.get("unit_id"), given.get("branch_id")):
        if unit_id is not None:
            require(unit_id)


def _require_village(village_id: UUID) -> None:
    require(known(views.place_of(conn(), village_id, context.service().clock.today()), commands.unknown_village))


def _shown(village: Village, day: date) -> VillageOnDay:
    span = spans.at(village.spans, day)
    assert span is not None  # the day is one the change was made for
    return VillageOnDay(
        village.village_id,
        village.code,
        span.name,
        span.unit_id,
        span.branch_id,
        span.branch_elsewhere,
        span.head,
        span.head_member_id,
        span.valid_from,
        span.valid_to,
    )


def _code(village: VillageOnDay) -> str:
    return village.code
