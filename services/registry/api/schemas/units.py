"""Units at the doors."""

from typing import get_args

import marshmallow
from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH, A_PARENT, Cursor, UnderQuery
from services.registry.domain.units import BranchType, Kind, Level
from shared.http.blueprint import Schema

KINDS = get_args(Kind)
LEVELS = get_args(Level)
BRANCH_TYPES = get_args(BranchType)


class UnitNew(Schema):
    """A unit to be made, with its first span."""

    code = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "The unit's code at its province; unique.", "example": "GL-01-001-01"},
    )
    unit_id = fields.UUID(
        load_default=None,
        metadata={"description": "The unit's id, if the sender chooses it.", "example": A_BRANCH},
    )
    valid_from = fields.Date(required=True, metadata={"description": "The first day.", "example": "2016-01-01"})
    kind = checks.one_of(KINDS, "What kind of organisation it is.", example="branch")
    level = checks.one_of(LEVELS, "At which level it stands.", example="branch")
    parent_id = fields.UUID(
        required=True,
        allow_none=True,
        metadata={"description": "The unit directly above; null for a province.", "example": A_PARENT},
    )
    name = fields.String(
        required=True,
        validate=checks.text(200),
        metadata={"description": "Its name as it is written.", "example": "Chi bộ thôn Hoà Bình"},
    )
    branch_type = checks.optional_one_of(BRANCH_TYPES, "Type of a branch or grassroots branch; null for others.")


class SubtreeQuery(UnderQuery):
    """`?under=&on=&limit=&cursor=`: a province of 6,000 units in one page, if wanted."""

    limit = fields.Integer(
        load_default=100,
        validate=marshmallow.validate.Range(1, 10_000),
        metadata={"description": "Rows of a page, 1 to 10,000."},
    )


class UnitChanged(Schema):
    """What is new about a unit from a day on; what is left out stays."""

    valid_from = fields.Date(
        required=True, metadata={"description": "The first day of what is new.", "example": "2025-07-01"}
    )
    name = fields.String(
        validate=checks.text(200), metadata={"description": "Its new name.", "example": "Chi bộ thôn Hoà Bình 2"}
    )
    parent_id = fields.UUID(
        allow_none=True, metadata={"description": "The unit now directly above.", "example": A_PARENT}
    )
    kind = checks.any_of(KINDS, "Its new kind.", example="branch")
    level = checks.any_of(LEVELS, "Its new level.", example="branch")
    branch_type = checks.any_of(BRANCH_TYPES, "Its new type; null when it is no branch any more.", null=True)


class UnitClosed(Schema):
    """The end of a unit."""

    closed_on = fields.Date(
        required=True,
        metadata={"description": "The first day on which the unit no longer exists.", "example": "2025-07-01"},
    )


class UnitShown(Schema):
    """A unit in the span in force on the day asked for."""

    unit_id = fields.UUID(metadata={"description": "The unit's id."})
    code = fields.String(metadata={"description": "The unit's code."})
    kind = fields.String(metadata={"description": "Its kind.", "enum": list(KINDS)})
    level = fields.String(metadata={"description": "Its level.", "enum": list(LEVELS)})
    parent_id = fields.UUID(allow_none=True, metadata={"description": "The unit directly above."})
    name = fields.String(metadata={"description": "Its name."})
    branch_type = fields.String(allow_none=True, metadata={"description": "Type of a branch."})
    valid_from = fields.Date(metadata={"description": "The first day of this span."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day after the last; null: still."})


class UnitPage(Cursor):
    """Units, a page of them."""

    items = fields.List(fields.Nested(UnitShown), metadata={"description": "By code."})


class UnitPath(Schema):
    """The way from the root to a unit."""

    items = fields.List(fields.Nested(UnitShown), metadata={"description": "The root first, the unit last."})
