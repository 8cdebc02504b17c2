"""What the service publishes: counts, structure and ids. Never text, which may name people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.meetings.domain import stages
from services.meetings.domain.facts import Given
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.task import Task
from shared.envelope import Event

_SOURCE = "/meetings"


def of_meeting(meeting: Meeting, quality: Mapping[str, Any] | None = None) -> Event:
    """The meeting's state as meetings.meeting.v1, with the codes and counts of its signals and copies."""
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
        "scores": {
            "self": None,
            "voted": _points(meeting.facts.voted),
            "official": _points(meeting.facts.official),
        },
        "stage": stages.of(meeting),
        **_facts(meeting),
        **(quality or {}),
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
            "self_criticisms": len(record.written.self_criticisms),
            "questions": len(record.written.questions),
            "questions_carried": record.questions_carried,
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


def _facts(meeting: Meeting) -> dict[str, Any]:
    """The steps that quality is judged by, as yes and no and counts."""
    facts, record = meeting.facts, meeting.minutes
    results = facts.results
    return {
        "preparation": {
            "pre_meeting_held": facts.prepared_by is not None,
            "notice_given": facts.notified is not None,
            "notified_at": _instant(facts.notified.at if facts.notified else None),
            "documents": facts.documents.count if facts.documents else 0,
            "documents_day_before": facts.documents is not None and facts.documents.in_time,
        },
        "superior_attended": facts.visit.present if facts.visit else None,
        "tasks_carried_over": len(record.written.carried_over) if record and meeting.status == "adopted" else 0,
        "last_resolution": None
        if results is None
        else {
            "tasks": results.tasks,
            "done": results.done,
            "done_late": results.done_late,
            "carried_over": results.carried_over,
        },
    }


def _points(given: tuple[Given, ...]) -> dict[str, Any] | None:
    return {"points": given[-1].total, "frame": given[-1].frame} if given else None


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
            "carried_over": len(task.carries),
            "due_now": task.due_now.isoformat(),
            "evidence_count": len(task.evidence),
        },
    )


def _instant(instant: datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(UTC).isoformat()
