"""One village over time, its branch and its head."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.registry.domain import villages
from services.registry.domain.villages import Days, Village, VillageChange, VillageSpan
from shared.errors import Conflict
from tests.unit.registry.examples import span, unit, unit_id

DAY = date(2026, 1, 1)
HEAD = UUID(int=99)
UNITS = {
    one.unit_id: one
    for one in (
        unit(1, span("province_committee", None)),
        unit(2, span("grassroots_committee", 1)),
        unit(3, span("grassroots_committee", 1)),
        unit(4, span("branch", 2)),
        unit(5, span("branch", 2, valid_to=DAY), span("branch", 3, valid_from=DAY)),
        unit(6, span("branch", 2, valid_to=DAY)),
    )
}


def village_span(**more: Any) -> VillageSpan:
    """A village of unit 2 with branch 4 since 2016."""
    facts = {"valid_from": date(2016, 1, 1), "valid_to": None, "name": "Làng 1", "unit_id": unit_id(2)}
    return VillageSpan(**facts | {"branch_id": unit_id(4)} | more)


def village(*spans: VillageSpan) -> Village:
    """A village."""
    return Village(UUID(int=50), "T1", spans)


def rules_broken(*spans: VillageSpan, stays: dict[UUID, list[Days]] | None = None) -> list[tuple[int, str, str]]:
    """Number of the span, field and rule of each fault."""
    return [(index, fault.field, fault.rule) for index, fault in villages.faults(village(*spans), UNITS, stays or {})]


@pytest.mark.parametrize(
    ("more", "broken"),
    [
        ({}, []),
        ({"branch_id": None}, []),
        ({"unit_id": unit_id(1)}, []),
        ({"branch_id": unit_id(5)}, [(0, "branch_id", "branch-of-another-organisation")]),
        ({"branch_id": unit_id(5), "valid_to": DAY}, []),
        ({"branch_id": unit_id(5), "branch_elsewhere": True}, []),
        ({"branch_id": unit_id(6)}, [(0, "branch_id", "branch-not-in-force")]),
        ({"branch_id": unit_id(3)}, [(0, "branch_id", "branch-not-in-force")]),
        ({"unit_id": unit_id(3)}, [(0, "branch_id", "branch-of-another-organisation")]),
        ({"unit_id": unit_id(4)}, [(0, "unit_id", "organisation-not-in-force")]),
        ({"unit_id": unit_id(7)}, [(0, "unit_id", "unknown-unit")]),
        ({"branch_id": None, "branch_elsewhere": True}, [(0, "branch_elsewhere", "branch-needed")]),
        ({"valid_to": date(2016, 1, 1)}, [(0, "valid_to", "span-empty")]),
    ],
)
def test_a_village_stands_with_its_organisation_and_branch_all_the_while(
    more: dict[str, Any], broken: list[tuple[int, str, str]]
) -> None:
    assert rules_broken(village_span(**more)) == broken


def test_a_head_who_is_named_is_a_member_in_a_roster_on_the_first_day() -> None:
    named = village_span(head="member", head_member_id=HEAD)

    assert rules_broken(named, stays={HEAD: [Days(date(2016, 1, 1), None)]}) == []
    assert rules_broken(named, stays={HEAD: [Days(date(2016, 1, 2), None)]}) == [
        (0, "head_member_id", "head-in-no-roster")
    ]
    assert rules_broken(village_span(head_member_id=HEAD)) == [(0, "head_member_id", "head-is-no-member")]


def test_a_change_is_carried_on_into_later_spans() -> None:
    later = village_span(valid_from=DAY, name="Làng 2")
    before = village(village_span(valid_to=DAY), later)

    after = villages.changed(before, date(2020, 1, 1), VillageChange(name="Làng 3", branch_id=None))

    assert [(one.valid_from.year, one.name, one.branch_id) for one in after.spans] == [
        (2016, "Làng 1", unit_id(4)),
        (2020, "Làng 3", None),
        (2026, "Làng 2", None),
    ]


def test_another_head_is_not_the_member_named_before() -> None:
    before = village(village_span(head="member", head_member_id=HEAD))

    after = villages.changed(before, DAY, VillageChange(head="not_member"))

    assert (after.spans[-1].head, after.spans[-1].head_member_id) == ("not_member", None)
    assert villages.changed(before, DAY, VillageChange(head="member")) == before


@pytest.mark.parametrize("day", [date(2015, 12, 31), date(2027, 1, 1)])
def test_nothing_changes_outside_the_villages_days(day: date) -> None:
    with pytest.raises(Conflict, match="village-not-in-force"):
        villages.changed(village(village_span(valid_to=date(2027, 1, 1))), day, VillageChange(name="Làng 2"))


def test_a_village_ends_after_its_last_change_and_once() -> None:
    before = village(village_span(valid_to=DAY), village_span(valid_from=DAY, name="Làng 2"))

    closed = villages.closed(before, date(2027, 1, 1))

    assert closed.spans[-1].valid_to == date(2027, 1, 1)
    assert villages.closed(closed, date(2027, 1, 1)) == closed
    with pytest.raises(Conflict, match="later-change"):
        villages.closed(before, DAY)
    with pytest.raises(Conflict, match="village-not-in-force"):
        villages.closed(closed, date(2028, 1, 1))
