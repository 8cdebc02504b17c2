"""What the doors take."""

from datetime import datetime
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

from services.meetings.api.schemas.typed import Typed
from services.meetings.commands import adoption, rows
from services.meetings.domain import attendance, meeting, minutes, scores
from services.meetings.domain.values import LONGEST_LINE, OUTSIDE_YEARS, YEARS
from shared.errors import Fault
from shared.http.blueprint import Schema

KINDS = ("regular", "thematic", "committee", "extraordinary")
_MEMBER = "0197b6c0-0000-7000-8000-000000000101"
_LATE = "0197b6c0-0000-7000-8000-000000000102"
_EXEMPT = "0197b6c0-0000-7000-8000-000000000103"
_TASK = "0197b6c0-0000-7000-8000-000000000301"
_MEETING = "0197b6c0-0000-7000-8000-000000000201"
_UNIT = "0197b6c0-0000-7000-8000-000000000004"


def line(description: str, example: str, **options: Any) -> fields.String:
    """A line of text that PostgreSQL can keep."""
    return fields.String(
        validate=[validate.Length(1, LONGEST_LINE), validate.ContainsNoneOf("\x00")],
        metadata={"description": description, "example": example},
        **options,
    )


def an_id(description: str, example: str, **options: Any) -> fields.UUID:
    """An id."""
    return fields.UUID(metadata={"description": description, "example": example}, **options)


def instant(description: str, example: str = "2025-11-03T19:30:00+07:00") -> fields.AwareDateTime:
    """A time with its offset."""
    return fields.AwareDateTime(
        required=True, validate=_in_years, metadata={"description": description, "example": example}
    )


def _in_years(instant: datetime) -> None:
    if instant.year not in YEARS:
        raise ValidationError([Fault("", "outside-years", OUTSIDE_YEARS)])


def count(description: str, **options: Any) -> fields.Integer:
    """A whole number, 0 or more."""
    return fields.Integer(
        strict=True, validate=validate.Range(0), metadata={"description": description, "example": 0}, **options
    )


def _section(description: str, example: str) -> fields.String:
    return fields.String(metadata={"description": description, "example": example})


class Plan(Typed):
    """When, where and of what kind a meeting is to be."""

    struct: ClassVar[Any] = meeting.Plan
    unit_id = an_id("The branch that meets.", _UNIT, required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={"description": "regular (thường kỳ), thematic (chuyên đề), committee (chi uỷ), extraordinary."},
    )
    starts_at = instant("When it starts; its local month is the meeting's period.")
    place = line("Where it is held.", "Nhà văn hoá thôn 1", required=True)
    theme = line("The theme of a thematic meeting.", "Học tập và làm theo Bác", load_default=None, allow_none=True)


class Absence(Schema):
    """A member who owed attendance and did not come."""

    member_id = an_id("Who.", _MEMBER, required=True)
    reason = line("Why; null when no reason was given.", "Ốm", load_default=None, allow_none=True)


class RollCall(Typed):
    """Who was absent or late; everyone else who owes attendance on that day is present."""

    struct: ClassVar[Any] = attendance.RollCall
    absent = fields.List(fields.Nested(Absence), metadata={"description": "Those who owed attendance, absent."})
    late = fields.List(
        fields.UUID(), metadata={"description": "Those who came late; they count as present.", "example": [_LATE]}
    )
    guests = count("How many guests came.")
    exempt_present = fields.List(
        fields.UUID(),
        metadata={"description": "Exempt members who came: they owe nothing, and may vote.", "example": [_EXEMPT]},
    )


class Sections(Schema):
    """The text of the minutes; what is empty was not written."""

    opening = _section("Khai mạc.", "Đồng chí bí thư nêu lý do.")
    last_month_results = _section("Kết quả thực hiện nghị quyết tháng trước.", "Hoàn thành 4/5 việc; còn đường thôn.")
    next_month_direction = _section("Phương hướng tháng tới.", "Làm xong 300 m đường thôn trước mùa mưa.")
    discussion = _section("Thảo luận.", "Thống nhất mức góp và cách giám sát.")
    self_criticism = _section("Tự phê bình và phê bình.", "Hai đồng chí tự phê bình về việc vắng họp.")
    ideology = _section("Tình hình tư tưởng.", "Đảng viên yên tâm; người dân quan tâm giá cà phê.")
    conclusion = _section("Kết luận của chủ trì.", "Nhất trí phương hướng; giao hai nhiệm vụ.")


class Opinion(Schema):
    """What one member said."""

    member_id = an_id("Who spoke.", _MEMBER, required=True)
    text = fields.String(
        required=True, metadata={"description": "What was said.", "example": "Đề nghị sửa đường liên thôn."}
    )


Votes = Schema.from_dict(
    {
        "for": count("Tán thành.", required=True),
        "against": count("Không tán thành.", required=True),
        "abstaining": count("Ý kiến khác.", required=True),
    },
    name="Votes",
)


class Resolution(Schema):
    """What the branch resolved, and how it voted."""

    text = fields.String(
        required=True, metadata={"description": "What was resolved.", "example": "Nghị quyết tháng 11."}
    )
    votes = fields.Nested(Votes, required=True, metadata={"description": "The show of hands."})


class Assignment(Schema):
    """A task given to a named member."""

    task_id = an_id("Chosen by the sender; the task keeps it.", _TASK, required=True)
    member_id = an_id("Who is to do it.", _MEMBER, required=True)
    content = line("What is to be done.", "Vận động 5 hộ hiến đất", required=True)
    due_on = fields.Date(required=True, metadata={"description": "Its deadline, a local day.", "example": "2025-11-30"})


class Minutes(Typed):
    """The minutes as the secretary writes them."""

    struct: ClassVar[Any] = minutes.Minutes
    started_at = instant("When the meeting began.")
    ended_at = instant("When it ended.", "2025-11-03T21:00:00+07:00")
    chair_id = an_id("Who chaired.", _MEMBER, required=True)
    secretary_id = an_id("Who kept the minutes.", _MEMBER, required=True)
    sections = fields.Nested(Sections, required=True, metadata={"description": "The text, by section."})
    opinions = fields.List(fields.Nested(Opinion), metadata={"description": "Opinions, each by a member present."})
    resolution = fields.Nested(Resolution, allow_none=True, metadata={"description": "null: nothing was resolved."})
    tasks = fields.List(fields.Nested(Assignment), metadata={"description": "Tasks the meeting gave."})


class SelfScore(Typed):
    """The branch's own score, by the groups of the frame in force on the meeting's day."""

    struct: ClassVar[Any] = scores.SelfScore
    points = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={
            "description": "Points by group.",
            "example": {
                "time": 5,
                "attendance": 4,
                "preparation": 9,
                "conduct": 36,
                "principles": 5,
                "last_resolution": 27,
                "closing": 5,
            },
        },
    )


class Correction(Typed):
    """What to replace in adopted minutes; a part left out stays as it is."""

    struct: ClassVar[Any] = adoption.Correction
    reason = line("Why; kept with the new revision.", "Ghi thiếu một ý kiến", required=True)
    attendance = fields.Nested(
        RollCall, allow_none=True, metadata={"description": "The roll call that replaces the one kept."}
    )
    minutes = fields.Nested(Minutes, allow_none=True, metadata={"description": "The minutes that replace those kept."})
    score = fields.Nested(
        SelfScore, allow_none=True, metadata={"description": "The self score that replaces the one kept."}
    )


class Reason(Schema):
    """Why a meeting was not held."""

    reason = line("Why.", "Bão số 12", required=True)


class Completion(Schema):
    """When a task was done."""

    done_on = fields.Date(required=True, metadata={"description": "A local day.", "example": "2025-11-28"})


class Empty(Schema):
    """Nothing needs to be said."""


class HeldRow(Plan):
    """A meeting that was held, with its adopted minutes."""

    struct: ClassVar[Any] = rows.HeldRow
    meeting_id = an_id("Chosen by the sender.", _MEETING, required=True)
    attendance = fields.Nested(RollCall, required=True, metadata={"description": "The roll call."})
    minutes = fields.Nested(Minutes, required=True, metadata={"description": "The minutes."})
    score = fields.Nested(
        SelfScore, allow_none=True, metadata={"description": "The branch's own score, if it gave one."}
    )
    adopted_at = instant("When the branch adopted the minutes.", "2025-11-03T20:55:00+07:00")
    reported_at = instant("When they were reported upwards.", "2025-11-04T08:10:00+07:00")
    correction_reason = line(
        "Needed when the meeting is known with other contents: it becomes a correction.", "Ghi sai số phiếu",
        allow_none=True,
    )  # fmt: skip


class NotHeldRow(Schema):
    """A meeting that was due and was not held."""

    meeting_id = an_id("Chosen by the sender.", _MEETING, required=True)
    unit_id = an_id("The branch.", _UNIT, required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={"description": "regular, thematic, committee or extraordinary."},
    )
    starts_at = instant("When it was to start.")
    place = line("Where it was to be held.", "Nhà văn hoá thôn 1", required=True)
    reason = line("Why it was not held.", "Bão số 12", required=True)


class CompletionRow(Completion):
    """A task that was done; its meeting may come in the same import."""

    task_id = an_id("The task.", _TASK, required=True)


class Import(Typed):
    """Meetings in bulk, up to 2,000 rows: all of them are saved or none."""

    struct: ClassVar[Any] = rows.Rows
    meetings = fields.List(fields.Nested(HeldRow), metadata={"description": "Meetings that were held."})
    not_held = fields.List(fields.Nested(NotHeldRow), metadata={"description": "Meetings that were due and not held."})
    completions = fields.List(
        fields.Nested(CompletionRow), metadata={"description": "Tasks that were done; taken after the meetings."}
    )
