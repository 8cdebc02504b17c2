"""Roll call by code: open a code, redeem it with a member's own token, close the roll call."""

from datetime import datetime
from uuid import UUID

import msgspec

from services.meetings.commands import saving
from services.meetings.domain import checks, drafts, life, refused_steps, rollcall, stages
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rollcall import Closing, Code
from services.meetings.store import meetings, notices, rules
from shared.db import Connection
from shared.errors import Unprocessable


class Arrival(msgspec.Struct, frozen=True):
    """Who redeemed a code of which meeting, and when."""

    meeting_id: UUID
    member_id: UUID
    at: datetime


def open_code(conn: Connection, meeting_id: UUID, key: str, minutes: int, *, now: datetime) -> Code:
    """A new code for the meeting. Raises NotFound, Conflict."""
    known = saving.locked(conn, meeting_id)
    stages.must_allow(known, "opened")
    checks.must_have_come(known, now)
    return rollcall.sign(meeting_id, key, now, minutes)


def redeem(conn: Connection, meeting_id: UUID, member_id: UUID, *, by: str, now: datetime) -> Arrival:
    """Note that a member came; a roll call already taken no longer has them absent.

    Raises NotFound, Conflict when it was redeemed before, Forbidden when the bearer is no member of the branch.
    """
    known = saving.locked(conn, meeting_id)
    stages.must_allow(known, "opened")
    branch = saving.branch(conn, known.plan.unit_id)
    entry = branch.roster_on(known.plan.day).get(member_id)
    if entry is None or entry.status == "temporary_elsewhere":
        raise refused_steps.not_a_members_token()
    before = notices.arrive(conn, meeting_id, member_id, now)
    if before is not None:
        raise rollcall.used(before)
    if known.attendance is not None:
        taken = rollcall.arrived_after(known.attendance.roll_call, member_id, exempt=entry.status == "exempt")
        saving.save_one(conn, known, life.record_attendance(known, taken, branch, rules.load(conn)), by=by, at=now)
    return Arrival(meeting_id, member_id, now)


def close(
    conn: Connection, meeting_id: UUID, closing: Closing, *, by: str, now: datetime, based_on: int | None = None
) -> Meeting:
    """Take the roll call that arrivals and the chair's hand come to.

    Raises NotFound, Conflict (Stale), Unprocessable.
    """
    known = saving.locked(conn, meeting_id)
    checks.must_have_come(known, now)
    branch = saving.branch(conn, known.plan.unit_id)
    book = rules.load(conn)
    rules_of_day = book.on(known.plan.day)
    owing = rules_of_day.attendance_denominator[known.plan.kind]
    roster = branch.roster_on(known.plan.day)
    owed = [member_id for member_id, entry in roster.items() if owing.counts(entry)]
    exempt = [member_id for member_id, entry in roster.items() if entry.status == "exempt"]
    arrived = notices.arrivals(conn, [meeting_id]).get(meeting_id, {})
    faults = rollcall.closing_faults(closing, roster, owed, arrived, rules_of_day.sources["attendance_denominator"])
    if faults:
        raise Unprocessable.of(faults)
    taken = rollcall.closed(closing, owed, exempt, arrived)
    drafts.must_be_current(known, "attendance", based_on, taken)
    return saving.save_one(conn, known, life.record_attendance(known, taken, branch, book), by=by, at=now)


def of_meeting(conn: Connection, meeting_id: UUID) -> list[Arrival]:
    """Who redeemed a code so far."""
    if meetings.load(conn, meeting_id) is None:
        raise refused_steps.unknown("meeting", "buổi họp", "meeting")
    arrived = notices.arrivals(conn, [meeting_id]).get(meeting_id, {})
    return [Arrival(meeting_id, member_id, at) for member_id, at in arrived.items()]
