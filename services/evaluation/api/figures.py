"""The doors of the read API: decode, call a view, encode."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import flask
from flask.views import MethodView

from services.evaluation import figures
from services.evaluation.api import answers
from services.evaluation.api.asked import moment_of
from services.evaluation.api.schemas import figures as schemas
from services.evaluation.domain import periods
from services.evaluation.domain.periods import Period
from services.evaluation.views import as_of, places, stamps
from services.evaluation.views import cards as views
from services.evaluation.views.cards import CHILDREN, CHOSEN, SUBTREE, Ranked, Scorecard
from shared import months
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction
from shared.http.paging import Page

doors = Blueprint("figures", __name__, url_prefix="/v1", description="Figures of every unit and period.")


@doors.route("/units/<uuid:unit_id>/scorecard")
class UnitScorecard(MethodView):
    """The figures of one unit and period."""

    @transaction
    @doors.arguments(schemas.ScorecardQuery, location="query")
    @doors.response(200, schemas.ScorecardSchema)
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID) -> flask.Response:
        """A unit's scorecard"""
        require(unit_id)
        period, now, moment = query["period"], service().clock.now(), moment_of(query)
        answers.kept_by_content(months.add(period.last, 1) < months.month_of(now))
        if moment is None:
            card = views.scorecard(conn(), unit_id, period, now)
        else:
            card = as_of.scorecard(conn(), unit_id, period, moment)
        card = answers.chosen(card, query["fields_"])
        if answers.wants_csv():
            return answers.sheet(answers.columns(query["fields_"]), [answers.line(card)], f"chi-so-{period.key}")
        return answers.plain(card)


@doors.route("/units/<uuid:unit_id>/children")
class UnitChildren(MethodView):
    """The units directly below, ranked."""

    @transaction
    @doors.arguments(schemas.ChildrenQuery, location="query")
    @doors.response(200, schemas.RankedSchema(many=True))
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Sequence[Ranked] | flask.Response:
        """The units directly below, ranked by a figure"""
        require(unit_id)
        period, now = query["period"], service().clock.now()
        given = {"unit": unit_id, "day": months.last_day(period.last)}
        if (same := answers.kept(stamps.of(conn(), CHILDREN, given, period.first, period.last, now))) is not None:
            return same
        cards = views.children(conn(), unit_id, period, now)
        names = query["fields_"]
        ranked = [
            Ranked(one.rank, answers.chosen(one.scorecard, names))
            for one in views.ranked(cards, query["order_by"], descending=query["descending"])
        ]
        if answers.wants_csv():
            lines = [{"rank": one.rank} | answers.line(one.scorecard) for one in ranked]
            return answers.sheet(["rank", *answers.columns(names)], lines, f"xep-hang-{period.key}")
        return ranked


@doors.route("/units/<uuid:unit_id>/trend")
class UnitTrend(MethodView):
    """A unit's figures over periods."""

    @transaction
    @doors.arguments(schemas.TrendQuery, location="query")
    @doors.response(200, schemas.ScorecardSchema(many=True))
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Sequence[Scorecard] | flask.Response:
        """A unit's scorecards, period by period"""
        require(unit_id)
        asked = list(_steps(query["first"], query["last"], query["by"]))
        now = service().clock.now()
        stamp = stamps.of(conn(), CHOSEN, {"unit": unit_id}, asked[0].first, asked[-1].last, now)
        if (same := answers.kept(stamp)) is not None:
            return same
        names = query["fields_"]
        cards = [answers.chosen(card, names) for card in views.trend(conn(), unit_id, asked, now)]
        if answers.wants_csv():
            name = f"dien-bien-{query['first']}-{query['last']}"
            return answers.sheet(answers.columns(names), map(answers.line, cards), name)
        return cards


@doors.route("/units/<uuid:unit_id>/figures")
class SubtreeFigures(MethodView):
    """Every unit of a subtree, for portals that keep a copy."""

    @transaction
    @doors.arguments(schemas.FiguresQuery, location="query")
    @doors.response(200, schemas.ScorecardPage)
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Page | flask.Response:
        """The scorecards of the unit and of all units below it"""
        require(unit_id)
        period, now, limit = query["period"], service().clock.now(), query["limit"] + 1
        found = paging.after(query["cursor"], tuple[UUID])
        after = found[0] if found else None
        given = {"unit": unit_id, "day": months.last_day(period.last), "after": after, "limit": limit}
        if (same := answers.kept(stamps.of(conn(), SUBTREE, given, period.first, period.last, now))) is not None:
            return same
        names = query["fields_"]
        cards = views.subtree(conn(), unit_id, period, now, after=after, limit=limit)
        page = paging.page(
            [answers.chosen(card, names) for card in cards], query["limit"], lambda card: (card.unit_id,)
        )
        if answers.wants_csv():
            sheet = answers.sheet(answers.columns(names), map(answers.line, page.items), f"chi-so-{period.key}")
            return answers.next_page(sheet, page.next_cursor)
        return page


@doors.route("/units/<uuid:unit_id>/path")
class UnitPath(MethodView):
    """Where a unit stands."""

    @transaction
    @doors.arguments(schemas.PathQuery, location="query")
    @doors.response(200, schemas.StepSchema(many=True))
    def get(self, query: dict[str, Period], unit_id: UUID) -> Sequence[dict[str, Any]]:
        """The units above at the period's end, as far up as the reader's rights, and the unit itself"""
        require(unit_id)
        granted, everything = actor().units_of(flask.g.roles)
        return places.path(conn(), unit_id, query["period"].last, granted, everything)


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
        return {"units": places.starting_units(conn(), granted, everything, clock.today()), "today": clock.today()}


def _steps(first: str, last: str, by: str) -> Iterator[Period]:
    """The periods of the form `by` in which the months from `first` to `last` lie."""
    while first <= last:
        period = periods.containing(first, by)
        yield period
        first = months.add(period.last, 1)
