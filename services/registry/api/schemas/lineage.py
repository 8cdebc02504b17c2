"""Where units come from and go, at the doors."""

from typing import get_args

from marshmallow import fields

from services.registry.domain.lineage import How
from shared.http.blueprint import Schema


class EdgeShown(Schema):
    """One unit that became, or became a part of, another."""

    from_unit = fields.UUID(metadata={"description": "The unit it was."})
    from_code = fields.String(metadata={"description": "That unit's code."})
    from_name = fields.String(metadata={"description": "That unit's name on the day before."})
    to_unit = fields.UUID(metadata={"description": "The unit it became."})
    to_code = fields.String(metadata={"description": "That unit's code."})
    to_name = fields.String(metadata={"description": "That unit's name on the day."})
    on_day = fields.Date(metadata={"description": "From this day."})
    how = fields.String(metadata={"description": "merged or split.", "enum": list(get_args(How))})
    decision_id = fields.UUID(metadata={"description": "By this decision."})
    number = fields.String(metadata={"description": "That decision's number."})


class LineageShown(Schema):
    """What a unit came from and became, over all generations."""

    came_from = fields.List(fields.Nested(EdgeShown), metadata={"description": "The latest first."})
    became = fields.List(fields.Nested(EdgeShown), metadata={"description": "The earliest first."})
