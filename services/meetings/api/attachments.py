"""The doors of attachments: send a file to a meeting or a task, list, download, take away."""

from contextlib import suppress
from typing import Any, Literal, cast
from urllib.parse import quote
from uuid import UUID

import flask
from flask.views import MethodView
from werkzeug.datastructures import CombinedMultiDict

from services.meetings.api import reach
from services.meetings.api.schemas import attachments as schemas
from services.meetings.attachments.inspection import KINDS
from services.meetings.attachments.storage import StorageAway
from services.meetings.commands import attachments as commands
from services.meetings.commands.attachments import Cabinet, Upload
from services.meetings.domain.attachment import Attachment
from services.meetings.store import attachments
from shared.http.blueprint import Blueprint, Parser
from shared.http.context import actor, conn, require, service, transaction


class _Parser(Parser):
    """One schema for a whole multipart body, so that the documentation shows fields and file together."""

    def load_files(self, req: flask.Request, schema: Any) -> Any:
        return self._makeproxy(CombinedMultiDict([req.form, req.files]), schema)


class _Blueprint(Blueprint):
    ARGUMENTS_PARSER = _Parser()


doors = _Blueprint("attachments", __name__, url_prefix="/v1", description="Files attached to meetings and tasks.")


def _cabinet() -> Cabinet:
    return cast(Cabinet, flask.current_app.extensions["attachments"])


@doors.route("/meetings/<uuid:meeting_id>/attachments")
class _OfMeeting(MethodView):
    @transaction
    @doors.response(200, schemas.Attachments)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """The files of a meeting."""
        reach.meeting(meeting_id)
        return {"items": attachments.of(conn(), "meeting", meeting_id)}

    @transaction
    @doors.arguments(schemas.AttachmentUpload, location="files")
    @doors.response(201, schemas.Attachment)
    def post(self, sent: dict[str, Any], meeting_id: UUID) -> Attachment:
        """Attach a file to a meeting: a plain document or picture, never a secret one."""
        unit_id = reach.meeting(meeting_id)
        return _attach(sent, "meeting", meeting_id, unit_id)


@doors.route("/tasks/<uuid:task_id>/attachments")
class _OfTask(MethodView):
    @transaction
    @doors.response(200, schemas.Attachments)
    def get(self, task_id: UUID) -> dict[str, Any]:
        """The evidence of a task."""
        reach.task(task_id)
        return {"items": attachments.of(conn(), "task", task_id)}

    @transaction
    @doors.arguments(schemas.AttachmentUpload, location="files")
    @doors.response(201, schemas.Attachment)
    def post(self, sent: dict[str, Any], task_id: UUID) -> Attachment:
        """Attach a file to a task as evidence."""
        unit_id = reach.task(task_id)
        return _attach(sent, "task", task_id, unit_id)


@doors.route("/attachments/<uuid:attachment_id>")
class _Attachment(MethodView):
    @transaction
    @doors.response(200, schemas.Attachment)
    def get(self, attachment_id: UUID) -> Attachment:
        """What is known of a file."""
        _reach(attachment_id)
        return commands.present(conn(), attachment_id)

    @transaction
    @doors.response(204)
    def delete(self, attachment_id: UUID) -> None:
        """Take a file away, until the minutes are adopted or the task is done."""
        _reach(attachment_id)
        commands.delete(conn(), attachment_id, by=actor().subject, now=service().clock.now())


@doors.route("/attachments/<uuid:attachment_id>/content")
class _Content(MethodView):
    @transaction
    @doors.response(
        200, {"type": "string", "format": "binary"}, content_type="application/octet-stream", description="The file."
    )
    def get(self, attachment_id: UUID) -> flask.Response:
        """Download a file, as it was sent."""
        _reach(attachment_id)
        kept, content = commands.content_of(conn(), _cabinet(), attachment_id)
        answer = flask.Response(content, content_type=KINDS[kept.type].media_type)
        answer.headers["Content-Disposition"] = (
            f'attachment; filename="{kept.attachment_id}.{kept.type}"; '
            f"filename*=UTF-8''{quote(kept.filename, safe='')}"
        )
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


def _attach(sent: dict[str, Any], to: Literal["meeting", "task"], id_: UUID, unit_id: UUID) -> Attachment:
    file, cabinet = sent["file"], _cabinet()
    content = file.stream.read(cabinet.limit + 1)
    upload = Upload(content, file.filename or "", file.mimetype or "", sent["classification"])
    now = service().clock.now()
    kept = commands.attach(conn(), cabinet, upload, to=to, id_=id_, unit_id=unit_id, by=actor().subject, now=now)
    with suppress(StorageAway), conn().transaction():
        commands.sweep(conn(), cabinet, now=now)
    return kept


def _reach(attachment_id: UUID) -> None:
    """Let the request go on only about a file of a branch within the actor's rights. Raises Forbidden."""
    kept = attachments.load(conn(), attachment_id)
    require(kept.unit_id if kept else reach.NO_UNIT)
