"""A target against its plan and against the time that is over. Pure.

What a unit has reached is what it reports itself; where it reports nothing and the kind adds up, it is what the units
its target is broken down to have reached together, each counted in the same way.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

Direction = Literal["at_least", "at_most"]
Standing = Literal["reached", "ahead", "behind", "within", "exceeded"]
"""At least: reached, or ahead of or behind the time that is over. At most: still within, or exceeded."""


class Known(msgspec.Struct, frozen=True):
    """A target as it is known on a day: the newest figure reported up to then, and of which day that is."""

    target_id: UUID
    unit_id: UUID
    year: int
    kind: str
    measure: str
    direction: Direction
    adds_up: bool
    value: float
    due_on: date
    part_of: UUID | None
    reported_on: date | None
    reported: float | None


class Reached(msgspec.Struct, frozen=True):
    """What was reached: by the unit's own report, or by `parts` lowest parts, of which `reporting` have reported."""

    value: float | None
    own: bool
    parts: int
    reporting: int


class Figure(msgspec.Struct, frozen=True):
    """A target of a unit on a day. Shares are of 1; None where nothing was reported, or nothing is planned."""

    target_id: UUID
    unit_id: UUID
    year: int
    kind: str
    measure: str
    direction: Direction
    value: float
    due_on: date
    part_of: UUID | None
    reached: float | None
    own_report: bool
    reported_on: date | None
    parts: int
    parts_reporting: int
    share_of_plan: float | None
    share_of_time: float
    standing: Standing | None


def figure(target: Known, below: Mapping[UUID, Sequence[Known]], day: date) -> Figure:
    """`target` against plan and time at the end of `day`; `below` are the parts each target is broken down to."""
    found = reached(target, below)
    gone = share_of_time(target.year, target.due_on, day)
    share = None if found.value is None or target.value == 0 else round(found.value / target.value, 4)
    return Figure(
        target_id=target.target_id,
        unit_id=target.unit_id,
        year=target.year,
        kind=target.kind,
        measure=target.measure,
        direction=target.direction,
        value=target.value,
        due_on=target.due_on,
        part_of=target.part_of,
        reached=found.value,
        own_report=found.own,
        reported_on=target.reported_on,
        parts=found.parts,
        parts_reporting=found.reporting,
        share_of_plan=share,
        share_of_time=gone,
        standing=_standing(target, found.value, gone),
    )


def reached(target: Known, below: Mapping[UUID, Sequence[Known]], above: frozenset[UUID] = frozenset()) -> Reached:
    """What was reached of a target, by its own report or by its parts; a part that is one of `above` is none."""
    above = above | {target.target_id}
    found = [part for part in below.get(target.target_id, ()) if part.target_id not in above]
    parts = [reached(part, below, above) for part in found]
    count = sum(one.parts or 1 for one in parts)
    reporting = sum(one.reporting if one.parts and not one.own else one.value is not None for one in parts)
    if target.reported is not None:
        return Reached(target.reported, True, count, reporting)
    told = [one.value for one in parts if one.value is not None]
    return Reached(sum(told) if target.adds_up and told else None, False, count, reporting)


def share_of_time(year: int, due_on: date, day: date) -> float:
    """How much of the time from 1 January of `year` to `due_on` is over at the end of `day`, from 0 to 1."""
    first = date(year, 1, 1)
    whole, gone = (due_on - first).days + 1, (day - first).days + 1
    return round(min(max(gone / whole, 0.0), 1.0), 4) if whole > 0 else 1.0


def _standing(target: Known, value: float | None, gone: float) -> Standing | None:
    if value is None:
        return None
    if target.direction == "at_most":
        return "within" if value <= target.value else "exceeded"
    if value >= target.value:
        return "reached"
    return "ahead" if value / target.value >= gone else "behind"
