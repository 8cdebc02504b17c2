"""What a regular meeting has by evidence under the province's own frame (frame.py), counted item by item by hand.

The rules are those of docs/rubrics.md: an item without evidence is left to people; one that does not apply is taken out
and the rest of its group scaled to the group's points; what evidence gives is scaled to 100 of what it decides. A self
score is compared on the groups of which evidence decides at least half.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from deploy.local.demo.frame import Bars


class Seen(NamedTuple):
    """What is known of a regular meeting, None: not known; `given` is the branch's own score by group."""

    owed: int
    present: int
    absent_without_reason: int
    has_committee: bool
    duration_kept: bool | None
    on_set_day: bool | None
    pre_meeting_held: bool
    notice_given: bool
    documents_in_time: bool
    speakers: int
    with_conclusion: bool
    minutes_complete: bool
    tasks: int
    last_tasks: int
    last_tasks_done: int
    on_time: bool
    given: Mapping[str, float] | None


class _Item(NamedTuple):
    most: int
    points: Fraction | int | None
    applies: bool = True


def evidence_of(seen: Seen, bars: Bars) -> dict[str, int]:
    """The four parts that tell of evidence, in 1/100 point; the branch's own score is in points of these groups."""
    points, covered = Fraction(0), Fraction(0)
    ours, theirs, out_of = Fraction(0), Fraction(0), Fraction(0)
    for name, (most, items) in _groups(seen, bars).items():
        left = most - sum(item.most for item in items if not item.applies)
        decided = [item for item in items if item.applies and item.points is not None]
        got = sum((Fraction(item.points or 0) for item in decided), Fraction(0)) * most / left
        could = Fraction(sum(item.most for item in decided)) * most / left
        points, covered = points + got, covered + could
        if seen.given is not None and decided and sum(item.most for item in decided) * 2 >= left:
            ours, out_of = ours + got, out_of + could
            theirs += could * Fraction(seen.given[name]) / most
    parts = {"evidence_scored": 1, "evidence_points_hundredths": round(10_000 * points / covered)}
    if out_of:
        parts |= {"evidence_compared": 1, "evidence_gap_hundredths": round(10_000 * abs(theirs - ours) / out_of)}
    return parts


def _groups(seen: Seen, bars: Bars) -> dict[str, tuple[int, tuple[_Item, ...]]]:
    by_people = None
    return {
        "time": (5, (_Item(2, _yes(2, seen.on_set_day)), _Item(3, _yes(3, seen.duration_kept)))),
        "attendance": (5, (_Item(5, _attendance(seen, bars)),)),
        "preparation": (
            10,
            (
                _Item(5, by_people),
                _Item(2, _yes(2, seen.pre_meeting_held), applies=seen.has_committee),
                _Item(1, _yes(1, seen.notice_given)),
                _Item(2, _yes(2, seen.documents_in_time)),
            ),
        ),
        "conduct": (40, (_Item(15, by_people), _Item(25, _speaking(seen)))),
        "principles": (5, (_Item(5, by_people),)),
        "last_resolution": (
            30,
            (_Item(30, Fraction(30 * seen.last_tasks_done, seen.last_tasks) if seen.last_tasks else None),),
        ),
        "closing": (
            5,
            (
                _Item(2, _yes(2, seen.with_conclusion)),
                _Item(2, _yes(2, seen.minutes_complete and seen.tasks > 0)),
                _Item(1, _yes(1, seen.on_time)),
            ),
        ),
    }


def _yes(points: int, so: bool | None) -> int | None:
    return None if so is None else points if so else 0


def _attendance(seen: Seen, bars: Bars) -> int | None:
    if not seen.owed:
        return None
    if seen.absent_without_reason:
        return 2
    share = Fraction(100 * seen.present, seen.owed)
    return 5 if share >= bars.full else 3 if share >= bars.some else 0


def _speaking(seen: Seen) -> int | None:
    if not seen.present:
        return None
    share = Fraction(100 * seen.speakers, seen.present)
    return 25 if share >= 50 else 20 if share >= 40 else 15 if share >= 30 else 10
