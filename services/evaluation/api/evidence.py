"""The door behind every figure."""

from typing import Any
from uuid import UUID

import flask
import msgspec
from flask.views import MethodView

from services.evaluation import figures
from services.evaluation.api import answers
from services.evaluation.api.asked import moment_of
from services.evaluation.api.schemas import evidence as schemas
from services.evaluation.api.schemas.figures import EvidenceQuery
from services.evaluation.api.schemas.names import refuse_unknown
from services.evaluation.domain import terms
from services.evaluation.views import as_of, cards
from services.evaluation.views import evidence as views
from services.evaluation.views.evidence import Evidence, Place
from services.evaluation.views.known import Asked
from shared.errors import Fault, Text, Unprocessable
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction

doors = Blueprint("evidence", __name__, url_prefix="/v1", description="What stands behind a figure.")
_NO_PAST_SHEETS = Fault(
    "known_at",
    "known-at-not-here",
    Text(
        "Điểm theo minh chứng của các phiên bản cũ không được giữ lại; bỏ known_at để xem số liệu hiện tại.",
        "Scores from evidence of past versions are not kept; leave known_at out for the figures as they are now.",
    ),
)
_HEADERS = ("kind", "id", "branch_id", "branch_code", "branch_name", "month", "day")


@doors.route("/units/<uuid:unit_id>/figures/<name>/evidence")
class FigureEvidence(MethodView):
    """The meetings behind a figure."""

    @transaction
    @doors.arguments(EvidenceQuery, location="query")
    @doors.response(200, schemas.EvidencePage)
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID, name: str) -> dict[str, Any] | flask.Response:
        """The meetings, tasks or branches a figure is counted from, each with what it counts for, why, and the rule

        What the rows contribute adds up to the counts the figure is made of.
        """
        require(unit_id)
        refuse_unknown(name)
        answers.kept_by_content()
        figure, period, now, moment = figures.BY_NAME[name], query["period"], service().clock.now(), moment_of(query)
        made_of = terms.terms_of(figure, {part.name: part for part in figures.PARTS})
        if moment is not None and set(made_of) & set(terms.FROM_SHEETS):
            raise Unprocessable.of([_NO_PAST_SHEETS])
        if moment is None:
            card = cards.scorecard(conn(), unit_id, period, now)
        else:
            card = as_of.scorecard(conn(), unit_id, period, moment)
        asked = Asked(unit_id, period, moment)
        after = paging.after(query["cursor"], Place)
        rows = views.evidence(conn(), asked, figure, moment or now, after, query["limit"] + 1)
        page = paging.page(rows, query["limit"], lambda row: msgspec.to_builtins(row.place))
        if answers.wants_csv():
            headers = [*_HEADERS, *made_of, "why_vi", "why_en", "rule", "citation"]
            sheet = answers.sheet(headers, map(_line, page.items), f"can-cu-{name}-{period.key}")
            return answers.next_page(sheet, page.next_cursor)
        return {
            "unit_id": unit_id,
            "period": period.key,
            "figure": name,
            "vi": figure.vi,
            "en": figure.en,
            "formula": getattr(figure, "formula", None),
            "value": (card.parts | card.derived).get(name),
            "terms": made_of,
            "items": page.items,
            "next_cursor": page.next_cursor,
        }


def _line(row: Evidence) -> dict[str, Any]:
    cited = {} if row.rule is None else {"rule": row.rule.rule, "citation": row.rule.citation}
    plain = {header: getattr(row, header) for header in _HEADERS}
    return plain | row.contributed | {"why_vi": row.why.vi, "why_en": row.why.en} | cited
