"""What several doors take."""

from marshmallow import fields

from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_PARENT = "0197b6c0-0000-7000-8000-000000000003"
A_BRANCH = "0197b6c0-0000-7000-8000-000000000004"
"""Ids for examples."""


class OnQuery(Schema):
    """`?on=`"""

    on = fields.Date(
        load_default=None,
        metadata={"description": "The day the answer is about; today when left out.", "example": "2025-06-30"},
    )


class OnPageQuery(PageQuery, OnQuery):
    """`?on=&limit=&cursor=`"""


class UnderQuery(OnPageQuery):
    """`?under=&on=&limit=&cursor=`"""

    under = fields.UUID(required=True, metadata={"description": "The unit at the top of the subtree."})


class Cursor(Schema):
    """What every page ends with."""

    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: none."})
