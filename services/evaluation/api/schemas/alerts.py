"""Alerts at the doors."""

from typing import Final, get_args

from marshmallow import fields, validate

from services.evaluation.domain.alerts.reconcile import State
from services.evaluation.domain.alerts.rules import RULE_NAMES
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

_RULE: Final = "The rule (docs/alerts.md)."
_STATES: Final = get_args(State)


class AlertsQuery(PageQuery):
    """`?state=&rule=&limit=&cursor=`"""

    state = fields.String(
        validate=validate.OneOf(_STATES),
        metadata={
            "description": "begun: it holds; ceased: it held; withdrawn: it never should have begun. All when left out."
        },
    )
    rule = fields.String(validate=validate.OneOf(RULE_NAMES), metadata={"description": f"{_RULE} All when left out."})


class BothLanguages(Schema):
    """A sentence in Vietnamese and English."""

    vi = fields.String(required=True, metadata={"description": "In Vietnamese."})
    en = fields.String(required=True, metadata={"description": "In English."})


class AlertUnit(Schema):
    """The unit an alert is about."""

    unit_id = fields.UUID(required=True, metadata={"description": "The unit."})
    code = fields.String(required=True, metadata={"description": "Its code."})
    name = fields.String(
        required=True, metadata={"description": "Its name when the alert began.", "example": "Chi bộ thôn Hoà Bình"}
    )


class DecidingMonth(Schema):
    """One month that decided, with the numbers it was judged by."""

    period = fields.String(required=True, metadata={"description": "The local month.", "example": "2026-06"})
    facts = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "The rule's own numbers.",
            "example": {"owed": 20, "present": 13, "begin_percent": 80},
        },
    )


class AlertShown(Schema):
    """A rule that holds or held for a unit, and why."""

    alert_id = fields.UUID(required=True, attribute="alert.alert_id", metadata={"description": "The alert."})
    version = fields.Integer(required=True, attribute="alert.version", metadata={"description": "Grows with a change."})
    rule = fields.String(
        required=True,
        attribute="alert.rule",
        validate=validate.OneOf(RULE_NAMES),
        metadata={"description": _RULE, "example": "attendance_falling"},
    )
    unit = fields.Nested(AlertUnit, required=True, metadata={"description": "The unit it is about."})
    state = fields.String(
        required=True,
        attribute="alert.state",
        validate=validate.OneOf(_STATES),
        metadata={"description": "Whether it holds.", "example": "begun"},
    )
    since = fields.String(
        required=True,
        attribute="alert.since",
        metadata={"description": "The month it began with.", "example": "2026-06"},
    )
    until = fields.String(
        required=True,
        allow_none=True,
        attribute="alert.until",
        metadata={"description": "The month it ceased with; null: it has not."},
    )
    title = fields.Nested(BothLanguages, required=True, metadata={"description": "What it is about, in a line."})
    reason = fields.Nested(
        BothLanguages, required=True, metadata={"description": "Why it began, and how it ended if it has."}
    )
    source = fields.String(required=True, metadata={"description": "The rule's issuer and citation."})
    rule_from = fields.Date(
        required=True, attribute="alert.rule_from", metadata={"description": "From when that version is in force."}
    )
    began = fields.List(
        fields.Nested(DecidingMonth),
        required=True,
        attribute="alert.began",
        metadata={"description": "The months that made it begin."},
    )
    ended = fields.List(
        fields.Nested(DecidingMonth),
        required=True,
        attribute="alert.ended",
        metadata={"description": "The months that made it cease."},
    )
    begun_at = fields.AwareDateTime(required=True, metadata={"description": "When it was found to have begun."})
    ended_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"description": "When it was found to have ended; null: it holds."}
    )


class AlertPage(Schema):
    """A page of alerts, the newest first."""

    items = fields.List(fields.Nested(AlertShown), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "Where the next page begins; null: the end."}
    )
