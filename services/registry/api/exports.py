"""Doors that give out sheets: the template, and what is kept, in the same columns."""

import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import IO, Any, cast

import flask
from flask.views import MethodView

from services.registry.api.asked import day_of, require_unit, vault
from services.registry.api.people import note, readable_by
from services.registry.api.schemas.files import BINARY, ExportQuery, MemberExportQuery, TemplateQuery
from services.registry.domain.tables import MEMBERS, TABLES, UNITS, VILLAGES, Table
from services.registry.files.template import template
from services.registry.files.writing import Row, csv_of, workbook_of
from services.registry.rights import NAMES
from services.registry.views import exports as views
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("exports", __name__, url_prefix="/v1", description="Sheets: the template, and what is kept.")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_IN_MEMORY = 8_388_608


@doors.route("/imports/template")
class Template(MethodView):
    """The template of imports."""

    @doors.arguments(TemplateQuery, location="query")
    @doors.response(200, BINARY, content_type=XLSX)
    def get(self, query: dict[str, Any]) -> flask.Response:
        """A workbook to fill in: Vietnamese headers with their meaning, and drop-down values."""
        rows = query["rows"]
        made = template([TABLES[rows]] if rows else list(TABLES.values()))
        return sent(io.BytesIO(made), "nenep-mau.xlsx", XLSX)


@doors.route("/units/export")
class Units(MethodView):
    """The units of a subtree as a sheet."""

    @transaction
    @doors.arguments(ExportQuery, location="query")
    @doors.response(200, BINARY, content_type=XLSX)
    def get(self, query: dict[str, Any]) -> flask.Response:
        """The units that stand in a subtree on a day, each with its whole history; XLSX has their villages besides.

        The columns and words are those of the template: what comes out can be edited and sent to /v1/files.
        """
        require_unit(query["under"])
        day = day_of(query)
        tables: list[tuple[Table, Iterable[Row]]] = [(UNITS, views.units(conn(), query["under"], day))]
        if query["format"] == "xlsx":
            tables.append((VILLAGES, views.villages(conn(), query["under"], day)))
        return _written(tables, query["format"], f"don-vi-{day}")


@doors.route("/members/export")
class Members(MethodView):
    """The members of a subtree as a sheet."""

    @transaction
    @doors.arguments(MemberExportQuery, location="query")
    @doors.response(200, BINARY, content_type=XLSX)
    def get(self, query: dict[str, Any]) -> flask.Response:
        """The members who stand in the branches of a subtree on a day, each with their whole history and who they are.

        Of a past day, those whom the rights still reach today. The columns and words are those of the template. The
        reading is logged with its purpose.
        """
        require_unit(query["under"])
        day: date = day_of(query)
        stood = views.members_under(conn(), query["under"], day)
        readable = readable_by(NAMES)(stood)
        found = [member_id for member_id in stood if member_id in readable]
        note(query["purpose"], query["under"], found)
        return _written([(MEMBERS, views.members(conn(), vault(), found))], query["format"], f"dang-vien-{day}")


def _written(tables: Sequence[tuple[Table, Iterable[Row]]], form: str, name: str) -> flask.Response:
    into = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - closed when it is sent
    if form == "csv":
        table, rows = tables[0]
        csv_of(table, rows, into)
    else:
        workbook_of(tables, into)
    into.seek(0)
    return sent(into, f"{name}.{form}", CSV if form == "csv" else XLSX)


def sent(content: IO[bytes], name: str, content_type: str) -> flask.Response:
    """A file as the answer, under a name for whoever saves it."""
    answer = flask.send_file(content, mimetype=content_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
