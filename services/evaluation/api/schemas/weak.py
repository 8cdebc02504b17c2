"""The register of weak organisations at the doors."""

from typing import Any, Final

from marshmallow import fields, validate

from services.evaluation.api.schemas import committees
from services.evaluation.api.schemas.committees import A_MEMBER, A_STEP, A_WEAK, AN_ENTRY
from services.evaluation.domain.weak import STATES
from shared.http.blueprint import Schema
from shared.http.paging import PageQuery

A_CITATION: Final = "Kế hoạch 21-KH/ĐU củng cố tổ chức cơ sở đảng"
A_NEW: Final[dict[str, Any]] = {
    "weak_id": A_WEAK,
    "unit_id": committees.A_UNIT,
    "period": "2025-H1",
    "seen": ["Cấp uỷ thiếu người, chưa phân công kèm cặp"],
    "citation": A_CITATION,
}
A_PLAN: Final[dict[str, Any]] = {
    "steps": [
        {"step_id": A_STEP, "what": "Kiện toàn chi uỷ", "due_on": "2025-09-30"},
        {"step_id": None, "what": "Đảng uỷ viên dự sinh hoạt ba kỳ liền", "due_on": "2025-12-31"},
    ],
    "team": [A_MEMBER],
    "citation": A_CITATION,
}
_SEEN: Final = {"description": "Causes that an officer saw; no person is named.", "example": ["Cấp uỷ thiếu người"]}


class WeakCandidatesQuery(PageQuery):
    """`?period=&limit=&cursor=`"""

    period = committees.period("The period whose figures are looked at.", "2025-H1")


class WeakRegisterQuery(PageQuery):
    """`?state=&cause=&overdue=&limit=&cursor=`"""

    state = committees.maybe_one_of(STATES, "Only entries in this state.")
    cause = committees.text("Only entries with this cause.", "attendance", required=False)
    overdue = fields.Boolean(
        load_default=None, metadata={"description": "Only open entries with (or without) steps overdue."}
    )


class WeakPeriod(Schema):
    """The period whose figures are looked at."""

    period = committees.period("The period whose figures are looked at.", "2025-H1")


class WeakNew(WeakPeriod):
    """A unit that an officer enters into the register."""

    weak_id = committees.new_id("entry", A_WEAK)
    unit_id = committees.unit("The weak unit.")
    seen = fields.List(
        committees.text("A cause.", "Cấp uỷ thiếu người"),
        load_default=list,
        validate=validate.Length(max=50),
        metadata=_SEEN,
    )
    citation = committees.text("Where it stands.", A_CITATION)


class WeakOpening(Schema):
    """A proposal that is taken up."""

    seen = fields.List(
        committees.text("A cause.", "Cấp uỷ thiếu người"),
        load_default=list,
        validate=validate.Length(max=50),
        metadata=_SEEN,
    )
    citation = committees.text("Where it stands.", A_CITATION)


class WeakDismissal(Schema):
    """Why a proposal is not taken up."""

    reason = committees.text("Why.", "Chi bộ mới chia tách, số liệu chưa đủ một quý")


class WeakStepGiven(Schema):
    """A step of the plan; with the id of one there is, it takes that one's place."""

    step_id = committees.new_id("step", A_STEP)
    what = committees.text("What is to be done; no person is named.", "Kiện toàn chi uỷ")
    due_on = committees.day("By when.", "2025-09-30")


class WeakPlan(Schema):
    """The whole plan and the team; they take the place of those before, of which nothing is deleted."""

    steps = fields.List(
        fields.Nested(WeakStepGiven),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "The steps, in their order."},
    )
    team = fields.List(
        fields.UUID(),
        required=True,
        validate=validate.Length(min=1, max=50),
        metadata={"description": "Opaque ids of the members who see to it.", "example": [A_MEMBER]},
    )
    citation = committees.text("Where the plan stands.", A_CITATION)


class WeakStepDone(Schema):
    """A step that is done."""

    done_on = committees.day("When.", "2025-09-20")
    evidence = committees.text("What shows it; no person is named.", "Quyết định 45-QĐ/ĐU")


class WeakEntryGiven(Schema):
    """An entry of the follow-up."""

    entry_id = committees.new_id("entry", AN_ENTRY)
    on = committees.day("The day it is about.", "2025-10-03")
    text = committees.text("What was seen; no person is named.", "Dự sinh hoạt tháng 10: đủ mục", most=4000)


class WeakClosure(Schema):
    """The unit is no longer weak."""

    period = committees.period("The later period that shows it, its reports all due.", "2025-Q4")
    reason = committees.text("Why.", "Hai quý liền đạt mọi chỉ số")
    citation = committees.text("Where it stands.", "Kết luận 09-KL/ĐU")


class WeakCause(Schema):
    """Why a unit is weak."""

    code = fields.String(metadata={"description": "The cause's stable name."})
    vi = fields.String(metadata={"description": "In Vietnamese (as it was written, of one that was seen)."})
    en = fields.String(metadata={"description": "In English."})
    period = fields.String(allow_none=True, metadata={"description": "The period of the figure, or the year graded."})
    figure = fields.String(allow_none=True, metadata={"description": "The figure (GET /v1/figures)."})
    value = fields.Float(allow_none=True, metadata={"description": "What it was."})
    threshold = fields.Float(allow_none=True, metadata={"description": "What it is under."})
    grade = fields.String(allow_none=True, metadata={"description": "The grade, of a classification."})
    source = fields.String(allow_none=True, metadata={"description": "Issuer and citation of the threshold."})


class WeakCandidate(Schema):
    """A unit that shows causes."""

    unit_id = fields.UUID(attribute="place.unit_id", metadata={"description": "The unit."})
    code = fields.String(attribute="place.code", metadata={"description": "Its code."})
    name = fields.String(attribute="place.name", metadata={"description": "Its name."})
    kind = fields.String(attribute="place.kind", metadata={"description": "What it is."})
    causes = fields.List(fields.Nested(WeakCause), metadata={"description": "Every cause."})
    is_registered = fields.Boolean(
        metadata={"description": "Whether the register has it already, or had and ended it for this period."}
    )


class WeakCandidatePage(committees.CommitteeCursor):
    """Units that show causes, a page of them."""

    items = fields.List(fields.Nested(WeakCandidate), metadata={"description": "By code."})


class WeakShown(Schema):
    """An entry of the register."""

    weak_id = fields.UUID(metadata={"description": "The entry."})
    unit_id = fields.UUID(metadata={"description": "The unit."})
    period = fields.String(metadata={"description": "The period that showed it."})
    origin = fields.String(metadata={"description": "Who brought it up.", "enum": ["system", "officer"]})
    state = fields.String(metadata={"description": "Where it stands.", "enum": list(STATES)})
    version = fields.Integer(metadata={"description": "Grows with each change; also the ETag."})
    causes = fields.List(fields.Nested(WeakCause), metadata={"description": "Why."})
    proposed_on = fields.Date(metadata={"description": "When it was brought up."})
    opened_on = fields.Date(allow_none=True, metadata={"description": "When it was opened."})
    ended_on = fields.Date(allow_none=True, metadata={"description": "When it was closed or dismissed."})
    reason = fields.String(allow_none=True, metadata={"description": "Why it was closed or dismissed."})
    citation = fields.String(allow_none=True, metadata={"description": "Where the last step of it stands."})
    team = fields.List(fields.UUID(), metadata={"description": "Opaque ids of members."})


class WeakProposed(Schema):
    """What the system proposed."""

    items = fields.List(fields.Nested(WeakShown), metadata={"description": "The new entries."})


class WeakLine(Schema):
    """An entry in a list."""

    weak = fields.Nested(WeakShown, metadata={"description": "The entry."})
    code = fields.String(metadata={"description": "The unit's code."})
    name = fields.String(metadata={"description": "The unit's name."})
    steps = fields.Integer(metadata={"description": "Steps of its plan."})
    done = fields.Integer(metadata={"description": "Of these, done."})
    overdue = fields.Integer(metadata={"description": "Of these, overdue."})
    next_due_on = fields.Date(allow_none=True, metadata={"description": "When the next one is due."})
    last_entry_on = fields.Date(allow_none=True, metadata={"description": "The last day of the follow-up."})


class WeakRegisterPage(committees.CommitteeCursor):
    """The register, a page of it."""

    items = fields.List(fields.Nested(WeakLine), metadata={"description": "By unit code."})
    counts = fields.Dict(
        fields.String(),
        fields.Integer(),
        metadata={"description": "Of the whole subtree, whatever the filter: by state, and open ones overdue."},
    )


class WeakStep(WeakStepGiven):
    """A step of the plan."""

    done_on = fields.Date(allow_none=True, metadata={"description": "When it was done."})
    evidence = fields.String(allow_none=True, metadata={"description": "What shows it."})
    withdrawn_on = fields.Date(allow_none=True, metadata={"description": "When it left the plan."})


class WeakEntry(Schema):
    """An entry of the follow-up."""

    entry_id = fields.UUID(metadata={"description": "The entry."})
    on = fields.Date(metadata={"description": "The day it is about."})
    text = fields.String(metadata={"description": "What was seen."})
    entered_by = fields.String(metadata={"description": "The opaque subject of who entered it."})
    at = fields.AwareDateTime(metadata={"description": "When it came in."})


class WeakFull(Schema):
    """An entry with all that was kept of it."""

    weak = fields.Nested(WeakShown, metadata={"description": "The entry."})
    code = fields.String(metadata={"description": "The unit's code."})
    name = fields.String(metadata={"description": "The unit's name."})
    steps = fields.List(fields.Nested(WeakStep), metadata={"description": "Every step, those withdrawn included."})
    overdue = fields.List(fields.UUID(), metadata={"description": "Which steps are overdue."})
    entries = fields.List(fields.Nested(WeakEntry), metadata={"description": "The follow-up, the oldest first."})
    history = fields.List(fields.Nested(committees.CommitteePast), metadata={"description": "Every change."})
