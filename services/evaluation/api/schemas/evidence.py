"""What the doors of evidence give."""

from marshmallow import fields

from services.evaluation.api.schemas.figures import A_UNIT
from shared.http.blueprint import Schema


class SentenceSchema(Schema):
    """A sentence in both languages."""

    vi = fields.String(metadata={"description": "In Vietnamese.", "example": "Báo cáo chậm 2 ngày: hạn 5/6/2025, …"})
    en = fields.String(metadata={"description": "In English.", "example": "Reported 2 days late: due 5/6/2025, …"})


class CitationSchema(Schema):
    """The dated rule a row was counted by."""

    rule = fields.String(metadata={"description": "Its stable name.", "example": "report_within_days"})
    issuer = fields.String(metadata={"description": "Who issued it."})
    citation = fields.String(metadata={"description": "Where it stands.", "example": "HD 42-HD/BTCTW"})
    valid_from = fields.Date(metadata={"description": "Its first day."})
    valid_to = fields.Date(
        allow_none=True, metadata={"description": "The day from which it is no longer; null: still."}
    )


class EvidenceSchema(Schema):
    """A meeting, a task, or a branch and month, and what it counts for."""

    kind = fields.String(metadata={"description": "meeting, task or branch.", "example": "meeting"})
    id = fields.UUID(metadata={"description": "Of the meeting (its minutes), the task or the branch."})
    branch_id = fields.UUID(metadata={"description": "The branch."})
    branch_code = fields.String(metadata={"description": "Its code."})
    branch_name = fields.String(metadata={"description": "Its name at the month's end."})
    month = fields.String(metadata={"description": "The month it is counted in.", "example": "2025-06"})
    day = fields.Date(allow_none=True, metadata={"description": "The day of the meeting, or on which the task is due."})
    contributed = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={
            "description": "What it adds to each count the figure is made of; over all rows these add up to it.",
            "example": {"present": 12, "owed": 14},
        },
    )
    why = fields.Nested(SentenceSchema, metadata={"description": "Why it counts so."})
    rule = fields.Nested(CitationSchema, allow_none=True, metadata={"description": "The rule in force on its day."})


class EvidencePage(Schema):
    """What stands behind a figure, a page of it."""

    unit_id = fields.UUID(metadata={"description": "The unit.", "example": A_UNIT})
    period = fields.String(metadata={"description": "The period."})
    figure = fields.String(metadata={"description": "The figure.", "example": "attendance_rate"})
    vi = fields.String(metadata={"description": "Its name in Vietnamese."})
    en = fields.String(metadata={"description": "Its meaning in English."})
    formula = fields.String(allow_none=True, metadata={"description": "How its counts make it; null for a count."})
    value = fields.Float(allow_none=True, metadata={"description": "What it is."})
    terms = fields.List(
        fields.String(),
        metadata={
            "description": "The counts it is made of, as `contributed` names them.",
            "example": ["present", "owed"],
        },
    )
    items = fields.List(fields.Nested(EvidenceSchema), metadata={"description": "By month and code of the branch."})
    next_cursor = fields.String(allow_none=True, metadata={"description": "Where the next page begins; null: the end."})
