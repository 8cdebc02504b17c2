"""The rehearsed province: the published counts, the same seed the same province, every province well formed."""

from collections import Counter
from datetime import date

import pytest

from deploy.local.demo.gazetteer import find_area, province_names
from deploy.local.demo.province import Province, build
from deploy.local.demo.shares import apportion
from deploy.local.errors import LocalError

_ABOVE = {
    "direct_committee": {"province_committee"},
    "grassroots_committee": {"direct_committee"},
    "grassroots_branch": {"direct_committee"},
    "branch": {"grassroots_committee"},
}


@pytest.fixture(scope="module")
def gia_lai() -> Province:
    return build("Gia Lai")


def _check_well_formed(province: Province) -> None:
    kinds = {unit.code: unit.kind for unit in province.units}
    assert len(kinds) == len(province.units), "codes repeat"
    assert province.root.kind == "province_committee"
    seen = {province.root.code}
    for unit in province.units[1:]:
        assert unit.parent_code in seen, f"{unit.code} comes before its parent"
        assert kinds[unit.parent_code] in _ABOVE[unit.kind]
        seen.add(unit.code)
    for unit in province.units:
        assert (unit.branch_type is not None) == unit.is_branch
    below = Counter(unit.parent_code for unit in province.units)
    assert all(below[code] for code, kind in kinds.items() if kind == "grassroots_committee"), "an empty committee"
    assert set(province.members) == {unit.code for unit in province.branches()}
    assert all(3 <= len(members) <= 60 for members in province.members.values())


def test_gia_lai_has_the_published_counts(gia_lai: Province) -> None:
    kinds = Counter(unit.kind for unit in gia_lai.units)
    assert kinds["direct_committee"] == 17 + 4
    assert kinds["grassroots_committee"] + kinds["grassroots_branch"] == 955
    assert kinds["grassroots_branch"] == 660
    assert kinds["branch"] + kinds["grassroots_branch"] == 4558
    assert Counter(unit.branch_type for unit in gia_lai.branches()) == {
        "commune": 2433,
        "ward": 395,
        "township": 304,
        "state_enterprise": 275,
        "joint_stock": 44,
        "private": 48,
        "public_service": 159,
        "administration": 533,
        "armed_forces": 339,
        "other": 28,
    }
    assert sum(map(len, gia_lai.members.values())) == 52_055
    _check_well_formed(gia_lai)


def test_every_commune_of_gia_lai_has_its_committee(gia_lai: Province) -> None:
    communes = {commune.code for district in find_area("Gia Lai").districts for commune in district.communes}
    committees = {unit.code.rsplit("-", 1)[1] for unit in gia_lai.units if unit.level == "commune"}
    assert committees == communes
    assert len(communes) == 218


def test_members_are_what_the_rules_need(gia_lai: Province) -> None:
    everyone = [member for members in gia_lai.members.values() for member in members]
    assert len({member.code for member in everyone}) == len(everyone)
    share = Counter(member.kind for member in everyone)["probationary"] / len(everyone)
    assert 0.03 < share < 0.04
    statuses = Counter(member.status for member in everyone)
    assert 0.05 < statuses["exempt"] / len(everyone) < 0.07
    assert 0.007 < statuses["temporary_elsewhere"] / len(everyone) < 0.013
    for member in everyone:
        assert member.valid_from >= member.birth_date.replace(year=member.birth_date.year + 18, day=1)
        assert date(2010, 1, 1) <= member.valid_from < date(2024, 7, 1)
    for members in gia_lai.members.values():
        posts = [member.post for member in members]
        assert posts.count("secretary") == 1
        assert posts.count("deputy_secretary") == (len(members) >= 5)
        assert posts.count("committee_member") == (len(members) >= 9)
        assert sum(member.votes for member in members) >= 3


def test_the_same_seed_gives_the_same_province() -> None:
    assert build("Kon Tum", branches=60, seed=7) == build("Kon Tum", branches=60, seed=7)
    assert build("Kon Tum", branches=60, seed=7) != build("Kon Tum", branches=60, seed=8)


@pytest.mark.parametrize("branches", [30, 100, 456, 2000])
def test_a_smaller_gia_lai_keeps_the_proportions(branches: int) -> None:
    province = build("Gia Lai", branches=branches)
    assert len(province.branches()) == branches
    assert sum(map(len, province.members.values())) == round(52_055 * branches / 4558)
    grassroots = sum(unit.kind.startswith("grassroots") for unit in province.units)
    assert grassroots == pytest.approx(955 * branches / 4558, abs=3)
    _check_well_formed(province)


def test_all_63_provinces_can_be_built() -> None:
    names = province_names()
    assert len(names) == 63
    for name in names:
        province = build(name, branches=90)
        assert len(province.branches()) == 90
        _check_well_formed(province)


def test_other_provinces_follow_their_communes() -> None:
    communes = sum(find_area("Kon Tum").communes_by_type().values())
    assert len(build("Kon Tum").branches()) == round(4558 * communes / 218)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("gia lai", "Gia Lai"), ("Tỉnh Đắk Lắk", "Đắk Lắk"), ("TP Ho Chi Minh", "Hồ Chí Minh"), ("Thừa Thiên Huế", "Huế")],
)
def test_names_are_found_with_or_without_tone_marks(written: str, meant: str) -> None:
    assert find_area(written).short_name == meant


def test_an_unknown_province_lists_near_names() -> None:
    with pytest.raises(LocalError, match="Gia Lai"):
        find_area("Gia Lay")


def test_too_few_branches_are_refused() -> None:
    with pytest.raises(LocalError, match="--branches 3"):
        build("Gia Lai", branches=3)


def test_apportion_adds_up_within_its_limits() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert apportion(10, [100, 1, 1], most=[4, 10, 10]) == [4, 3, 3]
    assert apportion(10, [100, 1, 1], least=[0, 2, 2]) == [6, 2, 2]
    with pytest.raises(ValueError, match="cannot be split"):
        apportion(10, [1, 1], most=[4, 4])
