"""What stands in the registry, by plain counting: members at a month's end, villages and what reaches them."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Final

from deploy.local.demo.members import Member
from deploy.local.demo.oracle_tree import add
from deploy.local.demo.villages import Village

VILLAGE_FIGURES: Final = (
    "villages",
    "own_branch",
    "sharing",
    "without_branch",
    "head_member",
    "head_not_member",
    "head_vacant",
)


def standing(members: Iterable[Member], month: str) -> dict[str, int]:
    """How many members stand in a branch on the last day of `month`. In a rehearsal nobody leaves.

    Ethnicity is told as it was on the half-year's first day, and of no branch in which one or two are alone.
    """
    year, number = int(month[:4]), int(month[5:])
    last = date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)
    here = [member for member in members if member.valid_from <= last]
    before = [member for member in members if member.valid_from <= date(year, 1 if number < 7 else 7, 1)]
    majority = sum(member.ethnicity == "Kinh" for member in before)
    minority = sum(member.ethnicity not in (None, "Kinh") for member in before)
    told = majority not in (1, 2) and minority not in (1, 2)
    return {
        "members_active": sum(member.status == "active" for member in here),
        "members_official": sum(member.kind == "official" for member in here),
        "members_probationary": sum(member.kind == "probationary" for member in here),
        "members_exempt": sum(member.status == "exempt" for member in here),
        "members_minority": minority if told else 0,
        "members_ethnicity_known": majority + minority if told else 0,
    }


def of_villages(villages: Iterable[Village], tree: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    """Code of every unit → how far branches reach the villages of its subtree."""
    found = {code: dict.fromkeys(VILLAGE_FIGURES, 0) for code in tree}
    settled = list(villages)
    having: dict[str | None, int] = {}
    for one in settled:
        having[one.branch_code] = having.get(one.branch_code, 0) + 1
    for one in settled:
        own = "own_branch" if having[one.branch_code] == 1 else "sharing"
        place = "without_branch" if one.branch_code is None else own
        add(found, tree, one.unit_code, dict.fromkeys(("villages", place, f"head_{one.head}"), 1))
    return found
