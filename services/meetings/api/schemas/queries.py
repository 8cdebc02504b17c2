"""What the doors are asked with."""

from typing import Any

from marshmallow import fields, validate

from shared.http.blueprint import Schema
from shared.http.paging import PageQuery
from shared.months import PATTERN


def _month(**options: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(PATTERN), metadata={"description": "A local month.", "example": "2025-11"}, **options
    )


class MeetingsQuery(PageQuery):
    """`?unit_id=&period=&limit=&cursor=`"""

    unit_id = fields.UUID(required=True, metadata={"description": "The branch."})
    period = _month(load_default=None)


class TasksQuery(PageQuery):
    """`?unit_id=&status=&limit=&cursor=`"""

    unit_id = fields.UUID(required=True, metadata={"description": "The branch."})
    status = fields.String(
        load_default=None,
        validate=validate.OneOf(("assigned", "done", "cancelled")),
        metadata={"description": "Only tasks in this state."},
    )


class MonthsQuery(Schema):
    """`?first=&last=`"""

    first = _month(required=True)
    last = _month(required=True)
