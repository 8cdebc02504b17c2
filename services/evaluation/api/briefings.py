"""The door of briefing packs."""

from typing import Any
from uuid import UUID

import flask
from flask.views import MethodView

from services.evaluation.api.committees import require_unit
from services.evaluation.api.schemas import briefings as schemas
from services.evaluation.domain import periods
from services.evaluation.views import briefing as views
from services.evaluation.views import briefing_docx, briefing_xlsx
from shared.http.blueprint import Blueprint
from shared.http.context import conn, service, transaction

doors = Blueprint("briefings", __name__, url_prefix="/v1", description="Briefing packs for conferences and reviews.")


@doors.route("/units/<uuid:unit_id>/briefing")
class Pack(MethodView):
    """The briefing pack of a unit and a period."""

    @transaction
    @doors.arguments(schemas.BriefingQuery, location="query")
    @doors.response(200, schemas.BRIEFING_FILE, content_type=briefing_xlsx.CONTENT_TYPE)
    def get(self, query: dict[str, Any], unit_id: UUID) -> flask.Response:
        """The pack for the quarterly conference or the six-month review, as a workbook or a document, charts inside.

        Headline figures against the period and the year before, rankings, weak organisations with their causes,
        thematic coverage, targets against time, classification, model branches; each number with its source period.
        """
        unit = require_unit(unit_id)
        period, now = periods.parse(query["period"]), service().clock.now()
        found = views.briefing(conn(), unit, period, now)
        if query["format"] == "docx":
            content, kind = briefing_docx.document(found, now), briefing_docx.CONTENT_TYPE
        else:
            content, kind = briefing_xlsx.workbook(found, now), briefing_xlsx.CONTENT_TYPE
        answer = flask.Response(content, content_type=kind)
        name = f"giao-ban-{period.key.replace('..', '-den-')}.{query['format']}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
