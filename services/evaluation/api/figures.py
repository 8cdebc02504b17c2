"""The doors of the read API: decode, call a view, encode."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import flask
from flask.views import MethodView

from services.evaluation import figures
from services.evaluation.api.schemas import figures as schemas
from services.evaluation.views import cards as views
from services.evaluation.views.cards import Ranked, Scorecard
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction
from shared.http.paging import Page

doors = Blueprint("figures", __name__, url_prefix="/v1", description="Figures of every unit and month.")


@doors.route("/units/<uuid:unit_id>/scorecard")
class UnitScorecard(MethodView):
    """The figures of one unit and month."""

    @transaction
    @doors.arguments(schemas.PeriodQuery, location="query")
    @doors.response(200, schemas.ScorecardSchema)
    def get(self, query: dict[str, str], unit_id: UUID) -> Scorecard:
        """A unit's scorecard"""
        require(unit_id)
        return views.scorecard(conn(), unit_id, query["period"], service().clock.now())


@doors.route("/units/<uuid:unit_id>/children")
class UnitChildren(MethodView):
    """The units directly below, ranked."""

    @transaction
    @doors.arguments(schemas.ChildrenQuery, location="query")
    @doors.response(200, schemas.RankedSchema(many=True))
    def get(self, query: dict[str, Any], unit_id: UUID) -> Sequence[Ranked]:
        """The units directly below, ranked by a figure"""
        require(unit_id)
        cards = views.children(conn(), unit_id, query["period"], service().clock.now())
        return views.ranked(cards, query["order_by"], descending=query["descending"])


@doors.route("/units/<uuid:unit_id>/trend")
class UnitTrend(MethodView):
    """A unit's figures over months."""

    @transaction
    @doors.arguments(schemas.TrendQuery, location="query")
    @doors.response(200, schemas.ScorecardSchema(many=True))
    def get(self, query: dict[str, str], unit_id: UUID) -> Sequence[Scorecard]:
        """A unit's scorecards, month by month"""
        require(unit_id)
        return views.trend(conn(), unit_id, query["first"], query["last"], service().clock.now())


@doors.route("/units/<uuid:unit_id>/figures")
class SubtreeFigures(MethodView):
    """Every unit of a subtree, for portals that keep a copy."""

    @transaction
    @doors.arguments(schemas.FiguresQuery, location="query")
    @doors.response(200, schemas.ScorecardPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Page:
        """The scorecards of the unit and of all units below it"""
        require(unit_id)
        after = paging.after(query["cursor"], tuple[UUID])
        cards = views.subtree(
            conn(),
            unit_id,
            query["period"],
            service().clock.now(),
            after=after[0] if after else None,
            limit=query["limit"] + 1,
        )
        return paging.page(cards, query["limit"], lambda card: (card.unit_id,))


@doors.route("/units/<uuid:unit_id>/path")
class UnitPath(MethodView):
    """Where a unit stands."""

    @transaction
    @doors.arguments(schemas.PeriodQuery, location="query")
    @doors.response(200, schemas.StepSchema(many=True))
    def get(self, query: dict[str, str], unit_id: UUID) -> Sequence[dict[str, Any]]:
        """The units above at the month's end, as far up as the reader's rights, and the unit itself"""
        require(unit_id)
        granted, everything = actor().units_of(flask.g.roles)
        return views.path(conn(), unit_id, query["period"], granted, everything)


@doors.route("/figures")
class Figures(MethodView):
    """The catalogue of figures."""

    @transaction
    @doors.response(200, schemas.FigureSchema(many=True))
    def get(self) -> Sequence[object]:
        """What each figure means"""
        return [*figures.PARTS, *figures.DERIVED]


@doors.route("/me")
class Me(MethodView):
    """Where a reader begins."""

    @transaction
    @doors.response(200, schemas.MeSchema)
    def get(self) -> dict[str, object]:
        """The units this token reaches, and the present day"""
        clock = service().clock
        granted, everything = actor().units_of(flask.g.roles)
        return {"units": views.starting_units(conn(), granted, everything, clock.today()), "today": clock.today()}
