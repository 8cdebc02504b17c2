"""Doors of what rubrics give: sheets of meetings, grades of years."""

from typing import Any
from uuid import UUID

import msgspec
from flask.views import MethodView

from services.evaluation.api.committees import known, require_unit
from services.evaluation.api.schemas import sheets as schemas
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.views import sheets as views
from services.evaluation.views import year_grades
from shared.errors import NotFound, Text
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, transaction

doors = Blueprint("sheets", __name__, url_prefix="/v1", description="Meetings scored from evidence by their rubric.")


@doors.route("/meetings/<uuid:meeting_id>/sheet")
class Sheet(MethodView):
    """One meeting's sheet."""

    @transaction
    @doors.response(200, schemas.SheetShown)
    def get(self, meeting_id: UUID) -> dict[str, Any]:
        """Each item with its evidence and the rule it is scored by, beside what people gave its group

        It is shown by the version of the rubric the meeting was scored with.
        """
        branch_id = known(
            views.branch_of(conn(), meeting_id),
            NotFound(
                "meeting",
                Text(
                    "Không có buổi họp nào đã thông qua biên bản với mã này.",
                    "There is no meeting with adopted minutes under this id.",
                ),
            ),
        )
        require(branch_id)
        shown = views.sheet(conn(), meeting_id)
        if shown is None:
            raise NotFound(
                "no-rubric",
                Text(
                    "Ngày họp này chưa có khung chấm điểm nào áp dụng cho chi bộ.",
                    "No rubric was in force for the branch on the day of this meeting.",
                ),
            )
        return msgspec.structs.asdict(shown) | {"rubric": _named(shown.rubric)}


@doors.route("/units/<uuid:unit_id>/year-grade")
class Year(MethodView):
    """The grade of a branch's year."""

    @transaction
    @doors.arguments(schemas.YearQuery, location="query")
    @doors.response(200, schemas.YearShown)
    def get(self, query: dict[str, int], unit_id: UUID) -> dict[str, Any]:
        """A branch's year by its rubric's gates: its regular meetings as graded, and what keeps a better grade shut"""
        require_unit(unit_id)
        year = year_grades.branch_year(conn(), unit_id, query["year"])
        result = {} if year.result is None else msgspec.structs.asdict(year.result)
        none = {"mean": None, "by_mean": None, "grade": None, "gates": ()}
        return msgspec.structs.asdict(year) | none | result | {"rubric": _named(year.rubric)}


def _named(rubric: Rubric | None) -> dict[str, Any] | None:
    if rubric is None:
        return None
    about = {name: getattr(rubric.content, name) for name in ("vi", "en", "issuer", "citation")}
    return {"rubric_id": rubric.rubric_id, "version": rubric.version, **about}
