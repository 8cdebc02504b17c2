"""What meetings are held against, and what their events say of their quality: a few queries, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.meetings.domain import around as surroundings
from services.meetings.domain import signals
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.signals import Bars, Signal
from services.meetings.events import Told
from services.meetings.store import around, branches, copies, rules, templates
from shared.db import Connection


def signals_of(conn: Connection, meetings: Sequence[Meeting], now: datetime | None = None) -> dict[UUID, list[Signal]]:
    """The signals of each meeting that has minutes; with `now` those of minutes that should be adopted by now too."""
    written = [meeting for meeting in meetings if meeting.minutes is not None]
    if not written:
        return {}
    bars = bars_of(conn, written, rules.load(conn))
    near = around.load(conn, written)
    return {
        meeting.meeting_id: signals.of_meeting(meeting, bars[meeting.meeting_id], near[meeting.meeting_id].others, now)
        for meeting in written
    }


def bars_of(conn: Connection, meetings: Sequence[Meeting], book: RuleBook) -> dict[UUID, Bars]:
    """What each meeting is held against: the template and the bars of its day."""
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


def for_events(conn: Connection, meetings: Sequence[Meeting]) -> dict[UUID, Told]:
    """What the events of adopted meetings carry beside their state: codes and counts, never text."""
    adopted = [meeting for meeting in meetings if meeting.status == "adopted" and meeting.minutes is not None]
    if not adopted:
        return {}
    book = rules.load(conn)
    bars = bars_of(conn, adopted, book)
    near = around.load(conn, adopted)
    repeats = repeats_of(conn, [meeting.meeting_id for meeting in adopted])
    found = {}
    for meeting in adopted:
        assert meeting.minutes is not None
        meeting_id, of_day = meeting.meeting_id, book.on(meeting.plan.day)
        lies = near[meeting_id]
        found[meeting_id] = Told(
            signals=signals.published(signals.of_meeting(meeting, bars[meeting_id], lies.others)),
            copies=repeats.get(meeting_id),
            sections=signals.sections_of(meeting.minutes, bars[meeting_id]),
            frame=of_day.score_frame,
            duration_kept=surroundings.duration_kept(meeting, of_day.duration, lies.others),
            on_set_day=surroundings.on_set_day(meeting, lies.steps),
            followed=lies.followed,
            tag=lies.tag,
        )
    return found


def repeats_of(conn: Connection, meeting_ids: Collection[UUID]) -> Mapping[UUID, dict[str, Any]]:
    """How many minutes each of these meetings repeats, and how much of the most alike (0 to 1)."""
    return {
        meeting_id: {
            "count": len({copy.of_meeting for copy in of}),
            "likeness": max(copy.likeness for copy in of),
        }
        for meeting_id, of in copies.copies_of(conn, meeting_ids).items()
    }
