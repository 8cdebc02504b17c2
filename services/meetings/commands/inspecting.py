"""What meetings are held against, and what their events say of their quality: a few queries, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.meetings.domain import signals
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.signals import Bars, Signal
from services.meetings.store import branches, copies, rules, templates, texts
from shared.db import Connection


def signals_of(conn: Connection, meetings: Sequence[Meeting], now: datetime | None = None) -> dict[UUID, list[Signal]]:
    """The signals of each meeting that has minutes; with `now` those of minutes that should be adopted by now too."""
    written = [meeting for meeting in meetings if meeting.minutes is not None]
    if not written:
        return {}
    bars = bars_of(conn, written)
    near = []
    for meeting in written:
        assert meeting.minutes is not None
        minutes = meeting.minutes.written
        since, until = signals.day_around(minutes.started_at, minutes.ended_at)
        near.append((meeting.meeting_id, meeting.plan.unit_id, since, until))
    others = texts.held_near(conn, near)
    return {
        meeting.meeting_id: signals.of_meeting(
            meeting, bars[meeting.meeting_id], others.get(meeting.meeting_id, ()), now
        )
        for meeting in written
    }


def bars_of(conn: Connection, meetings: Sequence[Meeting]) -> dict[UUID, Bars]:
    """What each meeting is held against: the template and the bars of its day."""
    book = rules.load(conn)
    terms = branches.terms_of(conn, {meeting.plan.unit_id for meeting in meetings})
    required = templates.required(conn, {unit_id: {term.branch_type for term in of} for unit_id, of in terms.items()})
    found = {}
    for meeting in meetings:
        plan = meeting.plan
        held = book.on(plan.day)
        of = terms.get(plan.unit_id, ())
        type_ = next((term.branch_type for term in of if term.holds_on(plan.day)), None)
        sections = required[plan.unit_id].required_on(type_, plan.day)[plan.kind] if plan.unit_id in required else ()
        found[meeting.meeting_id] = Bars(sections, None, held.signals, held.sources.get("signals"))
    return found


def for_events(conn: Connection, meetings: Sequence[Meeting]) -> dict[UUID, dict[str, Any]]:
    """What the events of adopted meetings carry beside their state: codes and counts, never text."""
    adopted = [meeting for meeting in meetings if meeting.status == "adopted"]
    found = signals_of(conn, adopted)
    repeats = repeats_of(conn, [meeting.meeting_id for meeting in adopted])
    return {
        meeting_id: {"signals": signals.published(of), "copies": repeats.get(meeting_id)}
        for meeting_id, of in found.items()
    }


def repeats_of(conn: Connection, meeting_ids: Collection[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """How many minutes each of these meetings repeats, and how much of the most alike (0 to 1)."""
    return {
        meeting_id: {
            "count": len({copy.of_meeting for copy in of}),
            "likeness": max(copy.likeness for copy in of),
        }
        for meeting_id, of in copies.copies_of(conn, meeting_ids).items()
    }
