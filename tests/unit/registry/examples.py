"""Units, members and rules to judge."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.registry.domain.members import Member, MemberSpan, Person
from services.registry.domain.rules import AllowedParents, Rule, Rules, UnitKind
from services.registry.domain.units import BRANCH_KINDS, Unit, UnitSpan

PARENTS: AllowedParents = {
    "province_committee": (None,),
    "direct_committee": ("province_committee",),
    "grassroots_committee": ("direct_committee",),
    "grassroots_branch": ("direct_committee",),
    "department_committee": ("grassroots_committee",),
    "branch": ("grassroots_committee",),
    "group": ("branch",),
}
SINCE_2025 = PARENTS | {"direct_committee": ("province_committee", "direct_committee")}
LEVELS = ("province", "district", "commune", "grassroots", "department", "branch", "group")
KINDS = {kind: UnitKind(kind, kind, LEVELS, kind in BRANCH_KINDS) for kind in PARENTS}
RULES = Rules(
    (
        Rule(date(1900, 1, 1), date(2025, 7, 1), PARENTS, "Issuer", "Old citation"),
        Rule(date(2025, 7, 1), None, SINCE_2025, "Issuer", "New citation"),
    ),
    (Rule(date(1900, 1, 1), None, 18, "Issuer", "Age citation"),),
    (Rule(date(1900, 1, 1), None, KINDS, "Issuer", "Kinds citation"),),
)


def unit_id(number: int) -> UUID:
    """The id of unit `number`."""
    return UUID(int=number)


def span(kind: str, parent: int | None, **more: Any) -> UnitSpan:
    """A unit's span since 2010."""
    facts = {
        "valid_from": date(2010, 1, 1),
        "valid_to": None,
        "kind": kind,
        "level": "grassroots",
        "parent_id": None if parent is None else unit_id(parent),
        "name": kind,
        "branch_type": "ward" if kind in ("branch", "grassroots_branch") else None,
    }
    return msgspec.convert(facts | more, UnitSpan)


def unit(number: int, *spans: UnitSpan) -> Unit:
    """Unit `number`."""
    return Unit(unit_id(number), f"U{number}", spans)


def member(*spans: MemberSpan, birth: date = date(1980, 5, 19)) -> Member:
    """A member."""
    return Member(UUID(int=100), "M", Person("Nguyễn Mẫu An", birth), spans)


def stay(number: int, first: date, end: date | None = None, **more: Any) -> MemberSpan:
    """A stay in unit `number`, official and active."""
    facts = {"valid_from": first, "valid_to": end, "unit_id": unit_id(number), "kind": "official", "status": "active"}
    return msgspec.convert(facts | more, MemberSpan)
