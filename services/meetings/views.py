"""Reads: plain SQL, and a meeting as people see it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.meetings.domain import stages
from services.meetings.domain.attendance import Attendance
from services.meetings.domain.facts import Facts, Given
from services.meetings.domain.items import Items
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.minutes import MinutesRecord
from services.meetings.domain.scores import Score
from services.meetings.domain.task import Task
from services.meetings.domain.votes import Result, Votes
from services.meetings.store.meetings import Document
from shared.db import Connection

MeetingKey = tuple[datetime, UUID]
_document = msgspec.json.Decoder(Document)


class Summary(msgspec.Struct, frozen=True):
    """A meeting without what was recorded of it."""

    meeting_id: UUID
    version: int
    unit_id: UUID
    kind: str
    period: str
    status: str
    revision: int
    starts_at: datetime
    place: str
    theme: str | None
    adopted_at: datetime | None
    reported_at: datetime | None
    report_due_at: datetime | None
    not_held_reason: str | None
    topic_id: UUID | None
    regular_id: UUID | None


class MemberAttendance(msgspec.Struct, frozen=True):
    """How often one member owed attendance, came, was late or absent."""

    member_id: UUID
    owed: int
    present: int
    late: int
    absent_with_reason: int
    absent_without_reason: int


def show(meeting: Meeting) -> dict[str, Any]:
    """A meeting, whole."""
    plan = meeting.plan
    return {
        "meeting_id": meeting.meeting_id,
        "version": meeting.version,
        "unit_id": plan.unit_id,
        "kind": plan.kind,
        "period": plan.period,
        "status": meeting.status,
        "revision": meeting.revision,
        "starts_at": plan.starts_at,
        "place": plan.place,
        "theme": plan.theme,
        "adopted_at": meeting.adopted_at,
        "reported_at": meeting.reported_at,
        "report_due_at": meeting.report_due_at,
        "not_held_reason": meeting.not_held_reason,
        "topic_id": plan.topic_id,
        "regular_id": plan.regular_id,
        "tag": plan.tag,
        "stage": stages.of(meeting),
        "parts": meeting.touched,
        "items": _plain(meeting.items) if meeting.items != Items() else None,
        "steps": _steps(meeting.facts),
        "scores": {
            "voted": [_given(given) for given in meeting.facts.voted],
            "official": [_given(given) for given in meeting.facts.official],
        },
        **_recorded(meeting.attendance, meeting.minutes, meeting.score),
    }


def _steps(facts: Facts) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.structs.asdict(facts)
    return {name: plain[name] for name in plain.keys() - {"voted", "official", "groups"}}


def _given(given: Given) -> dict[str, Any]:
    return msgspec.structs.asdict(given) | {"total": given.total}


def _recorded(attendance: Attendance | None, minutes: MinutesRecord | None, score: Score | None) -> dict[str, Any]:
    return {
        "attendance": attendance
        and msgspec.structs.asdict(attendance.roll_call)
        | {
            "guests": attendance.guests,
            "owed": attendance.owed,
            "present": len(attendance.present),
            "absent_with_reason": attendance.absent_with_reason,
            "absent_without_reason": attendance.absent_without_reason,
        },
        "minutes": minutes
        and _as_written(minutes)
        | {
            "sections_required": minutes.sections_required,
            "sections_filled": minutes.sections_filled,
            "complete": minutes.is_complete,
            "voters": minutes.voters,
            "voters_present": minutes.voters_present,
            "votes": _votes(minutes),
        },
        "score": score
        and {
            "points": score.given.points,
            "scorer_id": score.given.scorer_id,
            "total": score.total,
            "frame": score.frame,
        },
    }


def _votes(minutes: MinutesRecord) -> list[dict[str, Any]]:
    """Every vote beside its denominator: the resolution's first, then the questions in their order."""
    put: list[tuple[UUID | None, str, Votes]] = []
    if minutes.written.resolution is not None:
        put.append((None, "resolution", minutes.written.resolution.votes))
    put += [(question.vote_id, question.title, question.votes) for question in minutes.written.questions]
    return [show_vote(vote_id, title, minutes.result(votes)) for vote_id, title, votes in put]


def show_vote(vote_id: UUID | None, title: str, result: Result) -> dict[str, Any]:
    """A vote beside its denominator, with the rules it was judged by."""
    return {
        "vote_id": vote_id,
        "title": title,
        "for": result.votes.for_,
        "against": result.votes.against,
        "abstaining": result.votes.abstaining,
        "of": result.of,
        "present": result.present,
        "carried": result.carried,
        "more_than": result.rule.more_than,
        "source": result.rule.source,
        "denominator_source": result.rule.denominator_source,
    }


def _as_written(minutes: MinutesRecord) -> dict[str, Any]:
    return _plain(minutes.written)


def _plain(value: object) -> dict[str, Any]:
    # Only through builtins does a vote "for" get the name it has outside Python.
    written: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(datetime, date, UUID))
    return written


def meetings_of(
    conn: Connection, unit_id: UUID, period: str | None, after: MeetingKey | None, limit: int
) -> list[Summary]:
    """Up to `limit` meetings of a branch after the sort key `after`, by start."""
    rows = conn.execute(
        """
        select meeting_id, version, unit_id, kind, period, status, revision, starts_at, place, theme,
               adopted_at, reported_at, report_due_at, not_held_reason, topic_id, regular_id
        from meeting
        where unit_id = %(unit)s and (%(period)s::text is null or period = %(period)s)
          and (%(at)s::timestamptz is null or (starts_at, meeting_id) > (%(at)s, %(id)s))
        order by starts_at, meeting_id limit %(limit)s
        """,
        {
            "unit": unit_id,
            "period": period,
            "at": after[0] if after else None,
            "id": after[1] if after else None,
            "limit": limit,
        },
    )
    return [msgspec.convert(dict(zip(Summary.__struct_fields__, row, strict=True)), Summary) for row in rows]


def revisions_of(conn: Connection, meeting_id: UUID) -> list[dict[str, Any]]:
    """Every adopted version of a meeting's minutes, the newest first; `withdrawn` ones were taken back."""
    rows = conn.execute(
        """
        select r.revision, r.reason, r.made_by, r.made_at, r.document, r.edition < m.edition
        from revision r join meeting m using (meeting_id)
        where meeting_id = %s order by r.edition desc, r.revision desc
        """,
        (meeting_id,),
    )
    answer = []
    for revision, reason, made_by, made_at, text, withdrawn in msgspec.convert(
        rows.fetchall(), list[tuple[int, str | None, str, datetime, str, bool]]
    ):
        document = _document.decode(text)
        answer.append(
            {
                "revision": revision,
                "reason": reason,
                "made_by": made_by,
                "made_at": made_at,
                "withdrawn": withdrawn,
                **_recorded(document.attendance, document.minutes, document.score),
            }
        )
    return answer


def show_task(task: Task, today: date) -> dict[str, Any]:
    """A task, and its state on a day."""
    return {
        "task_id": task.task_id,
        "version": task.version,
        "meeting_id": task.meeting_id,
        "unit_id": task.unit_id,
        "member_id": task.member_id,
        "content": task.content,
        "assigned_on": task.assigned_on,
        "due_on": task.due_on,
        "due_now": task.due_now,
        "status": task.status,
        "state": task.state_on(today),
        "done_on": task.done_on,
        "carried_over": [msgspec.structs.asdict(carry) for carry in task.carries],
        "evidence": [msgspec.structs.asdict(piece) for piece in task.evidence],
    }


def attendance_of(conn: Connection, unit_id: UUID, first: str, last: str) -> list[MemberAttendance]:
    """How often each member came to the adopted regular and thematic meetings of some months."""
    rows = conn.execute(
        """
        select a.member_id,
               count(*) filter (where a.state <> 'exempt_present'),
               count(*) filter (where a.state in ('present', 'late')),
               count(*) filter (where a.state = 'late'),
               count(*) filter (where a.state = 'absent_with_reason'),
               count(*) filter (where a.state = 'absent_without_reason')
        from meeting m join attendance a using (meeting_id)
        where m.unit_id = %s and m.period between %s and %s and m.status = 'adopted'
          and m.kind in ('regular', 'thematic')
        group by a.member_id
        order by count(*) filter (where a.state like 'absent%%') desc, a.member_id
        """,
        (unit_id, first, last),
    )
    counted = msgspec.convert(rows.fetchall(), list[tuple[UUID, int, int, int, int, int]])
    return [MemberAttendance(*row) for row in counted]


def unit_of_meeting(conn: Connection, meeting_id: UUID) -> UUID | None:
    """The branch of a meeting; None when there is no such meeting."""
    row = conn.execute("select unit_id from meeting where meeting_id = %s", (meeting_id,)).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)
