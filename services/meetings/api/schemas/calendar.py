"""What the doors of calendars, things due and workbooks take and give."""

from marshmallow import fields, validate

from services.meetings.api.schemas.queries import a_month
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

WHATS = ("report", "task", "regular-meeting", "thematic-meeting", "plan", "plan-to-approve")
SHEETS = ("meetings", "tasks", "attendance")


class FeedAnswer(Schema):
    """A calendar address of one person."""

    feed_id = fields.UUID(metadata={"description": "The feed."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    mine = fields.Boolean(metadata={"description": "Made by the reader."})
    made_at = fields.AwareDateTime(metadata={"description": "When it was made."})
    expires_at = fields.AwareDateTime(metadata={"description": "From when it answers no more."})
    revoked_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When it was revoked."})


class NewFeedAnswer(FeedAnswer):
    """A new calendar address; it is told this once."""

    path = fields.String(metadata={"description": "The address, below this service's."})


class FeedsAnswer(Schema):
    """Calendar addresses of a branch."""

    items = fields.List(fields.Nested(FeedAnswer), metadata={"description": "The newest first."})


class MonthQuery(Schema):
    """`?month=`"""

    month = a_month(required=True)


class DayAnswer(Schema):
    """What falls on a day."""

    day = fields.Date(metadata={"description": "The local day."})
    planned = fields.Integer(metadata={"description": "Meetings planned."})
    adopted = fields.Integer(metadata={"description": "Meetings held, their minutes adopted."})
    not_held = fields.Integer(metadata={"description": "Meetings not held."})
    reports_due = fields.Integer(metadata={"description": "Reports due."})
    tasks_due = fields.Integer(metadata={"description": "Tasks due."})


class CalendarEntry(Schema):
    """A meeting of the unit itself."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    kind = fields.String(metadata={"description": "regular, thematic, committee or extraordinary."})
    status = fields.String(metadata={"description": "planned, adopted or not_held."})
    starts_at = fields.AwareDateTime(metadata={"description": "When it starts."})
    ends_at = fields.AwareDateTime(metadata={"description": "When it is planned to end, or ended."})
    theme = fields.String(allow_none=True, metadata={"description": "The theme of a thematic meeting."})
    place = fields.String(metadata={"description": "Where it is held."})


class CalendarAnswer(Schema):
    """A month of a unit and all below it."""

    month = fields.String(metadata={"description": "The month."})
    days = fields.List(fields.Nested(DayAnswer), metadata={"description": "Days on which anything falls."})
    meetings = fields.List(fields.Nested(CalendarEntry), metadata={"description": "Meetings of the unit itself."})


class DueQuery(PageQuery):
    """`?what=&limit=&cursor=`"""

    what = fields.String(
        load_default=None, validate=validate.OneOf(WHATS), metadata={"description": "Only things of this kind."}
    )


class DueItem(Schema):
    """One thing due."""

    what = fields.String(metadata={"description": "Its kind."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    id = fields.UUID(metadata={"description": "The meeting or task it is about, else the branch."})
    due_on = fields.Date(metadata={"description": "The last local day."})
    days_left = fields.Integer(metadata={"description": "Days until then; negative: overdue."})
    vi = fields.String(metadata={"description": "What is to be done, in Vietnamese."})
    en = fields.String(metadata={"description": "What is to be done, in English."})
    source = fields.String(allow_none=True, metadata={"description": "The rule's issuer and citation."})


class DueCount(Schema):
    """How much of a kind is due."""

    what = fields.String(metadata={"description": "The kind."})
    due = fields.Integer(metadata={"description": "All of it."})
    overdue = fields.Integer(metadata={"description": "Of it, past its day."})


class DueAnswer(Schema):
    """What is due, the most urgent first."""

    counts = fields.List(fields.Nested(DueCount), metadata={"description": "By kind, over all pages."})
    items = fields.List(fields.Nested(DueItem), metadata={"description": "This page's."})
    next_cursor = fields.String(allow_none=True, metadata={"description": "The next page; null on the last."})


class ExportQuery(Schema):
    """`?what=&first=&last=`"""

    what = fields.String(
        required=True, validate=validate.OneOf(SHEETS), metadata={"description": "Which rows the workbook holds."}
    )
    first = a_month(required=True)
    last = a_month(required=True)
