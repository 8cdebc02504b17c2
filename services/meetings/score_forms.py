"""Score forms: the groups, maxima and bands a branch gives its points by, as whoever fills one in sees them."""

from datetime import date
from typing import Any, get_args
from uuid import UUID

import msgspec

from services.meetings.domain import framing, scores
from services.meetings.domain.branch import Branch
from services.meetings.domain.frames import Frame
from services.meetings.domain.refusals import unknown_meeting
from services.meetings.domain.rules import MeetingKind, RuleBook, Rules
from services.meetings.papers import words
from services.meetings.store import branches, meetings, rules
from shared.db import Connection


def of_meeting(conn: Connection, meeting_id: UUID) -> dict[str, Any]:
    """The form of one meeting, and the points given on it so far. Raises NotFound."""
    known = meetings.load(conn, meeting_id)
    if known is None:
        raise unknown_meeting()
    unit_id, book = known.plan.unit_id, rules.load(conn)
    frame = framing.of_meeting(known, branches.without_rosters(conn, [unit_id]).get(unit_id), book)
    return {
        "meeting_id": meeting_id,
        "version": known.version,
        "day": known.plan.day,
        "kind": known.plan.kind,
        "frame": None if frame is None else show(frame, book.on(known.plan.day)),
        "points": known.score.given.points if known.score else None,
        "points_frame": known.score.frame if known.score else None,
    }


def of_day(branch: Branch, day: date, book: RuleBook) -> dict[str, Any]:
    """The forms of a day as one part of the day's rules: by kind of meeting, and that of a regular one in short."""
    frames = {kind: branch.frame_on(kind, day, book) for kind in get_args(MeetingKind)}
    regular, held = frames["regular"], book.on(day)
    sources = held.sources if regular is None else {**held.sources, "score_frame": regular.source}
    return {
        "score_frame": regular and {"name": regular.name, "groups": regular.maxima},
        "score_frames": {kind: None if frame is None else show(frame, held) for kind, frame in frames.items()},
        "grade_bands": None if regular is not None and regular.grades else held.grade_bands,
        "sources": sources,
    }


def show(frame: Frame, rules: Rules) -> dict[str, Any]:
    """A frame as readers see it: groups in the order of the sheet, named also where the dated rule has codes only, and
    the bands of its day."""
    return {
        "name": frame.name,
        "vi": frame.vi,
        "en": frame.en,
        "source": frame.source,
        "rubric_id": frame.rubric_id,
        "rubric_version": frame.version,
        "groups": [
            {
                "code": group.code,
                "vi": group.vi if frame.rubric_id else words.GROUPS.get(group.code, group.vi),
                "en": group.en,
                "max": group.max,
            }
            for group in frame.groups
        ],
        "grades": msgspec.to_builtins(scores.bands(frame, rules)),
        "max": round(sum(group.max for group in frame.groups), 2),
    }
