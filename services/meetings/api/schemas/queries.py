"""What the doors are asked with."""

from typing import Any

from marshmallow import fields, validate

from services.meetings.api.schemas.parts import in_years
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery
from shared.months import PATTERN


def a_month(**options: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(PATTERN), metadata={"description": "A local month.", "example": "2025-11"}, **options
    )


class MeetingsQuery(PageQuery):
    """`?unit_id=&period=&limit=&cursor=`"""

    unit_id = fields.UUID(required=True, metadata={"description": "The branch."})
    period = a_month(load_default=None)


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

    first = a_month(required=True)
    last = a_month(required=True)


class BasedOn(Schema):
    """`?based_on=`; the header If-Match says the same."""

    based_on = fields.Integer(
        load_default=None,
        validate=validate.Range(0),
        metadata={"description": "The meeting's version a draft was based on; a stale draft gets 409 with both."},
    )


class YearQuery(Schema):
    """`?year=`"""

    year = fields.Integer(
        required=True, validate=validate.Range(1930, 2199), metadata={"description": "The year.", "example": 2026}
    )


class YearPlanQuery(YearQuery):
    """`?year=&based_on=`; the header If-Match says the same."""

    based_on = fields.Integer(
        load_default=None,
        validate=validate.Range(0),
        metadata={
            "description": "The plan's version this one was based on; a plan that is kept already is not overwritten "
            "without it: 409 with both."
        },
    )


class BeforeQuery(Schema):
    """`?before=`"""

    before = fields.Date(
        load_default=None,
        validate=in_years,
        metadata={"description": "A local day; today when left out.", "example": "2025-12-03"},
    )


class OnQuery(Schema):
    """`?on=`"""

    on = fields.Date(
        load_default=None,
        validate=in_years,
        metadata={"description": "A local day; today when left out.", "example": "2025-12-03"},
    )
