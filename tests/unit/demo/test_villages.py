"""Villages, goals and standing members of a rehearsal, on cases small enough to count by hand."""

from datetime import date

import msgspec

from deploy.local.demo.compare import Comparison
from deploy.local.demo.compare_registry import together
from deploy.local.demo.oracle_registry import of_villages, standing
from deploy.local.demo.province import build
from deploy.local.demo.villages import Village, goals, villages
from tests.unit.demo.test_oracle import PROVINCE

TREE = {"P": None, "C": "P", "C2": "P"}


def test_every_cell_has_a_village_and_some_communes_more() -> None:
    province = build("Gia Lai", branches=400)
    settled = villages(province, 1)
    cells = {unit.code for unit in province.units if unit.kind == "branch" and "thôn" in unit.name}
    of_branch = [one.branch_code for one in settled if one.branch_code]
    assert cells <= set(of_branch)
    assert len(of_branch) > len(set(of_branch)), "some share"
    assert any(one.branch_code is None for one in settled), "some have none"
    assert len({one.code for one in settled}) == len(settled)
    assert settled == villages(province, 1)
    assert {one.head for one in settled} == {"member", "not_member", "vacant"}


def test_a_shared_branch_is_nobodys_own() -> None:
    settled = [
        Village("T1", "1", "C", "B1", "member"),
        Village("T2", "2", "C", "B1", "vacant"),
        Village("T3", "3", "C2", "B2", "not_member"),
        Village("T4", "4", "C2", None, "member"),
    ]
    found = of_villages(settled, TREE)
    assert (found["C"]["sharing"], found["C"]["own_branch"], found["C"]["head_vacant"]) == (2, 0, 1)
    assert (found["C2"]["own_branch"], found["C2"]["without_branch"]) == (1, 1)
    assert (found["P"]["villages"], found["P"]["head_member"]) == (4, 2)


def test_members_stand_from_the_months_last_day_they_have_joined_by() -> None:
    here = PROVINCE.members["B2"]
    assert [standing(here, month)["members_active"] for month in ("2024-07", "2024-08")] == [2, 3]


def test_ethnicity_counts_from_the_half_year_and_not_while_one_or_two_are_alone() -> None:
    one = PROVINCE.members["B2"][0]
    here = [msgspec.structs.replace(one, ethnicity="Kinh")] * 3
    two = [msgspec.structs.replace(one, ethnicity="Ba Na")] * 2
    late = msgspec.structs.replace(one, ethnicity="Ba Na", valid_from=date(2024, 7, 2))
    known = [standing([*here, *more], "2024-12")["members_ethnicity_known"] for more in ([], two, [*two, late])]
    assert known == [3, 0, 0]
    assert standing([*here, *two, late], "2025-01")["members_minority"] == 3


def test_every_office_has_a_goal_for_the_year_of_the_day() -> None:
    (goal,) = goals(PROVINCE, "2024-06", 1)
    assert (goal.unit_code, goal.year, goal.value, goal.reached_on) == ("D", 2024, 1, date(2024, 6, 30))


def test_what_was_compared_besides_counts_for_the_whole() -> None:
    whole = Comparison(units=1, months=1, figures=1, due=1, compared=1, differing=0, first=())
    assert together(whole, 5, []).equal
    assert together(whole, 5, []).compared == 6
