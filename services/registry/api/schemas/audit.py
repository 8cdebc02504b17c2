"""The audit trail at its door."""

from typing import get_args

from marshmallow import fields

from services.registry.api.schemas.common import Cursor
from services.registry.domain.audit import Subject
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

SUBJECTS = get_args(Subject)


class AuditQuery(PageQuery):
    """`?subject_id=&unit_id=&decision_id=&from=&to=&limit=&cursor=`"""

    subject_id = fields.UUID(
        load_default=None, metadata={"description": "Only what was done to this unit, member, village, target…"}
    )
    unit_id = fields.UUID(
        load_default=None, metadata={"description": "Only what was done in this unit and below it, as of today."}
    )
    decision_id = fields.UUID(load_default=None, metadata={"description": "Only what this decision ordered."})
    since = fields.Date(
        data_key="from", load_default=None, metadata={"description": "The first day.", "example": "2025-06-01"}
    )
    until = fields.Date(
        data_key="to", load_default=None, metadata={"description": "The day after the last.", "example": "2025-07-01"}
    )


class RecordedShown(Schema):
    """One change."""

    audit_id = fields.Integer(metadata={"description": "The record's number; later ones are greater."})
    at = fields.AwareDateTime(metadata={"description": "When it was recorded."})
    actor = fields.String(metadata={"description": "Who: the opaque subject of the token."})
    request_id = fields.String(metadata={"description": "X-Request-Id of the request that did it."})
    decision_id = fields.UUID(allow_none=True, metadata={"description": "The decision that ordered it."})
    action = fields.String(metadata={"description": "What was done.", "example": "unit.changed"})
    subject = fields.String(metadata={"description": "What it was done to.", "enum": list(SUBJECTS)})
    subject_id = fields.UUID(metadata={"description": "Its id."})
    unit_id = fields.UUID(allow_none=True, metadata={"description": "The unit whose readers may read of it."})
    before = fields.Raw(allow_none=True, metadata={"description": "What it was, without personal data; null: new."})
    after = fields.Raw(allow_none=True, metadata={"description": "What it became, without personal data."})


class AuditPage(Cursor):
    """The audit trail, a page of it."""

    items = fields.List(fields.Nested(RecordedShown), metadata={"description": "The newest first."})
