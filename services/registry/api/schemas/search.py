"""The search of members at the doors."""

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import Cursor, PurposeQuery
from services.registry.domain.members import ENDINGS
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery


class SearchQuery(PageQuery, PurposeQuery):
    """`?name=&under=&purpose=&limit=&cursor=`"""

    name = fields.String(
        required=True,
        validate=checks.text(100),
        metadata={"description": "Words of the name, in any order, with marks or without.", "example": "nguyen an"},
    )
    under = fields.UUID(required=True, metadata={"description": "The unit at the top of the subtree."})


class MemberFoundShown(Schema):
    """A member found by name."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    code = fields.String(metadata={"description": "The member's code."})
    full_name = fields.String(metadata={"description": "Family name first."})
    birth_date = fields.Date(metadata={"description": "Date of birth."})
    unit_id = fields.UUID(metadata={"description": "The branch they stand in today, or last stood in."})
    kind = fields.String(metadata={"description": "Official or probationary."})
    status = fields.String(metadata={"description": f"Status; {', '.join(sorted(ENDINGS))}: no member any more."})
    marks_match = fields.Boolean(metadata={"description": "Whether the words match with all their marks."})


class MemberFoundPage(Cursor):
    """Members found, a page of them."""

    items = fields.List(
        fields.Nested(MemberFoundShown),
        metadata={"description": "Those whose marks match first; in Vietnamese order of names."},
    )
