"""Classification at the doors."""

from typing import Any, Final

from marshmallow import fields, validate

from services.evaluation.api.schemas import committees
from services.evaluation.api.schemas.committees import A_SUPERIOR, A_UNIT
from services.evaluation.domain.classification import GRADES
from services.evaluation.views.classifications import STATES
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_CITATION: Final = "Quyết định 118-QĐ/HU"
A_DECISION: Final[dict[str, Any]] = {
    "superior_id": A_SUPERIOR,
    "period": "2025",
    "citation": A_CITATION,
    "decided_on": "2025-12-20",
    "decisions": [
        {"unit_id": A_UNIT, "grade": "good", "reason": None, "based_on": 1},
    ],
}


class ClassificationProposal(Schema):
    """What a unit proposes for itself."""

    unit_id = committees.unit()
    period = committees.period("The quarter or the year.", "2025")
    grade = committees.one_of(GRADES, "The grade proposed.")
    reason = committees.text("Why; no person is named.", "Mọi chỉ tiêu đạt từ 100 %", most=4000)


class ClassificationReturn(Schema):
    """A unit's proposal, given back."""

    unit_id = committees.unit("The unit that proposed.")
    period = committees.period("The quarter or the year.", "2025")
    reason = committees.text("Why; no person is named.", "Chưa có số liệu kiểm tra quý IV", most=4000)


class ClassificationDecided(Schema):
    """The grade of one unit."""

    unit_id = committees.unit("A unit directly below.")
    grade = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(GRADES, error="Phải là một trong: {choices}. / Must be one of: {choices}."),
        metadata={"description": "The grade; null withdraws the one it has.", "enum": [*GRADES, None]},
    )
    reason = committees.text("Why, where it differs from what was proposed.", "Hạ một mức", most=4000, required=False)
    based_on = fields.Integer(
        load_default=None,
        allow_none=True,
        metadata={"description": "The version that was looked at; 409 when there is a newer one.", "example": 1},
    )


class ClassificationDecision(Schema):
    """The grades of several units, decided at once."""

    superior_id = committees.unit("The committee that decides: the units' direct superior.", A_SUPERIOR)
    period = committees.period("The quarter or the year.", "2025")
    citation = committees.text("Number of the decision.", A_CITATION)
    decided_on = committees.day("Its day.", "2025-12-20")
    decisions = fields.List(
        fields.Nested(ClassificationDecided),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "All or nothing; the limit is checked over the whole."},
    )


class ClassificationsQuery(PageQuery):
    """`?period=&grade=&state=&limit=&cursor=`"""

    period = committees.period("The quarter or the year.", "2025")
    grade = committees.maybe_one_of(GRADES, "Only units decided with this grade.")
    state = committees.maybe_one_of(STATES, "Only units in this state.")


class ClassificationPeriodQuery(Schema):
    """`?period=`"""

    period = committees.period("The quarter or the year.", "2025")


class ClassificationShown(Schema):
    """A classification in its newest state."""

    classification_id = fields.UUID(metadata={"description": "Its id."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    period = fields.String(metadata={"description": "The quarter or the year."})
    version = fields.Integer(metadata={"description": "Grows with each change."})
    proposed = fields.String(allow_none=True, metadata={"description": "What the unit proposed."})
    proposal_reason = fields.String(allow_none=True, metadata={"description": "Why."})
    proposed_on = fields.Date(allow_none=True, metadata={"description": "When."})
    grade = fields.String(allow_none=True, metadata={"description": "What was decided; null: nothing (any more)."})
    superior_id = fields.UUID(allow_none=True, metadata={"description": "The committee that decided."})
    decided_on = fields.Date(allow_none=True, metadata={"description": "When."})
    citation = fields.String(allow_none=True, metadata={"description": "Number of the decision."})
    reason = fields.String(allow_none=True, metadata={"description": "Why."})
    returned_on = fields.Date(
        allow_none=True, metadata={"description": "When the proposal was returned; null: it was not, or is newer."}
    )
    return_reason = fields.String(allow_none=True, metadata={"description": "Why."})


class ClassificationsDecided(Schema):
    """What was decided."""

    items = fields.List(fields.Nested(ClassificationShown), metadata={"description": "As they were sent."})


class ClassificationLine(Schema):
    """A unit in a list."""

    unit_id = fields.UUID(attribute="place.unit_id", metadata={"description": "The unit."})
    code = fields.String(attribute="place.code", metadata={"description": "Its code."})
    name = fields.String(attribute="place.name", metadata={"description": "Its name at the period's end."})
    kind = fields.String(attribute="place.kind", metadata={"description": "What it was then."})
    branch_type = fields.String(attribute="place.branch_type", allow_none=True, metadata={"description": "Its type."})
    parent_id = fields.UUID(attribute="place.parent_id", allow_none=True, metadata={"description": "Its superior."})
    classification = fields.Nested(
        ClassificationShown, allow_none=True, metadata={"description": "Null: nothing was proposed or decided."}
    )


class ClassificationPage(committees.CommitteeCursor):
    """Units with their classification, a page of them."""

    items = fields.List(fields.Nested(ClassificationLine), metadata={"description": "By code."})
    counts = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={
            "description": "Of the whole subtree, whatever the filter: by grade, only proposed, returned, nothing."
        },
    )


class ClassificationMember(Schema):
    """A unit of a comparison group."""

    unit_id = fields.UUID(metadata={"description": "The unit."})
    code = fields.String(metadata={"description": "Its code."})
    name = fields.String(metadata={"description": "Its name."})
    grade = fields.String(allow_none=True, metadata={"description": "What was decided."})
    proposed = fields.String(allow_none=True, metadata={"description": "What it proposed."})


class ClassificationGroup(Schema):
    """A comparison group."""

    key = fields.String(metadata={"description": "Kind and type its units share.", "example": "branch/commune"})
    units = fields.Integer(metadata={"description": "How many units it has."})
    grades = fields.Dict(
        fields.String(), fields.Integer(), metadata={"description": "ClassificationsDecided, by grade."}
    )
    proposed = fields.Dict(fields.String(), fields.Integer(), metadata={"description": "Proposed, by grade."})
    allowed = fields.Integer(metadata={"description": "How many may be graded excellent, by what is decided."})
    best = fields.Integer(metadata={"description": "How many are."})
    members = fields.List(fields.Nested(ClassificationMember), metadata={"description": "Its units, by code."})


class ClassificationGroups(Schema):
    """The comparison groups below a superior."""

    items = fields.List(fields.Nested(ClassificationGroup), metadata={"description": "By key."})
    percent = fields.Integer(metadata={"description": "The limit, in percent of those graded well or better."})
    source = fields.String(metadata={"description": "Issuer and citation of the limit."})


class ClassificationByRubric(Schema):
    """What a branch's meetings of a year come to under the rubric."""

    mean = fields.Float(allow_none=True, metadata={"description": "The mean of their points, out of 100."})
    grade = fields.String(allow_none=True, metadata={"description": "The grade after the gates of the year."})


class ClassificationHistory(Schema):
    """A unit's classification of a period, and how it came about."""

    classification = fields.Nested(ClassificationShown, allow_none=True, metadata={"description": "As it stands."})
    by_rubric = fields.Nested(
        ClassificationByRubric,
        allow_none=True,
        metadata={"description": "Of a branch's year: what its meetings come to; null: nothing can be said."},
    )
    history = fields.List(fields.Nested(committees.CommitteePast), metadata={"description": "Every version."})
