"""What the doors take."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.meetings.api.schemas.parts import (
    Assignment,
    Carried,
    Conclusion,
    Fees,
    Guest,
    Opinion,
    Question,
    SelfCriticism,
    Votes,
    an_id,
    count,
    in_years,
)
from services.meetings.api.schemas.parts import (
    Evidence as Evidence,
)
from services.meetings.api.schemas.parts import (
    line as line,
)
from services.meetings.api.schemas.typed import Typed
from services.meetings.commands import adoption
from services.meetings.domain import attendance, meeting, minutes, scores
from shared.http.blueprint import Schema

KINDS = ("regular", "thematic", "committee", "extraordinary")
_MEMBER = "0197b6c0-0000-7000-8000-000000000101"
_LATE = "0197b6c0-0000-7000-8000-000000000102"
_EXEMPT = "0197b6c0-0000-7000-8000-000000000103"
_ABSENT = "0197b6c0-0000-7000-8000-000000000104"
_TASK = "0197b6c0-0000-7000-8000-000000000301"
_MEETING = "0197b6c0-0000-7000-8000-000000000201"
_UNIT = "0197b6c0-0000-7000-8000-000000000004"


def instant(description: str, example: str = "2025-11-03T19:30:00+07:00") -> fields.AwareDateTime:
    """A time with its offset."""
    return fields.AwareDateTime(
        required=True, validate=in_years, metadata={"description": description, "example": example}
    )


def _section(description: str, example: str) -> fields.String:
    return fields.String(metadata={"description": description, "example": example})


class Head(Typed):
    """When, where and of what kind a meeting is."""

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


class Plan(Head):
    """When, where and of what kind a meeting is to be."""

    topic_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The registered topic of a thematic meeting.", "example": None},
    )
    regular_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The regular meeting a committee meeting prepares.", "example": None},
    )
    tag = line("The code of the theme, of the dated rule theme_tags; null: that of its topic.", "ho_chi_minh_study",
               load_default=None, allow_none=True)  # fmt: skip


class Absence(Schema):
    """A member who owed attendance and did not come."""

    member_id = an_id("Who.", _ABSENT, required=True)
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
    guest_list = fields.List(
        fields.Nested(Guest), metadata={"description": "Guests, as far as they are listed; `guests` counts all."}
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


class Resolution(Schema):
    """What the branch resolved, and how it voted."""

    text = fields.String(
        required=True, metadata={"description": "What was resolved.", "example": "Nghị quyết tháng 11."}
    )
    votes = fields.Nested(Votes, required=True, metadata={"description": "The show of hands."})


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
    questions = fields.List(
        fields.Nested(Question), metadata={"description": "Questions put to the vote beside the resolution."}
    )
    self_criticisms = fields.List(
        fields.Nested(SelfCriticism),
        metadata={"description": "Self-criticism and criticism, each by a member present."},
    )
    conclusions = fields.List(
        fields.Nested(Conclusion), metadata={"description": "The chair's conclusions, by item of the agenda."}
    )
    carried_over = fields.List(
        fields.Nested(Carried),
        metadata={"description": "Tasks of earlier meetings that go on, under their ids.", "example": []},
    )
    fees = fields.Nested(Fees, allow_none=True, metadata={"description": "Party fees; null: not spoken of."})


class Points(Schema):
    """Points by the groups of the frame in force on the meeting's day."""

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


class SelfScore(Points, Typed):
    """The branch's own score, by the member assigned to score."""

    struct: ClassVar[Any] = scores.SelfScore
    scorer_id = an_id("The member assigned to score, who was there.", _MEMBER, load_default=None, allow_none=True)


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


class Done(Schema):
    """When a task was done."""

    done_on = fields.Date(required=True, metadata={"description": "A local day.", "example": "2025-11-28"})


class Completion(Done):
    """When a task was done, and what shows it."""

    evidence = fields.List(fields.Nested(Evidence), metadata={"description": "What shows that it was done."})


class Adoption(Typed):
    """How minutes are adopted; everything may be left out."""

    struct: ClassVar[Any] = adoption.Adoption
    read_by = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The member who read the minutes out before they were adopted.", "example": None},
    )
    report_later = fields.Boolean(
        load_default=False, metadata={"description": "Adopted now, reported upwards by a step of its own."}
    )


class Empty(Schema):
    """Nothing needs to be said."""
