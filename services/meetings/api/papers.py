"""The doors of papers: issue, make the file, check a code, set the terms they are numbered in."""

from typing import Any, cast
from uuid import UUID

import flask
import msgspec
from flask.views import MethodView

from services.meetings.api import reach
from services.meetings.api.schemas import papers as schemas
from services.meetings.api.unkept import unkept
from services.meetings.commands import papers as commands
from services.meetings.domain import paper as domain
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.paper import Issue
from services.meetings.domain.terms import CommitteeTerm
from services.meetings.papers.library import Library
from services.meetings.papers.making import Made, Order, make
from services.meetings.store import meetings, papers
from shared.errors import NotFound, Text
from shared.http.blueprint import Blueprint
from shared.http.context import actor, conn, require, service, transaction

doors = Blueprint("papers", __name__, url_prefix="/v1", description="Papers of meetings, their numbers and codes.")
_FILE = {"type": "string", "format": "binary"}


class Desk(msgspec.Struct, frozen=True):
    """Templates, and what stands before the hash in QR codes."""

    library: Library
    check_url: str


def _desk() -> Desk:
    return cast(Desk, flask.current_app.extensions["papers"])


@doors.route("/meetings/<uuid:meeting_id>/papers")
class _Papers(MethodView):
    @transaction
    @doors.response(200, schemas.PaperIssues)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """Every issue of the meeting's papers."""
        reach.meeting(meeting_id)
        known = meetings.load(conn(), meeting_id)
        assert known is not None
        return {"items": [_show(issue, known) for issue in papers.of_meeting(conn(), meeting_id)]}

    @transaction
    @doors.arguments(schemas.PaperIssueBody)
    @doors.response(200, schemas.PaperIssue)
    @doors.alt_response(201, schema=schemas.PaperIssue, description="The issue is new.")  # type: ignore[untyped-decorator]  # flask-smorest publishes no types
    def post(self, given: dict[str, Any], meeting_id: UUID) -> tuple[dict[str, Any], int]:
        """Issue a paper of adopted minutes: it is given its number, once; after a correction, the same again."""
        reach.meeting(meeting_id)
        issue, is_new = commands.issue(conn(), meeting_id, given["kind"], by=actor().subject, now=service().clock.now())
        known = meetings.load(conn(), meeting_id)
        assert known is not None
        return _show(issue, known), 201 if is_new else 200


@doors.route("/meetings/<uuid:meeting_id>/papers/file")
class _File(MethodView):
    @unkept
    @doors.arguments(schemas.PaperOrder)
    @doors.response(200, _FILE, content_type="application/octet-stream", description="The paper, as DOCX or PDF.")
    def post(self, order: Order, meeting_id: UUID) -> flask.Response:
        """Make a paper into a file, with the names the reader brings; nothing of it is kept."""
        reach.meeting(meeting_id)
        desk = _desk()
        return _download(make(conn(), meeting_id, order, desk.library, desk.check_url, service().clock.now()))


@doors.route("/papers")
class _Check(MethodView):
    @transaction
    @doors.arguments(schemas.CheckQuery, location="query")
    @doors.response(200, schemas.PaperCheck)
    def get(self, query: dict[str, str]) -> dict[str, Any]:
        """Which meeting and revision a printed code stands for, and whether it is the latest."""
        issue = papers.by_hash(conn(), query["hash"])
        require(issue.paper.unit_id if issue else reach.NO_UNIT)
        if issue is None:
            raise NotFound("unknown-paper", _UNKNOWN)
        known = meetings.load(conn(), issue.paper.meeting_id)
        assert known is not None
        signed = domain.read(issue.signed)
        return _show(issue, known) | {
            "intact": domain.hash_of(issue.signed) == issue.hash,
            "starts_at": signed.meeting.starts_at,
            "meeting_kind": signed.meeting.kind,
            "meeting_revision": known.revision,
        }


@doors.route("/units/<uuid:unit_id>/terms")
class _Terms(MethodView):
    @transaction
    @doors.response(200, schemas.Terms)
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """The terms of a branch's committee."""
        require(unit_id)
        return {"terms": papers.terms_of(conn(), unit_id)}

    @transaction
    @doors.arguments(schemas.Terms)
    @doors.response(200, schemas.Terms)
    def put(self, given: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Set the terms of a branch's committee, all of them; one that has papers keeps its first day and them."""
        require(unit_id)
        terms = [CommitteeTerm(**term) for term in given["terms"]]
        kept = commands.set_terms(conn(), unit_id, terms, by=actor().subject, now=service().clock.now())
        return {"terms": kept}


def _show(issue: Issue, known: Meeting) -> dict[str, Any]:
    paper = msgspec.structs.asdict(issue.paper)
    told = {name: getattr(issue, name) for name in ("hash", "correction", "revision", "issued_at", "issued_by")}
    return paper | told | {"latest": domain.is_latest(issue, known)}


def _download(made: Made) -> flask.Response:
    answer = flask.Response(made.content, content_type=made.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.filename}"'
    return answer


_UNKNOWN = Text(
    "Không có văn bản nào mang mã này. Kiểm tra mã in trên văn bản; nếu mã đúng, văn bản không phải do hệ thống lập.",
    "There is no paper of this code. Check what is printed; if it is right, this system did not make the paper.",
)
