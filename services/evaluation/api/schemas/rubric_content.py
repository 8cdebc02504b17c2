"""What a rubric says, at the doors."""

from typing import Any, Final

from marshmallow import fields, validate

from services.evaluation.api.schemas.committees import text
from services.evaluation.domain.measures import CONDITIONS, MEASURES
from services.evaluation.domain.rubrics import GRADES
from shared.http.blueprint import Schema

_CODE = validate.Regexp(
    r"^[a-z][a-z0-9_]{0,39}(?![\s\S])", error="Mã gồm chữ thường a–z, số và _. / A code is a–z, digits and _."
)
_MEASURES: Final = ", ".join(MEASURES)
_CONDITIONS: Final = ", ".join(CONDITIONS)


def _points(description: str, *, required: bool = True) -> fields.Float:
    more: dict[str, Any] = {} if required else {"allow_none": True}
    return fields.Float(
        required=required, validate=validate.Range(0, 100), metadata={"description": description, "example": 5}, **more
    )


def _end(description: str, example: float) -> fields.Float:
    return fields.Float(
        allow_none=True,
        validate=validate.Range(-1_000_000, 1_000_000),
        metadata={"description": description, "example": example},
    )


def _code(description: str) -> fields.String:
    return fields.String(required=True, validate=_CODE, metadata={"description": description, "example": "attendance"})


def _word(description: str, choices: tuple[str, ...], *, required: bool = True) -> fields.String:
    return fields.String(
        required=required,
        validate=validate.OneOf(choices),
        metadata={"description": description, "example": choices[0]},
    )


class IntervalGiven(Schema):
    """A range of values; an end that is left out is open."""

    at_least = _end("From this value on.", 75)
    above = _end("Above this value.", 75)
    at_most = _end("Up to this value.", 90)
    below = _end("Below this value.", 90)


class BandGiven(IntervalGiven):
    """The points of a range of values."""

    points = _points("The points.")


class GradeGiven(IntervalGiven):
    """The sums of points a grade holds."""

    grade = _word("The grade: Tốt, Khá, Trung bình, Kém.", GRADES)


class ScoreGiven(Schema):
    """How a measure becomes points: `bands`; `yes_no` with `yes` and `no`; `line` from `none_at` to `all_at`."""

    how = _word("Which of the three.", ("bands", "yes_no", "line"))
    bands = fields.List(fields.Nested(BandGiven), metadata={"description": "Every value lies in exactly one."})
    yes = fields.Float(
        validate=validate.Range(0, 100), metadata={"description": "Points where it was so.", "example": 2}
    )
    no = fields.Float(
        validate=validate.Range(0, 100), metadata={"description": "Points where not; 0 if left out.", "example": 0}
    )
    none_at = _end("No points here and beyond.", 0)
    all_at = _end("All of the item's points here and beyond.", 100)


class OverrideGiven(Schema):
    """Points that take the place of the others where a second measure lies in a range."""

    measure = fields.String(
        required=True, metadata={"description": f"One of: {_MEASURES}.", "example": "duration_share"}
    )
    when = fields.Nested(IntervalGiven, required=True)
    points = _points("The points then.")


class EvidenceGiven(Schema):
    """How the system scores an item."""

    measure = fields.String(
        required=True, metadata={"description": f"One of: {_MEASURES}.", "example": "attendance_share"}
    )
    score = fields.Nested(ScoreGiven, required=True)
    overrides = fields.List(fields.Nested(OverrideGiven), metadata={"description": "The first that holds comes first."})


class ItemGiven(Schema):
    """One line of the sheet."""

    code = _code("Its code in its group.")
    vi = text("Its words in Vietnamese.", "Tỷ lệ dự họp")
    en = text("The same in English.", "Share present")
    max = _points("Its points.")
    by = _word("Who scores it; with both, people do and evidence stands beside.", ("evidence", "people", "both"))
    evidence = fields.Nested(
        EvidenceGiven, allow_none=True, metadata={"description": "How the system scores it; none with people."}
    )
    applies_when = fields.String(
        allow_none=True,
        metadata={"description": f"When it applies: {_CONDITIONS}; always if left out.", "example": "has_committee"},
    )
    otherwise = _word(
        "Where it does not apply: taken out and the rest of its group scaled, or given in full.",
        ("scale", "full"),
        required=False,
    )


class GroupGiven(Schema):
    """A group of items."""

    code = _code("Its code; people give points to it.")
    vi = text("Its words in Vietnamese.", "Số lượng dự họp")
    en = text("The same in English.", "Attendance")
    max = _points("The sum of its items.")
    items = fields.List(fields.Nested(ItemGiven), required=True, validate=validate.Length(1, 60))


class GateGiven(Schema):
    """A condition beyond the sum: `full_marks` (of), `member_disciplined`, `year_meetings` (every, count, reached)."""

    kind = _word("Which of the three.", ("full_marks", "member_disciplined", "year_meetings"))
    grade = _word("The grade it opens; with member_disciplined, the year's grade.", GRADES)
    of = fields.List(
        fields.String(),
        metadata={"description": "Groups, or items written group.item.", "example": ["attendance", "closing.minutes"]},
    )
    every = _word("What every regular meeting reaches.", GRADES, required=False)
    count = fields.Integer(metadata={"description": "How many meetings reach `reached`.", "example": 7})
    reached = _word("What so many meetings reach.", GRADES, required=False)


class DurationGiven(Schema):
    """How long a meeting lasts."""

    minutes = fields.Integer(
        required=True, validate=validate.Range(1, 600), metadata={"description": "In minutes.", "example": 90}
    )
    longer = fields.Integer(
        required=True,
        validate=validate.Range(1, 600),
        metadata={"description": "With a theme, or from so many members.", "example": 120},
    )
    from_members = fields.Integer(
        required=True,
        validate=validate.Range(1, 10_000),
        metadata={"description": "Members who owe attendance.", "example": 30},
    )


class ContentGiven(Schema):
    """What a rubric says."""

    vi = text("Its name in Vietnamese.", "Khung chấm điểm của phường")
    en = text("The same in English.", "The ward's frame")
    issuer = text("Whose word it is.", "Đảng uỷ phường")
    citation = text("Where it stands.", "Hướng dẫn 03-HD/ĐU ngày 15/11/2025")
    checked = fields.Boolean(
        required=True, metadata={"description": "Whether it was compared with the full text.", "example": False}
    )
    notes = fields.String(
        required=True,
        validate=validate.Length(max=4000),
        metadata={"description": "How gaps of the text were repaired; empty if it had none.", "example": ""},
    )
    sheet = _word("The kind of meeting it scores.", ("regular", "thematic"))
    duration = fields.Nested(DurationGiven, required=True)
    groups = fields.List(fields.Nested(GroupGiven), required=True, validate=validate.Length(1, 30))
    grades = fields.List(fields.Nested(GradeGiven), required=True, validate=validate.Length(1, 10))
    gates = fields.List(fields.Nested(GateGiven), validate=validate.Length(max=30))
