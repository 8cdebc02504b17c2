"""Villages at the doors."""

from typing import Any, Final, get_args

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH, A_MEMBER, A_PARENT, A_VILLAGE, Cursor, UnderQuery
from services.registry.domain.villages import Head
from shared.http.blueprint import Schema

HEADS = get_args(Head)
_HEAD: Final = "Who heads it: a member of the Party, somebody else, or nobody."
_ELSEWHERE: Final = "Its branch belongs to a neighbouring organisation."
_HEAD_MEMBER: Final = "The member who heads it."

A_NEW_VILLAGE: Final[dict[str, Any]] = {
    "code": "GL-01-001-T01",
    "village_id": A_VILLAGE,
    "valid_from": "2016-01-01",
    "name": "Làng Hoà Bình",
    "unit_id": A_PARENT,
    "branch_id": A_BRANCH,
    "branch_elsewhere": False,
    "head": "not_member",
    "head_member_id": None,
}
A_CHANGE: Final[dict[str, Any]] = {"valid_from": "2026-01-15", "head": "member", "head_member_id": A_MEMBER}
A_CLOSURE: Final[dict[str, Any]] = {"closed_on": "2027-01-01"}


def _day(description: str, example: str) -> fields.Date:
    return fields.Date(required=True, metadata={"description": description, "example": example})


class VillageNew(Schema):
    """A village to be made, with its first span."""

    code = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "The village's code at its province; unique.", "example": "GL-01-001-T01"},
    )
    village_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The village's id, if the sender chooses it.", "example": A_VILLAGE},
    )
    valid_from = _day("The first day.", "2016-01-01")
    name = fields.String(
        required=True, validate=checks.text(200), metadata={"description": "Its name.", "example": "Làng Hoà Bình"}
    )
    unit_id = fields.UUID(
        required=True,
        metadata={"description": "The organisation of its commune; no branch.", "example": A_PARENT},
    )
    branch_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The branch it has or shares; null: it has none.", "example": A_BRANCH},
    )
    branch_elsewhere = fields.Boolean(load_default=False, metadata={"description": _ELSEWHERE})
    head = checks.one_of(HEADS, _HEAD)
    head_member_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": _HEAD_MEMBER, "example": A_MEMBER}
    )


class VillageChanged(Schema):
    """What is new about a village from a day on; what is left out stays."""

    valid_from = _day("The first day of what is new.", "2026-01-15")
    name = fields.String(
        validate=checks.text(200), metadata={"description": "Its new name.", "example": "Làng Hoà Bình 2"}
    )
    unit_id = fields.UUID(metadata={"description": "The organisation it now belongs to.", "example": A_PARENT})
    branch_id = fields.UUID(
        allow_none=True, metadata={"description": "The branch it now has or shares; null: none.", "example": A_BRANCH}
    )
    branch_elsewhere = fields.Boolean(metadata={"description": f"{_ELSEWHERE} Ends with a change of branch."})
    head = checks.any_of(HEADS, _HEAD)
    head_member_id = fields.UUID(
        allow_none=True,
        metadata={"description": f"{_HEAD_MEMBER} Ends with a change of head.", "example": A_MEMBER},
    )


class VillageClosed(Schema):
    """The end of a village."""

    closed_on = _day("The first day on which the village no longer exists.", "2027-01-01")


class VillagesQuery(UnderQuery):
    """`?under=&on=&without_branch=&limit=&cursor=`"""

    without_branch = fields.Boolean(
        load_default=False, metadata={"description": "Only villages without a branch (trắng chi bộ)."}
    )


class VillageShown(Schema):
    """A village in the span in force on the day asked for."""

    village_id = fields.UUID(metadata={"description": "The village's id."})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name."})
    unit_id = fields.UUID(metadata={"description": "The organisation of its commune."})
    branch_id = fields.UUID(allow_none=True, metadata={"description": "The branch it has or shares; null: none."})
    branch_elsewhere = fields.Boolean(metadata={"description": _ELSEWHERE})
    head = fields.String(metadata={"description": _HEAD, "enum": list(HEADS)})
    head_member_id = fields.UUID(allow_none=True, metadata={"description": _HEAD_MEMBER})
    valid_from = fields.Date(metadata={"description": "The first day of this span."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})


class VillagePage(Cursor):
    """Villages, a page of them."""

    items = fields.List(fields.Nested(VillageShown), metadata={"description": "By code."})


class HeadsShown(Schema):
    """Village heads."""

    member = fields.Integer(metadata={"description": "Heads who are members."})
    not_member = fields.Integer(metadata={"description": "Heads who are none."})
    vacant = fields.Integer(metadata={"description": "Villages without a head."})
    percent = fields.Float(allow_none=True, metadata={"description": "Members among the heads there are, in percent."})


class HeadsTargetShown(Schema):
    """The unit's target for heads that is due next, or else was due last."""

    target_id = fields.UUID(metadata={"description": "The target."})
    percent = fields.Float(metadata={"description": "What is to be reached, in percent."})
    due_on = fields.Date(metadata={"description": "By when."})
    citation = fields.String(metadata={"description": "Where it stands."})
    difference = fields.Float(allow_none=True, metadata={"description": "Reached less target; below 0: short of it."})


class CoverageShown(Schema):
    """How many villages of a subtree have a branch, a chi uỷ, and a head who is a member."""

    unit_id = fields.UUID(metadata={"description": "The unit at the top."})
    on = fields.Date(metadata={"description": "The day."})
    villages = fields.Integer(metadata={"description": "Villages in force."})
    own_branch = fields.Integer(metadata={"description": "With a branch of their own."})
    sharing = fields.Integer(metadata={"description": "Sharing a branch with other villages."})
    without_branch = fields.Integer(metadata={"description": "Without a branch (trắng chi bộ)."})
    branch_without_committee = fields.Integer(
        metadata={"description": "Whose branch has no chi uỷ; the sum of the next two."}
    )
    branch_too_small_for_committee = fields.Integer(
        metadata={"description": "… because it has fewer official members than the dated rule for a chi uỷ."}
    )
    branch_committee_not_elected = fields.Integer(
        metadata={"description": "… though it has enough: nobody holds the post of a chi uỷ member."}
    )
    heads = fields.Nested(HeadsShown, metadata={"description": "Village heads."})
    target = fields.Nested(HeadsTargetShown, allow_none=True, metadata={"description": "Target of the unit itself."})
    villages_without_branch = fields.List(
        fields.Nested(VillageShown),
        metadata={"description": "The first 1,000 of them by code; all: `GET /v1/villages?without_branch=true`."},
    )
