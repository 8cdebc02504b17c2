"""The doors of opinions, self-criticism, conclusions, votes and tasks that a device saves one by one."""

from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.meetings import views
from services.meetings.api import asked, reach
from services.meetings.api.schemas import answers, parts, queries
from services.meetings.commands import recording
from services.meetings.domain.items import IDS, STRUCTS, ItemKind
from services.meetings.domain.votes import Question
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("items", __name__, url_prefix="/v1", description="Parts of minutes, saved one by one under own ids.")


def _save(kind: ItemKind, meeting_id: UUID, item_id: UUID, given: dict[str, Any], query: dict[str, Any]) -> Any:
    reach.meeting(meeting_id)
    item = msgspec.convert(given | {IDS[kind]: item_id}, STRUCTS[kind])
    saved = recording.record_item(
        conn(), meeting_id, kind, item_id, item, based_on=asked.based_on(query), **asked.who_and_when()
    )
    return views.show(saved)


def _drop(kind: ItemKind, meeting_id: UUID, item_id: UUID, query: dict[str, Any]) -> Any:
    reach.meeting(meeting_id)
    saved = recording.record_item(
        conn(), meeting_id, kind, item_id, None, based_on=asked.based_on(query), **asked.who_and_when()
    )
    return views.show(saved)


@doors.route("/meetings/<uuid:meeting_id>/opinions/<uuid:item_id>")
class _Opinion(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(parts.OpinionBody)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], given: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Save what a member said, until the minutes are adopted."""
        return _save("opinion", meeting_id, item_id, given, query)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.response(200, answers.Meeting)
    def delete(self, query: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Take a saved opinion out."""
        return _drop("opinion", meeting_id, item_id, query)


@doors.route("/meetings/<uuid:meeting_id>/self-criticisms/<uuid:item_id>")
class _SelfCriticism(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(parts.SelfCriticismBody)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], given: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Save self-criticism or criticism."""
        return _save("self_criticism", meeting_id, item_id, given, query)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.response(200, answers.Meeting)
    def delete(self, query: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Take a saved entry out."""
        return _drop("self_criticism", meeting_id, item_id, query)


@doors.route("/meetings/<uuid:meeting_id>/conclusions/<uuid:item_id>")
class _Conclusion(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(parts.ConclusionBody)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], given: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Save the chair's conclusion on an item of the agenda."""
        return _save("conclusion", meeting_id, item_id, given, query)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.response(200, answers.Meeting)
    def delete(self, query: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Take a saved conclusion out."""
        return _drop("conclusion", meeting_id, item_id, query)


@doors.route("/meetings/<uuid:meeting_id>/votes/<uuid:item_id>")
class _Vote(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(parts.QuestionBody)
    @doors.response(200, answers.SavedVote)
    def put(self, query: dict[str, Any], given: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Save a vote; the answer states its denominator and whether more than half carried."""
        reach.meeting(meeting_id)
        question = msgspec.convert(given | {"vote_id": item_id}, Question)
        saved = recording.record_vote(
            conn(), meeting_id, question, based_on=asked.based_on(query), **asked.who_and_when()
        )
        return {
            "meeting_id": meeting_id,
            "version": saved.meeting.version,
            "vote": views.show_vote(item_id, question.title, saved.result),
        }

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.response(200, answers.Meeting)
    def delete(self, query: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Take a saved vote out."""
        return _drop("vote", meeting_id, item_id, query)


@doors.route("/meetings/<uuid:meeting_id>/tasks/<uuid:item_id>")
class _Task(MethodView):
    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(parts.AssignmentBody)
    @doors.response(200, answers.Meeting)
    def put(self, query: dict[str, Any], given: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Save a task the meeting gives; it is assigned when the minutes are adopted."""
        return _save("task", meeting_id, item_id, given, query)

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.response(200, answers.Meeting)
    def delete(self, query: dict[str, Any], meeting_id: UUID, item_id: UUID) -> Any:
        """Take a saved task out."""
        return _drop("task", meeting_id, item_id, query)
