"""Targets, villages and discipline as the read API gives them."""

from typing import get_args

from marshmallow import fields, validate

from services.evaluation.api.schemas.figures import A_UNIT, PeriodQuery
from services.evaluation.domain.targets import Direction, Standing
from shared.http.blueprint import Schema

_ON = {"description": "The day the answer is about; today when left out.", "example": "2025-06-30"}


class DayQuery(Schema):
    """`?on=`"""

    on = fields.Date(load_default=None, metadata=_ON)


class TargetsQuery(DayQuery):
    """`?year=&on=`"""

    year = fields.Integer(
        load_default=None,
        validate=validate.Range(1930, 2200, error="Năm từ {min} đến {max}. / A year from {min} to {max}."),
        metadata={"description": "The year of the targets; that of the day when left out.", "example": 2025},
    )


class DisciplineQuery(PeriodQuery):
    """`?period=`"""


class TargetFigure(Schema):
    """A target against its plan and against the time that is over."""

    target_id = fields.UUID(metadata={"description": "The target."})
    unit_id = fields.UUID(metadata={"description": "The unit that is to reach it."})
    year = fields.Integer(metadata={"description": "The year."})
    kind = fields.String(metadata={"description": "Its kind, by the registry's dated rule."})
    measure = fields.String(metadata={"description": "What its value counts: members, inspections, percent, …"})
    direction = fields.String(
        metadata={"description": "Whether more or less is better.", "enum": list(get_args(Direction))}
    )
    value = fields.Float(metadata={"description": "What is to be reached."})
    due_on = fields.Date(metadata={"description": "By when."})
    part_of = fields.UUID(allow_none=True, metadata={"description": "The target above that this one is a part of."})
    reached = fields.Float(
        allow_none=True,
        metadata={"description": "By the unit's own newest report, else by its parts together; null: nothing is told."},
    )
    own_report = fields.Boolean(metadata={"description": "Whether the unit reported itself."})
    reported_on = fields.Date(allow_none=True, metadata={"description": "The day of its own newest report."})
    parts = fields.Integer(metadata={"description": "The lowest parts the target is broken down to."})
    parts_reporting = fields.Integer(metadata={"description": "Of these, those of which something is told."})
    share_of_plan = fields.Float(allow_none=True, metadata={"description": "Reached of the plan; 1: all of it."})
    share_of_time = fields.Float(metadata={"description": "Of the time from 1 January to the day it is due."})
    standing = fields.String(
        allow_none=True,
        metadata={
            "description": "At least: reached, or ahead of or behind the time. At most: within, or exceeded.",
            "enum": [*get_args(Standing), None],
        },
    )


class TargetFigures(Schema):
    """The targets of a unit and year."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    year = fields.Integer(metadata={"description": "The year."})
    on = fields.Date(metadata={"description": "The day."})
    items = fields.List(fields.Nested(TargetFigure), metadata={"description": "By kind."})


class HeadsFigure(Schema):
    """Village heads."""

    member = fields.Integer(metadata={"description": "Heads who are members."})
    not_member = fields.Integer(metadata={"description": "Heads who are none."})
    vacant = fields.Integer(metadata={"description": "Villages without a head."})
    share = fields.Float(allow_none=True, metadata={"description": "Members among the heads there are."})


class VillagesFigure(Schema):
    """How far branches reach the villages of a subtree."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    on = fields.Date(metadata={"description": "The day."})
    villages = fields.Integer(metadata={"description": "Villages of the subtree."})
    own_branch = fields.Integer(metadata={"description": "Those with a branch of their own."})
    sharing = fields.Integer(metadata={"description": "Those that share one with another village."})
    without_branch = fields.Integer(metadata={"description": "Those without one (trắng chi bộ)."})
    share_covered = fields.Float(allow_none=True, metadata={"description": "Villages with a branch of all."})
    heads = fields.Nested(HeadsFigure, metadata={"description": "Their heads."})


class DisciplineFigure(Schema):
    """Members disciplined."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    first = fields.Date(metadata={"description": "The first day."})
    last = fields.Date(metadata={"description": "The last day."})
    members = fields.Integer(metadata={"description": "Members of its branches who were disciplined."})


SOME_TARGETS = {
    "unit_id": A_UNIT,
    "year": 2025,
    "on": "2025-06-30",
    "items": [
        {
            "target_id": "0197b6c0-0000-7000-8000-0000000000e1",
            "unit_id": A_UNIT,
            "year": 2025,
            "kind": "new_members",
            "measure": "members",
            "direction": "at_least",
            "value": 1200.0,
            "due_on": "2025-12-15",
            "part_of": None,
            "reached": 684.0,
            "own_report": False,
            "reported_on": None,
            "parts": 17,
            "parts_reporting": 16,
            "share_of_plan": 0.57,
            "share_of_time": 0.5186,
            "standing": "ahead",
        }
    ],
}
SOME_VILLAGES = {
    "unit_id": A_UNIT,
    "on": "2025-06-30",
    "villages": 2161,
    "own_branch": 1807,
    "sharing": 248,
    "without_branch": 106,
    "share_covered": 0.9509,
    "heads": {"member": 1190, "not_member": 940, "vacant": 31, "share": 0.5587},
}
SOME_DISCIPLINE = {"unit_id": A_UNIT, "first": "2025-01-01", "last": "2025-06-30", "members": 12}
