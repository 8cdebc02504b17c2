"""What the service publishes: counts, structure and ids. Never text, which may name people."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from services.meetings.domain import around, stages
from services.meetings.domain.attendance import Attendance
from services.meetings.domain.facts import Given
from services.meetings.domain.frames import Frame
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import MinutesRecord
from services.meetings.domain.signals import SectionState
from services.meetings.domain.task import Task
from shared.envelope import Event

_SOURCE = "/meetings"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the event of adopted minutes carries beside their state: what they are held against, what lies around."""

    signals: Mapping[str, Any]
    copies: Mapping[str, Any] | None
    sections: Sequence[SectionState]
    frames: Mapping[str, Frame]
    """Those its scores were given by and that are known, by name."""
    duration_kept: bool | None
    on_set_day: bool | None
    followed: bool
    tag: str | None


def of_meeting(meeting: Meeting, told: Told | None = None) -> Event:
    """The meeting's state as meetings.meeting.v1; `told` is known of adopted minutes."""
    frames = told.frames if told else {}
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
            "voted": _given(meeting.facts.voted, frames),
            "official": _given(meeting.facts.official, frames, graded=True),
        },
        "stage": stages.of(meeting),
        "topic": _topic(meeting, told),
        **_facts(meeting),
        **(_around(meeting, told) if told else {}),
    }
    if meeting.attendance is not None:
        data["attendance"] = _attendance(meeting, meeting.attendance)
    if record is not None:
        data["minutes"] = _minutes(meeting, record, told)
    if record is not None and resolution is not None:
        votes = resolution.votes
        data["votes"] = {
            "for": votes.for_,
            "against": votes.against,
            "abstaining": votes.abstaining,
            "of": record.voters,
        }
    if meeting.score is not None:
        score = meeting.score
        data["scores"]["self"] = _points(score.total, score.frame, score.given.points, frames)
    return Event(
        topic="meetings.meetings.v1",
        type="meetings.meeting.v1",
        source=_SOURCE,
        key=str(meeting.meeting_id),
        data=data,
    )


def _attendance(meeting: Meeting, attendance: Attendance) -> dict[str, Any]:
    counts: dict[str, Any] = {
        "owed": attendance.owed,
        "present": len(attendance.present),
        "absent_with_reason": attendance.absent_with_reason,
        "absent_without_reason": attendance.absent_without_reason,
        "late": len(attendance.roll_call.late),
        "absent_member_ids": [str(absence.member_id) for absence in attendance.roll_call.absent],
    }
    if meeting.status == "adopted" and meeting.facts.groups:
        counts["groups"] = msgspec.to_builtins(meeting.facts.groups)
    return counts


def _minutes(meeting: Meeting, record: MinutesRecord, told: Told | None) -> dict[str, Any]:
    structure = {
        "sections_required": record.sections_required,
        "sections_filled": record.sections_filled,
        "complete": record.is_complete and meeting.status == "adopted",
        "speakers": record.speakers,
        "speakers_named": record.speakers,
        "has_conclusion": record.has_conclusion,
        "has_resolution": record.written.resolution is not None,
        "self_criticisms": len(record.written.self_criticisms),
        "questions": len(record.written.questions),
        "questions_carried": record.questions_carried,
    }
    return structure if told is None else structure | {"sections": msgspec.to_builtins(told.sections)}


def _topic(meeting: Meeting, told: Told | None) -> dict[str, Any] | None:
    """The theme as an id and a code; until adoption the code is that of the plan itself."""
    plan = meeting.plan
    tag = told.tag if told else plan.tag
    if plan.topic_id is None and tag is None:
        return None
    return {"topic_id": str(plan.topic_id) if plan.topic_id else None, "tag": tag}


def _around(meeting: Meeting, told: Told) -> dict[str, Any]:
    record = meeting.minutes
    return {
        "signals": told.signals,
        "copies": told.copies,
        "duration_minutes": around.minutes_long(meeting),
        "duration_kept": told.duration_kept,
        "on_set_day": told.on_set_day,
        "superior_assigned": told.followed,
        "members_with_task": len({task.member_id for task in record.written.tasks}) if record else 0,
    }


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


def _given(given: tuple[Given, ...], frames: Mapping[str, Frame], *, graded: bool = False) -> dict[str, Any] | None:
    if not given:
        return None
    last = given[-1]
    points = _points(last.total, last.frame, last.points, frames)
    return points | {"graded_at": _instant(last.at)} if graded else points


def _points(total: float, name: str, groups: Mapping[str, float], frames: Mapping[str, Frame]) -> dict[str, Any]:
    """Points, by group too; with the maxima of the frame they were given by, where it is at hand."""
    told: dict[str, Any] = {"points": total, "frame": name, "groups": dict(groups)}
    return told | {"max": dict(frames[name].maxima)} if name in frames else told


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
