"""The door of the audit trail."""

from typing import Annotated, Any

from flask.views import MethodView
from msgspec import Meta

from services.registry.api.asked import reach, require_unit
from services.registry.api.schemas.audit import AuditPage, AuditQuery
from services.registry.store import reach as reach_rows
from services.registry.views import audit as views
from services.registry.views.audit import Recorded, Wanted
from shared.http import context, paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, transaction

doors = Blueprint("audit", __name__, url_prefix="/v1", description="Who changed what, when, and by which decision.")


Number = Annotated[int, Meta(ge=0, le=2**63 - 1)]


@doors.route("/audit")
class Trail(MethodView):
    """The audit trail."""

    @transaction
    @doors.arguments(AuditQuery, location="query")
    @doors.response(200, AuditPage)
    def get(self, query: dict[str, Any]) -> paging.Page:
        """What was changed, the newest first. A record that is of no unit is shown to rights over everything only."""
        after, limit = paging.after(query.pop("cursor"), tuple[Number]), query.pop("limit")
        unit_id = query.pop("unit_id")
        if unit_id is not None:
            require_unit(unit_id)
            units = reach_rows.covered(conn(), frozenset([unit_id]), context.service().clock.today())
            wanted = Wanted(units=units, **query)
        else:
            rights = reach()
            wanted = Wanted(units=None if rights.everything else rights.units, **query)
        return paging.page(views.trail(conn(), wanted, after[0] if after else None, limit + 1), limit, _number)


def _number(record: Recorded) -> list[int]:
    return [record.audit_id]
