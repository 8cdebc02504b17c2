"""Rubrics at the doors."""

from typing import Any, Final

from marshmallow import fields, validate

from services.evaluation.api.schemas.committees import A_SUPERIOR, day
from services.evaluation.api.schemas.rubric_content import ContentGiven
from services.evaluation.store.migrations import rubric_seeds
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_RUBRIC: Final = "0197b6c0-0000-7000-8000-00000000f044"
A_RUBRIC_GIVEN: Final[dict[str, Any]] = {
    "owner_id": A_SUPERIOR,
    "valid_from": "2026-07-01",
    "content": rubric_seeds.WARD,
}


class RubricGiven(Schema):
    """A version of a rubric to be entered."""

    rubric_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The rubric it is the next version of.", "example": A_RUBRIC},
    )
    owner_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The unit whose branches it scores; null: national.", "example": A_SUPERIOR},
    )
    valid_from = day("The first day.", "2026-07-01")
    valid_to = day("The day after the last; null: open.", "2027-01-01", required=False)
    content = fields.Nested(ContentGiven, required=True)


class RubricShown(Schema):
    """A version of a rubric."""

    rubric_id = fields.UUID(metadata={"description": "The rubric.", "example": A_RUBRIC})
    version = fields.Integer(metadata={"description": "Its version."})
    state = fields.String(
        metadata={
            "description": "draft, in_force, template (to be copied), or replaced: by a version of the same first day."
        }
    )
    owner_id = fields.UUID(allow_none=True, metadata={"description": "The unit; null: national."})
    valid_from = fields.Date(metadata={"description": "The first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: open."})
    entered_by = fields.String(metadata={"description": "Who entered it: an opaque id."})
    entered_at = fields.AwareDateTime(metadata={"description": "When."})
    in_force_by = fields.String(allow_none=True, metadata={"description": "Who put it in force."})
    in_force_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When."})
    content = fields.Nested(ContentGiven)


class RubricPage(Schema):
    """A page of versions."""

    items = fields.List(fields.Nested(RubricShown))
    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: the end."})


class RubricsQuery(PageQuery):
    """`?owner=&state=&on=&limit=&cursor=`"""

    owner = fields.UUID(load_default=None, metadata={"description": "Only those of this unit.", "example": A_SUPERIOR})
    state = fields.String(
        validate=validate.OneOf(["draft", "in_force", "template", "replaced"]),
        metadata={"description": "Only those in this state."},
    )
    on = fields.Date(load_default=None, metadata={"description": "Only those whose dates hold this day."})


class VersionQuery(Schema):
    """`?version=`"""

    version = fields.Integer(
        load_default=None, validate=validate.Range(1), metadata={"description": "The newest when left out."}
    )


class EndGiven(Schema):
    """On which day a version in force ends."""

    version = fields.Integer(
        required=True, validate=validate.Range(1), metadata={"description": "The version in force.", "example": 1}
    )
    valid_to = day("The day after its last: from it on the next rubric above holds, or none.", "2027-01-01")
    rescore = fields.Boolean(
        load_default=False, metadata={"description": "Score meetings of days that have passed again.", "example": False}
    )


class ForceGiven(Schema):
    """Which draft is put in force."""

    version = fields.Integer(
        required=True, validate=validate.Range(1), metadata={"description": "The draft's version.", "example": 1}
    )
    rescore = fields.Boolean(
        load_default=False, metadata={"description": "Score meetings of days that have passed again.", "example": False}
    )
