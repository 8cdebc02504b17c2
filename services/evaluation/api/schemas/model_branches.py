"""Model branches at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.evaluation.api.schemas import committees
from services.evaluation.api.schemas.committees import A_MODEL, A_SUPERIOR, A_UNIT
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_CHOICE: Final[dict[str, Any]] = {
    "model_id": A_MODEL,
    "unit_id": A_UNIT,
    "chosen_by": A_SUPERIOR,
    "valid_from": "2025-01-01",
    "valid_to": "2026-01-01",
    "reason": "Chỉ đạo điểm sinh hoạt chuyên đề",
    "citation": "Kế hoạch 07-KH/HU",
}


class ModelNew(Schema):
    """A branch chosen as a model."""

    model_id = committees.new_id("choice", A_MODEL)
    unit_id = committees.unit("The branch.")
    chosen_by = committees.unit("The committee that chooses: one above the branch.", A_SUPERIOR)
    valid_from = committees.day("Its first day as a model branch.", "2025-01-01")
    valid_to = committees.day("The first day no longer; null: until it is ended.", "2026-01-01", required=False)
    reason = committees.text("Why this branch.", "Chỉ đạo điểm sinh hoạt chuyên đề")
    citation = committees.text("Where it stands.", "Kế hoạch 07-KH/HU")


class ModelEnd(Schema):
    """It is a model branch no longer."""

    ended_on = committees.day("The first day no longer.", "2025-07-01")
    reason = committees.text("Why.", "Đã tổng kết mô hình")


class ModelsQuery(PageQuery):
    """`?on=&limit=&cursor=`"""

    on = committees.day("Only those in force on this day; every one when left out.", "2025-06-30", required=False)


class ModelShown(Schema):
    """A choice of a model branch."""

    model_id = fields.UUID(metadata={"description": "The choice."})
    unit_id = fields.UUID(metadata={"description": "The branch."})
    chosen_by = fields.UUID(metadata={"description": "The committee that chose it."})
    version = fields.Integer(metadata={"description": "Grows with each change; also the ETag."})
    valid_from = fields.Date(metadata={"description": "From."})
    valid_to = fields.Date(allow_none=True, metadata={"description": "The first day no longer."})
    reason = fields.String(metadata={"description": "Why."})
    citation = fields.String(metadata={"description": "Where it stands."})
    ended_on = fields.Date(allow_none=True, metadata={"description": "When it was ended before its time."})
    end_reason = fields.String(allow_none=True, metadata={"description": "Why."})


class ModelPage(committees.CommitteeCursor):
    """Model branches, a page of them."""

    items = fields.List(fields.Nested(ModelShown), metadata={"description": "The newest first."})
