"""A meeting as a province's own records tell it: from plan to adoption, or to a correction, in one step.

It is the rules of the single doors in their order, so a meeting brought in bulk is judged as one typed in.
"""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.meetings.domain import life, refusals
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Contents, Meeting, Plan
from services.meetings.domain.rules import RuleBook


def held(
    known: Meeting | None,
    meeting_id: UUID,
    plan: Plan,
    contents: Contents,
    branch: Branch,
    book: RuleBook,
    *,
    regular_of_month: UUID | None,
    adopted_at: datetime,
    reported_at: datetime,
    correcting: bool,
    now: datetime,
) -> Meeting:
    """The meeting `plan` and `contents` tell of; `known` itself when they say nothing new.

    `correcting` says that a reason to change adopted minutes was given. Raises what the life of a meeting raises.
    """
    plan = _linked(plan, known)
    if known is not None and known.status == "adopted":
        return _again(known, plan, contents, branch, book, correcting=correcting)
    if known is None:
        planned = life.plan(meeting_id, plan, branch, regular_of_month=regular_of_month)
    else:
        planned = life.replan(known, plan, branch, regular_of_month=regular_of_month)
    return life.adopt_with(planned, contents, branch, book, adopted_at=adopted_at, reported_at=reported_at, now=now)


def _again(
    known: Meeting, plan: Plan, contents: Contents, branch: Branch, book: RuleBook, *, correcting: bool
) -> Meeting:
    if known.plan != plan:
        raise refusals.head_is_fixed()
    if contents == known.contents:
        return known
    if not correcting:
        raise refusals.already_adopted()
    return life.correct(known, contents, branch, book)


def not_held(
    known: Meeting | None,
    meeting_id: UUID,
    plan: Plan,
    reason: str,
    branch: Branch,
    *,
    regular_of_month: UUID | None,
) -> Meeting:
    """A meeting that was due and not held; `known` itself when that is known. Raises what its life raises.

    A theme that was planned stays: the row has none.
    """
    if known is None:
        known = life.plan(meeting_id, plan, branch, regular_of_month=regular_of_month)
    wanted = replace(_linked(plan, known), theme=known.plan.theme)
    if known.plan != wanted:
        if known.status == "not_held":
            raise refusals.head_is_fixed()
        known = life.replan(known, wanted, branch, regular_of_month=regular_of_month)
    return life.not_held(known, reason)


def _linked(plan: Plan, known: Meeting | None) -> Plan:
    """The plan with what a row cannot say: the topic, its code and the regular meeting it was planned with."""
    if known is None:
        return plan
    return replace(plan, topic_id=known.plan.topic_id, regular_id=known.plan.regular_id, tag=known.plan.tag)
