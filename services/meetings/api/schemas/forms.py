"""Score forms."""

from typing import Any

from marshmallow import fields, validate

from shared.http.blueprint import Schema

_RUBRIC = "0197b6c0-0000-7000-8000-00000000f042"
_GROUPS: list[dict[str, Any]] = [
    {"code": "time", "vi": "Thời gian, thời lượng", "en": "Time and duration", "max": 5},
    {"code": "attendance", "vi": "Số lượng dự họp", "en": "Attendance", "max": 5},
]
_GRADES: list[dict[str, Any]] = [
    {"grade": "good", "at_least": 90, "above": None, "at_most": None, "below": None},
    {"grade": "fair", "at_least": 70, "above": None, "at_most": None, "below": 90},
]


def _text(description: str, example: str) -> fields.String:
    return fields.String(metadata={"description": description, "example": example})


class FormGroup(Schema):
    """A group of the form."""

    code = _text("How points name it.", "conduct")
    vi = _text("Its name.", "Tiến hành sinh hoạt")
    en = _text("The same in English.", "Conduct")
    max = fields.Float(metadata={"description": "The most points it is given.", "example": 40})


def _end(description: str, example: float | None) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"description": description, "example": example})


class FormGrade(Schema):
    """The grade of sums of points in a range."""

    grade = fields.String(
        validate=validate.OneOf(("good", "fair", "average", "weak")),
        metadata={"description": "The grade, before what the rubric asks beyond the sum.", "example": "fair"},
    )
    at_least = _end("From here on.", 70)
    above = _end("Above this.", None)
    at_most = _end("Up to here.", None)
    below = _end("Below this.", 90)


class ScoreFrame(Schema):
    """What a meeting is scored by: a rubric in force for the branch, or the dated rule where there is none."""

    name = _text("How points that were given by it name it.", f"{_RUBRIC}/1")
    vi = _text("Its name.", "Khung theo Hướng dẫn 42")
    en = _text("The same in English.", "Frame of Hướng dẫn 42")
    source = _text(
        "Who issued it and where it stands.", "Ban Tổ chức Trung ương, Hướng dẫn 42-HD/BTCTW ngày 28/10/2025"
    )
    rubric_id = fields.UUID(allow_none=True, metadata={"description": "Null: a dated rule.", "example": _RUBRIC})
    rubric_version = fields.Integer(allow_none=True, metadata={"description": "Of the rubric.", "example": 1})
    groups = fields.List(
        fields.Nested(FormGroup), metadata={"description": "In the order of the sheet.", "example": _GROUPS}
    )
    grades = fields.List(
        fields.Nested(FormGrade),
        metadata={
            "description": "Its bands of grades, else those of the day's rules; none: no rule is known.",
            "example": _GRADES,
        },
    )
    max = fields.Float(metadata={"description": "What the groups come to.", "example": 100})


class ScoreForm(Schema):
    """The form a meeting's points are given on."""

    meeting_id = fields.UUID(
        metadata={"description": "The meeting.", "example": "0197b6c0-0000-7000-8000-000000000201"}
    )
    version = fields.Integer(metadata={"description": "Its version, to base a score on.", "example": 3})
    day = fields.Date(metadata={"description": "Its local day.", "example": "2025-11-03"})
    kind = _text("Its kind.", "regular")
    frame = fields.Nested(
        ScoreFrame,
        allow_none=True,
        metadata={"description": "Null: no frame is known for the day; leave the score out."},
    )
    points = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        allow_none=True,
        metadata={"description": "The branch's own points, by group; null before.", "example": None},
    )
    points_frame = fields.String(
        allow_none=True,
        metadata={
            "description": "By which frame they were given: another than `frame` when a rubric came in force since.",
            "example": None,
        },
    )
