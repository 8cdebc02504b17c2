"""Doors of classification."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.committees import (
    etag_parameters,
    require_itself,
    require_superior,
    require_unit,
    tagged,
    work,
)
from services.evaluation.api.schemas import classifications as schemas
from services.evaluation.commands import classifications as commands
from services.evaluation.commands.classifications import Decided
from services.evaluation.domain.classification import Classification
from services.evaluation.store import classifications as rows
from services.evaluation.store import committees as committee_rows
from services.evaluation.views import classifications as views
from services.evaluation.views import year_grades
from services.evaluation.views.classifications import Asked, Groups
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction
from shared.http.versions import if_match

doors = Blueprint("classifications", __name__, url_prefix="/v1", description="Quarterly and yearly classification.")


@doors.route("/classifications/proposals")
class Proposals(MethodView):
    """What units propose for themselves."""

    @transaction
    @doors.arguments(schemas.ClassificationProposal)
    @doors.response(200, schemas.ClassificationShown)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any]) -> tuple[Classification, int, dict[str, str]]:
        """A unit proposes its own grade of a quarter or year, again if need be; what was decided stays.

        Only with rights on the unit itself: an office above returns a proposal, or decides.
        """
        require_itself(given["unit_id"])
        made = commands.propose(work(), given["unit_id"], given["period"], given["grade"], given["reason"], if_match())
        return tagged(made, made.version)


@doors.route("/classifications/returns")
class Returns(MethodView):
    """Proposals that are given back."""

    @transaction
    @doors.arguments(schemas.ClassificationReturn)
    @doors.response(200, schemas.ClassificationShown)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any]) -> tuple[Classification, int, dict[str, str]]:
        """An office above a unit returns its proposal with a reason; it stays until the unit sends another."""
        require_superior(given["unit_id"])
        made = commands.give_back(work(), given["unit_id"], given["period"], given["reason"], if_match())
        return tagged(made, made.version)


@doors.route("/classifications/decisions")
class Decisions(MethodView):
    """What superiors decide."""

    @transaction
    @doors.arguments(schemas.ClassificationDecision, example=schemas.A_DECISION)
    @doors.response(200, schemas.ClassificationsDecided)
    def post(self, given: dict[str, Any]) -> dict[str, Any]:
        """The direct superior decides the grades of units below it, all or nothing; null withdraws a grade.

        Refused when a comparison group would have more graded excellent than it may: the refusal says how many that
        is, and who is in the group.
        """
        require_unit(given["superior_id"])
        decisions = [Decided(**one) for one in given["decisions"]]
        return {
            "items": commands.decide(
                work(), given["superior_id"], given["period"], decisions, given["citation"], given["decided_on"]
            )
        }


@doors.route("/units/<uuid:unit_id>/classifications")
class Lines(MethodView):
    """The classifications of a subtree."""

    @transaction
    @doors.arguments(schemas.ClassificationsQuery, location="query")
    @doors.response(200, schemas.ClassificationPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """A unit and all below it at the period's end with what was proposed and decided, and counts."""
        require_unit(unit_id)
        asked = Asked(unit_id, query["period"], commands.last_day(query["period"]), query["grade"], query["state"])
        after = paging.after(query["cursor"], tuple[str])
        page = paging.page(
            views.lines(conn(), asked, after, query["limit"] + 1), query["limit"], lambda one: [one.place.code]
        )
        counts = views.counts(conn(), unit_id, [asked.period], asked.day)
        return {"items": page.items, "next_cursor": page.next_cursor, "counts": counts[asked.period]}


@doors.route("/units/<uuid:unit_id>/classification-groups")
class ComparisonGroups(MethodView):
    """The comparison groups below a superior."""

    @transaction
    @doors.arguments(schemas.ClassificationPeriodQuery, location="query")
    @doors.response(200, schemas.ClassificationGroups)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Groups:
        """The comparison groups of the units directly below: grades, and how many may be graded excellent."""
        require_unit(unit_id)
        return views.groups(conn(), unit_id, query["period"], commands.last_day(query["period"]))


@doors.route("/units/<uuid:unit_id>/classification")
class OfUnit(MethodView):
    """One unit's classification."""

    @transaction
    @doors.arguments(schemas.ClassificationPeriodQuery, location="query")
    @doors.response(200, schemas.ClassificationHistory)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """A unit's classification of a quarter or year, and every version of it: who gave which grade, when.

        Of a branch's year, the grade that its meetings come to stands beside: another scale, and no decision.
        """
        unit = require_unit(unit_id)
        commands.last_day(query["period"])
        found = rows.of_units(conn(), [unit_id], query["period"]).get(unit_id)
        past = committee_rows.history(conn(), "classification", found.classification_id) if found else []
        by_rubric = None
        if unit.is_branch and len(query["period"]) == len("2025"):
            by_rubric = year_grades.branch_year(conn(), unit_id, int(query["period"])).result
        return {"classification": found, "by_rubric": by_rubric, "history": past}
