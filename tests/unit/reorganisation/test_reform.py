"""The data set's reform: every commune there was goes somewhere, in all 34 provinces."""

import pytest

from deploy.local.demo.gazetteer import find_area, province_names
from deploy.local.errors import LocalError
from deploy.local.reorganisation.reform import find_reform, new_province_names

ISLANDS_WITHOUT_COMMUNES = {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def test_gia_lai_is_what_the_resolutions_made_it() -> None:
    reform = find_reform("gia lai")

    areas = [find_area(name) for name in reform.before]
    assert reform.before == ("Bình Định", "Gia Lai")
    assert [len(area.districts) for area in areas] == [11, 17]
    assert len(reform.became) == 373
    assert len(reform.communes) == 135
    assert reform.divided, "some communes were divided"


@pytest.mark.parametrize("name", new_province_names())
def test_every_commune_becomes_part_of_a_new_one(name: str) -> None:
    reform = find_reform(name)

    before = {
        commune.code for old in reform.before for district in find_area(old).districts for commune in district.communes
    }
    after = {commune.code for commune in reform.communes}
    assert set(reform.became) == before
    reached = {part for parts in reform.became.values() for part in parts}
    assert reached <= after
    unreached = [commune for commune in reform.communes if commune.code not in reached]
    assert all(any(island in commune.name for island in ISLANDS_WITHOUT_COMMUNES) for commune in unreached)
    assert all(len(set(parts)) == len(parts) for parts in reform.became.values())


def test_the_34_provinces_were_63_and_3321_communes_remain() -> None:
    reforms = [find_reform(name) for name in new_province_names()]

    assert len(reforms) == 34
    assert sorted(old for reform in reforms for old in reform.before) == sorted(province_names())
    assert sum(len(reform.communes) for reform in reforms) == 3321


def test_an_unknown_province_is_answered_with_near_names() -> None:
    with pytest.raises(LocalError, match="Gia Lai"):
        find_reform("Gia Lay")
