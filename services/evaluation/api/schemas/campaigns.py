"""Emulation campaigns at the doors."""

from typing import Any, Final

from marshmallow import fields, validate

from services.evaluation.api.schemas import committees
from services.evaluation.api.schemas.committees import A_CAMPAIGN, A_MEMBER, A_SUPERIOR, A_UNIT
from services.evaluation.domain.campaign import RESULTS, STATES
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_CRITERIA: Final[list[dict[str, Any]]] = [
    {"figure": "attendance_rate", "of": "collectives", "direction": "highest", "weight": 60},
    {"figure": "held_rate", "of": "collectives", "direction": "highest", "threshold": 1},
    {"figure": "on_time_rate", "of": "individuals", "direction": "highest", "weight": 100},
]
A_DRAFT: Final[dict[str, Any]] = {
    "campaign_id": A_CAMPAIGN,
    "unit_id": A_SUPERIOR,
    "title": "Thi đua nâng cao chất lượng sinh hoạt chi bộ",
    "period": "2025",
    "citation": "Kế hoạch 30-KH/TU",
    "criteria": _CRITERIA,
}
A_CHANGE: Final = {name: A_DRAFT[name] for name in ("title", "period", "citation", "criteria")}
PARTICIPANTS: Final[dict[str, Any]] = {
    "collectives": [A_UNIT],
    "individuals": [{"member_id": A_MEMBER, "unit_id": A_UNIT, "assigned": 6, "done": 6, "late": 1}],
}


class CampaignCriterion(Schema):
    """One criterion: a weight, or a threshold."""

    figure = fields.String(
        required=True,
        metadata={
            "description": "Of collectives a figure of GET /v1/figures; of individuals one of " + ", ".join(RESULTS),
            "example": "attendance_rate",
        },
    )
    of = committees.one_of(["collectives", "individuals"], "Who is compared by it.")
    direction = committees.one_of(["highest", "lowest"], "Which is better.")
    weight = fields.Float(
        load_default=None,
        allow_none=True,
        metadata={"description": "The points that the best is given, the worst none.", "example": 60},
    )
    threshold = fields.Float(
        load_default=None,
        allow_none=True,
        metadata={"description": "What must be met to be ranked and awarded.", "example": None},
    )


class CampaignGiven(Schema):
    """What is drawn up."""

    title = committees.text("What it is called.", A_DRAFT["title"])
    period = committees.period("The period whose figures count.", "2025")
    citation = committees.text("Where it stands.", A_DRAFT["citation"])
    criteria = fields.List(
        fields.Nested(CampaignCriterion),
        required=True,
        validate=validate.Length(min=1, max=30),
        metadata={"description": "What is compared."},
    )


class CampaignNew(CampaignGiven):
    """A new campaign."""

    campaign_id = committees.new_id("campaign", A_CAMPAIGN)
    unit_id = committees.unit("The committee that holds it.", A_SUPERIOR)


def _tasks(description: str, example: int) -> fields.Integer:
    return fields.Integer(
        required=True,
        validate=validate.Range(0, 100_000, error="Phải từ {min} đến {max}. / Must lie from {min} to {max}."),
        metadata={"description": description, "example": example},
    )


class CampaignIndividual(Schema):
    """A member by opaque id, and the results of the tasks given in the period."""

    member_id = fields.UUID(required=True, metadata={"description": "The opaque id.", "example": A_MEMBER})
    unit_id = committees.unit("The member's branch.")
    assigned = _tasks("Tasks given.", 6)
    done = _tasks("Of these, done.", 6)
    late = _tasks("Of those done, late.", 1)


class CampaignParticipants(Schema):
    """Who takes part: the whole list."""

    collectives = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(max=10_000),
        metadata={"description": "Units.", "example": [A_UNIT]},
    )
    individuals = fields.List(
        fields.Nested(CampaignIndividual),
        required=True,
        validate=validate.Length(max=10_000),
        metadata={"description": "Members with their results."},
    )


class CampaignAward(Schema):
    """What a participant is given."""

    subject_id = fields.UUID(required=True, metadata={"description": "The unit or the member.", "example": A_UNIT})
    subject = committees.one_of(["collective", "individual"], "Which of the two.")
    award = committees.text("What.", "Cờ thi đua")
    citation = committees.text("Number of the decision.", "Quyết định 210-QĐ/TU")


class CampaignAwards(Schema):
    """All awards of a campaign."""

    awards = fields.List(
        fields.Nested(CampaignAward),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "All of them at once."},
    )


class CampaignsQuery(PageQuery):
    """`?state=&limit=&cursor=`"""

    state = committees.maybe_one_of(STATES, "Only campaigns in this state.")


class CampaignShown(CampaignNew):
    """A campaign."""

    state = fields.String(metadata={"description": "Where it stands.", "enum": list(STATES)})
    version = fields.Integer(metadata={"description": "Grows with each change; also the ETag."})


class CampaignPage(committees.CommitteeCursor):
    """Campaigns, a page of them."""

    items = fields.List(fields.Nested(CampaignShown), metadata={"description": "The newest first."})


class CampaignFull(CampaignParticipants):
    """A campaign with all that was kept of it."""

    campaign = fields.Nested(CampaignShown, metadata={"description": "The campaign."})
    awards = fields.List(fields.Nested(CampaignAward), metadata={"description": "What was awarded."})
    history = fields.List(fields.Nested(committees.CommitteePast), metadata={"description": "Every change."})


class CampaignLine(Schema):
    """A participant in a standing."""

    subject_id = fields.UUID(metadata={"description": "The unit or the member."})
    name = fields.String(metadata={"description": "A unit's name; of a member the opaque id."})
    values = fields.Dict(
        fields.String(), fields.Float(allow_none=True), metadata={"description": "The figures it stands on."}
    )
    points = fields.Float(metadata={"description": "Its points."})
    rank = fields.Integer(allow_none=True, metadata={"description": "Null: a threshold is not met."})
    unmet = fields.List(fields.String(), metadata={"description": "The figures whose threshold is not met."})


class CampaignTable(Schema):
    """How collectives and individuals stand."""

    collectives = fields.List(fields.Nested(CampaignLine), metadata={"description": "Best first."})
    individuals = fields.List(fields.Nested(CampaignLine), metadata={"description": "Best first."})


class CampaignKept(Schema):
    """A standing, and the moment whose figures it stands on."""

    kind = fields.String(metadata={"description": "Which.", "enum": ["interim", "final", "now"]})
    version = fields.Integer(metadata={"description": "The campaign's version that made it."})
    as_of = fields.AwareDateTime(metadata={"description": "When it was made."})
    standing = fields.Nested(CampaignTable, metadata={"description": "How they stood."})


class CampaignStandings(Schema):
    """Every standing kept, and while it runs the one of this moment."""

    items = fields.List(fields.Nested(CampaignKept), metadata={"description": "The oldest first; `now` last."})
