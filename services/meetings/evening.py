"""What a branch needs for one evening in a single answer, and the yardstick of its last resolution."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from services.meetings import score_forms, views
from services.meetings.domain.branch import Branch
from services.meetings.domain.rules import RuleBook
from services.meetings.store import meetings, notices, plans, standing, tasks, templates
from shared.db import Connection
from shared.errors import NotFound, Text


def last_resolution(conn: Connection, unit_id: UUID, before: datetime, today: date) -> dict[str, Any] | None:
    """The last adopted regular meeting's resolution, task by task; None before the first."""
    meeting_id = standing.last_regular(conn, unit_id, before)
    known = None if meeting_id is None else meetings.load(conn, meeting_id)
    if known is None or known.minutes is None:
        return None
    followed = tasks.followed(conn, unit_id, known.meeting_id)
    done = [task for task in followed if task.status == "done"]
    written = known.minutes.written
    return {
        "meeting_id": known.meeting_id,
        "period": known.plan.period,
        "starts_at": known.plan.starts_at,
        "resolution": written.resolution.text if written.resolution else None,
        "conclusion": written.sections.conclusion,
        "tasks": [views.show_task(task, today) for task in followed],
        "total": len(followed),
        "done": len(done),
        "done_late": sum(task.state_on(today) == "done_late" for task in done),
        "late": sum(task.state_on(today) == "late" for task in followed),
    }


def no_last_resolution() -> NotFound:
    """The branch has no adopted regular meeting yet."""
    return NotFound(
        "no-last-resolution",
        Text(
            "Chi bộ chưa có buổi sinh hoạt thường kỳ nào được thông qua trước ngày này.",
            "The branch has no adopted regular meeting before this day.",
        ),
    )


def tonight(conn: Connection, branch: Branch, book: RuleBook, day: date, now: datetime) -> dict[str, Any]:
    """The roster, the meetings of the day with their versions, the last resolution, the rules and the topics."""
    unit_id = branch.unit_id
    held = _of_day(conn, unit_id, day)
    by_id = meetings.read(conn, held)
    known = [by_id[meeting_id] for meeting_id in held if meeting_id in by_id]
    arrived = notices.arrivals(conn, held)
    starts = min((meeting.plan.starts_at for meeting in known), default=now)
    rules = branch.rules_on(day, book)
    roster = branch.roster_on(day)
    last = last_resolution(conn, unit_id, starts, day)
    kinds = sorted({meeting.plan.kind for meeting in known} or {"regular"})
    followed = templates.applying(conn, unit_id, branch.type_on(day), kinds, day)
    return {
        "unit_id": unit_id,
        "day": day,
        "as_of": now,
        "roster_version": branch.roster.version if branch.roster else 0,
        "roster": [
            {
                "member_id": entry.member_id,
                "kind": entry.kind,
                "status": entry.status,
                "post": entry.post,
                "owes": rules.attendance_denominator["regular"].counts(entry),
                "votes": rules.vote_denominator["regular"].counts(entry),
            }
            for entry in roster.values()
        ],
        "superior_id": notices.follower(conn, unit_id, day),
        "meetings": [views.show(meeting) for meeting in known],
        "arrivals": [
            {"meeting_id": meeting.meeting_id, "member_id": member_id, "at": at}
            for meeting in known
            for member_id, at in arrived.get(meeting.meeting_id, {}).items()
        ],
        "sections": {kind: list(names) for kind, names in rules.required_sections.items()},
        "templates": [
            {
                "template_id": template.template_id,
                **msgspec.to_builtins(template.layout, builtin_types=(date,)),
            }
            for template in followed.values()
        ],
        "last_resolution": last,
        "topics": [
            {
                "topic_id": topic.topic_id,
                "quarter": topic.quarter,
                "title": topic.title,
                "status": topic.status,
            }
            for topic in plans.topics_of_year(conn, unit_id, day.year)
        ],
        "rules": {
            **score_forms.of_day(branch, day, book),
            "vote_more_than": rules.vote_majority.more_than if rules.vote_majority else None,
            "report_within_days": rules.report_within_days,
            "undo_within_minutes": rules.undo_within_minutes,
        },
    }


def _of_day(conn: Connection, unit_id: UUID, day: date) -> list[UUID]:
    rows = conn.execute(
        """
        select meeting_id from meeting
        where unit_id = %s and period = to_char(%s::date, 'YYYY-MM')
          and (starts_at at time zone 'Asia/Ho_Chi_Minh')::date = %s
        order by starts_at, meeting_id
        """,
        (unit_id, day, day),
    )
    return [meeting_id for (meeting_id,) in msgspec.convert(rows.fetchall(), list[tuple[UUID]])]
