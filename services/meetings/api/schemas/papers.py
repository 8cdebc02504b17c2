"""What the doors of papers take and give."""

from typing import Any, ClassVar

from marshmallow import fields, validate

from services.meetings.api.schemas.bodies import line
from services.meetings.api.schemas.typed import Typed
from services.meetings.domain.paper import KINDS
from services.meetings.papers import making
from shared.http.blueprint import Schema

_MEMBER = "0197b6c0-0000-7000-8000-000000000101"
_KINDS = (
    "minutes (biên bản), resolution (nghị quyết), conclusion_notice (thông báo kết luận), score_sheet (phiếu điểm)."
)


def _kind() -> fields.String:
    return fields.String(
        required=True,
        validate=validate.OneOf(KINDS),
        metadata={"description": _KINDS, "example": "minutes"},
    )


class PaperIssueBody(Schema):
    """Which paper to issue."""

    kind = _kind()


class PaperOrder(Typed):
    """Which paper to make into a file, and what this service does not keep: nothing of it is stored."""

    struct: ClassVar[Any] = making.Order
    kind = _kind()
    format = fields.String(
        required=True,
        validate=validate.OneOf(("docx", "pdf")),
        metadata={"description": "docx or pdf.", "example": "pdf"},
    )
    names = fields.Dict(
        keys=fields.UUID(),
        values=fields.String(validate=validate.Length(0, making.LONGEST_NAME)),
        validate=validate.Length(0, making.MOST_NAMES),
        metadata={
            "description": "Names by member id, as registry gave them to the reader; more than are needed do no harm.",
            "example": {_MEMBER: "Nguyễn Văn A"},
        },
    )
    blank = fields.Boolean(
        metadata={"description": "Leave dots where a name is missing, to be filled in by hand.", "example": True}
    )
    draft = fields.Boolean(
        metadata={
            "description": "Make a draft (dự thảo) of what is recorded now, without number and check code.",
            "example": True,
        }
    )
    superior = line("Instead of the superior's name as known here.", "Đảng bộ xã Ia Băng", allow_none=True)
    branch = line("Instead of the branch's name as known here.", "Chi bộ thôn 1", allow_none=True)
    place = line("The place beside the date; by default from the superior's name.", "Ia Băng", allow_none=True)
    recipients = fields.List(
        fields.String(validate=validate.Length(1, making.LONGEST_NAME)),
        validate=validate.Length(0, 20),
        metadata={
            "description": "Nơi nhận; by default the superior, the members, the file.",
            "example": ["Lưu chi bộ"],
        },
    )


class PaperIssue(Schema):
    """A paper as it was issued."""

    hash = fields.String(metadata={"description": "SHA-256 of the signed content; printed on the paper."})
    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    kind = fields.String(metadata={"description": _KINDS})
    sign = fields.String(
        allow_none=True,
        metadata={"description": "Its number (số, ký hiệu); null: not numbered.", "example": "05-NQ/CB"},
    )
    number = fields.Integer(allow_none=True, metadata={"description": "The figure in it."})
    term = fields.Date(metadata={"description": "First day of the term it is numbered in."})
    day = fields.Date(metadata={"description": "The day it carries."})
    correction = fields.Integer(
        metadata={"description": "0: the first issue; then one more with each correction (đính chính), same number."}
    )
    revision = fields.Integer(metadata={"description": "The revision of the minutes it was made of."})
    issued_at = fields.AwareDateTime(metadata={"description": "When."})
    issued_by = fields.String(metadata={"description": "The subject of the token that issued it."})
    latest = fields.Boolean(metadata={"description": "Whether the minutes still say what it says."})


class PaperIssues(Schema):
    """Every issue of a meeting's papers, the newest of each kind first."""

    items = fields.List(fields.Nested(PaperIssue), metadata={"description": "The issues."})


class CheckQuery(Schema):
    """`?hash=`"""

    hash = fields.String(
        required=True,
        validate=validate.Regexp("^[0-9a-f]{64}$"),
        metadata={"description": "The code printed on the paper.", "example": "0" * 64},
    )


class PaperCheck(PaperIssue):
    """What a code stands for."""

    intact = fields.Boolean(metadata={"description": "Whether what is kept of the content still has this SHA-256."})
    starts_at = fields.AwareDateTime(metadata={"description": "When the meeting started."})
    meeting_kind = fields.String(metadata={"description": "regular, thematic, committee or extraordinary."})
    meeting_revision = fields.Integer(metadata={"description": "The revision the minutes are at now."})


class Term(Schema):
    """A term (nhiệm kỳ) of the branch's committee: papers number continuously within it."""

    name = line("Its name.", "Nhiệm kỳ 2025–2027", required=True)
    first_day = fields.Date(required=True, metadata={"description": "Its first day.", "example": "2025-05-20"})
    last_day = fields.Date(
        load_default=None,
        allow_none=True,
        metadata={"description": "Its last day; null: still running.", "example": "2027-05-19"},
    )


class Terms(Schema):
    """All terms of a branch's committee, in the order of time."""

    terms = fields.List(
        fields.Nested(Term),
        required=True,
        validate=validate.Length(0, 200),
        metadata={"description": "The terms; they replace those kept."},
    )
