"""What several doors take."""

from marshmallow import fields

from services.registry.api import checks
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_PARENT = "0197b6c0-0000-7000-8000-000000000003"
A_BRANCH = "0197b6c0-0000-7000-8000-000000000004"
A_PROVINCE = "0197b6c0-0000-7000-8000-000000000001"
A_DISTRICT = "0197b6c0-0000-7000-8000-000000000002"
A_BRANCH_2 = "0197b6c0-0000-7000-8000-000000000005"
A_MEMBER = "0197b6c0-0000-7000-8000-0000000000a1"
A_VILLAGE = "0197b6c0-0000-7000-8000-0000000000b1"
A_DECISION = "0197b6c0-0000-7000-8000-0000000000d1"
A_TARGET = "0197b6c0-0000-7000-8000-0000000000e1"
A_REPORT = "0197b6c0-0000-7000-8000-0000000000e2"
A_PLAN = "0197b6c0-0000-7000-8000-0000000000e3"
AN_INSPECTION = "0197b6c0-0000-7000-8000-0000000000e4"
A_CLASS = "0197b6c0-0000-7000-8000-0000000000e5"
AN_ASSIGNMENT = "0197b6c0-0000-7000-8000-0000000000e6"
A_TRANSFER = "0197b6c0-0000-7000-8000-0000000000c1"
A_DISCIPLINE = "0197b6c0-0000-7000-8000-0000000000c2"
"""Ids for examples."""


class OnQuery(Schema):
    """`?on=`"""

    on = fields.Date(
        load_default=None,
        metadata={"description": "The day the answer is about; today when left out.", "example": "2025-06-30"},
    )


class OnPageQuery(PageQuery, OnQuery):
    """`?on=&limit=&cursor=`"""


class PurposeQuery(Schema):
    """`?purpose=`"""

    purpose = fields.String(
        required=True,
        validate=checks.purpose,
        error_messages={"required": [checks.PURPOSE_NEEDED]},
        metadata={
            "description": "What personal data are read for, 3 to 200 characters on one line; kept in the log.",
            "example": "Rà soát hồ sơ đảng viên quý II",
        },
    )


class UnderQuery(OnPageQuery):
    """`?under=&on=&limit=&cursor=`"""

    under = fields.UUID(required=True, metadata={"description": "The unit at the top of the subtree."})


class Cursor(Schema):
    """What every page ends with."""

    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: none."})
