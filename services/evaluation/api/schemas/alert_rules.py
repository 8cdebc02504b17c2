"""Rules of alerts at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.evaluation.api.schemas import committees
from services.evaluation.domain.alerts.rules import RULE_NAMES
from shared.http.blueprint import Schema

_RULE: Final = "The rule (docs/alerts.md)."
_REJUDGE: Final = "Judge months that are over anew: alerts may be withdrawn, others begin."
A_RULE: Final[dict[str, Any]] = {
    "name": "attendance_falling",
    "valid_from": "2027-01-01",
    "value": {
        "months_before": 3,
        "least_owed": 5,
        "fall_points": 10,
        "begin_percent": 85,
        "cease_percent": 90,
        "begin_after": 2,
        "cease_after": 2,
    },
    "issuer": "Ban Tổ chức Tỉnh uỷ",
    "citation": "Công văn 123-CV/BTCTU",
}


class AlertRuleGiven(Schema):
    """A version of a rule to be entered."""

    name = committees.one_of(RULE_NAMES, _RULE)
    valid_from = committees.day("For months that end on this day or later.", "2027-01-01")
    valid_to = committees.day(
        "For months that end before this day; null: still. After it the rule does not hold.",
        "2028-01-01",
        required=False,
    )
    value = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "Its bars and minimum counts.", "example": A_RULE["value"]},
    )
    issuer = committees.text("Who set it.", "Ban Tổ chức Tỉnh uỷ")
    citation = committees.text("Where it is written.", "Công văn 123-CV/BTCTU")
    rejudge = fields.Boolean(load_default=False, metadata={"description": _REJUDGE, "example": False})


class AlertRuleEnd(Schema):
    """On which day a rule ends."""

    valid_to = committees.day("Months that end on this day or later are not judged by it.", "2027-06-01")
    rejudge = fields.Boolean(load_default=False, metadata={"description": _REJUDGE, "example": False})


class AlertRuleVersion(Schema):
    """One version of a rule of alerts."""

    name = fields.String(required=True, metadata={"description": _RULE, "example": "no_meeting"})
    valid_from = fields.Date(required=True, metadata={"description": "For months that end on this day or later."})
    valid_to = fields.Date(
        required=True, allow_none=True, metadata={"description": "For months that end before this day; null: still."}
    )
    value = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "Its bars and minimum counts.", "example": {"begin_after": 2, "cease_after": 1}},
    )
    issuer = fields.String(required=True, metadata={"description": "Who set it."})
    citation = fields.String(required=True, metadata={"description": "Where it is written."})
