"""What the read API takes and gives."""

import marshmallow
from marshmallow import fields, validate

from services.evaluation import figures
from shared import months
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_MONTH = validate.Regexp(months.PATTERN, error="Phải là tháng, viết như 2025-06. / A month is written 2025-06.")
_LONGEST_TREND = 60


def _month(description: str, data_key: str | None = None) -> fields.String:
    return fields.String(
        required=True,
        data_key=data_key,
        validate=_MONTH,
        metadata={"description": description, "example": "2025-06"},
    )


class PeriodQuery(Schema):
    """`?period=`"""

    period = _month("The month, as people in Việt Nam count it.")


class ChildrenQuery(PeriodQuery):
    """`?period=&order_by=&descending=`"""

    order_by = fields.String(
        load_default="attendance_rate",
        validate=validate.OneOf(
            sorted(figures.ORDERABLE),
            error="Không có chỉ số này; các chỉ số: {choices}. / No such figure; there are: {choices}.",
        ),
        metadata={"description": "The figure to rank by (GET /v1/figures)."},
    )
    descending = fields.Boolean(load_default=True, metadata={"description": "Greatest first."})


class TrendQuery(Schema):
    """`?from=&to=`"""

    first = _month("The first month.", data_key="from")
    last = _month("The last month.", data_key="to")

    @marshmallow.validates_schema
    def _in_order(self, data: dict[str, str], **_: object) -> None:
        if data["last"] < data["first"]:
            raise marshmallow.ValidationError(
                "Tháng cuối đứng trước tháng đầu. / The last month is before the first.", "to"
            )
        if data["last"] >= months.add(data["first"], _LONGEST_TREND):
            raise marshmallow.ValidationError(
                f"Nhiều nhất {_LONGEST_TREND} tháng một lần. / At most {_LONGEST_TREND} months at a time.", "to"
            )


class FiguresQuery(PageQuery, PeriodQuery):
    """`?period=&limit=&cursor=`"""


class ScorecardSchema(Schema):
    """The figures of a unit and month."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name at the month's end."})
    kind = fields.String(metadata={"description": "What it was at the month's end: branch, direct_committee, …"})
    level = fields.String(metadata={"description": "The level it stood on at the month's end."})
    period = fields.String(metadata={"description": "The month."})
    version = fields.Integer(metadata={"description": "Grows with each change; 0 while nothing was reported."})
    computed_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When the figures last changed."})
    parts = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={"description": "Figures that add up over units.", "example": {"branches": 12, "regular_held": 11}},
    )
    derived = fields.Dict(
        fields.String(),
        fields.Float(allow_none=True),
        metadata={"description": "Shares and means of the parts; null where there is nothing to divide by."},
    )


class RankedSchema(Schema):
    """A scorecard and its rank among the units beside it."""

    rank = fields.Integer(allow_none=True, metadata={"description": "From 1; equal figures share it."})
    scorecard = fields.Nested(ScorecardSchema, metadata={"description": "Its figures."})


class ScorecardPage(Schema):
    """A page of scorecards."""

    items = fields.List(fields.Nested(ScorecardSchema))
    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: the end."})


class StepSchema(Schema):
    """A unit on the way from the top of what a reader may see."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    name = fields.String(metadata={"description": "Its name at the month's end."})
    kind = fields.String(metadata={"description": "What it was at the month's end."})


class FigureSchema(Schema):
    """What a figure is."""

    name = fields.String(metadata={"description": "Its name in requests and answers."})
    vi = fields.String(metadata={"description": "Its name in Vietnamese."})
    en = fields.String(metadata={"description": "Its meaning in English."})
    formula = fields.String(allow_none=True, metadata={"description": "For derived figures: how parts make it."})
    source = fields.String(allow_none=True, metadata={"description": "For parts: the topic it is counted from."})


class StartingUnitSchema(Schema):
    """A unit at which a reader begins."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    name = fields.String(metadata={"description": "Its name today."})


class MeSchema(Schema):
    """What the bearer of this token may look at first."""

    units = fields.List(fields.Nested(StartingUnitSchema))
    today = fields.Date(metadata={"description": "The present day in Việt Nam.", "example": "2025-06-30"})
