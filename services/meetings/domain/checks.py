"""What a meeting must agree with before a step is taken: the day, the branch's regular meeting, who was there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.meetings.domain import refusals, refused_steps, votes
from services.meetings.domain.attendance import RollCall
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Meeting, Plan
from shared.clock import local_day
from shared.errors import Fault, Unprocessable


def keep_order(wanted: Plan, of_day: Iterable[Plan]) -> None:
    """Raises Unprocessable when a thematic meeting would not follow the regular one of its day, whichever is planned.

    `of_day` are the branch's other meetings of that local day.
    """
    for other in of_day:
        if {wanted.kind, other.kind} != {"regular", "thematic"}:
            continue
        regular, thematic = (wanted, other) if wanted.kind == "regular" else (other, wanted)
        if thematic.starts_at <= regular.starts_at:
            raise Unprocessable.of([refused_steps.thematic_first(other.kind, other.starts_at)])


def must_have_come(meeting: Meeting, now: datetime) -> None:
    """Raises Conflict while the meeting's local day has not come: nothing is recorded of the future."""
    if meeting.plan.day > local_day(now):
        raise refused_steps.not_begun(meeting.plan.day)


def was_there(
    field: str, member_id: UUID | None, roll_call: RollCall | None, branch: Branch, meeting: Meeting
) -> list[Fault]:
    """What is wrong with naming `member_id` (None: nobody) as somebody who did something at the meeting."""
    if member_id is None:
        return []
    if member_id not in branch.roster_on(meeting.plan.day):
        return [Fault(field, "not-a-member", votes.NOT_A_MEMBER, refusals.CHARTER)]
    absent = {absence.member_id for absence in roll_call.absent} if roll_call else set()
    return [Fault(field, "was-absent", votes.WAS_ABSENT, refusals.HOUSE)] if member_id in absent else []
