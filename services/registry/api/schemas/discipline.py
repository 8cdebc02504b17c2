"""Discipline of members at the doors."""

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas.common import A_DISCIPLINE
from shared.http.blueprint import Schema


class DisciplineGiven(Schema):
    """A member was disciplined."""

    discipline_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The id it shall have; a new one when left out.", "example": A_DISCIPLINE},
    )
    on = fields.Date(required=True, metadata={"description": "The day of the decision.", "example": "2026-03-04"})
    form = fields.String(
        required=True,
        validate=checks.text(40),
        metadata={"description": "A form in force on that day (GET /v1/discipline-forms).", "example": "reprimand"},
    )
    decision_number = fields.String(
        required=True,
        validate=checks.text(100),
        metadata={"description": "The decision's number and issuer; no name.", "example": "12-QĐ/UBKT"},
    )


class DisciplineKept(Schema):
    """A record without what it says: what doors that write answer with."""

    discipline_id = fields.UUID(metadata={"description": "Its id."})
    member_id = fields.UUID(metadata={"description": "The member."})
    on = fields.Date(metadata={"description": "The day of the decision."})
    withdrawn_at = fields.AwareDateTime(
        allow_none=True, metadata={"description": "When the record was taken back as a mistake; null: it stands."}
    )


class DisciplineShown(DisciplineKept):
    """One record of discipline."""

    form = fields.String(allow_none=True, metadata={"description": "The form; null once the member was erased."})
    decision_number = fields.String(
        allow_none=True, metadata={"description": "The decision; null once the member was erased."}
    )


class Disciplines(Schema):
    """All records of a member."""

    items = fields.List(fields.Nested(DisciplineShown), metadata={"description": "The latest day first."})


class FormShown(Schema):
    """A form of discipline."""

    form = fields.String(metadata={"description": "Its name in requests.", "example": "reprimand"})
    vi = fields.String(metadata={"description": "In Vietnamese.", "example": "Khiển trách"})
    en = fields.String(metadata={"description": "In English.", "example": "Reprimand"})
    kinds = fields.List(fields.String(), metadata={"description": "The kinds of member it applies to."})


class Forms(Schema):
    """The forms in force on a day."""

    source = fields.String(metadata={"description": "Issuer and citation."})
    items = fields.List(fields.Nested(FormShown), metadata={"description": "The mildest first."})


A_RECORD = {"discipline_id": A_DISCIPLINE, "on": "2026-03-04", "form": "reprimand", "decision_number": "12-QĐ/UBKT"}
