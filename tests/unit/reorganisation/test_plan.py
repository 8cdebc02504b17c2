"""The plan of a reorganisation: nobody is left behind, in any of the 34 provinces."""

import uuid
from datetime import date

import pytest

from deploy.local.demo.gazetteer import find_area
from deploy.local.demo.province import Province, default_branches, side_by_side
from deploy.local.reorganisation.decision import Plan, Row, plan
from deploy.local.reorganisation.reform import Reform, find_reform, new_province_names


def planned(name: str, *, share: int = 1) -> tuple[Reform, Province, Plan]:
    reform = find_reform(name)
    branches = sum(default_branches(find_area(old)) for old in reform.before) // share
    province = side_by_side(reform.short_name, reform.before, branches=branches, first_month=date(2024, 7, 1))
    rows = [
        Row(str(uuid.uuid4()), unit.code, unit.kind, unit.level, unit.parent_code, unit.name, unit.branch_type)
        for unit in province.units
    ]
    return reform, province, plan(reform, rows, "01-QĐ/TU")


@pytest.mark.parametrize("name", new_province_names())
def test_every_branch_stands_under_a_commune_or_an_office_of_the_province(name: str) -> None:
    _, province, made = planned(name, share=3)

    (root,) = [code for code, parent in made.parents.items() if parent is None]
    for unit in province.branches():
        path = [unit.code]
        while (above := made.parents[path[-1]]) is not None:
            assert above not in path
            path.append(above)
        assert path[-1] == root
    districts = {
        unit.code
        for unit in province.units
        if unit.kind == "direct_committee" and unit.name.startswith(("Huyện uỷ", "Quận uỷ", "Thị uỷ", "Thành uỷ"))
    }
    assert not districts & set(made.parents)


def test_gia_lai_has_135_communes_directly_under_the_province() -> None:
    reform, _, made = planned("Gia Lai")

    (root,) = [code for code, parent in made.parents.items() if parent is None]
    communes = [code for code, parent in made.parents.items() if parent == root and "Đảng bộ" in made.names[code]]
    assert len(communes) == len(reform.communes) == 135


def test_the_branches_of_a_divided_commune_are_shared_out() -> None:
    reform, province, made = planned("Gia Lai")

    splits = [operation for operation in made.body["operations"] if operation["op"] == "split"]
    assert len(splits) == len(reform.divided)
    old = {unit.code.rpartition("-")[2]: unit.code for unit in province.units if unit.level == "commune"}
    for official in reform.divided:
        children = [unit.code for unit in province.units if unit.parent_code == old[official]]
        went_to = {made.parents[child] for child in children}
        assert len(went_to) == min(len(children), len(reform.became[official]))
