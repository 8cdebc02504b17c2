"""The organisation of a province before 1/7/2025: real districts and communes, branches in Gia Lai's shares.

The articles give numbers of different years: 955 grassroots organisations as 353 committees and 602 branches on
30/6/2021, but 4,558 branches of which 660 are grassroots branches at the end of 2016 (domain.md, section 1). Here the
branches are those of 2016, the grassroots organisations those of 2021: 955 = 295 committees + 660 grassroots branches,
and 4,558 = 660 grassroots branches + 3,898 branches below the 295 committees. 218 committees are those of the
communes, wards and townships; 77 are in agencies, enterprises and forces.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final, Literal

import msgspec

from deploy.local.demo.gazetteer import Area, Commune, find_area
from deploy.local.demo.members import FEWEST, MOST, Member, enrol, sizes
from deploy.local.demo.offices import OTHER_TYPES, Office, offices
from deploy.local.demo.shares import apportion
from deploy.local.errors import LocalError

GIA_LAI_BRANCHES: Final = 4558
GIA_LAI_MEMBERS: Final = 52_055
GIA_LAI_GRASSROOTS: Final = 955
GIA_LAI_GRASSROOTS_BRANCHES: Final = 660
_GIA_LAI_COMMUNES: Final = {"commune": 180, "ward": 24, "township": 14}
_COMMUNE_BRANCHES: Final = {"commune": 2433, "ward": 395, "township": 304}
FEWEST_BRANCHES: Final = 30
MOST_BRANCHES: Final = 20_000
SINCE: Final = date(2010, 1, 1)

_DISTRICT_NAMES: Final = {"Huyện": "Huyện uỷ", "Quận": "Quận uỷ", "Thị xã": "Thị uỷ", "Thành phố": "Thành uỷ"}
_CELLS: Final = {"commune": "thôn", "ward": "tổ dân phố", "township": "tổ dân phố"}
_BODIES: Final = ("cơ quan", "trường học", "quân sự", "công an", "trạm y tế")

UnitKind = Literal["province_committee", "direct_committee", "grassroots_committee", "grassroots_branch", "branch"]
Level = Literal["province", "district", "commune", "grassroots", "branch"]


class Unit(msgspec.Struct, frozen=True):
    """A unit of the tree, as the registry takes it in; `parent_code` is None for the province's committee."""

    code: str
    parent_code: str | None
    kind: UnitKind
    level: Level
    name: str
    branch_type: str | None
    valid_from: date = SINCE

    @property
    def is_branch(self) -> bool:
        """Whether it meets every month: a branch or a grassroots branch."""
        return self.kind in ("branch", "grassroots_branch")


class Province(msgspec.Struct, frozen=True):
    """A province, or several side by side: its units, parents first, and the members of each branch by its code."""

    name: str
    units: list[Unit]
    members: dict[str, list[Member]]

    @property
    def root(self) -> Unit:
        """The province's committee; of several, the first one's."""
        return self.units[0]

    @property
    def roots(self) -> list[Unit]:
        """Every province's committee."""
        return [unit for unit in self.units if unit.parent_code is None]

    def branches(self) -> list[Unit]:
        """Every branch and grassroots branch."""
        return [unit for unit in self.units if unit.is_branch]


def build(name: str, *, branches: int | None = None, seed: int = 1, first_month: date = date(2024, 7, 1)) -> Province:
    """The tree and members of the province called `name`; the same arguments give the same province.

    Without `branches` it has Gia Lai's 4,558 in proportion to the communes. Everything but the districts scales with
    the branches. Raises LocalError for an unknown province and for fewer than 30 or more than 20,000
    branches.
    """
    area = find_area(name)
    if branches is not None and not FEWEST_BRANCHES <= branches <= MOST_BRANCHES:
        raise LocalError(
            f"--branches {branches}: từ {FEWEST_BRANCHES} đến {MOST_BRANCHES} chi bộ.",
            f"--branches {branches}: from {FEWEST_BRANCHES} to {MOST_BRANCHES} branches.",
        )
    rng = random.Random(f"{area.code}:{seed}")  # noqa: S311 - a rehearsal's data, not a secret
    units = list(_units(area, branches if branches is not None else default_branches(area), rng))
    below = [unit for unit in units if unit.is_branch]
    total = min(max(round(GIA_LAI_MEMBERS * len(below) / GIA_LAI_BRANCHES), FEWEST * len(below)), MOST * len(below))
    counts = sizes(total, [unit.branch_type == "commune" for unit in below], rng)
    by_branch = {unit.code: count for unit, count in zip(below, counts, strict=True)}
    return Province(area.short_name, units, enrol(by_branch, area.code, first_month, rng))


def side_by_side(
    name: str, provinces: Sequence[str], *, branches: int | None = None, seed: int = 1, first_month: date
) -> Province:
    """Several provinces as one that is called `name`; `branches` are shared out by the number of communes."""
    weights = [float(sum(find_area(province).communes_by_type().values())) for province in provinces]
    least = [FEWEST_BRANCHES] * len(provinces)
    if branches is not None and branches < sum(least):
        raise LocalError(
            f"--branches {branches}: {len(provinces)} tỉnh cần ít nhất {sum(least)} chi bộ.",
            f"--branches {branches}: {len(provinces)} provinces need at least {sum(least)} branches.",
        )
    shares = apportion(branches, weights, least=least) if branches is not None else [None] * len(provinces)
    built = [
        build(province, branches=share, seed=seed, first_month=first_month)
        for province, share in zip(provinces, shares, strict=True)
    ]
    return Province(
        name,
        [unit for province in built for unit in province.units],
        {code: people for province in built for code, people in province.members.items()},
    )


def default_branches(area: Area) -> int:
    """Gia Lai's branches in proportion to the number of communes."""
    return round(GIA_LAI_BRANCHES * sum(area.communes_by_type().values()) / sum(_GIA_LAI_COMMUNES.values()))


def _units(area: Area, branches: int, rng: random.Random) -> Iterator[Unit]:
    root = area.code
    title = "Thành uỷ" if area.is_city else "Tỉnh uỷ"
    place = "thành phố" if area.is_city else "tỉnh"
    yield Unit(root, None, "province_committee", "province", f"{title} {area.short_name}", None)
    for district in area.districts:
        name = f"{_DISTRICT_NAMES[district.type]} {district.short_name}"
        yield Unit(f"{root}-{district.code}", root, "direct_committee", "district", name, None)
    for code, name in (
        ("K1", f"Đảng uỷ Khối các cơ quan {place}"),
        ("K2", f"Đảng uỷ Khối doanh nghiệp {place}"),
        ("CA", f"Đảng uỷ Công an {place}"),
        ("QS", f"Đảng uỷ Quân sự {place}"),
    ):
        yield Unit(f"{root}-{code}", root, "direct_committee", "district", f"{name} {area.short_name}", None)

    communes = area.communes_by_type()
    types = [*_COMMUNE_BRANCHES, *OTHER_TYPES]
    weights = [_COMMUNE_BRANCHES[kind] * communes[kind] / _GIA_LAI_COMMUNES[kind] for kind in communes]
    weights += [count * sum(communes.values()) / sum(_GIA_LAI_COMMUNES.values()) for count in OTHER_TYPES.values()]
    by_type = dict(zip(types, apportion(branches, weights), strict=True))
    scale = branches / GIA_LAI_BRANCHES
    committees = 0
    for kind in _COMMUNE_BRANCHES:
        chosen = _communes(area, kind, by_type[kind], branches / default_branches(area))
        committees += len(chosen)
        yield from _commune_units(root, chosen, by_type[kind], rng)
    others = {kind: by_type[kind] for kind in OTHER_TYPES}
    grassroots_branches = min(round(GIA_LAI_GRASSROOTS_BRANCHES * scale), sum(others.values()))
    below_committees = sum(others.values()) - grassroots_branches
    wanted = round(GIA_LAI_GRASSROOTS * scale) - grassroots_branches - committees
    other_committees = min(max(wanted, min(1, below_committees)), below_committees)
    for office in offices(area, others, grassroots_branches, other_committees):
        yield from _office_units(root, office)


def _communes(area: Area, kind: str, branches: int, share: float) -> list[tuple[str, Commune]]:
    """The communes of a type that get a committee, with their district's code: all, or when the province is rehearsed
    smaller than it is, a share taken evenly from the districts."""
    placed = [
        (rank / len(district.communes), district.code, commune)
        for district in area.districts
        for rank, commune in enumerate(c for c in district.communes if c.type == kind)
    ]
    count = min(len(placed), branches, max(1, round(len(placed) * min(share, 1.0))))
    placed.sort(key=lambda entry: (entry[0], entry[1]))
    return sorted(((code, commune) for _, code, commune in placed[:count]), key=lambda entry: entry[1].code)


def _commune_units(root: str, chosen: list[tuple[str, Commune]], branches: int, rng: random.Random) -> Iterator[Unit]:
    if not chosen:
        return
    weights = [rng.uniform(0.6, 1.4) for _ in chosen]
    counts = apportion(branches, weights, least=[1] * len(chosen))
    for (district, commune), count in zip(chosen, counts, strict=True):
        code = f"{root}-{district}-{commune.code}"
        name = f"Đảng bộ {commune.name[0].lower()}{commune.name[1:]}"
        yield Unit(code, f"{root}-{district}", "grassroots_committee", "commune", name, None)
        cells = max(1, count - len(_BODIES))
        for number in range(1, count + 1):
            label = f"{_CELLS[commune.type]} {number}" if number <= cells else _BODIES[number - cells - 1]
            yield Unit(f"{code}-{number:02d}", code, "branch", "branch", f"Chi bộ {label}", commune.type)


def _office_units(root: str, office: Office) -> Iterator[Unit]:
    code = f"{root}-{office.under}-{office.number:03d}"
    if not office.branch_types:
        yield Unit(
            code, f"{root}-{office.under}", "grassroots_branch", "grassroots", f"Chi bộ {office.name}", office.type
        )
        return
    yield Unit(code, f"{root}-{office.under}", "grassroots_committee", "grassroots", f"Đảng bộ {office.name}", None)
    for number, branch_type in enumerate(office.branch_types, 1):
        yield Unit(f"{code}-{number:02d}", code, "branch", "branch", f"Chi bộ {number} {office.name}", branch_type)
