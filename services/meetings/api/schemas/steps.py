"""Bodies and answers of the steps around a meeting: postponement, notices, documents, scores of others, roll call."""

from typing import Any, ClassVar

from marshmallow import fields

from services.meetings.api.schemas.bodies import Points
from services.meetings.api.schemas.parts import MEMBER, OTHER, count, in_years, line, one_of, text
from services.meetings.api.schemas.typed import Typed
from services.meetings.domain import notices, rollcall
from shared.http.blueprint import Schema


class Postponement(Schema):
    """A meeting put off."""

    reason = line("Why.", "Bão số 12", required=True)
    starts_at = fields.AwareDateTime(
        load_default=None,
        allow_none=True,
        validate=in_years,
        metadata={"description": "To when; null: not known yet.", "example": "2025-11-08T19:30:00+07:00"},
    )


class Official(Points):
    """The superior's score."""

    remarks = text("What the superior remarks.", "Cần giao việc cụ thể hơn.", load_default="")


class Visit(Schema):
    """Whether the superior who follows the branch came."""

    present = fields.Boolean(required=True, metadata={"description": "Whether they came.", "example": True})
    remarks = text("What they remark.", "Thảo luận sôi nổi; tài liệu còn muộn.", load_default="")


class NoticeBody(Schema):
    """What members are told beside time and place."""

    content = text("Content and agenda.", "Sinh hoạt thường kỳ tháng 11; nghiên cứu dự thảo nghị quyết.", required=True)


class Notice(NoticeBody):
    """A notice as it was sent."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    kind = fields.String(metadata={"description": "call (of the meeting) or conclusion."})
    version = fields.Integer(metadata={"description": "One more each time it was sent again with other words."})
    starts_at = fields.AwareDateTime(metadata={"description": "When the meeting starts."})
    place = fields.String(metadata={"description": "Where."})
    member_ids = fields.List(fields.UUID(), metadata={"description": "The members it went to."})
    superior_ids = fields.List(fields.UUID(), metadata={"description": "The superior who follows the branch."})
    sent_at = fields.AwareDateTime(metadata={"description": "When it was sent."})
    sent_by = fields.String(metadata={"description": "The subject of the token that sent it."})


class Document(Typed):
    """A document for the meeting. Nothing secret or restricted is distributed."""

    struct: ClassVar[Any] = notices.Document
    kind = one_of("What it is.", ("draft_resolution", "discussion_guide", "other"), required=True)
    title = line("Its title.", "Dự thảo nghị quyết tháng 11", required=True)
    classification = line(
        "open (thường), internal (nội bộ); restricted (hạn chế), secret (mật), top_secret (tối mật) and "
        "absolute_secret (tuyệt mật) are refused.",
        "open",
        required=True,
    )
    attachment_id = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "The attachment it is.", "example": None}
    )


class Distributed(Schema):
    """A document that was handed out."""

    document_id = fields.UUID(metadata={"description": "The document."})
    kind = fields.String(metadata={"description": "draft_resolution, discussion_guide or other."})
    title = fields.String(metadata={"description": "Its title."})
    classification = fields.String(metadata={"description": "open or internal."})
    attachment_id = fields.UUID(allow_none=True, metadata={"description": "The attachment it is."})
    sent_at = fields.AwareDateTime(metadata={"description": "When it was handed out as it is."})
    sent_by = fields.String(metadata={"description": "The subject of the token that did."})


class Documents(Schema):
    """The documents of a meeting."""

    items = fields.List(fields.Nested(Distributed), metadata={"description": "In the order of handing out."})


class Receipt(Schema):
    """What the bearer of the token has opened."""

    what = line("call, conclusion, or the id of a document.", "call", required=True)


class Opened(Schema):
    """Who opened one notice or document, and who has not."""

    what = fields.String(metadata={"description": "call, conclusion, or a document's id."})
    opened = fields.Dict(
        keys=fields.String(), values=fields.AwareDateTime(), metadata={"description": "By member id: when, first."}
    )
    unread = fields.List(fields.UUID(), metadata={"description": "Who was told and has not opened it."})


class Receipts(Schema):
    """Who has opened what."""

    items = fields.List(fields.Nested(Opened), metadata={"description": "Notices first, then documents."})


class Code(Schema):
    """A roll-call code for the chair's screen."""

    code = fields.String(metadata={"description": "What the QR code says."})
    expires_at = fields.AwareDateTime(metadata={"description": "Until when it may be redeemed."})
    svg = fields.String(metadata={"description": "The QR code as SVG."})


class Redeem(Schema):
    """A code from the chair's screen."""

    code = fields.String(
        required=True, metadata={"description": "What the QR code says.", "example": "AZe2wAAAcACAAAAAAAACAQ"}
    )


class Arrival(Schema):
    """Who redeemed a code."""

    meeting_id = fields.UUID(metadata={"description": "The meeting."})
    member_id = fields.UUID(metadata={"description": "Who."})
    at = fields.AwareDateTime(metadata={"description": "When."})


class Arrivals(Schema):
    """Everybody who redeemed a code so far."""

    items = fields.List(fields.Nested(Arrival), metadata={"description": "In the order of coming."})


class _Reason(Schema):
    """Why a member is absent."""

    member_id = fields.UUID(required=True, metadata={"description": "Who.", "example": OTHER})
    reason = line("Why.", "Ốm", load_default=None, allow_none=True)


class Closing(Typed):
    """How a roll call by code is closed: who owed attendance, and neither redeemed a code nor is named, is absent."""

    struct: ClassVar[Any] = rollcall.Closing
    by_hand = fields.List(fields.UUID(), metadata={"description": "Came without a code.", "example": [MEMBER]})
    late = fields.List(fields.UUID(), metadata={"description": "Came late.", "example": []})
    reasons = fields.List(fields.Nested(_Reason), metadata={"description": "The reasons of those absent."})
    guests = count("How many guests came.")
