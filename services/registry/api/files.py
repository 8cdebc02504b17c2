"""The door of spreadsheet files: sent here, carried out by the worker, asked after here."""

import io
from typing import Any, cast
from uuid import UUID

import flask
import msgspec
from flask.views import MethodView

from services.registry.api.asked import vault
from services.registry.api.exports import XLSX, sent
from services.registry.api.schemas.files import BINARY, FileGiven, FileShown
from services.registry.domain.sheets import FileMapping
from services.registry.files.kinds import Limits, kind_of
from services.registry.files.refusals import too_large
from services.registry.settings import RegistrySettings
from services.registry.store import files as file_rows
from services.registry.store.files import Asked, FileState
from shared.errors import Fault, NotFound, Text, Unprocessable
from shared.http import context, problems
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction
from shared.ids import new_id

doors = Blueprint("files", __name__, url_prefix="/v1", description="Spreadsheets of units, members and villages.")


@doors.route("/files")
class Files(MethodView):
    """Files."""

    @transaction
    @doors.arguments(FileGiven, location="files")
    @doors.response(202, FileShown)
    def post(self, given: dict[str, Any]) -> Any:
        """Take a workbook (XLSX) or CSV file and carry it out as POST /v1/imports does: all or nothing.

        The answer names the file; ask after it until its state is done, refused or failed. A refused file has a report:
        the workbook itself with each bad cell marked. The same file again changes nothing.
        """
        context.decided("rows")  # each row is held against the sender's rights by the worker
        sent_file = given["file"]
        name = str(sent_file.filename or "")[-200:]
        settings = cast(RegistrySettings, flask.current_app.extensions["registry"])
        content: bytes = sent_file.stream.read(settings.file_bytes + 1)
        if len(content) > settings.file_bytes:
            raise too_large("quá nhiều byte", "too many bytes", settings.file_bytes)
        kind = kind_of(content, Limits(settings.file_unpacked_bytes, settings.import_rows))
        actor = context.actor()
        units, everything = actor.units_of(flask.g.roles)
        file_id = new_id()
        file_rows.add(
            conn(),
            vault(),
            file_id,
            kind=kind,
            dry_run=given["dry_run"],
            asked=Asked(name, _mapping(given["mapping"])),
            content=content,
            actor=actor.subject,
            request_id=flask.g.request_id,
            everything=everything,
            grants=units,
        )
        return _shown(_own(file_id)), {"Location": f"/v1/files/{file_id}"}


@doors.route("/files/<uuid:file_id>")
class OneFile(MethodView):
    """One file."""

    @transaction
    @doors.response(200, FileShown)
    def get(self, file_id: UUID) -> dict[str, Any]:
        """How far the file has come, and what became of it; for whoever sent it."""
        return _shown(_own(file_id))


@doors.route("/files/<uuid:file_id>/report")
class Report(MethodView):
    """The report of one file."""

    @transaction
    @doors.response(200, BINARY, content_type=XLSX)
    def get(self, file_id: UUID) -> flask.Response:
        """The workbook that came with each bad cell marked, and a sheet that lists them. 404 when there is none."""
        _own(file_id)
        found = file_rows.report(conn(), vault(), file_id)
        if found is None:
            raise NotFound(
                "report",
                Text(
                    "Tệp này không có báo cáo lỗi, hoặc báo cáo đã quá hạn lưu. Hãy gửi lại tệp.",
                    "This file has no report, or none any more. Send the file again.",
                ),
            )
        return sent(io.BytesIO(found), "nenep-ket-qua.xlsx", XLSX)


def _own(file_id: UUID) -> FileState:
    """A file that the actor sent; with rights over everything, any. Raises NotFound, for those of others too."""
    _, everything = context.actor().units_of(flask.g.roles)
    found = file_rows.state(conn(), vault(), file_id)
    if found is None or not (everything or found.actor == context.actor().subject):
        raise NotFound(
            "file", Text("Không có tệp này, hoặc không phải bạn gửi.", "There is no such file, or you did not send it.")
        )
    return found


def _mapping(text: str | None) -> FileMapping:
    if not text:
        return FileMapping()
    try:
        return msgspec.json.decode(text, type=FileMapping)
    except msgspec.DecodeError as error:  # ValidationError too, which says where
        said = Text(
            f"mapping không đúng dạng ({error}); xem ví dụ trong tài liệu của API.",
            f"mapping has another form ({error}); see the example in the API's documentation.",
        )
        raise Unprocessable.of([Fault("mapping", "mapping", said)]) from None


def _shown(file: FileState) -> dict[str, Any]:
    english = problems.english()

    def say(text: Text | None) -> str | None:
        return None if text is None else (text.en if english else text.vi)

    shown = msgspec.structs.asdict(file)
    shown["detail"] = say(file.refusal)
    shown["first_faults"] = [msgspec.structs.asdict(one) | {"message": say(one.message)} for one in file.first_faults]
    shown["report"] = f"/v1/files/{file.file_id}/report" if file.has_report else None
    return shown
