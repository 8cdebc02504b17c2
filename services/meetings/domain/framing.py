"""By which frame a meeting is scored: that of its day, and, once it is adopted, the one it was scored with."""

from services.meetings.domain import scores
from services.meetings.domain.branch import Branch
from services.meetings.domain.frames import Frame
from services.meetings.domain.meeting import Meeting
from services.meetings.domain.rules import RuleBook
from services.meetings.domain.scores import Score, SelfScore
from shared.errors import Fault


def of_meeting(meeting: Meeting, branch: Branch | None, book: RuleBook) -> Frame | None:
    """The frame that points given now are laid on; None when none is known.

    Until adoption that of the meeting's day. Afterwards the one the meeting was scored with stays, whatever rubric
    has come in force since; a meeting that was not scored yet is scored by that of its day. `branch` None: no rubric.
    """
    if meeting.status != "planned":
        kept = next((frame for name in names_of(meeting) if (frame := _named(name, branch, book))), None)
        if kept is not None:
            return kept
    plan = meeting.plan
    return branch.frame_on(plan.kind, plan.day, book) if branch else book.frame_on(plan.day)


def names_of(meeting: Meeting) -> tuple[str, ...]:
    """The frames the meeting's scores were given by, the branch's own first."""
    facts = meeting.facts
    own = [meeting.score.frame] if meeting.score else []
    return tuple(dict.fromkeys([*own, *(given.frame for given in (*facts.official[-1:], *facts.voted[-1:]))]))


def kept_of(meeting: Meeting, branch: Branch | None, book: RuleBook) -> dict[str, Frame]:
    """Those of the same frames that are known here, by name."""
    found = {name: _named(name, branch, book) for name in names_of(meeting)}
    return {name: frame for name, frame in found.items() if frame is not None}


def examine(meeting: Meeting, given: SelfScore, branch: Branch | None, book: RuleBook) -> tuple[Score, list[Fault]]:
    """The branch's own score, and what is wrong with it; one that is recorded already stays as it was judged."""
    if meeting.score is not None and meeting.score.given == given:
        return meeting.score, []
    return scores.examine(given, of_meeting(meeting, branch, book))


def _named(name: str, branch: Branch | None, book: RuleBook) -> Frame | None:
    return branch.frame_named(name, book) if branch else book.frame_named(name)
