"""How many members of a branch belong to the majority and to minorities, as far as that may leave the registry. Pure.

Ethnicity is sensitive personal data. Beside a roster of single members a count can say what somebody is; so counts are
told of half-years only, and of none in which one of the groups has one or two members
(docs/adr/0011-counts-of-ethnicity.md).
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from services.registry.domain import spans
from services.registry.domain.members import MemberSpan

Group = Literal["majority", "minority"]

FEWEST: Final = 3
"""A group of fewer members, but not none, is not told."""


class GroupSpan(msgspec.Struct, frozen=True):
    """How many members of a group a branch has from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    group: Group
    members: int


def group_of(ethnicity: str | None, majority: Collection[str]) -> Group | None:
    """The group of a member whose ethnicity is written so; None where it is not recorded."""
    named = " ".join(unicodedata.normalize("NFC", ethnicity or "").split()).casefold()
    return None if not named else "majority" if named in majority else "minority"


def counted(stays: Iterable[tuple[MemberSpan, Group | None]]) -> tuple[GroupSpan, ...]:
    """The counts of a branch that may be told, of all stays in its roster; guests count at home."""
    known = [(stay, group) for stay, group in stays if group is not None and stay.status != "received_temporarily"]
    days = {day for stay, _ in known for day in (stay.valid_from, stay.valid_to) if day is not None}
    steps = sorted({_half_year_from(day) for day in days})
    found: list[GroupSpan] = []
    open_: dict[Group, GroupSpan] = {}
    for step in steps:
        told = _told([group for stay, group in known if spans.holds(stay, step)])
        for group, members in told.items():
            before = open_.get(group)
            if before is not None and before.members == members:
                continue
            if before is not None:
                found.append(msgspec.structs.replace(open_.pop(group), valid_to=step))
            if members is not None:
                open_[group] = GroupSpan(step, None, group, members)
    return tuple(sorted([*found, *open_.values()], key=lambda one: (one.valid_from, one.group)))


def _told(groups: Sequence[Group]) -> dict[Group, int | None]:
    counts: dict[Group, int] = {"majority": groups.count("majority"), "minority": groups.count("minority")}
    small = not groups or any(0 < count < FEWEST for count in counts.values())
    return {group: None if small else count for group, count in counts.items()}


def _half_year_from(day: date) -> date:
    """The first day of a half-year that is `day` or comes after it."""
    begin = date(day.year, 1 if day.month <= 6 else 7, 1)
    if begin == day:
        return begin
    return date(day.year, 7, 1) if begin.month == 1 else date(day.year + 1, 1, 1)
