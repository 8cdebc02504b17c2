"""What the doors give."""

from marshmallow import fields

from services.meetings.api.schemas.bodies import Minutes, RollCall
from shared.http.blueprint import Schema


class Attendance(RollCall):
    """The roll call, and what it comes to by the roster of the day."""

    owed = fields.Integer(metadata={"description": "Members who owed attendance."})
    present = fields.Integer(metadata={"description": "Those of them who came, late ones included."})
    absent_with_reason = fields.Integer(metadata={"description": "Those absent who gave a reason."})
    absent_without_reason = fields.Integer(metadata={"description": "Those absent who gave none."})


class MinutesAnswer(Minutes):
    """The minutes, and what the rules of the day say of them."""

    sections_required = fields.Integer(metadata={"description": "Sections the rules of the day require."})
    sections_filled = fields.Integer(metadata={"description": "How many of them are written."})
    complete = fields.Boolean(metadata={"description": "Whether every required section is written."})
    voters = fields.Integer(metadata={"description": "Members who may vote."})


class Score(Schema):
    """The branch's own score."""

    points = fields.Dict(
        keys=fields.String(), values=fields.Float(), metadata={"description": "Points by group of the frame."}
    )
    total = fields.Float(metadata={"description": "Their sum, to a hundredth."})
    frame = fields.String(metadata={"description": "The frame in force on the meeting's day.", "example": "hd-42-2025"})


class Summary(Schema):
    """A meeting without what was recorded of it."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    version = fields.Integer(metadata={"description": "One more with each change."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    kind = fields.String(metadata={"description": "regular, thematic, committee or extraordinary."})
    period = fields.String(metadata={"description": "The local month.", "example": "2025-11"})
    status = fields.String(metadata={"description": "planned, adopted or not_held."})
    revision = fields.Integer(metadata={"description": "0 until adopted, then one more with each correction."})
    starts_at = fields.AwareDateTime(metadata={"description": "When it starts."})
    place = fields.String(metadata={"description": "Where it is held."})
    theme = fields.String(allow_none=True, metadata={"description": "The theme of a thematic meeting."})
    adopted_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When its minutes were adopted."})
    reported_at = fields.AwareDateTime(allow_none=True, metadata={"description": "When they were reported upwards."})
    report_due_at = fields.AwareDateTime(allow_none=True, metadata={"description": "Until when it was on time."})
    not_held_reason = fields.String(allow_none=True, metadata={"description": "Why it was not held."})


class Meeting(Summary):
    """A meeting, whole."""

    attendance = fields.Nested(Attendance, allow_none=True, metadata={"description": "Null until the roll is called."})
    minutes = fields.Nested(MinutesAnswer, allow_none=True, metadata={"description": "Null until they are written."})
    score = fields.Nested(Score, allow_none=True, metadata={"description": "Null until the branch scores itself."})


class Meetings(Schema):
    """A page of meetings, in the order of their start."""

    items = fields.List(fields.Nested(Summary), metadata={"description": "This page's meetings."})
    next_cursor = fields.String(allow_none=True, metadata={"description": "The next page; null on the last."})


class Revision(Schema):
    """One adopted version of the minutes, kept whole."""

    revision = fields.Integer(metadata={"description": "1, then one more with each correction."})
    reason = fields.String(allow_none=True, metadata={"description": "Why it was corrected; null for the first."})
    made_by = fields.String(metadata={"description": "The subject of the token that made it."})
    made_at = fields.AwareDateTime(metadata={"description": "When it was adopted or corrected."})
    attendance = fields.Nested(
        Attendance, allow_none=True, metadata={"description": "The attendance of this revision."}
    )
    minutes = fields.Nested(MinutesAnswer, allow_none=True, metadata={"description": "The minutes of this revision."})
    score = fields.Nested(Score, allow_none=True, metadata={"description": "The self score of this revision."})


class Revisions(Schema):
    """Every revision, the newest first."""

    items = fields.List(fields.Nested(Revision), metadata={"description": "The revisions."})


class Task(Schema):
    """A task in its latest state."""

    task_id = fields.UUID(metadata={"description": "The task."})
    version = fields.Integer(metadata={"description": "One more with each change."})
    meeting_id = fields.UUID(metadata={"description": "The meeting that gave it."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    member_id = fields.UUID(metadata={"description": "Who is to do it."})
    content = fields.String(metadata={"description": "What is to be done."})
    assigned_on = fields.Date(metadata={"description": "The local day of the meeting."})
    due_on = fields.Date(metadata={"description": "Its deadline, a local day."})
    status = fields.String(metadata={"description": "assigned, done or cancelled."})
    done_on = fields.Date(allow_none=True, metadata={"description": "When it was done; null until then."})


class Tasks(Schema):
    """A page of tasks, in the order of their deadlines."""

    items = fields.List(fields.Nested(Task), metadata={"description": "This page's tasks."})
    next_cursor = fields.String(allow_none=True, metadata={"description": "The next page; null on the last."})


class MemberAttendance(Schema):
    """How often one member came in some months."""

    member_id = fields.UUID(metadata={"description": "The member."})
    owed = fields.Integer(metadata={"description": "Adopted regular and thematic meetings the member owed."})
    present = fields.Integer(metadata={"description": "Late ones included."})
    late = fields.Integer(metadata={"description": "Came late."})
    absent_with_reason = fields.Integer(metadata={"description": "Absent, with a reason."})
    absent_without_reason = fields.Integer(metadata={"description": "Absent, without a reason."})


class MembersAttendance(Schema):
    """Members of a branch, those most often absent first."""

    items = fields.List(fields.Nested(MemberAttendance), metadata={"description": "The members."})


class HeldCounts(Schema):
    """What became of the meetings that were held."""

    created = fields.Integer(metadata={"description": "New here, or adopted by this import."})
    corrected = fields.Integer(metadata={"description": "Adopted before, with other contents: a new revision."})
    unchanged = fields.Integer(metadata={"description": "Known already, with the same contents."})


class NotHeldCounts(Schema):
    """What became of the meetings that were not held."""

    created = fields.Integer(metadata={"description": "Recorded as not held by this import."})
    unchanged = fields.Integer(metadata={"description": "Known already."})


class CompletionCounts(Schema):
    """What became of the completions."""

    done = fields.Integer(metadata={"description": "Recorded as done by this import."})
    unchanged = fields.Integer(metadata={"description": "Known already."})


class Outcome(Schema):
    """What became of the rows of an import."""

    meetings = fields.Nested(HeldCounts, metadata={"description": "Meetings that were held."})
    not_held = fields.Nested(NotHeldCounts, metadata={"description": "Meetings that were not held."})
    completions = fields.Nested(CompletionCounts, metadata={"description": "Tasks that were done."})
