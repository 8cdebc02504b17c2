"""Inspection plans and inspections at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas import plans
from services.registry.api.schemas.common import (
    A_BRANCH,
    A_DISTRICT,
    A_MEMBER,
    A_PARENT,
    A_PLAN,
    AN_INSPECTION,
    Cursor,
    OnQuery,
)
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_CITATION: Final = "Chương trình 03-CTr/HU về kiểm tra, giám sát năm 2026"
A_NEW_PLAN: Final[dict[str, Any]] = {
    "plan_id": A_PLAN,
    "unit_id": A_PARENT,
    "year": 2026,
    "due_on": "2026-11-30",
    "set_by": A_DISTRICT,
    "citation": A_CITATION,
    "planned": {"inspection": 4, "supervision": 2},
}
A_PLAN_CHANGE: Final[dict[str, Any]] = {"planned": {"inspection": 5, "supervision": 2}}
AN_INSPECTION_GIVEN: Final[dict[str, Any]] = {
    "inspection_id": AN_INSPECTION,
    "unit_id": A_PARENT,
    "on": "2026-04-20",
    "kind": "inspection",
    "subject_unit_id": A_BRANCH,
    "conclusion": "Thông báo kết luận 08-TB/UBKT",
}


def _planned(*, required: bool) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(validate=checks.code),
        values=fields.Integer(strict=True),
        required=required,
        metadata={
            "description": "How many of each kind; the kinds are those of `GET /v1/inspection-kinds`.",
            "example": {"inspection": 4, "supervision": 2},
        },
    )


class PlanNew(Schema):
    """A plan of inspections for a year."""

    plan_id = plans.new_id("plan", A_PLAN)
    unit_id = plans.unit("The unit that is to carry them out.", A_PARENT)
    year = plans.year("The year it is for.")
    due_on = plans.day("The day by which all are to be carried out.", "2026-11-30")
    set_by = plans.superior()
    citation = plans.text("Where it stands.", A_CITATION)
    planned = _planned(required=True)


class PlanChanged(Schema):
    """What is new about a plan; what is left out stays."""

    due_on = fields.Date(metadata={"description": "The new day.", "example": "2026-12-15"})
    citation = fields.String(
        validate=checks.text(500), metadata={"description": "Where the change stands.", "example": A_CITATION}
    )
    planned = _planned(required=False)


class InspectionGiven(Schema):
    """One that was carried out, on a unit or on a member."""

    inspection_id = plans.new_id("inspection", AN_INSPECTION)
    unit_id = plans.unit("The unit that carried it out.", A_PARENT)
    on = plans.day("The day.", "2026-04-20")
    kind = fields.String(
        required=True, validate=checks.code, metadata={"description": "Its kind.", "example": "inspection"}
    )
    subject_unit_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "The unit it was about, at or below the one that carried it out.",
            "example": A_BRANCH,
        },
    )
    subject_member_id = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "Or the member it was about.", "example": A_MEMBER},
    )
    conclusion = plans.text("The reference of its conclusion; no person's data.", "Thông báo kết luận 08-TB/UBKT")
    corrects = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The record that this one takes the place of.", "example": None},
    )


class YearQuery(OnQuery):
    """`?year=&on=`"""

    year = fields.Integer(
        load_default=None,
        validate=plans.IN_RANGE,
        metadata={"description": "The year; that of the day when left out.", "example": 2026},
    )


class YearPageQuery(PageQuery, YearQuery):
    """`?year=&on=&limit=&cursor=`"""


class PlanShown(Schema):
    """A plan of inspections."""

    plan_id = fields.UUID(metadata={"description": "The plan's id."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    year = fields.Integer(metadata={"description": "The year."})
    due_on = fields.Date(metadata={"description": "By when."})
    set_by = fields.UUID(metadata={"description": "The superior that set it."})
    citation = fields.String(metadata={"description": "Where it stands."})
    planned = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "How many of each kind."}
    )


class InspectionShown(Schema):
    """One inspection."""

    inspection_id = fields.UUID(metadata={"description": "The inspection's id."})
    unit_id = fields.UUID(metadata={"description": "The unit that carried it out."})
    on = fields.Date(attribute="on", metadata={"description": "The day."})
    kind = fields.String(metadata={"description": "Its kind."})
    subject_unit_id = fields.UUID(allow_none=True, metadata={"description": "The unit it was about."})
    subject_member_id = fields.UUID(allow_none=True, metadata={"description": "The member it was about."})
    conclusion = fields.String(metadata={"description": "The reference of its conclusion."})
    corrects = fields.UUID(allow_none=True, metadata={"description": "The record it takes the place of."})
    corrected_by = fields.UUID(allow_none=True, metadata={"description": "The record that took its place."})


class InspectionPage(Cursor):
    """Inspections, a page of them."""

    items = fields.List(fields.Nested(InspectionShown), metadata={"description": "The newest day first."})


class DoneShown(Schema):
    """Inspections of one kind."""

    kind = fields.String(metadata={"description": "The kind."})
    planned = fields.Integer(metadata={"description": "How many are planned."})
    done = fields.Integer(metadata={"description": "How many are carried out."})
    percent = fields.Float(allow_none=True, metadata={"description": "The share, in percent; null: none planned."})


class CompletionShown(Schema):
    """What was planned and carried out."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    year = fields.Integer(metadata={"description": "The year."})
    on = fields.Date(metadata={"description": "The day."})
    plan_id = fields.UUID(allow_none=True, metadata={"description": "The unit's own plan; null: it has none."})
    due_on = fields.Date(allow_none=True, metadata={"description": "When the own plan is due."})
    percent_of_time = fields.Float(
        allow_none=True, metadata={"description": "How much of the own plan's time is over, in percent."}
    )
    kinds = fields.List(fields.Nested(DoneShown), metadata={"description": "The unit itself, by kind."})
    subtree = fields.List(fields.Nested(DoneShown), metadata={"description": "The unit and all below it, by kind."})
    plans = fields.Integer(metadata={"description": "Plans in the subtree."})
    begun = fields.Integer(metadata={"description": "How many of them have anything carried out."})


class NotBegunShown(Schema):
    """A unit with a plan and nothing carried out."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name on the day."})
    plan_id = fields.UUID(metadata={"description": "Its plan."})
    planned = fields.Integer(metadata={"description": "How many it plans, of all kinds."})
    due_on = fields.Date(metadata={"description": "By when."})
    percent_of_time = fields.Float(metadata={"description": "How much of the time is over, in percent."})


class NotBegunPage(Cursor):
    """Units that have not begun, a page of them."""

    items = fields.List(fields.Nested(NotBegunShown), metadata={"description": "By code."})


class InspectionKindShown(Schema):
    """A kind of inspection."""

    kind = fields.String(metadata={"description": "Its name."})
    vi = fields.String(metadata={"description": "In Vietnamese."})
    en = fields.String(metadata={"description": "In English."})


class InspectionKinds(Schema):
    """The kinds of inspection in force on a day."""

    source = fields.String(metadata={"description": "Issuer and citation."})
    items = fields.List(fields.Nested(InspectionKindShown), metadata={"description": "In the order of the rule."})
