"""Attendance by groups of members, as the roster of the day tells them: age band, post, agency. Counts, never ids."""

from collections import Counter
from collections.abc import Mapping
from typing import Literal
from uuid import UUID

import msgspec

from services.meetings.domain.attendance import Attendance
from services.meetings.domain.roster import Entry

By = Literal["age_band", "post", "agency"]


class Group(msgspec.Struct, frozen=True):
    """How many of a group owed attendance, and how many of those came.

    Without an age band a member is of "unknown", without a post of "none"; without an agency of no group by agency.
    """

    by: By
    group: str
    owed: int
    present: int


def of(attendance: Attendance, roster: Mapping[UUID, Entry]) -> tuple[Group, ...]:
    """Those who owed attendance, by groups, as `roster`, that of the day, tells of them."""
    present = Counter(key for member_id in attendance.present for key in _of_member(roster.get(member_id)))
    owed = present + Counter(
        key for absence in attendance.roll_call.absent for key in _of_member(roster.get(absence.member_id))
    )
    return tuple(Group(by, group, owed[by, group], present[by, group]) for by, group in sorted(owed))


def _of_member(entry: Entry | None) -> list[tuple[By, str]]:
    found: list[tuple[By, str]] = [
        ("age_band", (entry.age_band if entry else None) or "unknown"),
        ("post", (entry.post if entry else None) or "none"),
    ]
    if entry is not None and entry.agency:
        found.append(("agency", entry.agency))
    return found
