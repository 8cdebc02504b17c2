"""How every command ends: rows, marks, revisions, tasks and events saved in the transaction of the request."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.meetings import events
from services.meetings.commands import inspecting
from services.meetings.commands.inspecting import Standards
from services.meetings.domain import refusals
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Task
from services.meetings.store import branches, copies, meetings, tasks, texts
from services.meetings.store.meetings import Change
from shared.db import Connection
from shared.envelope import Event
from shared.outbox import table


def save(
    conn: Connection,
    changes: Sequence[Change],
    changed_tasks: Sequence[Task],
    *,
    by: str,
    at: datetime,
    standards: Standards | None = None,
) -> list[Meeting]:
    """Save what changed and publish it; changes that change nothing are left out. Returns the meetings, in order.

    Meetings are saved and published before their tasks. `standards` are what they were judged by, where that is at
    hand. Raises Conflict when another transaction was first.
    """
    real = [change for change in changes if change.after != change.before]
    saved = {meeting.meeting_id: meeting for meeting in meetings.save(conn, real, by=by, at=at)} if real else {}
    _keep_texts(conn, real)
    told = _events_of(conn, list(saved.values()), standards)
    saved_tasks = tasks.save(conn, changed_tasks) if changed_tasks else []
    table.append(conn, told + [events.of_task(task) for task in saved_tasks])
    return [saved.get(change.after.meeting_id, change.after) for change in changes]


def publish_again(conn: Connection, meeting_ids: Collection[UUID], *, at: datetime) -> None:
    """Publish meetings as their next version: what is known of them changed, and nothing they say."""
    known = meetings.lock(conn, meeting_ids)
    publish_changed(conn, [Change(known[meeting_id], known[meeting_id]) for meeting_id in sorted(known)], at=at)


def publish_changed(conn: Connection, changes: Sequence[Change], *, at: datetime) -> None:
    """Publish locked meetings as their next version, whether they changed or not. No revision, no task changes."""
    if changes:
        table.append(conn, _events_of(conn, meetings.save(conn, changes, by="", at=at)))


def _events_of(conn: Connection, saved: Sequence[Meeting], standards: Standards | None = None) -> list[Event]:
    told = inspecting.for_events(conn, saved, standards)
    return [events.of_meeting(meeting, told.get(meeting.meeting_id)) for meeting in saved]


def _keep_texts(conn: Connection, changes: Sequence[Change]) -> None:
    """Keep the texts of new revisions for search and have them compared; forget those that were taken back."""
    told = []
    for change in changes:
        before = (change.before.edition, change.before.revision) if change.before else (1, 0)
        if (change.after.edition, change.after.revision) != before:
            told.append(change.after)
    if not told:
        return
    adopted = {meeting.meeting_id: texts.of_meeting(meeting) for meeting in told}
    texts.keep(conn, [text for text in adopted.values() if text is not None])
    texts.forget(conn, [meeting_id for meeting_id, text in adopted.items() if text is None])
    copies.enqueue(conn, list(adopted))


def save_tasks(conn: Connection, changed: Sequence[Task]) -> list[Task]:
    """Save and publish changed tasks. Raises Conflict when another transaction was first."""
    if not changed:
        return []
    saved = tasks.save(conn, changed)
    table.append(conn, [events.of_task(task) for task in saved])
    return saved


def save_one(
    conn: Connection,
    before: Meeting | None,
    after: Meeting,
    changed_tasks: Sequence[Task] = (),
    *,
    by: str,
    at: datetime,
    reason: str | None = None,
    standards: Standards | None = None,
) -> Meeting:
    """The same for one meeting."""
    (saved,) = save(conn, [Change(before, after, reason)], changed_tasks, by=by, at=at, standards=standards)
    return saved


def locked(conn: Connection, meeting_id: UUID) -> Meeting:
    """The meeting, locked until the transaction ends. Raises NotFound."""
    known = meetings.lock(conn, [meeting_id]).get(meeting_id)
    if known is None:
        raise refusals.unknown_meeting()
    return known


def branch(conn: Connection, unit_id: UUID) -> Branch:
    """What is known of the unit. Raises Conflict while it has not arrived."""
    known = branches.load(conn, [unit_id]).get(unit_id)
    if known is None:
        raise refusals.not_here_yet()
    return known
