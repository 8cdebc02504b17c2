"""The plan of a branch's year, its topics, and who follows the branch."""

from datetime import datetime
from uuid import UUID

from services.meetings.domain import plans as domain
from services.meetings.domain import refused_steps
from services.meetings.domain.notices import Follower
from services.meetings.domain.plans import Decision, Kept, PlannedTopic, Topic, YearPlan
from services.meetings.domain.refusals import HOUSE
from services.meetings.store import notices, plans
from shared.db import Connection
from shared.errors import Conflict, Fault, Text, Unprocessable


def write(conn: Connection, unit_id: UUID, year: int, wanted: YearPlan) -> Kept:
    """Write the plan of a year, as a draft. Raises Conflict, Unprocessable."""
    known = plans.load(conn, unit_id, year, lock=True) or Kept(unit_id=unit_id, year=year)
    changed = domain.written(known, wanted)
    return known if changed is known and known.version else plans.save(conn, changed)


def send(conn: Connection, unit_id: UUID, year: int, *, by: str, now: datetime) -> Kept:
    """Send the plan to the superior; its topics are registered. Raises NotFound, Conflict, Unprocessable."""
    known = _locked(conn, unit_id, year)
    sent = domain.sent(known, by, now)
    named = plans.topics(conn, [topic.topic_id for topic in sent.plan.topics], unit_id=unit_id, year=year)
    approved = {(topic.topic_id, topic.quarter, topic.title) for topic in named if topic.status == "approved"}
    changed = domain.topics_of(sent, named, "registered", by, now)
    plans.save_topics(
        conn, [topic for topic in changed if (topic.topic_id, topic.quarter, topic.title) not in approved]
    )
    return plans.save(conn, sent)


def decide(conn: Connection, unit_id: UUID, year: int, decision: Decision, *, by: str, now: datetime) -> Kept:
    """Approve the plan with its topics, or return it with a remark. Raises NotFound, Conflict, Unprocessable."""
    decided = domain.decided(_locked(conn, unit_id, year), decision, by, now)
    named = plans.topics(conn, [topic.topic_id for topic in decided.plan.topics], unit_id=unit_id, year=year)
    status: domain.TopicStatus = "approved" if decision.approved else "returned"
    plans.save_topics(conn, domain.topics_of(decided, named, status, by, now))
    return plans.save(conn, decided)


def register(conn: Connection, unit_id: UUID, year: int, wanted: PlannedTopic, *, by: str, now: datetime) -> Topic:
    """Register a topic beside the plan. Raises Conflict when it is approved, Unprocessable when another's."""
    known = next(iter(plans.topics(conn, [wanted.topic_id])), None)
    if known is not None and (known.unit_id, known.year) != (unit_id, year):
        raise Unprocessable.of([Fault("topic_id", "topic-of-another", _OF_ANOTHER, HOUSE)])
    if known is not None and (known.quarter, known.title) == (wanted.quarter, wanted.title):
        return known
    if known is not None and known.status == "approved":
        raise Conflict("topic-approved", _APPROVED, source=HOUSE)
    (saved,) = plans.save_topics(
        conn,
        [
            Topic(
                topic_id=wanted.topic_id,
                unit_id=unit_id,
                year=year,
                quarter=wanted.quarter,
                title=wanted.title,
                version=known.version if known else 0,
                set_by=by,
                set_at=now,
            )
        ],
    )
    return saved


def decide_topic(
    conn: Connection, unit_id: UUID, topic_id: UUID, decision: Decision, *, by: str, now: datetime
) -> Topic:
    """Approve a registered topic, or return it with a remark. Raises NotFound, Conflict, Unprocessable."""
    known = next((topic for topic in plans.topics(conn, [topic_id]) if topic.unit_id == unit_id), None)
    if known is None:
        raise refused_steps.unknown("topic", "chuyên đề", "topic")
    (saved,) = plans.save_topics(conn, [domain.topic_decided(known, decision, by, now)])
    return saved


def follow(conn: Connection, unit_id: UUID, wanted: Follower, *, by: str, now: datetime) -> Follower:
    """Assign the superior member who follows the branch."""
    notices.follow(conn, unit_id, wanted.member_id, wanted.valid_from, by, now)
    return wanted


def _locked(conn: Connection, unit_id: UUID, year: int) -> Kept:
    known = plans.load(conn, unit_id, year, lock=True)
    if known is None:
        raise refused_steps.unknown("plan", "kế hoạch năm", "plan of the year")
    return known


_OF_ANOTHER = Text(
    "Mã chuyên đề này thuộc chi bộ hoặc năm khác. Dùng mã mới.",
    "This topic id belongs to another branch or year. Use a new one.",
)
_APPROVED = Text(
    "Chuyên đề đã được duyệt nên không sửa được. Đăng ký một chuyên đề khác.",
    "The topic is approved and stays as it is. Register another one.",
)
