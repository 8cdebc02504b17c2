"""What it takes to take a decision back: everything is as it left it, and nothing newer stands on what it made."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

import msgspec

from services.registry.domain.books import Books, Places
from services.registry.domain.judge import Blame, judged
from services.registry.domain.members import Member
from services.registry.domain.rules import Rules
from services.registry.domain.units import Unit
from services.registry.domain.villages import Village
from shared.errors import Fault, Text

Subject = Literal["unit", "member", "village"]
Kept: TypeAlias = Unit | Member | Village


class Images(msgspec.Struct, frozen=True):
    """What a decision changed: how it found each subject (those it made are absent there) and how it left it."""

    before: Places
    after: Places

    @property
    def made(self) -> frozenset[UUID]:
        """The units it made."""
        return frozenset(self.after.units.keys() - self.before.units.keys())


class Obstacle(msgspec.Struct, frozen=True):
    """Something that was changed since, or that stands on what the decision made."""

    subject: Subject
    subject_id: UUID
    code: str


class Withdrawal(msgspec.Struct, frozen=True):
    """The subjects as they will be (units the decision made: without spans), or what stands in the way."""

    changes: Places
    obstacles: tuple[Obstacle, ...]
    conflicts: tuple[Fault, ...]


def withdrawn(kept: Places, images: Images, day: date, rules: Rules) -> Withdrawal:
    """What taking back the decision of `day` makes of `kept`.

    `kept` holds every unit, the members and villages of `images`, and those in or of the units it made or changed.
    """
    obstacles = (*_changed(kept, images), *_standing_on(kept, images))
    if obstacles:
        return Withdrawal(Places(), obstacles, ())
    books = Books(kept, day)
    for unit in images.before.units.values():
        books.put_unit(unit)
    for unit_id in images.made:
        books.put_unit(msgspec.structs.replace(books.units[unit_id], spans=()))
    for member in images.before.members.values():
        stays = member.spans, member.guest_stays
        now = books.members[member.member_id]
        books.put_member(msgspec.structs.replace(now, spans=stays[0], guest_stays=stays[1]))
    for village in images.before.villages.values():
        books.put_village(village)
    return Withdrawal(books.changes(), (), tuple(judged(books, Blame("reason"), rules)))


def _changed(kept: Places, images: Images) -> Iterator[Obstacle]:
    for subject, now, left in _pairs(kept, images.after):
        for subject_id, one in left.items():
            found = now.get(subject_id)
            if found is None or _timelines(found) != _timelines(one):
                yield Obstacle(subject, subject_id, (found or one).code)


def _standing_on(kept: Places, images: Images) -> Iterator[Obstacle]:
    made = images.made
    for subject, now, left in _pairs(kept, images.after):
        for subject_id, one in now.items():
            if subject_id not in left and not made.isdisjoint(_places(one)):
                yield Obstacle(subject, subject_id, one.code)


def _pairs(one: Places, other: Places) -> Iterator[tuple[Subject, Mapping[UUID, Kept], Mapping[UUID, Kept]]]:
    yield "unit", one.units, other.units
    yield "member", one.members, other.members
    yield "village", one.villages, other.villages


def _timelines(one: Kept) -> tuple[object, ...]:
    return (one.spans, one.guest_stays) if isinstance(one, Member) else (one.spans,)


def _places(one: Kept) -> Iterator[UUID | None]:
    if isinstance(one, Unit):
        yield from (span.parent_id for span in one.spans)
    elif isinstance(one, Member):
        yield from (span.unit_id for span in one.spans)
        yield from (stay.unit_id for stay in one.guest_stays)
    else:
        for span in one.spans:
            yield span.unit_id
            yield span.branch_id


def refusal_text(obstacles: int) -> Text:
    """What is said when a decision cannot be taken back."""
    return Text(
        f"Không thể thu hồi: {obstacles} chỗ đã thay đổi sau quyết định này, hoặc dựa trên những gì quyết định lập ra. "
        "Hãy thu hồi hoặc sửa các thay đổi sau đó trước.",
        f"This cannot be withdrawn: {obstacles} place(s) have changed since, or stand on what the decision made. "
        "Withdraw or undo those later changes first.",
    )
