"""The door of comparisons."""

from typing import Any
from uuid import UUID

import flask
import msgspec
from flask.views import MethodView

from services.evaluation.api import answers
from services.evaluation.api.schemas import figures as schemas
from services.evaluation.views import comparison as views
from services.evaluation.views.comparison import Compared, Comparison
from shared.errors import Fault, Text, Unprocessable
from shared.http.blueprint import Blueprint
from shared.http.context import conn, require, service, transaction

doors = Blueprint("comparison", __name__, url_prefix="/v1", description="Figures beside others.")
_MOST_UNITS = 20


@doors.route("/units/<uuid:unit_id>/comparison")
class UnitComparison(MethodView):
    """A unit beside others, or beside itself."""

    @transaction
    @doors.arguments(schemas.ComparisonQuery, location="query")
    @doors.response(200, schemas.ComparisonSchema)
    @doors.doc(**answers.DOCUMENTED)
    def get(self, query: dict[str, Any], unit_id: UUID) -> Comparison | flask.Response:
        """A unit's scorecard beside its own of earlier periods, and those of other units

        What was not in force at the end of its period is left out. CSV has a line a scorecard, without differences.
        """
        relations = [one for one in query["against"].split(",") if one]
        others = _units(query["units"])
        if not relations and not others:
            relations = ["previous"]
        for one in (unit_id, *others):
            require(one)
        answers.kept_by_content()
        names = query["fields_"]
        found = views.compare(conn(), unit_id, query["period"], relations, others, service().clock.now())
        shown = Comparison(answers.chosen(found.base, names), [_chosen(one, names) for one in found.others])
        if answers.wants_csv():
            lines = [{"relation": "base"} | answers.line(shown.base)]
            lines += [{"relation": one.relation} | answers.line(one.scorecard) for one in shown.others]
            return answers.sheet(["relation", *answers.columns(names)], lines, f"so-sanh-{query['period'].key}")
        return shown


def _chosen(one: Compared, names: list[str] | None) -> Compared:
    difference = one.difference if names is None else {name: one.difference.get(name) for name in names}
    return Compared(one.relation, answers.chosen(one.scorecard, names), difference)


def _units(text: str) -> list[UUID]:
    given = [one.strip() for one in text.split(",") if one.strip()]
    try:
        units = [msgspec.convert(one, UUID) for one in given]
    except msgspec.ValidationError:
        fault = Text(
            "Viết các mã UUID của đơn vị, cách nhau bằng dấu phẩy.", "Write ids of units (UUID), separated by commas."
        )
        raise Unprocessable.of([Fault("units", "not-an-id", fault)]) from None
    if len(units) > _MOST_UNITS:
        fault = Text(f"Nhiều nhất {_MOST_UNITS} đơn vị một lần.", f"At most {_MOST_UNITS} units at a time.")
        raise Unprocessable.of([Fault("units", "too-many-units", fault)])
    return list(dict.fromkeys(units))
