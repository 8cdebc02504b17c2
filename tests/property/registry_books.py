"""A small registry in memory, changed by the same pure functions as the real one, and held against naive rules."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec

from services.registry.domain.apply import Outcome, apply
from services.registry.domain.books import Books, Places
from services.registry.domain.judge import Blame, judged
from services.registry.domain.members import ENDINGS, GuestStay, Member, MemberSpan
from services.registry.domain.operations import AnyOperation
from services.registry.domain.rules import Rule, Rules, UnitKind
from services.registry.domain.spans import at
from services.registry.domain.units import Unit, UnitSpan
from services.registry.domain.villages import Village, VillageSpan
from services.registry.domain.withdrawal import Images, withdrawn

START = date(2020, 1, 1)
DAYS = [START + timedelta(days=30 * number) for number in range(-1, 14)]
BRANCHES = ("branch", "grassroots_branch")
PARENTS: dict[str, tuple[str | None, ...]] = {
    "province_committee": (None,),
    "direct_committee": ("province_committee", "direct_committee"),
    "grassroots_committee": ("province_committee", "direct_committee"),
    "grassroots_branch": ("province_committee", "direct_committee"),
    "department_committee": ("grassroots_committee",),
    "branch": ("grassroots_committee", "department_committee"),
    "group": ("branch", "grassroots_branch"),
}
LEVELS = {
    "province_committee": "province",
    "direct_committee": "commune",
    "grassroots_committee": "grassroots",
    "grassroots_branch": "grassroots",
    "department_committee": "department",
    "branch": "branch",
    "group": "group",
}
KINDS = {kind: UnitKind(kind, kind, (level,), kind in BRANCHES) for kind, level in LEVELS.items()}
RULES = Rules(
    (Rule(date(1900, 1, 1), None, PARENTS, "Issuer", "Parents"),),
    (Rule(date(1900, 1, 1), None, 18, "Issuer", "Age"),),
    (Rule(date(1900, 1, 1), None, KINDS, "Issuer", "Kinds"),),
)


class Decided(msgspec.Struct, frozen=True):
    """A decision in force: its day, its images, and the books as it found and left them."""

    day: date
    images: Images
    found: Places
    left: Places


def unit(number: int, kind: str, parent: int | None) -> Unit:
    """A unit since the start."""
    facts = {
        "valid_from": START,
        "valid_to": None,
        "kind": kind,
        "level": LEVELS[kind],
        "parent_id": None if parent is None else UUID(int=parent),
        "name": f"U{number}",
        "branch_type": "commune" if kind in BRANCHES else None,
    }
    return Unit(UUID(int=number), f"U{number}", (msgspec.convert(facts, UnitSpan),))


def member(number: int, branch: int, **more: Any) -> Member:
    """A member since the start; with `host` a guest there from the third month to the sixth."""
    host = more.pop("host", None)
    facts = {"valid_from": START, "valid_to": None, "unit_id": UUID(int=branch), "kind": "official", "status": "active"}
    span = msgspec.convert(facts | more, MemberSpan)
    if host is None:
        return Member(UUID(int=number), f"M{number}", None, (span,))
    stay = GuestStay(DAYS[3], DAYS[6], UUID(int=host))
    away = msgspec.structs.replace(
        span, status="temporary_elsewhere", valid_from=stay.valid_from, valid_to=stay.valid_to
    )
    timeline = (
        msgspec.structs.replace(span, valid_to=stay.valid_from),
        away,
        msgspec.structs.replace(span, valid_from=DAYS[6]),
    )
    return Member(UUID(int=number), f"M{number}", None, timeline, (stay,))


def village(number: int, organisation: int, branch: int | None) -> Village:
    """A village since the start."""
    span = VillageSpan(START, None, f"V{number}", UUID(int=organisation), None if branch is None else UUID(int=branch))
    return Village(UUID(int=number), f"V{number}", (span,))


def province() -> Places:
    """Two districts, three communes, six branches, a group; nine members and a guest; four villages."""
    units = [
        unit(1, "province_committee", None),
        unit(2, "direct_committee", 1),
        unit(3, "direct_committee", 1),
        unit(4, "grassroots_committee", 2),
        unit(5, "grassroots_committee", 2),
        unit(6, "grassroots_committee", 3),
        *(unit(7 + number, "branch", 4 + number // 2) for number in range(6)),
        unit(13, "department_committee", 5),
        unit(14, "group", 7),
    ]
    members = [*(member(100 + number, 7 + number % 6) for number in range(9)), member(109, 7, host=8)]
    villages = [village(200, 4, 7), village(201, 4, 8), village(202, 5, 9), village(203, 6, None)]
    return Places(
        {one.unit_id: one for one in units},
        {one.member_id: one for one in members},
        {one.village_id: one for one in villages},
    )


def changed(kept: Places, changes: Places) -> Places:
    """`kept` with `changes`; units without spans never were."""
    units = {**kept.units, **changes.units}
    return Places(
        {unit_id: one for unit_id, one in units.items() if one.spans},
        {**kept.members, **changes.members},
        {**kept.villages, **changes.villages},
    )


def single(kept: Places, one: Unit | Member, day: date) -> Places | None:
    """`kept` with one unit or member changed from `day` on, as a single change keeps it; None when a rule refuses."""
    books = Books(kept, min(day, START))
    if isinstance(one, Unit):
        books.put_unit(one)
    else:
        books.put_member(one)
    return None if list(judged(books, Blame(), RULES)) else changed(kept, books.changes())


def decide(kept: Places, operations: list[AnyOperation], day: date) -> tuple[Outcome, Decided | None]:
    """The outcome of a decision; and what it leaves, when it is in force."""
    outcome = apply(kept, operations, day, RULES)
    if outcome.conflicts:
        return outcome, None
    found = Places(
        {key: kept.units[key] for key in outcome.changes.units if key in kept.units},
        {key: kept.members[key] for key in outcome.changes.members},
        {key: kept.villages[key] for key in outcome.changes.villages},
    )
    return outcome, Decided(day, Images(found, outcome.changes), kept, changed(kept, outcome.changes))


def withdraw(kept: Places, decided: Decided) -> Places | None:
    """The books without the decision; None when something stands on it."""
    outcome = withdrawn(kept, decided.images, decided.day, RULES)
    if outcome.obstacles or outcome.conflicts:
        return None
    return changed(kept, outcome.changes)


def check(kept: Places) -> None:
    """Every rule of the tree, day by day, without the code under test."""
    everything: list[Any] = [*kept.units.values(), *kept.members.values(), *kept.villages.values()]
    for one in everything:
        timeline: tuple[Any, ...] = one.spans
        assert timeline, f"{one.code} has no span"
        assert all(span.valid_to is None or span.valid_from < span.valid_to for span in timeline)
        assert all(before.valid_to == after.valid_from for before, after in pairwise(timeline)), one.code
    for day in (*DAYS, date(2100, 1, 1)):
        _check_day(kept, day)


def _check_day(kept: Places, day: date) -> None:
    standing = {unit_id: span for unit_id, one in kept.units.items() if (span := at(one.spans, day)) is not None}
    for unit_id, span in standing.items():
        above = None if span.parent_id is None else standing[span.parent_id].kind
        assert above in PARENTS[span.kind], (day, span.name)
        assert span.level == LEVELS[span.kind]
        assert (span.branch_type is not None) == (span.kind in BRANCHES)
        way = [unit_id]
        while (parent_id := standing[way[-1]].parent_id) is not None:
            assert parent_id not in way, (day, span.name)
            way.append(parent_id)
    for one in kept.members.values():
        stay = at(one.spans, day)
        if stay is not None and stay.status not in ENDINGS:
            assert standing[stay.unit_id].kind in BRANCHES, (day, one.code)
        for guest in one.guest_stays:
            if guest.valid_from <= day and (guest.valid_to is None or day < guest.valid_to):
                assert standing[guest.unit_id].kind in BRANCHES, (day, one.code)
                assert stay is not None
                assert guest.unit_id != stay.unit_id
    for place in kept.villages.values():
        held = at(place.spans, day)
        if held is not None:
            assert standing[held.unit_id].kind not in (*BRANCHES, "group"), (day, place.code)
            assert held.branch_id is None or standing[held.branch_id].kind in BRANCHES, (day, place.code)


def census(kept: Places, day: date) -> tuple[int, int]:
    """Branches in force and members standing on a day."""
    standing = [span for one in kept.units.values() if (span := at(one.spans, day)) is not None]
    stays = [stay for one in kept.members.values() if (stay := at(one.spans, day)) is not None]
    return (
        sum(span.kind in BRANCHES for span in standing),
        sum(stay.status not in ENDINGS for stay in stays),
    )
