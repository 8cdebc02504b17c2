"""Doors of rankings."""

from typing import Any, cast
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.committees import require_unit
from services.evaluation.api.schemas import rankings as schemas
from services.evaluation.domain import periods
from services.evaluation.domain.ranking import By
from services.evaluation.views import ranking_figures
from services.evaluation.views import rankings as views
from services.evaluation.views.rankings import Asked
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, service, transaction

doors = Blueprint("rankings", __name__, url_prefix="/v1", description="Units ranked among comparable ones.")


@doors.route("/units/<uuid:unit_id>/rankings")
class Rankings(MethodView):
    """The units below one, ranked among those that are comparable."""

    @transaction
    @doors.arguments(schemas.RankingQuery, location="query")
    @doors.response(200, schemas.RankingPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """The branches (or committees) below a unit ranked by a figure, each among those of its type, parent and size.

        Equal figures share a rank. A unit with too little behind its figure is listed without one, with the reason.
        A branch that asks about itself is told its own place, not the figures of others.
        """
        unit = require_unit(unit_id)
        ranking_figures.check_figure(query["figure"])
        asked = Asked(
            unit=unit,
            period=periods.parse(query["period"]),
            figure=query["figure"],
            by=cast("frozenset[By]", frozenset(query["by"].split(",")) - {""}),
            descending=query["descending"],
            of=query["of"],
        )
        made = views.ranking(conn(), asked, service().clock.now())
        after = paging.after(query["cursor"], tuple[str, str, str, int, str])
        rest = [one for one in made.items if after is None or one.key > after][: query["limit"] + 1]
        page = paging.page(rest, query["limit"], lambda one: one.key)
        return {
            "items": page.items,
            "next_cursor": page.next_cursor,
            "least": made.least,
            "sources": made.sources,
        }
