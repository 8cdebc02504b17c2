"""The plan of a branch's year, its topics, and who follows the branch."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from services.meetings.commands import saving
from services.meetings.domain import drafts, refused_steps, themes
from services.meetings.domain import plans as domain
from services.meetings.domain.notices import Follower
from services.meetings.domain.plans import Decision, Kept, PlannedTopic, Topic, YearPlan
from services.meetings.domain.refusals import HOUSE
from services.meetings.store import around, notices, plans, rules
from shared.db import Connection
from shared.errors import Conflict, Fault, Text, Unprocessable


def write(conn: Connection, unit_id: UUID, year: int, wanted: YearPlan, *, based_on: int | None = None) -> Kept:
    """Write the plan of a year, as a draft. Raises Conflict (Stale), Unprocessable."""
    known = plans.load(conn, unit_id, year, lock=True) or Kept(unit_id=unit_id, year=year)
    changed = domain.written(known, wanted)
    drafts.must_be_current_plan(known, based_on, wanted)
    _must_be_listed(conn, year, {f"topics[{index}].tag": topic.tag for index, topic in enumerate(wanted.topics)})
    return known if changed is known and known.version else plans.save(conn, changed)


def send(conn: Connection, unit_id: UUID, year: int, *, by: str, now: datetime) -> Kept:
    """Send the plan to the superior; its topics are registered. Raises NotFound, Conflict, Unprocessable."""
    known = _locked(conn, unit_id, year)
    sent = domain.sent(known, by, now)
    named = plans.topics(conn, [topic.topic_id for topic in sent.plan.topics], unit_id=unit_id, year=year)
    plans.save_topics(conn, domain.topics_of(sent, named, "registered", by, now))
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
    _must_be_listed(conn, year, {"tag": wanted.tag})
    changed = Topic(
        topic_id=wanted.topic_id,
        unit_id=unit_id,
        year=year,
        quarter=wanted.quarter,
        title=wanted.title,
        version=known.version if known else 0,
        set_by=by,
        set_at=now,
        tag=wanted.tag,
    )
    if known is not None and (known.quarter, known.title) == (wanted.quarter, wanted.title):
        if known.tag == wanted.tag:
            return known
        changed = replace(known, tag=wanted.tag)  # the code is for counting: what was approved stays so
    elif known is not None and known.status == "approved":
        raise Conflict("topic-approved", _APPROVED, source=HOUSE)
    (saved,) = plans.save_topics(conn, [changed])
    if known is not None and known.tag != saved.tag:
        saving.publish_again(conn, around.of_topic(conn, saved.topic_id), at=now)
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
    """Assign the superior member who follows the branch; meetings held since are published again.

    Later assignments stand: this one ends before the next.
    """
    until, changed = notices.follow(conn, unit_id, wanted.member_id, wanted.valid_from, by, now)
    if changed:
        saving.publish_again(conn, around.held_between(conn, unit_id, wanted.valid_from, until), at=now)
    return replace(wanted, valid_to=until)


def _must_be_listed(conn: Connection, year: int, tags: Mapping[str, str | None]) -> None:
    """Raises Unprocessable for a code of a theme, by its field, that the list of the year does not have."""
    if any(tag is not None for tag in tags.values()):
        listed = rules.load(conn).on(date(year, 1, 1))
        faults = [fault for field, tag in tags.items() for fault in themes.faults(field, tag, listed)]
        if faults:
            raise Unprocessable.of(faults)


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
