"""What the doors give."""

from marshmallow import fields

from services.meetings.api.schemas.bodies import Minutes, RollCall
from services.meetings.api.schemas.parts import Evidence
from shared.http.blueprint import Schema


class Attendance(RollCall):
    """The roll call, and what it comes to by the roster of the day."""

    owed = fields.Integer(metadata={"description": "Members who owed attendance."})
    present = fields.Integer(metadata={"description": "Those of them who came, late ones included."})
    absent_with_reason = fields.Integer(metadata={"description": "Those absent who gave a reason."})
    absent_without_reason = fields.Integer(metadata={"description": "Those absent who gave none."})


class VoteResult(Schema):
    """A vote beside its denominator."""

    vote_id = fields.UUID(allow_none=True, metadata={"description": "The question; null: the resolution."})
    title = fields.String(metadata={"description": "What was put to the vote."})
    of = fields.Integer(metadata={"description": "How many may vote: the denominator."})
    present = fields.Integer(metadata={"description": "How many of them were there."})
    carried = fields.Boolean(metadata={"description": "Whether `for` is more than the rule's share of `of`."})
    more_than = fields.Float(metadata={"description": "That share."})
    source = fields.String(allow_none=True, metadata={"description": "Where the rule of the majority stands."})
    denominator_source = fields.String(
        allow_none=True, metadata={"description": "Where the rule of the denominator stands."}
    )


VoteAnswer = VoteResult.from_dict(
    {
        "for": fields.Integer(metadata={"description": "Tán thành."}),
        "against": fields.Integer(metadata={"description": "Không tán thành."}),
        "abstaining": fields.Integer(metadata={"description": "Ý kiến khác."}),
    },
    name="VoteAnswer",
)


class MinutesAnswer(Minutes):
    """The minutes, and what the rules of the day say of them."""

    sections_required = fields.Integer(metadata={"description": "Sections the rules of the day require."})
    sections_filled = fields.Integer(metadata={"description": "How many of them are written."})
    complete = fields.Boolean(metadata={"description": "Whether every required section is written."})
    voters = fields.Integer(metadata={"description": "Members who may vote."})
    voters_present = fields.Integer(metadata={"description": "How many of them were there."})
    votes = fields.List(fields.Nested(VoteAnswer), metadata={"description": "Every vote beside its denominator."})


class Score(Schema):
    """The branch's own score."""

    points = fields.Dict(
        keys=fields.String(), values=fields.Float(), metadata={"description": "Points by group of the frame."}
    )
    scorer_id = fields.UUID(allow_none=True, metadata={"description": "The member assigned to score."})
    total = fields.Float(metadata={"description": "Their sum, to a hundredth."})
    frame = fields.String(
        metadata={
            "description": "What it was given by: id and version of a rubric, or the name of a dated rule.",
            "example": "0197b6c0-0000-7000-8000-00000000f042/1",
        }
    )


class GivenScore(Score):
    """A score with who gave it when; none is ever overwritten."""

    grade = fields.String(allow_none=True, metadata={"description": "good, fair, average or weak."})
    at = fields.AwareDateTime(metadata={"description": "When it was given."})
    by = fields.String(metadata={"description": "The subject of the token that gave it."})
    remarks = fields.String(metadata={"description": "What was remarked."})


class OtherScores(Schema):
    """The voted and the official scores, the first given first; the last of each stands."""

    voted = fields.List(fields.Nested(GivenScore), metadata={"description": "What the branch voted."})
    official = fields.List(fields.Nested(GivenScore), metadata={"description": "What the direct superior gave."})


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
    topic_id = fields.UUID(allow_none=True, metadata={"description": "The registered topic of a thematic meeting."})
    regular_id = fields.UUID(
        allow_none=True, metadata={"description": "The regular meeting a committee meeting prepares."}
    )


class Meeting(Summary):
    """A meeting, whole."""

    tag = fields.String(allow_none=True, metadata={"description": "The code of its theme; null: that of its topic."})
    stage = fields.String(
        metadata={"description": "planned, postponed, notified, opened, closed, reported, graded or not_held."}
    )
    parts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "By part, in which version it was last changed: what a draft is based on."},
    )
    items = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        allow_none=True,
        metadata={"description": "Opinions, votes, tasks … saved by themselves and not yet adopted, by list."},
    )
    steps = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(),
        metadata={"description": "Every step taken, with when and by whom: notified, opened, closed, reported …"},
    )
    scores = fields.Nested(OtherScores, metadata={"description": "The scores of others, beside the branch's own."})

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
    withdrawn = fields.Boolean(metadata={"description": "Whether the adoption was taken back within minutes."})
    attendance = fields.Nested(
        Attendance, allow_none=True, metadata={"description": "The attendance of this revision."}
    )
    minutes = fields.Nested(MinutesAnswer, allow_none=True, metadata={"description": "The minutes of this revision."})
    score = fields.Nested(Score, allow_none=True, metadata={"description": "The self score of this revision."})


class Revisions(Schema):
    """Every revision, the newest first."""

    items = fields.List(fields.Nested(Revision), metadata={"description": "The revisions."})


class CarryAnswer(Schema):
    """That a later meeting carried the task over."""

    meeting_id = fields.UUID(metadata={"description": "Which meeting."})
    due_on = fields.Date(metadata={"description": "To which day."})


class Task(Schema):
    """A task in its latest state."""

    task_id = fields.UUID(metadata={"description": "The task."})
    version = fields.Integer(metadata={"description": "One more with each change."})
    meeting_id = fields.UUID(metadata={"description": "The meeting that gave it."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    member_id = fields.UUID(metadata={"description": "Who is to do it."})
    content = fields.String(metadata={"description": "What is to be done."})
    assigned_on = fields.Date(metadata={"description": "The local day of the meeting."})
    due_on = fields.Date(metadata={"description": "Its first deadline, a local day."})
    due_now = fields.Date(metadata={"description": "Its deadline as last carried over."})
    status = fields.String(metadata={"description": "assigned, done or cancelled."})
    state = fields.String(metadata={"description": "assigned, late, carried_over, done, done_late or cancelled."})
    carried_over = fields.List(fields.Nested(CarryAnswer), metadata={"description": "By which later meetings."})
    evidence = fields.List(fields.Nested(Evidence), metadata={"description": "What shows that it was done."})
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


class SavedVote(Schema):
    """A vote as saved, beside its denominator."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    version = fields.Integer(metadata={"description": "The meeting's version with this vote."})
    vote = fields.Nested(VoteAnswer, metadata={"description": "The vote and its result."})
