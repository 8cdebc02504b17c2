"""Rosters by month and reminders at the doors."""

from typing import get_args

import marshmallow
from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import Cursor, OnPageQuery
from services.registry.domain.members import MemberKind, Post, Status
from services.registry.domain.roster import AgeBand
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery


class MembersQuery(OnPageQuery):
    """`?on=&purpose=&limit=&cursor=`"""

    purpose = fields.String(
        load_default=None,
        validate=checks.purpose,
        metadata={
            "description": "What personal data are read for; `branch list` when left out.",
            "example": "Kiểm phiếu",
        },
    )


class MonthQuery(PageQuery):
    """`?month=&limit=&cursor=`"""

    month = fields.String(
        required=True, validate=checks.month, metadata={"description": "The month.", "example": "2025-06"}
    )


class MonthEntryShown(Schema):
    """A member of a branch in a month, or in a part of it, without anything that tells who they are."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    valid_from = fields.Date(metadata={"description": "The first day, in this month."})
    valid_to = fields.Date(metadata={"description": "The day after the last; at most the next month's first."})
    kind = fields.String(metadata={"description": "Official or probationary.", "enum": list(get_args(MemberKind))})
    status = fields.String(metadata={"description": "Status.", "enum": list(get_args(Status))})
    post = fields.String(allow_none=True, metadata={"description": "Post.", "enum": [*get_args(Post), None]})
    agency = fields.String(allow_none=True, metadata={"description": "Agency, in a joint branch."})
    age_band = fields.String(
        allow_none=True, metadata={"description": "On the first day.", "enum": [*get_args(AgeBand), None]}
    )
    owes_attendance = fields.Boolean(metadata={"description": "Whether they count in the attendance of these days."})
    votes = fields.Boolean(metadata={"description": "Whether they count in a vote of these days, present or not."})
    votes_if_present = fields.Boolean(metadata={"description": "Whether they count in a vote when they came."})


class MonthRosterPage(Cursor):
    """The roster of a branch in a month, a page of it."""

    items = fields.List(fields.Nested(MonthEntryShown), metadata={"description": "By member and day."})


class RemindersQuery(OnPageQuery):
    """`?on=&within=&limit=&cursor=`"""

    within = fields.Integer(
        load_default=30,
        strict=False,
        validate=marshmallow.validate.Range(0, 366),
        metadata={"description": "Days ahead that are looked at.", "example": 30},
    )


class ReminderShown(Schema):
    """Something that is to be done about a member by a day."""

    member_id = fields.UUID(metadata={"description": "The member's id."})
    unit_id = fields.UUID(metadata={"description": "The branch they belong to."})
    transfer_id = fields.UUID(allow_none=True, metadata={"description": "The transfer that waits, if it is one."})
    due_on = fields.Date(metadata={"description": "By when."})
    days_left = fields.Integer(metadata={"description": "Days from the day asked about; negative: overdue."})
    rule = fields.String(
        metadata={"description": "Which rule.", "enum": ["probation_months", "transfer_days", "temporary_days"]}
    )
    source = fields.String(metadata={"description": "The rule's issuer and citation."})


class ReminderPage(Cursor):
    """Reminders, a page of them."""

    items = fields.List(fields.Nested(ReminderShown), metadata={"description": "The most urgent first."})
