"""Doors of the register of weak organisations."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.committees import (
    etag_parameters,
    known,
    require_superior,
    require_unit,
    tagged,
    work,
)
from services.evaluation.api.schemas import weak as schemas
from services.evaluation.commands import weak as commands
from services.evaluation.domain import periods
from services.evaluation.domain.weak import State, Step, Weak
from services.evaluation.store import weak as rows
from services.evaluation.views import weak as views
from services.evaluation.views.weak import Asked, Full
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction
from shared.http.versions import if_match
from shared.ids import new_id

doors = Blueprint("weak", __name__, url_prefix="/v1", description="Weak organisations and their consolidation.")
Tagged = tuple[Full, int, dict[str, str]]


@doors.route("/units/<uuid:unit_id>/weak-candidates")
class Candidates(MethodView):
    """Units that show causes."""

    @transaction
    @doors.arguments(schemas.WeakCandidatesQuery, location="query")
    @doors.response(200, schemas.WeakCandidatePage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The units of a subtree that show causes in a period, whether the register has them or not."""
        require_unit(unit_id)
        found = views.candidates(conn(), unit_id, periods.parse(query["period"]), service().clock.now())
        after = paging.after(query["cursor"], tuple[str])
        rest = [one for one in found if after is None or one.key > after[0]]
        return paging.page(rest[: query["limit"] + 1], query["limit"], lambda one: [one.key])


@doors.route("/units/<uuid:unit_id>/weak-proposals")
class Proposals(MethodView):
    """The system's proposals."""

    @transaction
    @doors.arguments(schemas.WeakPeriod)
    @doors.response(201, schemas.WeakProposed)
    def post(self, given: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Let the system propose every unit of a subtree that shows causes and is not in the register."""
        require_unit(unit_id)
        return {"items": commands.propose(work(), unit_id, periods.parse(given["period"]))}


@doors.route("/units/<uuid:unit_id>/weak-organisations")
class Register(MethodView):
    """The register of a subtree."""

    @transaction
    @doors.arguments(schemas.WeakRegisterQuery, location="query")
    @doors.response(200, schemas.WeakRegisterPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The register of a unit and all below it, with counts for the whole of it."""
        require_unit(unit_id)
        asked = Asked(unit_id, service().clock.today(), query["state"], query["cause"], query["overdue"])
        after = paging.after(query["cursor"], tuple[str, UUID])
        found = views.register(conn(), asked, after, query["limit"] + 1)
        page = paging.page(found, query["limit"], lambda one: [one.code, one.weak.weak_id])
        return {"items": page.items, "next_cursor": page.next_cursor, "counts": views.counts(conn(), asked)}


@doors.route("/weak-organisations")
class Entries(MethodView):
    """New entries."""

    @transaction
    @doors.arguments(schemas.WeakNew, example=schemas.A_NEW)
    @doors.response(201, schemas.WeakFull)
    def post(self, given: dict[str, Any]) -> Tagged:
        """An officer above a unit enters it: with the causes its figures show and those that were seen."""
        require_superior(given["unit_id"])
        weak_id = given["weak_id"] or new_id()
        period = periods.parse(given["period"])
        made = commands.open_new(work(), weak_id, given["unit_id"], period, given["seen"], given["citation"])
        return _shown(made, 201)


@doors.route("/weak-organisations/<uuid:weak_id>")
class Entry(MethodView):
    """One entry."""

    @transaction
    @doors.response(200, schemas.WeakFull)
    def get(self, weak_id: UUID) -> Tagged:
        """An entry with its causes, plan, team, follow-up and history."""
        found = _found(weak_id)
        require(found.unit_id)
        return _shown(found)


@doors.route("/weak-organisations/<uuid:weak_id>/opening")
class Opening(MethodView):
    """A proposal taken up."""

    @transaction
    @doors.arguments(schemas.WeakOpening)
    @doors.response(200, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], weak_id: UUID) -> Tagged:
        """A proposal of the system is taken up by an office above the unit."""
        return _shown(commands.open_proposed(work(), _decided(weak_id, "proposed"), given["seen"], given["citation"]))


@doors.route("/weak-organisations/<uuid:weak_id>/dismissal")
class Dismissal(MethodView):
    """A proposal not taken up."""

    @transaction
    @doors.arguments(schemas.WeakDismissal)
    @doors.response(200, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], weak_id: UUID) -> Tagged:
        """A proposal of the system is not taken up, and why; it stays in the register's history."""
        return _shown(commands.dismiss(work(), _decided(weak_id, "proposed"), given["reason"]))


@doors.route("/weak-organisations/<uuid:weak_id>/plan")
class Plan(MethodView):
    """The plan and the team."""

    @transaction
    @doors.arguments(schemas.WeakPlan, example=schemas.A_PLAN)
    @doors.response(200, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def put(self, given: dict[str, Any], weak_id: UUID) -> Tagged:
        """The plan of consolidation and the team that sees to it, in place of those before."""
        steps = [Step(one["step_id"] or new_id(), one["what"], one["due_on"]) for one in given["steps"]]
        return _shown(commands.plan(work(), _decided(weak_id), steps, given["team"], given["citation"]))


@doors.route("/weak-organisations/<uuid:weak_id>/steps/<uuid:step_id>/done")
class Done(MethodView):
    """A step done."""

    @transaction
    @doors.arguments(schemas.WeakStepDone)
    @doors.response(200, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], weak_id: UUID, step_id: UUID) -> Tagged:
        """A step of the plan is done, with what shows it; the unit itself may say so."""
        weak = _followed(weak_id)
        return _shown(commands.do_step(work(), weak, step_id, given["done_on"], given["evidence"]))


@doors.route("/weak-organisations/<uuid:weak_id>/entries")
class FollowUp(MethodView):
    """The follow-up."""

    @transaction
    @doors.arguments(schemas.WeakEntryGiven)
    @doors.response(201, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], weak_id: UUID) -> Tagged:
        """What was seen on a day; the unit itself may say so."""
        weak = _followed(weak_id)
        return _shown(commands.follow_up(work(), weak, given["entry_id"] or new_id(), given["on"], given["text"]), 201)


@doors.route("/weak-organisations/<uuid:weak_id>/closure")
class Closure(MethodView):
    """A unit that is no longer weak."""

    @transaction
    @doors.arguments(schemas.WeakClosure)
    @doors.response(200, schemas.WeakFull)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], weak_id: UUID) -> Tagged:
        """The unit is no longer weak: refused while any cause holds in the (later) period that is looked at."""
        weak, period = _decided(weak_id), periods.parse(given["period"])
        return _shown(commands.close(work(), weak, period, given["reason"], given["citation"]))


def _found(weak_id: UUID) -> Weak:
    return known(rows.find(conn(), weak_id), commands.unknown())


def _decided(weak_id: UUID, state: State = "open") -> Weak:
    """The entry, locked, for an office above its unit."""
    require_superior(_found(weak_id).unit_id)
    return commands.to_change(work(), weak_id, if_match(), state=state)


def _followed(weak_id: UUID) -> Weak:
    """The entry, locked, for whoever follows it: the offices above, and the unit itself."""
    require(_found(weak_id).unit_id)
    return commands.to_change(work(), weak_id, if_match())


def _shown(weak: Weak, status: int = 200) -> Tagged:
    return tagged(views.full(conn(), weak, service().clock.today()), weak.version, status)
