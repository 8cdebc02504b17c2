"""The life of a meeting as a state machine: which stage follows which.

planned → notified → opened → closed → reported → graded, with postponed and not_held beside. Notice and opening may be
passed over (they are facts, see facts.py); nothing is skipped backwards: what is closed changes by correction only.
"""

from collections.abc import Mapping
from typing import Final, Literal

from services.meetings.domain import refusals, refused_steps
from services.meetings.domain.meeting import Meeting

Stage = Literal["planned", "postponed", "notified", "opened", "closed", "reported", "graded", "not_held"]

NEXT: Final[Mapping[Stage, frozenset[Stage]]] = {
    "planned": frozenset({"planned", "notified", "opened", "closed", "reported", "postponed", "not_held"}),
    "postponed": frozenset({"planned", "postponed", "not_held"}),
    "notified": frozenset({"planned", "notified", "opened", "closed", "reported", "postponed", "not_held"}),
    "opened": frozenset({"planned", "opened", "closed", "reported", "postponed", "not_held"}),
    "closed": frozenset({"reported"}),
    "reported": frozenset({"graded"}),
    "graded": frozenset({"graded"}),
    "not_held": frozenset(),
}
"""What may follow each stage. A wrong click is taken back by its own rules (undoing.py), not by a step."""


def of(meeting: Meeting) -> Stage:
    """The stage a meeting is at."""
    facts = meeting.facts
    if meeting.status == "not_held":
        return "not_held"
    if meeting.status == "adopted":
        if facts.official:
            return "graded"
        return "closed" if meeting.reported_at is None else "reported"
    if facts.opened is not None:
        return "opened"
    if facts.postponed and facts.postponed[-1].until is None:
        return "postponed"
    return "planned" if facts.notified is None else "notified"


def must_allow(meeting: Meeting, wanted: Stage) -> None:
    """Raises Conflict unless `wanted` may follow the stage the meeting is at."""
    stage = of(meeting)
    if wanted in NEXT[stage]:
        return
    if stage == "not_held":
        raise refusals.recorded_as_not_held()
    if stage == "postponed":
        raise refused_steps.postponed()
    if wanted == "graded":
        raise refused_steps.not_reported()
    if wanted == "reported" and stage in ("reported", "graded"):
        raise refused_steps.already_reported()
    if stage in ("closed", "reported", "graded"):
        raise refusals.already_adopted()
    raise refused_steps.out_of_order(stage, wanted)
