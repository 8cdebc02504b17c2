"""The doors of notices, documents, read receipts and the roll call by code."""

from typing import Any, cast
from uuid import UUID

import flask
import segno
from flask.views import MethodView

from services.meetings import views
from services.meetings.api import asked, reach
from services.meetings.api.schemas import answers, queries
from services.meetings.api.schemas import steps as schemas
from services.meetings.commands import notices, rollcall
from services.meetings.domain import refused_steps
from services.meetings.domain import rollcall as codes
from services.meetings.domain.notices import Document, Notice, NoticeKind
from services.meetings.domain.rollcall import Closing
from services.meetings.settings import MeetingsSettings
from services.meetings.store import notices as store
from shared.http.blueprint import Blueprint
from shared.http.context import conn, service, transaction

doors = Blueprint("notices", __name__, url_prefix="/v1", description="Notices, documents, receipts, roll call by code.")


def _settings() -> MeetingsSettings:
    return cast(MeetingsSettings, flask.current_app.extensions["settings"])


def _notice(meeting_id: UUID, kind: NoticeKind) -> Notice:
    reach.meeting(meeting_id)
    known = store.load(conn(), meeting_id, kind)
    if known is None:
        raise refused_steps.unknown("notice", "thông báo", "notice")
    return known


@doors.route("/meetings/<uuid:meeting_id>/notice")
class _Call(MethodView):
    @transaction
    @doors.response(200, schemas.Notice)
    def get(self, meeting_id: UUID) -> Notice:
        """The notice of the meeting."""
        return _notice(meeting_id, "call")

    @transaction
    @doors.arguments(schemas.NoticeBody)
    @doors.response(200, schemas.Notice)
    def put(self, given: dict[str, str], meeting_id: UUID) -> Notice:
        """Tell members, and the superior who follows the branch, of time, place and content."""
        reach.meeting(meeting_id)
        return notices.send(conn(), meeting_id, "call", given["content"], **asked.who_and_when())


@doors.route("/meetings/<uuid:meeting_id>/conclusion-notice")
class _Conclusion(MethodView):
    @transaction
    @doors.response(200, schemas.Notice)
    def get(self, meeting_id: UUID) -> Notice:
        """The notice of conclusion."""
        return _notice(meeting_id, "conclusion")

    @transaction
    @doors.arguments(schemas.NoticeBody)
    @doors.response(200, schemas.Notice)
    def put(self, given: dict[str, str], meeting_id: UUID) -> Notice:
        """Tell members and the superior what adopted minutes concluded."""
        reach.meeting(meeting_id)
        return notices.send(conn(), meeting_id, "conclusion", given["content"], **asked.who_and_when())


@doors.route("/meetings/<uuid:meeting_id>/documents")
class _Documents(MethodView):
    @transaction
    @doors.response(200, schemas.Documents)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """The documents handed out for the meeting."""
        reach.meeting(meeting_id)
        return {"items": store.documents(conn(), meeting_id)}


@doors.route("/meetings/<uuid:meeting_id>/documents/<uuid:document_id>")
class _Document(MethodView):
    @transaction
    @doors.arguments(schemas.Document)
    @doors.response(200, schemas.Documents)
    def put(self, given: Document, meeting_id: UUID, document_id: UUID) -> dict[str, Any]:
        """Hand a document out; anything secret or restricted is refused."""
        reach.meeting(meeting_id)
        return {"items": notices.distribute(conn(), meeting_id, document_id, given, **asked.who_and_when())}


@doors.route("/meetings/<uuid:meeting_id>/receipts")
class _Receipts(MethodView):
    @transaction
    @doors.response(200, schemas.Receipts)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """Who has opened what, and who has not."""
        reach.meeting(meeting_id)
        return {"items": notices.receipts(conn(), meeting_id)}

    @transaction
    @doors.arguments(schemas.Receipt)
    @doors.response(204)
    def post(self, given: dict[str, str], meeting_id: UUID) -> None:
        """Note that the member whose token this is opened a notice or a document."""
        reach.meeting(meeting_id)
        notices.open_(conn(), meeting_id, given["what"], asked.member(), now=service().clock.now())


@doors.route("/meetings/<uuid:meeting_id>/roll-call-codes")
class _Codes(MethodView):
    @transaction
    @doors.response(201, schemas.Code)
    def post(self, meeting_id: UUID) -> dict[str, Any]:
        """A signed code for the chair's screen, valid for minutes."""
        reach.meeting(meeting_id)
        settings = _settings()
        code = rollcall.open_code(
            conn(), meeting_id, settings.roll_call_key, settings.roll_call_minutes, now=service().clock.now()
        )
        svg = segno.make(code.text, error="m").svg_inline(scale=4)
        return {"code": code.text, "expires_at": code.expires_at, "svg": svg}


@doors.route("/roll-call")
class _Redeem(MethodView):
    @transaction
    @doors.arguments(schemas.Redeem)
    @doors.response(200, schemas.Arrival)
    def post(self, given: dict[str, str]) -> rollcall.Arrival:
        """Redeem a code with the member's own token: they are present. Once a member and meeting."""
        meeting_id = codes.meeting_of(given["code"], _settings().roll_call_key, service().clock.now())
        reach.meeting(meeting_id)
        return rollcall.redeem(conn(), meeting_id, asked.member(), **asked.who_and_when())


@doors.route("/meetings/<uuid:meeting_id>/roll-call")
class _RollCall(MethodView):
    @transaction
    @doors.response(200, schemas.Arrivals)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """Who redeemed a code so far."""
        reach.meeting(meeting_id)
        return {"items": rollcall.of_meeting(conn(), meeting_id)}

    @transaction
    @doors.arguments(queries.BasedOn, location="query")
    @doors.arguments(schemas.Closing)
    @doors.response(200, answers.Meeting)
    def post(self, query: dict[str, Any], given: Closing, meeting_id: UUID) -> dict[str, Any]:
        """Close the roll call: those who redeemed a code or are named came; the others who owe it are absent."""
        reach.meeting(meeting_id)
        based_on = asked.based_on(query)
        return views.show(rollcall.close(conn(), meeting_id, given, based_on=based_on, **asked.who_and_when()))
