"""What the doors give."""

from marshmallow import fields

from services.meetings.api.schemas.bodies import Minutes, RollCall
from shared.http.blueprint import Schema


class Attendance(RollCall):
    """The roll call, and what it comes to by the roster of the day."""

    owed = fields.Integer(metadata={"description": "Members who owed attendance."})
    present = fields.Integer()
    absent_with_reason = fields.Integer()
    absent_without_reason = fields.Integer()


class MinutesAnswer(Minutes):
    """The minutes, and what the rules of the day say of them."""

    sections_required = fields.Integer()
    sections_filled = fields.Integer()
    complete = fields.Boolean(metadata={"description": "Whether every required section is written."})
    voters = fields.Integer(metadata={"description": "Members who may vote."})


class Score(Schema):
    """The branch's own score."""

    points = fields.Dict(keys=fields.String(), values=fields.Float())
    total = fields.Float()
    frame = fields.String(metadata={"description": "The frame in force on the meeting's day.", "example": "hd-42-2025"})


class Summary(Schema):
    """A meeting without what was recorded of it."""

    meeting_id = fields.UUID()
    version = fields.Integer(metadata={"description": "One more with each change."})
    unit_id = fields.UUID()
    kind = fields.String()
    period = fields.String(metadata={"description": "The local month.", "example": "2025-11"})
    status = fields.String(metadata={"description": "planned, adopted or not_held."})
    revision = fields.Integer(metadata={"description": "0 until adopted, then one more with each correction."})
    starts_at = fields.AwareDateTime()
    place = fields.String()
    theme = fields.String(allow_none=True)
    adopted_at = fields.AwareDateTime(allow_none=True)
    reported_at = fields.AwareDateTime(allow_none=True)
    report_due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "Until when it was on time."})
    not_held_reason = fields.String(allow_none=True)


class Meeting(Summary):
    """A meeting, whole."""

    attendance = fields.Nested(Attendance, allow_none=True)
    minutes = fields.Nested(MinutesAnswer, allow_none=True)
    score = fields.Nested(Score, allow_none=True)


class Meetings(Schema):
    """A page of meetings, in the order of their start."""

    items = fields.List(fields.Nested(Summary))
    next_cursor = fields.String(allow_none=True)


class Revision(Schema):
    """One adopted version of the minutes, kept whole."""

    revision = fields.Integer()
    reason = fields.String(allow_none=True, metadata={"description": "Why it was corrected; null for the first."})
    made_by = fields.String(metadata={"description": "The subject of the token that made it."})
    made_at = fields.AwareDateTime()
    attendance = fields.Nested(Attendance, allow_none=True)
    minutes = fields.Nested(MinutesAnswer, allow_none=True)
    score = fields.Nested(Score, allow_none=True)


class Revisions(Schema):
    """Every revision, the newest first."""

    items = fields.List(fields.Nested(Revision))


class Task(Schema):
    """A task in its latest state."""

    task_id = fields.UUID()
    version = fields.Integer()
    meeting_id = fields.UUID()
    unit_id = fields.UUID()
    member_id = fields.UUID()
    content = fields.String()
    assigned_on = fields.Date()
    due_on = fields.Date()
    status = fields.String(metadata={"description": "assigned, done or cancelled."})
    done_on = fields.Date(allow_none=True)


class Tasks(Schema):
    """A page of tasks, in the order of their deadlines."""

    items = fields.List(fields.Nested(Task))
    next_cursor = fields.String(allow_none=True)


class MemberAttendance(Schema):
    """How often one member came in some months."""

    member_id = fields.UUID()
    owed = fields.Integer(metadata={"description": "Adopted regular and thematic meetings the member owed."})
    present = fields.Integer(metadata={"description": "Late ones included."})
    late = fields.Integer()
    absent_with_reason = fields.Integer()
    absent_without_reason = fields.Integer()


class MembersAttendance(Schema):
    """Members of a branch, those most often absent first."""

    items = fields.List(fields.Nested(MemberAttendance))


class HeldCounts(Schema):
    created = fields.Integer()
    corrected = fields.Integer()
    unchanged = fields.Integer()


class NotHeldCounts(Schema):
    created = fields.Integer()
    unchanged = fields.Integer()


class CompletionCounts(Schema):
    done = fields.Integer()
    unchanged = fields.Integer()


class Outcome(Schema):
    """What became of the rows of an import."""

    meetings = fields.Nested(HeldCounts)
    not_held = fields.Nested(NotHeldCounts)
    completions = fields.Nested(CompletionCounts)
