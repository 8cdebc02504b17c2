"""What the doors of templates take and give."""

from typing import Any, ClassVar
from uuid import UUID

import msgspec
from marshmallow import fields, validate

from services.meetings.api.schemas.bodies import KINDS
from services.meetings.api.schemas.parts import an_id, in_years, line
from services.meetings.api.schemas.typed import Typed
from services.meetings.domain import templates
from services.meetings.domain.templates import BRANCH_TYPES, SECTIONS, Layout
from shared.http.blueprint import Schema

_PROVINCE = "0197b6c0-0000-7000-8000-000000000001"
NEEDS = ("required", "optional", "unused")


class PutTemplate(Layout, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A version a province puts in, with whose it is."""

    unit_id: UUID

    @property
    def layout(self) -> Layout:
        """The version without its owner."""
        return Layout(**{name: getattr(self, name) for name in Layout.__struct_fields__})


class TemplateWords(Schema):
    """A line in both languages."""

    vi = line("In Vietnamese.", "Thảo luận", required=True)
    en = line("In English.", "Discussion", required=True)


class TemplatePart(Schema):
    """One section of minutes."""

    name = fields.String(
        required=True, validate=validate.OneOf(SECTIONS), metadata={"description": "The section of the minutes."}
    )
    need = fields.String(
        required=True,
        validate=validate.OneOf(NEEDS),
        metadata={"description": "required: minutes are incomplete without it; optional; unused: not shown."},
    )
    title = fields.Nested(TemplateWords, required=True, metadata={"description": "Its heading."})
    hint = fields.Nested(TemplateWords, required=True, metadata={"description": "What belongs into it."})


class TemplateItem(Schema):
    """One item of the agenda."""

    title = fields.Nested(TemplateWords, required=True, metadata={"description": "What it is about."})
    minutes = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 600),
        metadata={"description": "Minutes planned for it.", "example": 25},
    )


class TemplateBody(Typed):
    """A province's own version of a template."""

    struct: ClassVar[Any] = PutTemplate
    unit_id = an_id("The province committee whose own it is.", _PROVINCE, required=True)
    branch_type = fields.String(
        required=True, validate=validate.OneOf(BRANCH_TYPES), metadata={"description": "The type of branch it is for."}
    )
    kind = fields.String(
        required=True, validate=validate.OneOf(KINDS), metadata={"description": "The kind of meeting it is for."}
    )
    valid_from = fields.Date(
        required=True,
        metadata={
            "description": "Its first day, today or later; an open version before it ends then.",
            "example": "2030-01-01",
        },
    )
    valid_to = fields.Date(
        allow_none=True,
        metadata={"description": "The day from which it holds no more; null: until replaced.", "example": None},
    )
    title = fields.Nested(TemplateWords, required=True, metadata={"description": "The heading of the minutes."})
    agenda = fields.List(fields.Nested(TemplateItem), required=True, metadata={"description": "The agenda, in order."})
    sections = fields.List(
        fields.Nested(TemplatePart), required=True, metadata={"description": "The sections, in order."}
    )
    minutes_planned = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Range(1, 600),
        metadata={"description": "How long the meeting is planned for.", "example": 90},
    )
    issuer = line("Who issued it.", "Tỉnh uỷ Gia Lai", required=True)
    citation = line("Under which number and day.", "Hướng dẫn 01-HD/BTCTU ngày 02/01/2030", required=True)
    note = line("What a reader should know of it.", "Thay mẫu cũ.", allow_none=True)


class TemplateAnswer(Schema):
    """A version of a template."""

    template_id = fields.UUID(metadata={"description": "The version."})
    unit_id = fields.UUID(allow_none=True, metadata={"description": "Whose own it is; null: the central one."})
    branch_type = fields.String(metadata={"description": "The type of branch."})
    kind = fields.String(metadata={"description": "The kind of meeting."})
    valid_from = fields.Date(metadata={"description": "Its first day."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The day from which it holds no more."})
    title = fields.Nested(TemplateWords, metadata={"description": "The heading of the minutes."})
    agenda = fields.List(fields.Nested(TemplateItem), metadata={"description": "The agenda."})
    sections = fields.List(fields.Nested(TemplatePart), metadata={"description": "The sections."})
    minutes_planned = fields.Integer(metadata={"description": "Minutes planned."})
    issuer = fields.String(metadata={"description": "Who issued it."})
    citation = fields.String(metadata={"description": "Under which number and day."})
    note = fields.String(allow_none=True, metadata={"description": "What a reader should know of it."})


class TemplatesAnswer(Schema):
    """Versions in force on a day."""

    items = fields.List(fields.Nested(TemplateAnswer), metadata={"description": "The versions."})


class TemplatesQuery(Schema):
    """`?branch_type=&kind=&on=&unit_id=`"""

    branch_type = fields.String(
        load_default=None, validate=validate.OneOf(BRANCH_TYPES), metadata={"description": "Only of this type."}
    )
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS), metadata={"description": "Only this kind."})
    on = fields.Date(
        load_default=None,
        validate=in_years,
        metadata={"description": "The day; today by default.", "example": "2026-06-03"},
    )
    unit_id = fields.UUID(
        load_default=None,
        metadata={"description": "Only those this branch follows: its province's own in the place of central ones."},
    )


class DraftQuery(Schema):
    """`?meeting_id=`"""

    meeting_id = fields.UUID(
        load_default=None, metadata={"description": "The meeting to prepare; by default a regular one today."}
    )


class DraftSection(Schema):
    """A section to write, and how long it was last time."""

    part = fields.Nested(TemplatePart, metadata={"description": "The section of the template."})
    last_characters = fields.Integer(metadata={"description": "Characters it had last time; its text is not copied."})


class MeasuredTask(Schema):
    """A task of last month's resolution as it stands today."""

    task_id = fields.UUID(metadata={"description": "The task; carried over, it keeps its id."})
    member_id = fields.UUID(metadata={"description": "Who was to do it."})
    content = fields.String(metadata={"description": "What was to be done."})
    assigned_on = fields.Date(metadata={"description": "When it was given."})
    due_on = fields.Date(metadata={"description": "Its first deadline."})
    due_now = fields.Date(metadata={"description": "Its deadline as last carried over."})
    state = fields.String(metadata={"description": "assigned, late, carried_over, done or done_late."})
    done_on = fields.Date(allow_none=True, metadata={"description": "When it was done."})
    days_late = fields.Integer(metadata={"description": "Days after its first deadline; 0: in time, or not due yet."})
    carried = fields.Integer(metadata={"description": "How often it was carried over."})
    of_last = fields.Boolean(metadata={"description": "false: of an earlier meeting, still to be done."})


_Votes = Schema.from_dict(
    {name: fields.Integer(metadata={"description": "Hands."}) for name in ("for", "against", "abstaining")},
    name="YardstickVotes",
)


class Yardstick(Schema):
    """Last month's resolution, task by task."""

    meeting_id = fields.UUID(metadata={"description": "The meeting that resolved it."})
    period = fields.String(metadata={"description": "Its month."})
    resolution = fields.String(allow_none=True, metadata={"description": "What was resolved."})
    votes = fields.Nested(_Votes, allow_none=True, metadata={"description": "How the branch voted."})
    tasks = fields.List(fields.Nested(MeasuredTask), metadata={"description": "Its tasks, then older open ones."})
    done = fields.Integer(metadata={"description": "Done in time."})
    done_late = fields.Integer(metadata={"description": "Done late."})
    open = fields.Integer(metadata={"description": "Not done."})


class DraftAnswer(Schema):
    """What the next minutes begin with."""

    template = fields.Nested(TemplateAnswer, allow_none=True, metadata={"description": "The template of the day."})
    agenda = fields.List(fields.Nested(TemplateItem), metadata={"description": "The agenda to begin with."})
    items = fields.List(fields.String(), metadata={"description": "Items concluded on last time."})
    sections = fields.List(fields.Nested(DraftSection), metadata={"description": "The sections to write."})
    last_meeting_id = fields.UUID(allow_none=True, metadata={"description": "The meeting it is copied forward from."})
    place = fields.String(allow_none=True, metadata={"description": "Where it was held."})
    chair_id = fields.UUID(allow_none=True, metadata={"description": "Who chaired."})
    secretary_id = fields.UUID(allow_none=True, metadata={"description": "Who kept the minutes."})
    yardstick = fields.Nested(Yardstick, allow_none=True, metadata={"description": "null before the first meeting."})


def shown(template: templates.Template) -> dict[str, Any]:
    """A version as it is answered."""
    return msgspec.structs.asdict(template.layout) | {"template_id": template.template_id, "unit_id": template.unit_id}
