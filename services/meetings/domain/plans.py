"""The plan of a branch's year, and registered topics: sent by the branch, approved or returned by the superior."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from services.meetings.domain.refusals import GUIDANCE, HOUSE
from services.meetings.domain.values import YEARS, Line
from shared.errors import Conflict, Fault, Text, Unprocessable
from shared.months import PATTERN

PlanStatus = Literal["draft", "sent", "approved", "returned"]
TopicStatus = Literal["registered", "approved", "returned", "withdrawn"]
Quarter = Annotated[int, Meta(ge=1, le=4)]
Month = Annotated[str, Meta(pattern=PATTERN)]


class Regular(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The day a month's regular meeting is planned for."""

    month: Month
    day: Annotated[int, Meta(ge=1, le=31)]


class PlannedTopic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A theme for a quarter, under an id the sender chose."""

    topic_id: UUID
    quarter: Quarter
    title: Line
    tag: Line | None = None
    """The code of the theme, of the dated list."""


class YearPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days of regular meetings by month, and thematic topics by quarter."""

    regular: tuple[Regular, ...] = ()
    topics: tuple[PlannedTopic, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """A sending or a decision, with the plan as it was."""

    status: PlanStatus
    at: datetime
    by: str
    remark: str | None
    plan: YearPlan


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in its latest state. `version` 0: not saved yet."""

    unit_id: UUID
    year: int
    version: int = 0
    status: PlanStatus = "draft"
    plan: YearPlan = YearPlan()
    steps: tuple[Step, ...] = ()


class Topic(msgspec.Struct, frozen=True, kw_only=True):
    """A registered theme. `version` 0: not saved yet."""

    topic_id: UUID
    unit_id: UUID
    year: int
    quarter: int
    version: int = 0
    title: str
    status: TopicStatus = "registered"
    remark: str | None = None
    set_by: str
    set_at: datetime
    tag: str | None = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The superior's answer: approved, or returned with a remark."""

    approved: bool
    remark: Line | None = None


def written(kept: Kept, wanted: YearPlan) -> Kept:
    """The plan rewritten: a draft again. Raises Conflict while it waits for the superior, Unprocessable."""
    if kept.plan == wanted:
        return kept
    if kept.status == "sent":
        raise Conflict("plan-sent", _WAITS, source=HOUSE)
    faults = list(_faults(kept.year, wanted))
    if faults:
        raise Unprocessable.of(faults)
    return replace(kept, plan=wanted, status="draft")


def sent(kept: Kept, by: str, at: datetime) -> Kept:
    """The plan sent to the superior. Raises Conflict when there is nothing to send."""
    if kept.status in ("sent", "approved"):
        raise Conflict("plan-sent", _SENT, source=HOUSE)
    if not kept.plan.regular:
        raise Conflict("plan-empty", _EMPTY, source=GUIDANCE)
    return _stepped(kept, "sent", by, at, None)


def decided(kept: Kept, decision: Decision, by: str, at: datetime) -> Kept:
    """The plan approved or returned. Raises Conflict when it does not wait, Unprocessable without a remark."""
    if kept.status != "sent":
        raise Conflict("plan-not-sent", _NOT_SENT, source=HOUSE)
    _must_say_why(decision)
    return _stepped(kept, "approved" if decision.approved else "returned", by, at, decision.remark)


def topics_of(kept: Kept, known: Sequence[Topic], status: TopicStatus, by: str, at: datetime) -> list[Topic]:
    """What becomes of the topics of a plan that takes `status`; those that do not change are left out.

    One that is approved stays so while the plan says the same of it: sending or returning the plan undoes nothing.
    Raises Unprocessable when one belongs to another branch or year.
    """
    by_id = {topic.topic_id: topic for topic in known}
    changed, faults = [], []
    for index, wanted in enumerate(kept.plan.topics):
        before = by_id.get(wanted.topic_id)
        if before is not None and (before.unit_id, before.year) != (kept.unit_id, kept.year):
            faults.append(Fault(f"topics[{index}].topic_id", "topic-of-another", _OF_ANOTHER, HOUSE))
            continue
        after = Topic(
            topic_id=wanted.topic_id,
            unit_id=kept.unit_id,
            year=kept.year,
            quarter=wanted.quarter,
            title=wanted.title,
            version=before.version if before else 0,
            status=status,
            set_by=by,
            set_at=at,
            tag=wanted.tag,
        )
        if before is not None and before.status == "approved" and _is_same(before, wanted):
            after = replace(before, tag=wanted.tag or before.tag)
        told = ("quarter", "title", "status", "tag")
        if before is None or any(getattr(before, name) != getattr(after, name) for name in told):
            changed.append(after)
    if faults:
        raise Unprocessable.of(faults)
    return changed


def _is_same(topic: Topic, wanted: PlannedTopic) -> bool:
    return (topic.quarter, topic.title) == (wanted.quarter, wanted.title)


def topic_decided(topic: Topic, decision: Decision, by: str, at: datetime) -> Topic:
    """One topic approved or returned. Raises Conflict when it is not registered, Unprocessable without a remark."""
    if topic.status != "registered":
        raise Conflict("topic-not-registered", _NOT_REGISTERED, source=HOUSE)
    _must_say_why(decision)
    status: TopicStatus = "approved" if decision.approved else "returned"
    return replace(topic, status=status, remark=decision.remark, set_by=by, set_at=at)


def _stepped(kept: Kept, status: PlanStatus, by: str, at: datetime, remark: str | None) -> Kept:
    return replace(kept, status=status, steps=(*kept.steps, Step(status, at, by, remark, kept.plan)))


def _must_say_why(decision: Decision) -> None:
    if not decision.approved and not decision.remark:
        raise Unprocessable.of([Fault("remark", "remark-missing", _WHY, HOUSE)])


def _faults(year: int, plan: YearPlan) -> list[Fault]:
    faults = []
    months: set[str] = set()
    for index, regular in enumerate(plan.regular):
        field = f"regular[{index}]"
        if year not in YEARS or regular.month[:4] != f"{year:04d}":
            faults.append(Fault(f"{field}.month", "another-year", _ANOTHER_YEAR, HOUSE))
        elif not _exists(regular):
            faults.append(Fault(f"{field}.day", "no-such-day", _NO_SUCH_DAY, HOUSE))
        if regular.month in months:
            faults.append(Fault(f"{field}.month", "one-regular-meeting-a-month", _TWICE, GUIDANCE))
        months.add(regular.month)
    seen: set[UUID] = set()
    for index, topic in enumerate(plan.topics):
        if topic.topic_id in seen:
            faults.append(Fault(f"topics[{index}].topic_id", "named-twice", _TOPIC_TWICE, HOUSE))
        seen.add(topic.topic_id)
    return faults


def _exists(regular: Regular) -> bool:
    try:
        date(int(regular.month[:4]), int(regular.month[5:]), regular.day)
    except ValueError:
        return False
    return True


_WAITS: Final = Text(
    "Kế hoạch đang chờ cấp trên duyệt nên chưa sửa được. Đợi trả lời, hoặc nhờ cấp trên trả lại.",
    "The plan waits for the superior and cannot be changed. Wait for the answer, or ask for it to be returned.",
)
_SENT: Final = Text("Kế hoạch này đã được gửi. Không cần gửi lại.", "This plan was sent. There is nothing to send.")
_EMPTY: Final = Text(
    "Kế hoạch chưa có buổi sinh hoạt thường kỳ nào. Ghi ngày họp từng tháng rồi gửi.",
    "The plan has no regular meeting yet. Write the days of the months, then send it.",
)
_NOT_SENT: Final = Text(
    "Chi bộ chưa gửi kế hoạch này, hoặc kế hoạch đã được trả lời. Tải lại để xem.",
    "The branch has not sent this plan, or it was answered already. Load it again.",
)
_NOT_REGISTERED: Final = Text(
    "Chuyên đề này không ở trạng thái chờ duyệt. Tải lại để xem.",
    "This topic does not wait for a decision. Load it again.",
)
_WHY: Final = Text(
    "Khi trả lại cần nêu nhận xét để chi bộ biết sửa gì.",
    "What is returned needs a remark, so that the branch knows what to change.",
)
_ANOTHER_YEAR: Final = Text("Tháng này không thuộc năm của kế hoạch.", "This month is not of the plan's year.")
_NO_SUCH_DAY: Final = Text("Tháng này không có ngày đó. Sửa ngày.", "The month has no such day. Correct the day.")
_TWICE: Final = Text(
    "Mỗi tháng chỉ có một buổi sinh hoạt thường kỳ. Bỏ một dòng.",
    "A month has one regular meeting. Take one row out.",
)
_TOPIC_TWICE: Final = Text("Hai chuyên đề mang cùng một mã.", "Two topics carry the same id.")
_OF_ANOTHER: Final = Text(
    "Mã chuyên đề này thuộc chi bộ hoặc năm khác. Dùng mã mới.",
    "This topic id belongs to another branch or year. Use a new one.",
)
