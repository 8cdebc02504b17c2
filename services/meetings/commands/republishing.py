"""Publish kept meetings again with what events carry by now: as their next version, since readers keep newer ones only.

A revision of the database or the command `republish` queues them; the worker publishes them, batch after batch. What an
interruption leaves is still queued. Their groups of attendance are counted by the roster of their day as it is known
now, which may have become more telling since.
"""

from datetime import datetime
from typing import Final

from msgspec.structs import replace

from services.meetings.commands import saving
from services.meetings.domain import groups
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Meeting
from services.meetings.store import branches, meetings, publishing
from services.meetings.store.meetings import Change
from shared.db import Connection

BATCH: Final = 100


def queue_all(conn: Connection) -> int:
    """Queue every adopted meeting; returns how many were not queued already."""
    return publishing.queue_all(conn)


def turn(conn: Connection, now: datetime) -> int:
    """Publish the next batch; returns how many meetings were queued for it, 0 when there is nothing to do."""
    queued = publishing.take(conn, BATCH)
    if queued:
        known = meetings.lock(conn, queued)
        of_units = branches.load(conn, {meeting.plan.unit_id for meeting in known.values()})
        changes = [
            Change(known[meeting_id], _regrouped(known[meeting_id], of_units.get(known[meeting_id].plan.unit_id)))
            for meeting_id in sorted(known)
        ]
        saving.publish_changed(conn, changes, at=now)
    return len(queued)


def _regrouped(meeting: Meeting, branch: Branch | None) -> Meeting:
    if meeting.status != "adopted" or meeting.attendance is None or branch is None or branch.roster is None:
        return meeting
    found = groups.of(meeting.attendance, branch.roster_on(meeting.plan.day))
    return replace(meeting, facts=replace(meeting.facts, groups=found))
