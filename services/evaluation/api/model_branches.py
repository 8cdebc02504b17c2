"""Doors of model branches."""

from datetime import date
from typing import Any
from uuid import UUID

from flask.views import MethodView

from services.evaluation.api.committees import (
    etag_parameters,
    known,
    require_superior,
    require_unit,
    tagged,
    work,
)
from services.evaluation.api.schemas import model_branches as schemas
from services.evaluation.commands import model_branches as commands
from services.evaluation.domain.model_branch import ModelBranch
from services.evaluation.store import committees as committee_rows
from services.evaluation.store import model_branches as rows
from shared.errors import Fault, Text, Unprocessable
from shared.http import paging
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction
from shared.http.versions import if_match
from shared.ids import new_id
from shared.units import replica

doors = Blueprint("model-branches", __name__, url_prefix="/v1", description="Model branches (chi bộ điểm).")
Tagged = tuple[ModelBranch, int, dict[str, str]]


@doors.route("/model-branches")
class Models(MethodView):
    """Choosing model branches."""

    @transaction
    @doors.arguments(schemas.ModelNew, example=schemas.A_CHOICE)
    @doors.response(201, schemas.ModelShown)
    def post(self, given: dict[str, Any]) -> Tagged:
        """A committee above a branch chooses it as a model, for a time and with a reason."""
        require(given["chosen_by"])
        require_superior(given["unit_id"])
        above = frozenset([given["chosen_by"]])
        if given["chosen_by"] == given["unit_id"] or not replica.covers(
            conn(), above, given["unit_id"], service().clock.today()
        ):
            message = Text("Cấp uỷ này không ở trên chi bộ.", "This committee does not stand above the branch.")
            raise Unprocessable.of([Fault("chosen_by", "not-above", message)])
        model_id = given.pop("model_id") or new_id()
        made = commands.choose(work(), ModelBranch(model_id=model_id, version=1, **given))
        return tagged(made, made.version, 201)


@doors.route("/model-branches/<uuid:model_id>/end")
class End(MethodView):
    """A model branch no longer."""

    @transaction
    @doors.arguments(schemas.ModelEnd)
    @doors.response(200, schemas.ModelShown)
    @doors.doc(**etag_parameters())
    def post(self, given: dict[str, Any], model_id: UUID) -> Tagged:
        """It is a model branch no longer, and why: so says who chose it, or an office above that."""
        require(known(rows.find(conn(), model_id), commands.unknown()).chosen_by)
        made = commands.end(work(), model_id, if_match(), given["ended_on"], given["reason"])
        return tagged(made, made.version)


@doors.route("/units/<uuid:unit_id>/model-branches")
class OfSubtree(MethodView):
    """The model branches of a subtree."""

    @transaction
    @doors.arguments(schemas.ModelsQuery, location="query")
    @doors.response(200, schemas.ModelPage)
    def get(self, query: dict[str, Any], unit_id: UUID) -> paging.Page:
        """The model branches of a unit and all below it, on a day or ever."""
        require_unit(unit_id)
        on: date | None = query["on"]
        units = committee_rows.below(conn(), unit_id, on or service().clock.today())
        found = [
            one
            for one in rows.of_units(conn(), list(units))
            if on is None or (one.valid_from <= on and (one.valid_to is None or on < one.valid_to))
        ]
        found.sort(key=_key)
        after = paging.after(query["cursor"], tuple[int, str])
        rest = [one for one in found if after is None or _key(one) > after]
        return paging.page(rest[: query["limit"] + 1], query["limit"], _key)


def _key(one: ModelBranch) -> tuple[int, str]:
    return -one.valid_from.toordinal(), str(one.model_id)
