"""Bodies and answers of the plan of a year, its topics, and who follows a branch."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.meetings.api.schemas.parts import a_day, an_id, line
from services.meetings.api.schemas.typed import Typed
from services.meetings.domain import notices, plans
from shared.http.blueprint import Schema
from shared.months import PATTERN

_TOPIC = "0197b6c0-0000-7000-8000-000000000901"


class Regular(Schema):
    """The day of a month's regular meeting."""

    month = fields.String(
        required=True,
        validate=validate.Regexp(PATTERN),
        metadata={"description": "A local month of the year.", "example": "2026-01"},
    )
    day = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 31),
        metadata={"description": "The day of the month.", "example": 3},
    )


class _Theme(Schema):
    quarter = fields.Integer(
        required=True, strict=True, validate=validate.Range(1, 4), metadata={"description": "1 to 4.", "example": 1}
    )
    title = line("The theme.", "Học tập và làm theo Bác về nêu gương", required=True)
    tag = line("The code of the theme, of the dated rule theme_tags; null: none yet.", "ho_chi_minh_study",
               load_default=None, allow_none=True)  # fmt: skip


class PlannedTopic(_Theme):
    """A theme for a quarter."""

    topic_id = an_id("Chosen by the sender.", _TOPIC, required=True)


class YearPlan(Typed):
    """Days of regular meetings and topics of thematic ones."""

    struct: ClassVar[Any] = plans.YearPlan
    regular = fields.List(fields.Nested(Regular), metadata={"description": "One day a month."})
    topics = fields.List(fields.Nested(PlannedTopic), metadata={"description": "At least one a quarter."})


class TopicBody(_Theme):
    """A theme to register beside the plan."""

    year = fields.Integer(
        required=True, strict=True, validate=validate.Range(1930, 2199),
        metadata={"description": "The year.", "example": 2026},
    )  # fmt: skip


class Topic(Schema):
    """A registered theme."""

    topic_id = fields.UUID(metadata={"description": "The topic."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    year = fields.Integer(metadata={"description": "The year."})
    quarter = fields.Integer(metadata={"description": "1 to 4."})
    version = fields.Integer(metadata={"description": "One more with each change."})
    title = fields.String(metadata={"description": "The theme."})
    status = fields.String(metadata={"description": "registered, approved, returned or withdrawn."})
    remark = fields.String(allow_none=True, metadata={"description": "What the superior remarked."})
    set_by = fields.String(metadata={"description": "The subject of the token that changed it last."})
    set_at = fields.AwareDateTime(metadata={"description": "When."})
    tag = fields.String(allow_none=True, metadata={"description": "The code of the theme."})


class Topics(Schema):
    """The topics of a branch's year."""

    items = fields.List(fields.Nested(Topic), metadata={"description": "By quarter."})


class Decision(Typed):
    """The superior's answer."""

    struct: ClassVar[Any] = plans.Decision
    approved = fields.Boolean(required=True, metadata={"description": "Approved, or returned.", "example": True})
    remark = line("What to change; needed when returned.", "Bổ sung chuyên đề quý III", load_default=None,
                  allow_none=True)  # fmt: skip


class Step(Schema):
    """A sending or a decision."""

    status = fields.String(metadata={"description": "sent, approved or returned."})
    at = fields.AwareDateTime(metadata={"description": "When."})
    by = fields.String(metadata={"description": "The subject of the token."})
    remark = fields.String(allow_none=True, metadata={"description": "What was remarked."})
    plan = fields.Nested(YearPlan, metadata={"description": "The plan as it was then."})


class Kept(Schema):
    """The plan of a year with its history."""

    unit_id = fields.UUID(metadata={"description": "The branch."})
    year = fields.Integer(metadata={"description": "The year."})
    version = fields.Integer(metadata={"description": "One more with each change."})
    status = fields.String(metadata={"description": "draft, sent, approved or returned."})
    plan = fields.Nested(YearPlan, metadata={"description": "The plan."})
    steps = fields.List(fields.Nested(Step), metadata={"description": "Every sending and decision."})


class Follower(Typed):
    """The superior member who follows the branch."""

    struct: ClassVar[Any] = notices.Follower
    member_id = an_id("Who; whoever followed it before ends the day before.", "0197b6c0-0000-7000-8000-000000000151",
                      required=True)  # fmt: skip
    valid_from = a_day("From which day.", "2026-01-01", required=True)
    valid_to = fields.Date(
        dump_only=True,
        allow_none=True,
        metadata={
            "description": "The day a later assignment, known already, begins; null: none is known.",
            "example": None,
        },
    )
