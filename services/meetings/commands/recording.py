"""Record what happened at a meeting, before its minutes are adopted."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from services.meetings.commands import saving
from services.meetings.domain import checks, drafts, examining, items, life
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.branch import Branch
from services.meetings.domain.facts import Mark
from services.meetings.domain.items import Item, ItemKind
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import Minutes
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.scores import SelfScore
from services.meetings.domain.votes import Question, Result, result
from services.meetings.store import rules
from shared.db import Connection


def record_attendance(
    conn: Connection,
    meeting_id: UUID,
    roll_call: RollCall,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Take the roll call. Raises NotFound, Conflict (Stale), Unprocessable."""
    known = _known(conn, meeting_id, now)
    drafts.must_be_current(known, "attendance", based_on, roll_call, ours)
    branch = saving.branch(conn, known.plan.unit_id)
    recorded = life.record_attendance(known, roll_call, branch, rules.load(conn))
    return saving.save_one(conn, known, recorded, by=by, at=now)


def record_minutes(
    conn: Connection,
    meeting_id: UUID,
    written: Minutes,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Write the minutes. Raises NotFound, Conflict (Stale), Unprocessable."""
    known = _known(conn, meeting_id, now)
    drafts.must_be_current(known, "minutes", based_on, written, ours)
    branch = saving.branch(conn, known.plan.unit_id)
    recorded = life.record_minutes(known, written, branch, rules.load(conn))
    return saving.save_one(conn, known, recorded, by=by, at=now)


def record_score(
    conn: Connection,
    meeting_id: UUID,
    given: SelfScore,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Record the branch's own score. Raises NotFound, Conflict (Stale), Unprocessable."""
    known = _known(conn, meeting_id, now)
    drafts.must_be_current(known, "score", based_on, given, ours)
    branch = saving.branch(conn, known.plan.unit_id)
    recorded = life.record_score(known, given, rules.load(conn), branch)
    if recorded.score != known.score:
        recorded = replace(recorded, facts=replace(recorded.facts, self_scored=Mark(now, by)))
    return saving.save_one(conn, known, recorded, by=by, at=now)


def record_item(
    conn: Connection,
    meeting_id: UUID,
    kind: ItemKind,
    item_id: UUID,
    item: Item | None,
    *,
    by: str,
    now: datetime,
    based_on: int | None = None,
    ours: Collection[int] = (),
) -> Meeting:
    """Save an opinion, self-criticism, conclusion, vote or task by itself (None: take it out).

    Raises NotFound, Conflict (Stale), Unprocessable.
    """
    saved, _ = _record_item(conn, meeting_id, kind, item_id, item, by=by, now=now, based_on=based_on, ours=ours)
    return saved


class SavedVote(msgspec.Struct, frozen=True):
    """A meeting with a vote saved, and what the vote came to."""

    meeting: Meeting
    question: Question
    result: Result


def record_vote(
    conn: Connection, meeting_id: UUID, question: Question, *, by: str, now: datetime, based_on: int | None = None
) -> SavedVote:
    """Save a vote by itself, with its result by the denominator of the day.

    Raises NotFound, Conflict (Stale), Unprocessable.
    """
    saved, judged_by = _record_item(
        conn, meeting_id, "vote", question.vote_id, question, by=by, now=now, based_on=based_on
    )
    assert judged_by is not None
    branch, book = judged_by
    day = saved.plan.day
    rules_of_day = branch.rules_on(day, book)
    roll_call = saved.attendance.roll_call if saved.attendance else None
    voters = examining.voters_of(saved.plan.kind, roll_call, branch.roster_on(day), rules_of_day)
    came_to = result(question.votes, len(voters.voting), len(voters.present), examining.vote_rule(rules_of_day))
    return SavedVote(saved, question, came_to)


def _record_item(
    conn: Connection,
    meeting_id: UUID,
    kind: ItemKind,
    item_id: UUID,
    item: Item | None,
    *,
    by: str,
    now: datetime,
    based_on: int | None,
    ours: Collection[int] = (),
) -> tuple[Meeting, tuple[Branch, RuleBook] | None]:
    """Save an item, with the branch and the rules it was judged by; or take it out (None)."""
    known = _known(conn, meeting_id, now)
    if item is not None:
        item = replace(item, **{items.IDS[kind]: item_id})
    drafts.must_be_current(known, items.key(kind, item_id), based_on, item, ours)
    judged_by = None
    if item is None:
        recorded = life.drop_item(known, kind, item_id)
    else:
        judged_by = saving.branch(conn, known.plan.unit_id), rules.load(conn)
        recorded = life.record_item(known, kind, item, *judged_by)
    return saving.save_one(conn, known, recorded, by=by, at=now), judged_by


def _known(conn: Connection, meeting_id: UUID, now: datetime) -> Meeting:
    known = saving.locked(conn, meeting_id)
    checks.must_have_come(known, now)
    return known
