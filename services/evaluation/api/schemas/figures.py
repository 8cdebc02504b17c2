"""What the read API takes and gives."""

import marshmallow
from marshmallow import fields, validate

from services.evaluation.api.schemas.names import FigureField, FiguresField
from services.evaluation.domain import periods
from services.evaluation.domain.periods import Period
from shared import months
from shared.errors import Fault, Text, Unprocessable
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_MONTH = validate.Regexp(months.PATTERN, error="Phải là tháng, viết như 2025-06. / A month is written 2025-06.")
_LONGEST_TREND = 60
A_UNIT = "0197b6c0-0000-7000-8000-000000000001"
ANOTHER_UNIT = "0197b6c0-0000-7000-8000-000000000002"


def _month(description: str, example: str, data_key: str | None = None) -> fields.String:
    return fields.String(
        required=True,
        data_key=data_key,
        validate=_MONTH,
        metadata={"description": description, "example": example},
    )


class PeriodField(fields.String):
    """A period in any of its forms, read as a `Period`."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> Period:  # type: ignore[override]  # a String on the OpenAPI page
        text: str = super()._deserialize(value, attr, data, **kwargs)
        try:
            return periods.parse(text)
        except Unprocessable as refused:
            raise marshmallow.ValidationError(list(refused.faults)) from None


class PresentQuery(Schema):
    """Figures as they are known now: those of past moments are kept for scorecards and evidence only."""

    @marshmallow.pre_load
    def _is_now(self, data: dict[str, object], **_: object) -> dict[str, object]:
        if "known_at" in data:
            raise marshmallow.ValidationError({"known_at": [_NOT_KEPT]})
        return data


_NOT_KEPT = Fault(
    "known_at",
    "known-at-not-here",
    Text(
        "Số liệu như đã biết tại một thời điểm chỉ có ở GET /v1/units/<đơn vị>/scorecard và"
        " GET /v1/units/<đơn vị>/figures/<chỉ số>/evidence. Bỏ known_at, hoặc hỏi từng đơn vị ở đó.",
        "Figures as they were known at a moment are told by GET /v1/units/<unit>/scorecard and"
        " GET /v1/units/<unit>/figures/<figure>/evidence only. Leave known_at out, or ask there unit by unit.",
    ),
)


class PeriodQuery(Schema):
    """`?period=`"""

    period = PeriodField(
        required=True,
        metadata={
            "description": "A month (2025-06), quarter (2025-Q2), half-year (2025-H1), year (2025) or range of months"
            " (2025-03..2025-08).",
            "example": "2025-06",
        },
    )


class PathQuery(PresentQuery, PeriodQuery):
    """`?period=`"""


class ChosenQuery(Schema):
    """`?fields=&format=`"""

    fields_ = FiguresField(
        load_default=None,
        data_key="fields",
        metadata={
            "description": "Only these figures (GET /v1/figures), separated by commas; all when left out.",
            "example": "attendance_rate,regular_held",
        },
    )
    format = fields.String(
        load_default=None,
        validate=validate.OneOf(["json", "csv"]),
        metadata={"description": "json or csv; by the Accept header when left out.", "example": "json"},
    )


class KnownAtQuery(Schema):
    """`?known_at=`"""

    known_at = fields.AwareDateTime(
        load_default=None,
        metadata={
            "description": "As the figures were known at this instant, not later than now; the units are those known"
            " today. Parts that are scored from evidence are then left out.",
        },
    )


class ScorecardQuery(KnownAtQuery, ChosenQuery, PeriodQuery):
    """`?period=&fields=&format=&known_at=`"""


class ChildrenQuery(PresentQuery, ChosenQuery, PeriodQuery):
    """`?period=&order_by=&descending=&fields=&format=`"""

    order_by = FigureField(
        load_default="attendance_rate", metadata={"description": "The figure to rank by (GET /v1/figures)."}
    )
    descending = fields.Boolean(load_default=True, metadata={"description": "Greatest first."})


class TrendQuery(PresentQuery, ChosenQuery):
    """`?from=&to=&by=&fields=&format=`"""

    first = _month("The first month.", "2025-01", data_key="from")
    last = _month("The last month.", "2025-06", data_key="to")
    by = fields.String(
        load_default="month",
        validate=validate.OneOf(["month", "quarter", "half", "year"]),
        metadata={"description": "A scorecard for each month, or each quarter, half-year or year these lie in."},
    )

    @marshmallow.validates_schema
    def _in_order(self, data: dict[str, str], **_: object) -> None:
        if data["last"] < data["first"]:
            raise marshmallow.ValidationError({"to": [_ENDS_FIRST]})
        if data["last"] >= months.add(data["first"], _LONGEST_TREND):
            raise marshmallow.ValidationError({"to": [_TOO_LONG]})


_ENDS_FIRST = Fault(
    "to",
    "period-ends-before-it-begins",
    Text("Tháng cuối đứng trước tháng đầu; hãy đổi chỗ hai tháng.", "The last month is before the first; swap them."),
)
_TOO_LONG = Fault(
    "to",
    "period-too-long",
    Text(f"Nhiều nhất {_LONGEST_TREND} tháng một lần.", f"At most {_LONGEST_TREND} months at a time."),
)


class ComparisonQuery(PresentQuery, ChosenQuery, PeriodQuery):
    """`?period=&with=&units=&fields=&format=`"""

    against = fields.String(
        load_default="",
        data_key="with",
        validate=validate.Regexp(
            r"^(|previous|year_before|previous,year_before|year_before,previous)$",
            error="Viết previous, year_before hoặc cả hai. / Write previous, year_before or both.",
        ),
        metadata={
            "description": "The same unit in the period before (previous), in the same one a year before (year_before)"
            " or both, separated by a comma.",
            "example": "previous,year_before",
        },
    )
    units = fields.String(
        load_default="",
        metadata={"description": "Other units in the same period: up to 20 ids, separated by commas."},
    )


class FiguresQuery(PageQuery, PresentQuery, ChosenQuery, PeriodQuery):
    """`?period=&fields=&format=&limit=&cursor=`"""


class EvidenceQuery(PageQuery, KnownAtQuery, PeriodQuery):
    """`?period=&known_at=&format=&limit=&cursor=`"""

    format = fields.String(
        load_default=None,
        validate=validate.OneOf(["json", "csv"]),
        metadata={"description": "json or csv; by the Accept header when left out.", "example": "json"},
    )


class ScorecardSchema(Schema):
    """The figures of a unit and period."""

    unit_id = fields.UUID(metadata={"description": "The unit.", "example": A_UNIT})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name at the period's end."})
    kind = fields.String(metadata={"description": "What it was at the period's end: branch, direct_committee, …"})
    level = fields.String(metadata={"description": "The level it stood on at the period's end."})
    period = fields.String(metadata={"description": "The period, as it was asked for."})
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


class ComparedSchema(Schema):
    """A scorecard that is compared with."""

    relation = fields.String(metadata={"description": "previous or year_before (the same unit then), or unit."})
    scorecard = fields.Nested(ScorecardSchema, metadata={"description": "Its figures."})
    difference = fields.Dict(
        fields.String(),
        fields.Float(allow_none=True),
        metadata={
            "description": "The base less these figures; null where either says nothing.",
            "example": {"attendance_rate": 0.03},
        },
    )


class ComparisonSchema(Schema):
    """A scorecard beside others."""

    base = fields.Nested(ScorecardSchema, metadata={"description": "The unit and period asked for."})
    others = fields.List(fields.Nested(ComparedSchema), metadata={"description": "What it is compared with."})


class StepSchema(Schema):
    """A unit on the way from the top of what a reader may see."""

    unit_id = fields.UUID(metadata={"description": "The unit.", "example": A_UNIT})
    name = fields.String(metadata={"description": "Its name at the period's end."})
    kind = fields.String(metadata={"description": "What it was at the period's end."})


class FigureSchema(Schema):
    """What a figure is."""

    name = fields.String(metadata={"description": "Its name in requests and answers."})
    vi = fields.String(metadata={"description": "Its name in Vietnamese."})
    en = fields.String(metadata={"description": "Its meaning in English."})
    formula = fields.String(allow_none=True, metadata={"description": "For derived figures: how parts make it."})
    source = fields.String(allow_none=True, metadata={"description": "For parts: the topic it is counted from."})


class StartingUnitSchema(Schema):
    """A unit at which a reader begins."""

    unit_id = fields.UUID(metadata={"description": "The unit.", "example": A_UNIT})
    name = fields.String(metadata={"description": "Its name today."})


class MeSchema(Schema):
    """What the bearer of this token may look at first."""

    units = fields.List(fields.Nested(StartingUnitSchema))
    today = fields.Date(metadata={"description": "The present day in Việt Nam.", "example": "2025-06-30"})
