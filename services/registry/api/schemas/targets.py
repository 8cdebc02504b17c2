"""Targets at the doors."""

from typing import Any, Final

from marshmallow import fields

from services.registry.api import checks
from services.registry.api.schemas import plans
from services.registry.api.schemas.common import A_BRANCH, A_DISTRICT, A_PARENT, A_REPORT, A_TARGET, Cursor, OnPageQuery
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_CITATION: Final = "Nghị quyết 05-NQ/TU về nhiệm vụ năm 2026"
A_NEW_TARGET: Final[dict[str, Any]] = {
    "target_id": A_TARGET,
    "unit_id": A_PARENT,
    "year": 2026,
    "kind": "new_members",
    "value": 12,
    "due_on": "2026-12-31",
    "set_by": A_DISTRICT,
    "citation": A_CITATION,
}
A_BREAKDOWN: Final[dict[str, Any]] = {
    "parts": [{"unit_id": A_BRANCH, "value": 10}],
    "citation": "Kế hoạch 12-KH/ĐU",
    "difference": -2,
}
A_CHANGE: Final[dict[str, Any]] = {"due_on": "2026-11-30", "citation": A_CITATION}
A_PROGRESS: Final[dict[str, Any]] = {
    "report_id": A_REPORT,
    "on": "2026-03-31",
    "value": 3,
    "evidence": "3 quyết định kết nạp trong quý I",
    "reference": "Báo cáo 07-BC/ĐU",
}


class TargetNew(Schema):
    """A target to be set."""

    target_id = plans.new_id("target", A_TARGET)
    unit_id = plans.unit("The unit that is to reach it.", A_PARENT)
    year = plans.year("The year it is for.")
    kind = fields.String(
        required=True,
        validate=checks.code,
        metadata={"description": "What it is about: a name of `GET /v1/target-kinds`.", "example": "new_members"},
    )
    value = plans.amount("What is to be reached, in the kind's measure.", 12)
    due_on = plans.day("The day by which it is to be reached.", "2026-12-31")
    set_by = plans.superior()
    citation = plans.text("Where it stands.", A_CITATION)


class TargetChanged(Schema):
    """What is new about a target; what is left out stays."""

    value = plans.amount("What is to be reached now.", 13, required=False)
    due_on = fields.Date(metadata={"description": "The new day.", "example": "2026-12-31"})
    citation = fields.String(
        validate=checks.text(500), metadata={"description": "Where the change stands.", "example": A_CITATION}
    )
    difference = plans.amount(
        "Where the parts below no longer make up the target: their sum less the target.",
        -3,
        required=False,
        load_default=None,
        allow_none=True,
    )


class PartGiven(Schema):
    """What one unit below is to reach."""

    unit_id = plans.unit("A unit directly below.", A_BRANCH)
    value = plans.amount("What it is to reach.", 10)
    due_on = plans.optional_day("By when; the target's own day when left out.", "2026-11-30")


class BreakdownGiven(Schema):
    """All parts of a target; they take the place of those set before."""

    parts = fields.List(
        fields.Nested(PartGiven),
        required=True,
        metadata={"description": "One for each unit directly below that is to do something."},
    )
    citation = plans.text("Where the breakdown stands.", "Kế hoạch 12-KH/ĐU")
    difference = plans.amount(
        "The sum of the parts less the target, where they are meant to differ.",
        -2,
        required=False,
        load_default=None,
        allow_none=True,
    )


class ProgressGiven(Schema):
    """A report on a target."""

    report_id = plans.new_id("report", A_REPORT)
    on = plans.day("The day up to which it counts.", "2026-03-31")
    value = plans.amount("What was reached from the beginning of the year to that day.", 3)
    evidence = plans.text("What shows it; no person's data.", "3 quyết định kết nạp trong quý I", most=2000)
    reference = plans.optional_text("The document that shows it.", "Báo cáo 07-BC/ĐU")
    corrects = fields.UUID(
        load_default=None,
        allow_none=True,
        metadata={"description": "The report that this one takes the place of.", "example": None},
    )


class TargetsOfUnitQuery(OnPageQuery):
    """`?year=&on=&limit=&cursor=`"""

    year = fields.Integer(
        load_default=None,
        validate=plans.IN_RANGE,
        metadata={"description": "The year; that of the day when left out.", "example": 2026},
    )


class TargetsQuery(plans.UnderYearQuery):
    """`?under=&year=&kind=&on=&limit=&cursor=`"""

    kind = fields.String(
        load_default=None, metadata={"description": "Only targets of this kind.", "example": "new_members"}
    )


class ReportsQuery(PageQuery):
    """`?limit=&cursor=`"""


class ReachedShown(Schema):
    """The newest report."""

    report_id = fields.UUID(metadata={"description": "The report."})
    on = fields.Date(metadata={"description": "The day up to which it counts."})
    value = fields.Float(metadata={"description": "What was reached."})


class BelowShown(Schema):
    """What a target is broken down into."""

    parts = fields.Integer(metadata={"description": "Parts directly below."})
    difference = fields.Float(
        allow_none=True, metadata={"description": "Sum of those parts less the target; null where they do not add up."}
    )
    targets = fields.Integer(metadata={"description": "The lowest parts: those not broken down further."})
    reported = fields.Integer(metadata={"description": "How many of them were reported on."})
    value = fields.Float(
        allow_none=True, metadata={"description": "What they reached together; null where it does not add up."}
    )


class TargetShown(Schema):
    """A target with what was reached."""

    target_id = fields.UUID(metadata={"description": "The target's id."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    unit_code = fields.String(metadata={"description": "The unit's code."})
    year = fields.Integer(metadata={"description": "The year."})
    kind = fields.String(metadata={"description": "What it is about."})
    words = fields.Dict(
        keys=fields.String(), values=fields.String(), metadata={"description": "The kind in words: `vi`, `en`."}
    )
    measure = fields.String(metadata={"description": "What its value counts; `percent`: 0 to 100."})
    direction = fields.String(metadata={"description": "Whether more is better.", "enum": ["at_least", "at_most"]})
    value = fields.Float(metadata={"description": "What is to be reached."})
    due_on = fields.Date(metadata={"description": "By when."})
    set_by = fields.UUID(metadata={"description": "The superior that set it."})
    citation = fields.String(metadata={"description": "Where it stands."})
    part_of = fields.UUID(allow_none=True, metadata={"description": "The target above that it is a part of."})
    progress = fields.Nested(
        ReachedShown, allow_none=True, metadata={"description": "The newest report; null: none yet."}
    )
    percent_of_plan = fields.Float(
        allow_none=True, metadata={"description": "What was reached of the target, in percent."}
    )
    percent_of_time = fields.Float(
        metadata={"description": "How much of the time from 1 January to the day it is due is over, in percent."}
    )
    met = fields.Boolean(allow_none=True, metadata={"description": "Whether it is reached; null: not reported on."})
    below = fields.Nested(
        BelowShown, allow_none=True, metadata={"description": "The subtree's sum; null: not broken down."}
    )


class TargetPage(Cursor):
    """Targets, a page of them."""

    items = fields.List(fields.Nested(TargetShown), metadata={"description": "By unit code and kind."})


class PartShown(Schema):
    """A part of a breakdown."""

    target_id = fields.UUID(metadata={"description": "The part, a target itself."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    value = fields.Float(metadata={"description": "What it is to reach."})
    due_on = fields.Date(metadata={"description": "By when."})


class BrokenDown(Schema):
    """A breakdown that was kept."""

    parts = fields.List(fields.Nested(PartShown), metadata={"description": "As they were sent."})
    total = fields.Float(metadata={"description": "Their sum."})
    difference = fields.Float(metadata={"description": "Their sum less the target."})


class ReportShown(Schema):
    """One report."""

    report_id = fields.UUID(metadata={"description": "The report's id."})
    on = fields.Date(metadata={"description": "The day up to which it counts."})
    value = fields.Float(metadata={"description": "What was reached."})
    evidence = fields.String(metadata={"description": "What shows it."})
    reference = fields.String(allow_none=True, metadata={"description": "The document that shows it."})
    reported_by = fields.String(metadata={"description": "The opaque subject of who reported."})
    at = fields.AwareDateTime(metadata={"description": "When it came in."})
    corrects = fields.UUID(allow_none=True, metadata={"description": "The report it takes the place of."})
    corrected_by = fields.UUID(allow_none=True, metadata={"description": "The report that took its place."})


class ReportPage(Cursor):
    """Reports, a page of them."""

    items = fields.List(fields.Nested(ReportShown), metadata={"description": "The newest day first."})


class KindShown(Schema):
    """A kind of target."""

    kind = fields.String(metadata={"description": "Its name."})
    vi = fields.String(metadata={"description": "In Vietnamese."})
    en = fields.String(metadata={"description": "In English."})
    measure = fields.String(metadata={"description": "What values count."})
    direction = fields.String(metadata={"description": "Whether more is better.", "enum": ["at_least", "at_most"]})
    adds_up = fields.Boolean(metadata={"description": "Whether the units' values make up that of the one above."})


class Kinds(Schema):
    """The kinds of target in force on a day."""

    source = fields.String(metadata={"description": "Issuer and citation."})
    items = fields.List(fields.Nested(KindShown), metadata={"description": "In the order of the rule."})
