"""The doors of one meeting: decode, call, encode."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.meetings import score_forms, views
from services.meetings.api import asked, reach
from services.meetings.api.schemas import answers, bodies, forms, queries
from services.meetings.commands import adoption, planning, recording
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.meeting import Plan
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.scores import SelfScore
from services.meetings.store import meetings
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction
from shared.http.paging import Page, after, page

doors = Blueprint("meetings", __name__, url_prefix="/v1", description="Meetings of branches, from plan to adoption.")


@doors.route("/meetings")
class _Meetings(MethodView):
    @transaction
    @doors.arguments(queries.MeetingsQuery, location="query")
    @doors.response(200, answers.Meetings)
    def get(self, query: dict[str, Any]) -> Page:
        """The meetings of a branch, by their start."""
        require(query["unit_id"])
        start = after(query["cursor"], tuple[datetime, UUID])
        rows = views.meetings_of(conn(), query["unit_id"], query["period"], start, query["limit"] + 1)
        return page(rows, query["limit"], lambda row: (row.starts_at, row.meeting_id))


@doors.route("/meetings/<uuid:meeting_id>")
class _Meeting(MethodView):
    @transaction
    @doors.response(200, answers.Meeting)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """A meeting, whole."""
        reach.meeting(meeting_id)
        known = meetings.load(conn(), meeting_id)
        assert known is not None
        return views.show(known)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(bodies.Plan)
    @doors.response(200, answers.Meeting)
    @doors.alt_response(201, schema=answers.Meeting, description="The meeting is new.")  # type: ignore[untyped-decorator]  # flask-smorest publishes no types
    def put(self, query: dict[str, Any], plan: Plan, meeting_id: UUID) -> tuple[dict[str, Any], int]:
        """Plan a meeting under an id of the sender's choice, or plan it again."""
        require(plan.unit_id)
        planned, is_new = planning.plan(
            conn(), meeting_id, plan, based_on=asked.based_on(query), **asked.who_and_when()
        )
        return views.show(planned), 201 if is_new else 200


@doors.route("/meetings/<uuid:meeting_id>/attendance")
class _Attendance(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(bodies.RollCall)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], roll_call: RollCall, meeting_id: UUID) -> dict[str, Any]:
        """Take the roll call: name who was absent or late; the others who owe attendance that day were present."""
        reach.meeting(meeting_id)
        return views.show(
            recording.record_attendance(
                conn(), meeting_id, roll_call, based_on=asked.based_on(query), **asked.who_and_when()
            )
        )


@doors.route("/meetings/<uuid:meeting_id>/minutes")
class _Minutes(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(bodies.Minutes)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], written: Minutes, meeting_id: UUID) -> dict[str, Any]:
        """Write the minutes, until they are adopted."""
        reach.meeting(meeting_id)
        return views.show(
            recording.record_minutes(
                conn(), meeting_id, written, based_on=asked.based_on(query), **asked.who_and_when()
            )
        )


@doors.route("/meetings/<uuid:meeting_id>/score")
class _Score(MethodView):
    @transaction
    @doors.response(200, forms.ScoreForm)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """The score form: groups and maxima of the rubric by which the meeting is scored, and the points given so far.

        Until adoption it is the rubric in force for the branch on the meeting's day: the nearest unit's above it, else
        the national one, else the dated rule. Afterwards it is the one the meeting was scored with.
        """
        reach.meeting(meeting_id)
        return score_forms.of_meeting(conn(), meeting_id)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(bodies.SelfScore)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], given: SelfScore, meeting_id: UUID) -> dict[str, Any]:
        """Record the branch's own score, by the groups of the score form (GET)."""
        reach.meeting(meeting_id)
        return views.show(
            recording.record_score(conn(), meeting_id, given, based_on=asked.based_on(query), **asked.who_and_when())
        )


@doors.route("/meetings/<uuid:meeting_id>/adoption")
class _Adoption(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(bodies.Adoption)
    @doors.response(200, answers.Meeting)
    def post(self, query: dict[str, Any], given: adoption.Adoption, meeting_id: UUID) -> dict[str, Any]:
        """Adopt the minutes and report them upwards; from here on they change only by correction."""
        reach.meeting(meeting_id)
        based_on = asked.based_on(query)
        return views.show(adoption.adopt(conn(), meeting_id, given, based_on=based_on, **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/corrections")
class _Corrections(MethodView):
    @transaction
    @doors.arguments(bodies.Correction)
    @doors.response(200, answers.Meeting)
    def post(self, correction: adoption.Correction, meeting_id: UUID) -> dict[str, Any]:
        """Correct adopted minutes; the earlier revision is kept whole, with who, when and why."""
        reach.meeting(meeting_id)
        return views.show(adoption.correct(conn(), meeting_id, correction, **asked.who_and_when()))


@doors.route("/meetings/<uuid:meeting_id>/revisions")
class _Revisions(MethodView):
    @transaction
    @doors.response(200, answers.Revisions)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """Every adopted version of the minutes, the newest first."""
        reach.meeting(meeting_id)
        return {"items": views.revisions_of(conn(), meeting_id)}


@doors.route("/meetings/<uuid:meeting_id>/not-held")
class _NotHeld(MethodView):
    @transaction
    @doors.arguments(bodies.Reason)
    @doors.response(200, answers.Meeting)
    def post(self, given: dict[str, str], meeting_id: UUID) -> dict[str, Any]:
        """Record that the meeting was not held, and why."""
        reach.meeting(meeting_id)
        closed = planning.record_not_held(conn(), meeting_id, given["reason"], **asked.who_and_when())
        return views.show(closed)
