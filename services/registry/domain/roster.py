"""A branch's roster: what other services may know of its members. Opaque ids, kind, status, age band and post."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from services.registry.domain.ethnicity import GroupSpan
from services.registry.domain.members import Member, MemberKind, MemberSpan, Post, Status, birthday

AgeBand = Literal["18-30", "31-40", "41-50", "51-60", "61+"]

_BANDS: tuple[tuple[int, AgeBand], ...] = ((61, "61+"), (51, "51-60"), (41, "41-50"), (31, "31-40"), (18, "18-30"))


class Entry(msgspec.Struct, frozen=True):
    """One member's stay in a branch, without anything that tells who they are."""

    member_id: UUID
    valid_from: date
    valid_to: date | None
    kind: MemberKind
    status: Status
    age_band: AgeBand | None
    post: Post | None
    agency: str | None


class Disciplined(msgspec.Struct, frozen=True):
    """How many members of a branch were disciplined on a day."""

    on: date
    members: int


class Roster(msgspec.Struct, frozen=True):
    """What is published of a branch: its members' stays, and counts that say nothing of single members."""

    members: Sequence[Entry]
    ethnicity: Sequence[GroupSpan]
    discipline: Sequence[Disciplined]


def age_band(birth: date | None, day: date) -> AgeBand | None:
    """The group of ages, in full years on `day`, of someone born on `birth`; None under 18, and when it was erased."""
    return None if birth is None else next((band for least, band in _BANDS if birthday(birth, least) <= day), None)


def entry(member_id: UUID, birth: date | None, stay: MemberSpan, day: date) -> Entry:
    """`stay` as the roster published on `day` shows it."""
    return Entry(
        member_id,
        stay.valid_from,
        stay.valid_to,
        stay.kind,
        stay.status,
        age_band(birth, day),
        stay.post,
        stay.agency,
    )


def touched(before: Member | None, after: Member) -> set[UUID]:
    """The branches whose roster differs between `before` (None: not kept yet) and `after`."""
    if before is None:
        return {stay.unit_id for stay in after.stays}
    stays: Iterable[MemberSpan] = set(before.stays) ^ set(after.stays)
    if _told(before) != _told(after):
        stays = (*before.stays, *after.stays)
    return {stay.unit_id for stay in stays}


def _told(member: Member) -> tuple[date, str | None] | None:
    return (member.person.birth_date, member.person.ethnicity) if member.person else None
