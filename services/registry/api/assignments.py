"""Doors of assignments."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.registry.api.asked import day_of, known, require_unit, work
from services.registry.api.schemas import assignments as schemas
from services.registry.api.schemas.common import OnPageQuery, UnderQuery
from services.registry.commands import assignments as commands
from services.registry.domain import plans
from services.registry.domain.assignments import Assignment
from services.registry.store import assignments as assignment_rows
from services.registry.views import assignments as views
from shared.errors import NotFound
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.ids import new_id

doors = Blueprint(
    "assignments", __name__, url_prefix="/v1", description="Members of superior committees who follow branches."
)


@doors.route("/assignments")
class Assignments(MethodView):
    """All assignments."""

    @transaction
    @doors.arguments(UnderQuery, location="query")
    @doors.response(200, schemas.AssignmentPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """Who follows the branches of a subtree on a day."""
        require_unit(query["under"])
        found = views.below(conn(), query["under"], day_of(query), _after(query), query["limit"] + 1)
        return paging.page(found, query["limit"], _id)

    @transaction
    @doors.arguments(schemas.AssignmentNew, example=schemas.A_NEW_ASSIGNMENT)
    @doors.response(201, schemas.AssignmentShown)
    def post(self, given: dict[str, Any]) -> Assignment:
        """A superior committee assigns one of its members to follow a branch below it. One pair never overlaps."""
        require(given["committee_id"])
        assignment_id = given.pop("assignment_id") or new_id()
        return commands.assign(work(), Assignment(assignment_id=assignment_id, **given))


@doors.route("/assignments/<uuid:assignment_id>/end")
class End(MethodView):
    """The end of one assignment."""

    @transaction
    @doors.arguments(schemas.AssignmentEnded, example=schemas.AN_END)
    @doors.response(200, schemas.AssignmentShown)
    def post(self, given: dict[str, Any], assignment_id: UUID) -> Assignment:
        """The member no longer follows the branch from `ended_on` on."""
        require(known(assignment_rows.find(conn(), assignment_id), commands.unknown_assignment).committee_id)
        return commands.end(work(), assignment_id, given["ended_on"])


@doors.route("/units/<uuid:unit_id>/assignments")
class AssignmentsOfBranch(MethodView):
    """Who follows one branch."""

    @transaction
    @doors.arguments(OnPageQuery, location="query")
    @doors.response(200, schemas.AssignmentPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """Who follows a branch on a day."""
        require_unit(unit_id)
        found = views.of_branch(conn(), unit_id, day_of(query), _after(query), query["limit"] + 1)
        return paging.page(found, query["limit"], _id)


@doors.route("/members/<uuid:member_id>/assignments")
class AssignmentsOfMember(MethodView):
    """What one member follows."""

    @transaction
    @doors.arguments(OnPageQuery, location="query")
    @doors.response(200, schemas.AssignmentPage)
    def get(self, query: dict[str, Any], member_id: UUID) -> paging.Page:
        """Which branches a member follows on a day. Rights over the member's own branch are needed."""
        home = views.home_of(conn(), member_id, context.service().clock.today())
        require(known(home, lambda: NotFound("member", plans.UNKNOWN_MEMBER)))
        found = views.of_member(conn(), member_id, day_of(query), _after(query), query["limit"] + 1)
        return paging.page(found, query["limit"], _id)


def _after(query: dict[str, Any]) -> UUID | None:
    after = paging.after(query["cursor"], tuple[UUID])
    return after[0] if after else None


def _id(one: Assignment) -> list[UUID]:
    return [one.assignment_id]
