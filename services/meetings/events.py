"""What the service publishes: counts, structure and ids. Never text, which may name people."""

from datetime import UTC, datetime
from typing import Any

from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Task
from shared.envelope import Event

_SOURCE = "/meetings"


def of_meeting(meeting: Meeting) -> Event:
    """The meeting's state as meetings.meeting.v1."""
    record = meeting.minutes
    resolution = record.written.resolution if record else None
    data: dict[str, Any] = {
        "meeting_id": str(meeting.meeting_id),
        "version": meeting.version,
        "unit_id": str(meeting.plan.unit_id),
        "kind": meeting.plan.kind,
        "period": meeting.plan.period,
        "status": meeting.status,
        "revision": meeting.revision,
        "starts_at": _instant(meeting.plan.starts_at),
        "ended_at": _instant(record.written.ended_at) if record else None,
        "adopted_at": _instant(meeting.adopted_at),
        "reported_at": _instant(meeting.reported_at),
        "report_due_at": _instant(meeting.report_due_at),
        "attendance": None,
        "minutes": None,
        "votes": None,
        "tasks_assigned": len(record.written.tasks) if record and meeting.status == "adopted" else 0,
        "scores": {"self": None, "voted": None, "official": None},
    }
    if meeting.attendance is not None:
        roll_call = meeting.attendance.roll_call
        data["attendance"] = {
            "owed": meeting.attendance.owed,
            "present": len(meeting.attendance.present),
            "absent_with_reason": meeting.attendance.absent_with_reason,
            "absent_without_reason": meeting.attendance.absent_without_reason,
            "late": len(roll_call.late),
            "absent_member_ids": [str(absence.member_id) for absence in roll_call.absent],
        }
    if record is not None:
        data["minutes"] = {
            "sections_required": record.sections_required,
            "sections_filled": record.sections_filled,
            "complete": record.is_complete and meeting.status == "adopted",
            "speakers": record.speakers,
            "speakers_named": record.speakers,
            "has_conclusion": record.has_conclusion,
            "has_resolution": resolution is not None,
        }
    if record is not None and resolution is not None:
        votes = resolution.votes
        data["votes"] = {
            "for": votes.for_,
            "against": votes.against,
            "abstaining": votes.abstaining,
            "of": record.voters,
        }
    if meeting.score is not None:
        data["scores"]["self"] = {"points": meeting.score.total, "frame": meeting.score.frame}
    return Event(
        topic="meetings.meetings.v1",
        type="meetings.meeting.v1",
        source=_SOURCE,
        key=str(meeting.meeting_id),
        data=data,
    )


def of_task(task: Task) -> Event:
    """The task's state as meetings.task.v1."""
    return Event(
        topic="meetings.tasks.v1",
        type="meetings.task.v1",
        source=_SOURCE,
        key=str(task.task_id),
        data={
            "task_id": str(task.task_id),
            "version": task.version,
            "meeting_id": str(task.meeting_id),
            "unit_id": str(task.unit_id),
            "member_id": str(task.member_id),
            "assigned_on": task.assigned_on.isoformat(),
            "due_on": task.due_on.isoformat(),
            "status": task.status,
            "done_on": task.done_on.isoformat() if task.done_on else None,
        },
    )


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()
