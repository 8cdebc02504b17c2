"""Transfers at the doors."""

from typing import Any, get_args

from marshmallow import ValidationError, fields, validates_schema

from services.registry.api import checks
from services.registry.api.schemas.common import A_BRANCH_2, A_TRANSFER, Cursor
from services.registry.domain.transfers import TransferKind, TransferState
from shared.errors import Fault, Text
from shared.http.blueprint import Schema


class TransferNew(Schema):
    """A transfer of a member."""

    transfer_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The id it shall have; a new one when left out.", "example": A_TRANSFER},
    )
    kind = checks.one_of(get_args(TransferKind), "official: for good; temporary: until the planned return.")
    to_unit_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The branch to go to; null with to_outside.", "example": A_BRANCH_2},
    )
    to_outside = fields.Boolean(
        load_default=False, metadata={"description": "Whether they go to a branch outside the suite.", "example": False}
    )
    paper_issued_on = fields.Date(
        required=True,
        validate=checks.day,
        metadata={"description": "The day the introduction paper was issued.", "example": "2025-03-03"},
    )
    paper_number = fields.String(
        load_default=None,
        allow_none=True,
        validate=checks.text(50),
        metadata={"description": "Number of the paper.", "example": "17-GT/ĐU"},
    )
    from_day = fields.Date(
        load_default=None,
        allow_none=True,
        validate=checks.day,
        metadata={
            "description": "The day they leave: the first day away of a temporary one; paper_issued_on when left out.",
            "example": "2025-03-03",
        },
    )
    planned_return_on = fields.Date(
        load_default=None,
        allow_none=True,
        validate=checks.day,
        metadata={"description": "Of a temporary one: the first day at home again.", "example": None},
    )
    received_on = fields.Date(
        load_default=None,
        allow_none=True,
        validate=checks.day,
        metadata={"description": "Of an official one received already: the first day there.", "example": None},
    )

    @validates_schema
    def one_way(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse both a branch and the outside, and neither."""
        if (data["to_unit_id"] is None) != data["to_outside"]:
            text = Text(
                "Nêu đúng một trong hai: to_unit_id, hoặc to_outside bằng true.",
                "Give one of the two: to_unit_id, or to_outside as true.",
            )
            raise ValidationError({"to_unit_id": [Fault("", "one-destination", text)]})
        if data["kind"] == "temporary" and data["received_on"] is not None:
            text = Text("Chỉ chuyển chính thức mới có ngày tiếp nhận.", "Only an official transfer has a receipt.")
            raise ValidationError({"received_on": [Fault("", "no-receipt", text)]})


class TransferReceived(Schema):
    """The receipt of an official transfer."""

    received_on = fields.Date(
        required=True,
        validate=checks.day,
        metadata={"description": "The first day in the receiving branch.", "example": "2025-03-20"},
    )


class TransferReturned(Schema):
    """The return from a temporary transfer."""

    returned_on = fields.Date(
        required=True,
        validate=checks.day,
        metadata={"description": "The first day at home again.", "example": "2025-09-01"},
    )


class TransferShown(Schema):
    """A transfer."""

    transfer_id = fields.UUID(metadata={"description": "The transfer's id."})
    member_id = fields.UUID(metadata={"description": "The member's id."})
    kind = fields.String(metadata={"description": "Kind.", "enum": list(get_args(TransferKind))})
    state = fields.String(metadata={"description": "What has become of it.", "enum": list(get_args(TransferState))})
    from_unit_id = fields.UUID(metadata={"description": "The branch they belong to."})
    to_unit_id = fields.UUID(allow_none=True, metadata={"description": "The branch to go to; null: outside."})
    from_day = fields.Date(metadata={"description": "The day they leave."})
    paper_issued_on = fields.Date(metadata={"description": "The day of the paper."})
    paper_number = fields.String(allow_none=True, metadata={"description": "Number of the paper."})
    planned_return_on = fields.Date(allow_none=True, metadata={"description": "The planned day of return."})
    ended_on = fields.Date(allow_none=True, metadata={"description": "Received, returned or cancelled on."})
    due_on = fields.Date(allow_none=True, metadata={"description": "By when the next step is due; null: over."})
    rule = fields.String(allow_none=True, metadata={"description": "The rule that says so."})
    source = fields.String(allow_none=True, metadata={"description": "The rule's issuer and citation."})


class TransferPage(Cursor):
    """Transfers, a page of them."""

    items = fields.List(fields.Nested(TransferShown), metadata={"description": "Open ones."})
