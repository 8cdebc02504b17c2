"""What the stream of changes takes and gives."""

from typing import Final

import marshmallow
from marshmallow import fields, validate

from shared.http.blueprint import Schema

EVENTS: Final = {"type": "string", "description": "text/event-stream"}


class ChangesQuery(Schema):
    """`?depth=`"""

    depth = fields.String(
        load_default="subtree",
        validate=validate.OneOf(["unit", "children", "subtree"]),
        metadata={"description": "The unit alone, with the units directly below, or all below.", "example": "children"},
    )


class ResumeHeader(Schema):
    """`Last-Event-ID:`"""

    class Meta:
        unknown = marshmallow.EXCLUDE

    since = fields.Integer(
        load_default=None,
        data_key="Last-Event-ID",
        validate=validate.Range(0, 2**63 - 1),
        metadata={"description": "The id of the last event that was read; what came after it is told first."},
    )
