"""The villages of a rehearsed province, and the targets of its offices.

How many villages a commune really has is not at hand. Each cell of a commune (chi bộ thôn, tổ dân phố) is given the
village it is named after; one commune in three has a village more that shares the first cell's branch, one in five has
one without a branch (trắng chi bộ). 54.5 % of the heads are members, as in Bắc Giang in 2012 (domain.md, section 1).
"""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from deploy.local.demo.members import Member
from deploy.local.demo.province import Province, Unit
from shared.months import last_day

Head = Literal["member", "not_member", "vacant"]
_CELL_WORDS: Final = ("thôn", "tổ dân phố")
_SHARING_EVERY: Final = 3
_WITHOUT_EVERY: Final = 5
_HEADS_MEMBERS: Final = 0.545
_HEADS_VACANT: Final = 0.02
_NEW_MEMBERS: Final = 0.03
_DUE: Final = (12, 15)
_SETTLED: Final = date(2019, 1, 1)
"""When every official member of a rehearsal has joined: a head stands in a roster from the first day."""


class Village(msgspec.Struct, frozen=True):
    """A village, as the registry takes it in."""

    code: str
    name: str
    unit_code: str
    branch_code: str | None
    head: Head
    head_code: str | None = None
    valid_from: date = _SETTLED


class Goal(msgspec.Struct, frozen=True):
    """How many new members a unit is to take in, by when, and how many it has told of, on which day."""

    unit_code: str
    year: int
    value: int
    due_on: date
    reached: int
    reached_on: date


def villages(province: Province, seed: int) -> list[Village]:
    """The villages of every commune of `province`; the same arguments give the same villages."""
    cells: dict[str, list[Unit]] = {}
    for unit in province.units:
        if unit.kind == "branch" and unit.parent_code and any(f"Chi bộ {word}" in unit.name for word in _CELL_WORDS):
            cells.setdefault(unit.parent_code, []).append(unit)
    found: list[Village] = []
    for number, (commune, branches) in enumerate(sorted(cells.items())):
        rng = random.Random(f"{commune}:{seed}:villages")  # noqa: S311 - a rehearsal's data, not a secret
        places: list[str | None] = [branch.code for branch in branches]
        places += [branches[0].code] if number % _SHARING_EVERY == 0 else []
        places += [None] if number % _WITHOUT_EVERY == 0 else []
        for place, branch in enumerate(places, 1):
            head, code = _head(province.members, branch, rng)
            found.append(Village(f"{commune}-T{place:02d}", f"Thôn {place}", commune, branch, head, code))
    return found


def _head(members: Mapping[str, Sequence[Member]], branch: str | None, rng: random.Random) -> tuple[Head, str | None]:
    drawn = rng.random()
    if drawn < _HEADS_VACANT:
        return "vacant", None
    if drawn >= _HEADS_VACANT + _HEADS_MEMBERS:
        return "not_member", None
    old = [
        member for member in members.get(branch or "", ()) if member.status == "active" and member.kind == "official"
    ]
    return "member", None if not old or rng.random() < 0.5 else old[-1].code


def goals(province: Province, month: str, seed: int) -> list[Goal]:
    """The year's goals of every direct committee, as they stand at the end of `month`."""
    day = last_day(month)
    above = {unit.code: unit.parent_code for unit in province.units}
    counts: dict[str, int] = {}
    for branch, here in province.members.items():
        at: str | None = branch
        while at is not None:
            counts[at] = counts.get(at, 0) + len(here)
            at = above[at]
    found = []
    for unit in province.units:
        if unit.kind == "direct_committee":
            rng = random.Random(f"{unit.code}:{seed}:goals")  # noqa: S311 - a rehearsal's data, not a secret
            value = max(1, round(counts.get(unit.code, 0) * _NEW_MEMBERS))
            reached = round(value * min(1.2, day.month / 12 * rng.uniform(0.5, 1.5)))
            found.append(Goal(unit.code, day.year, value, date(day.year, *_DUE), reached, day))
    return found
