"""Rankings at the doors."""

from marshmallow import ValidationError, fields

from services.evaluation.api.schemas import committees
from services.evaluation.domain.ranking import BY, REASONS
from shared.errors import Fault, Text
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery


def _by(value: str) -> None:
    unknown = [one for one in value.split(",") if one and one not in BY]
    if unknown:
        known = ", ".join(BY)
        raise ValidationError(
            [
                Fault(
                    "",
                    "comparable-by",
                    Text(
                        f"Không có cách so sánh {', '.join(unknown)}; có: {known}, cách nhau bằng dấu phẩy.",
                        f"Units are not compared by {', '.join(unknown)}; there are: {known}, separated by commas.",
                    ),
                )
            ]
        )


class RankingQuery(PageQuery):
    """`?period=&figure=&by=&of=&descending=&limit=&cursor=`"""

    period = committees.period("The period: month, quarter, half-year, year, or a range of months.")
    figure = fields.String(
        load_default="attendance_rate",
        metadata={"description": "The figure to rank by (GET /v1/figures).", "example": "attendance_rate"},
    )
    by = fields.String(
        load_default="type,parent,size",
        validate=_by,
        metadata={
            "description": "What makes units comparable: any of type, parent, size, separated by commas.",
            "example": "type,size",
        },
    )
    of = committees.one_of(["branches", "committees"], "What is ranked below the unit.", default="branches")
    descending = fields.Boolean(load_default=True, metadata={"description": "Greatest first."})


class RankingGroup(Schema):
    """What the units of a group have in common."""

    type = fields.String(allow_none=True, metadata={"description": "Their type of branch; of committees, the kind."})
    parent_id = fields.String(allow_none=True, metadata={"description": "The unit directly above them."})
    parent = fields.String(allow_none=True, metadata={"description": "Its name."})
    size = fields.String(allow_none=True, metadata={"description": "Their size band.", "example": "10-29"})


class RankingLine(Schema):
    """A unit in its group."""

    rank = fields.Integer(allow_none=True, metadata={"description": "From 1; equal figures share it; null: none."})
    of = fields.Integer(metadata={"description": "Units of the group that have a rank."})
    value = fields.Float(allow_none=True, metadata={"description": "The figure."})
    behind = fields.Integer(metadata={"description": "How much stands behind it, where a minimum is asked for."})
    unranked = fields.String(
        allow_none=True, metadata={"description": "Why there is no rank.", "enum": [*REASONS, None]}
    )
    because = fields.Nested(
        committees.CommitteeWords, allow_none=True, metadata={"description": "The same in words; null: it has a rank."}
    )
    group = fields.Nested(RankingGroup, metadata={"description": "Those it is compared with."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name at the period's end."})
    kind = fields.String(metadata={"description": "What it was then."})
    branch_type = fields.String(allow_none=True, metadata={"description": "The type of branch."})
    size = fields.Integer(allow_none=True, metadata={"description": "Its size, by the rule; null: not known."})
    is_model = fields.Boolean(metadata={"description": "Whether it was a model branch at the period's end."})


class RankingLeast(Schema):
    """What must stand behind a figure."""

    of = fields.String(metadata={"description": "The part that is counted."})
    least = fields.Integer(metadata={"description": "The least of it."})


class RankingPage(committees.CommitteeCursor):
    """A ranking, a page of it."""

    items = fields.List(
        fields.Nested(RankingLine), metadata={"description": "Group by group, best first, those without a rank last."}
    )
    least = fields.Nested(
        RankingLeast, allow_none=True, metadata={"description": "What a rank asks for; null: nothing."}
    )
    sources = fields.List(
        fields.String(), metadata={"description": "Issuer and citation of the rules on size bands and minimums."}
    )
