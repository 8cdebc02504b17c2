"""What meetings are held against, and what their events say of their quality: a few queries, however many there are."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.meetings.domain import around as surroundings
from services.meetings.domain import framing, signals
from services.meetings.domain.branch import Branch
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.signals import Bars, Signal
from services.meetings.events import Told
from services.meetings.store import around, branches, copies, rules
from shared.db import Connection


class Standards(msgspec.Struct, frozen=True):
    """What a command has read already of what meetings are held against: the rules, and branches with templates."""

    book: RuleBook
    branches: Mapping[UUID, Branch] = {}


def signals_of(conn: Connection, meetings: Sequence[Meeting], now: datetime | None = None) -> dict[UUID, list[Signal]]:
    """The signals of each meeting that has minutes; with `now` those of minutes that should be adopted by now too."""
    written = [meeting for meeting in meetings if meeting.minutes is not None]
    if not written:
        return {}
    bars = bars_of(conn, written, Standards(rules.load(conn)))
    near = around.load(conn, written)
    return {
        meeting.meeting_id: signals.of_meeting(meeting, bars[meeting.meeting_id], near[meeting.meeting_id].others, now)
        for meeting in written
    }


def bars_of(conn: Connection, meetings: Sequence[Meeting], standards: Standards) -> dict[UUID, Bars]:
    """What each meeting is held against: the template and the bars of its day; branches not at hand are read."""
    return _bars(meetings, _with_branches(conn, meetings, standards))


def _with_branches(conn: Connection, meetings: Sequence[Meeting], standards: Standards) -> Standards:
    """The same, with the branches of all `meetings` that are known here."""
    missing = {meeting.plan.unit_id for meeting in meetings} - standards.branches.keys()
    if not missing:
        return standards
    return Standards(standards.book, {**standards.branches, **branches.without_rosters(conn, missing)})


def _bars(meetings: Sequence[Meeting], standards: Standards) -> dict[UUID, Bars]:
    found = {}
    for meeting in meetings:
        plan = meeting.plan
        held = standards.book.on(plan.day)
        branch = standards.branches.get(plan.unit_id)
        sections = branch.rules_on(plan.day, standards.book).required_sections[plan.kind] if branch else ()
        found[meeting.meeting_id] = Bars(sections, None, held.signals, held.sources.get("signals"))
    return found


def for_events(conn: Connection, meetings: Sequence[Meeting], standards: Standards | None = None) -> dict[UUID, Told]:
    """What the events of adopted meetings carry beside their state: codes and counts, never text.

    `standards` are what the meetings were judged by, where that is at hand.
    """
    adopted = [meeting for meeting in meetings if meeting.status == "adopted" and meeting.minutes is not None]
    if not adopted:
        return {}
    standards = _with_branches(conn, adopted, standards or Standards(rules.load(conn)))
    bars = _bars(adopted, standards)
    near = around.load(conn, adopted)
    repeats = repeats_of(conn, [meeting.meeting_id for meeting in adopted])
    found = {}
    for meeting in adopted:
        assert meeting.minutes is not None
        meeting_id, of_day = meeting.meeting_id, standards.book.on(meeting.plan.day)
        lies = near[meeting_id]
        found[meeting_id] = Told(
            signals=signals.published(signals.of_meeting(meeting, bars[meeting_id], lies.others)),
            copies=repeats.get(meeting_id),
            sections=signals.sections_of(meeting.minutes, bars[meeting_id]),
            frames=framing.kept_of(meeting, standards.branches.get(meeting.plan.unit_id), standards.book),
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
