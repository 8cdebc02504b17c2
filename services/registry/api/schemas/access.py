"""The log of access at the doors."""

from marshmallow import fields

from services.registry.api.schemas.common import Cursor
from shared.http.blueprint import Schema


class AccessShown(Schema):
    """One reading of a member's personal data."""

    at = fields.AwareDateTime(metadata={"description": "When."})
    actor = fields.String(metadata={"description": "Who: the token's opaque subject."})
    request_id = fields.String(metadata={"description": "In which request; it is in the logs."})
    door = fields.String(metadata={"description": "Through which door."})
    purpose = fields.String(metadata={"description": "What for."})
    unit_id = fields.UUID(allow_none=True, metadata={"description": "The unit that was asked about."})


class AccessPage(Cursor):
    """Readings, a page of them."""

    items = fields.List(fields.Nested(AccessShown), metadata={"description": "The latest first."})
