"""Plan a meeting, move or postpone it, or record that it was not held."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from services.meetings.commands import saving
from services.meetings.domain import checks, drafts, life, refusals, steps, themes
from services.meetings.domain.facts import Mark
from services.meetings.domain.meeting import Meeting, Plan
from services.meetings.domain.rules import Rules
from services.meetings.store import meetings, plans, rules, standing
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable


def plan(
    conn: Connection,
    meeting_id: UUID,
    wanted: Plan,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> tuple[Meeting, bool]:
    """Plan the meeting, or plan it again; returns it and whether it is new. Raises Conflict, Unprocessable."""
    known = meetings.lock(conn, [meeting_id]).get(meeting_id)
    branch = saving.branch(conn, wanted.unit_id)
    month = (wanted.unit_id, wanted.period)
    regular = meetings.regular_of(conn, [month]).get(month)
    if known is None:
        planned = life.plan(meeting_id, wanted, branch, regular_of_month=regular)
    else:
        drafts.must_be_current(known, "plan", based_on, wanted, ours)
        planned = life.replan(known, wanted, branch, regular_of_month=regular)
    if known is None or known.plan != wanted:
        _must_fit(conn, meeting_id, wanted)
    return saving.save_one(conn, known, planned, by=by, at=now), known is None


def postpone(
    conn: Connection, meeting_id: UUID, until: datetime | None, reason: str, *, by: str, now: datetime
) -> Meeting:
    """Put the meeting off, to another time or without one yet. Raises NotFound, Conflict, Unprocessable."""
    known = saving.locked(conn, meeting_id)
    branch = saving.branch(conn, known.plan.unit_id)
    regular = None
    if until is not None:
        wanted = replace(known.plan, starts_at=until)
        _must_fit(conn, meeting_id, wanted)
        month = (wanted.unit_id, wanted.period)
        regular = meetings.regular_of(conn, [month]).get(month)
    put_off = steps.postpone(known, until, reason, branch, Mark(now, by), regular_of_month=regular)
    return saving.save_one(conn, known, put_off, by=by, at=now)


def record_not_held(
    conn: Connection,
    meeting_id: UUID,
    reason: str,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Close the meeting as not held. Raises NotFound, Conflict (Stale)."""
    known = saving.locked(conn, meeting_id)
    closed = life.not_held(known, reason)
    if closed is not known:
        drafts.must_be_whole(known, based_on, ours)
        closed = replace(closed, facts=replace(closed.facts, cancelled=Mark(now, by)))
    return saving.save_one(conn, known, closed, by=by, at=now)


def _must_fit(conn: Connection, meeting_id: UUID, wanted: Plan) -> None:
    """Raises Unprocessable unless the plan fits the branch's other meetings and its registered topics."""
    if wanted.kind in ("regular", "thematic"):
        checks.keep_order(wanted, standing.others_of_day(conn, meeting_id, wanted))
    asked = wanted.kind == "thematic" or wanted.tag is not None
    rule = rules.load(conn).on(wanted.day) if asked else None
    faults = [*_topic_faults(conn, wanted, rule), *_regular_faults(conn, wanted)]
    if rule is not None:
        faults += themes.faults("tag", wanted.tag, rule)
    if faults:
        raise Unprocessable.of(faults)


def _topic_faults(conn: Connection, wanted: Plan, rule: Rules | None) -> list[Fault]:
    must_be_approved = wanted.kind == "thematic" and rule is not None and bool(rule.topics_approved_first)
    source = rule.sources.get("topics_approved_first", refusals.HOUSE) if rule else refusals.HOUSE
    if wanted.topic_id is None:
        return [Fault("topic_id", "topic-not-approved", _NOT_APPROVED, source)] if must_be_approved else []
    found = {topic.topic_id: topic for topic in plans.topics(conn, [wanted.topic_id])}
    topic = found.get(wanted.topic_id)
    if wanted.kind != "thematic" or topic is None or topic.unit_id != wanted.unit_id:
        return [Fault("topic_id", "unknown-topic", _NO_TOPIC, refusals.HOUSE)]
    if must_be_approved and topic.status != "approved":
        return [Fault("topic_id", "topic-not-approved", _NOT_APPROVED, source)]
    return []


def _regular_faults(conn: Connection, wanted: Plan) -> list[Fault]:
    if wanted.regular_id is None:
        return []
    regular = meetings.load(conn, wanted.regular_id)
    if (
        wanted.kind != "committee"
        or regular is None
        or regular.plan.unit_id != wanted.unit_id
        or regular.plan.kind != "regular"
    ):
        return [Fault("regular_id", "prepares-no-regular", _NO_REGULAR, refusals.GUIDANCE)]
    if wanted.starts_at >= regular.plan.starts_at:
        return [Fault("starts_at", "committee-meets-before", _BEFORE, refusals.GUIDANCE)]
    return []


_NOT_APPROVED: Final = Text(
    "Quy định yêu cầu chuyên đề đã được cấp trên duyệt. Đăng ký chuyên đề và đợi duyệt, rồi nêu mã chuyên đề.",
    "The rules ask for a topic the superior approved. Register it, wait for the approval, then name it here.",
)
_NO_TOPIC: Final = Text(
    "Chi bộ không có chuyên đề nào mang mã này, hoặc buổi họp không phải chuyên đề. Đăng ký chuyên đề trước.",
    "The branch has no topic of this id, or the meeting is not thematic. Register the topic first.",
)
_NO_REGULAR: Final = Text(
    "regular_id chỉ dành cho họp chi uỷ và phải là buổi sinh hoạt thường kỳ của cùng chi bộ. Kiểm tra mã.",
    "regular_id is for committee meetings and names a regular meeting of the same branch. Check the id.",
)
_BEFORE: Final = Text(
    "Chi uỷ họp trước buổi sinh hoạt thường kỳ mà mình chuẩn bị. Sửa giờ họp.",
    "The committee meets before the regular meeting it prepares. Correct the time.",
)
