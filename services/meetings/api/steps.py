"""The doors of steps around a meeting: postponed, opened, reported, scored by others, visited, undone."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.meetings import views
from services.meetings.api import asked, reach
from services.meetings.api.schemas import answers, bodies
from services.meetings.api.schemas import steps as schemas
from services.meetings.commands import adoption, planning, steps
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("steps", __name__, url_prefix="/v1", description="Steps of a meeting, each with who and when.")


@doors.route("/meetings/<uuid:meeting_id>/postponement")
class _Postponement(MethodView):
    @transaction
    @doors.arguments(schemas.Postponement)
    @doors.response(200, answers.Meeting)
    def post(self, given: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Put a meeting off, to another time or without one yet; members are told again."""
        reach.meeting(meeting_id)
        put_off = planning.postpone(conn(), meeting_id, given["starts_at"], given["reason"], **asked.who_and_when())
        return views.show(put_off)


@doors.route("/meetings/<uuid:meeting_id>/opening")
class _Opening(MethodView):
    @transaction
    @doors.arguments(bodies.Empty)
    @doors.response(200, answers.Meeting)
    def post(self, _: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Open the meeting now."""
        reach.meeting(meeting_id)
        return views.show(steps.open_(conn(), meeting_id, **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/report")
class _Report(MethodView):
    @transaction
    @doors.arguments(bodies.Empty)
    @doors.response(200, answers.Meeting)
    def post(self, _: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Report adopted minutes upwards, when that was left for later."""
        reach.meeting(meeting_id)
        return views.show(adoption.report(conn(), meeting_id, **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/undo")
class _Undo(MethodView):
    @transaction
    @doors.arguments(bodies.Empty)
    @doors.response(200, answers.Meeting)
    def post(self, _: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Take back an adoption or a "not held" within minutes: by who did it, while nothing stands on it."""
        reach.meeting(meeting_id)
        return views.show(adoption.undo(conn(), meeting_id, **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/voted-score")
class _Voted(MethodView):
    @transaction
    @doors.arguments(bodies.Points)
    @doors.response(200, answers.Meeting)
    def put(self, given: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Keep the score the branch voted, beside its own; those before it are kept."""
        reach.meeting(meeting_id)
        return views.show(steps.vote_score(conn(), meeting_id, given["points"], **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/official-score")
class _Official(MethodView):
    @transaction
    @doors.arguments(schemas.Official)
    @doors.response(200, answers.Meeting)
    def put(self, given: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Grade reported minutes, as an office above the branch; scores before it are kept."""
        asked.require_superior(reach.meeting(meeting_id))
        graded = steps.grade(conn(), meeting_id, given["points"], given["remarks"], **asked.who_and_when())
        return views.show(graded)


@doors.route("/meetings/<uuid:meeting_id>/visit")
class _Visit(MethodView):
    @transaction
    @doors.arguments(schemas.Visit)
    @doors.response(200, answers.Meeting)
    def put(self, given: dict[str, Any], meeting_id: UUID) -> dict[str, Any]:
        """Record whether the superior who follows the branch came, and what they remark."""
        asked.require_superior(reach.meeting(meeting_id))
        seen = steps.visit(conn(), meeting_id, given["present"], given["remarks"], **asked.who_and_when())
        return views.show(seen)
