"""Grassroots organisations outside the communes: agencies, enterprises, schools, hospitals, forces."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec

from deploy.local.demo.gazetteer import Area
from deploy.local.demo.shares import apportion

OTHER_TYPES: Final = {
    "state_enterprise": 275,
    "joint_stock": 44,
    "private": 48,
    "public_service": 159,
    "administration": 533,
    "armed_forces": 339,
    "other": 28,
}
"""Gia Lai's branches by type at the end of 2016, without those of communes, wards and townships."""

_BRANCH_SHARE: Final = {
    "state_enterprise": 0.10,
    "joint_stock": 0.60,
    "private": 0.80,
    "public_service": 0.70,
    "administration": 0.75,
    "armed_forces": 0.10,
    "other": 0.80,
}
"""How many of a type's branches are grassroots branches (assumed: small bodies have one branch, large ones several)."""

_UNDER: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    "state_enterprise": (("K2", 0.7),),
    "joint_stock": (("K2", 0.8),),
    "private": (("K2", 0.6),),
    "public_service": (("K1", 0.3),),
    "administration": (("K1", 0.3),),
    "armed_forces": (("CA", 0.45), ("QS", 0.45)),
    "other": (("K1", 0.5),),
}
"""The province's equivalent committees a type stands under and with which share; the rest is in the districts."""

_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "state_enterprise": ("Công ty cà phê", "Công ty cao su", "Công ty lâm nghiệp", "Công ty thuỷ lợi"),
    "joint_stock": ("Công ty cổ phần xây dựng", "Công ty cổ phần dịch vụ"),
    "private": ("Doanh nghiệp tư nhân", "Công ty TNHH"),
    "public_service": ("Trung tâm y tế", "Trường trung học phổ thông", "Trung tâm dịch vụ nông nghiệp", "Thư viện"),
    "administration": ("Phòng Nội vụ", "Phòng Tài chính", "Phòng Tư pháp", "Thanh tra", "Văn phòng", "Toà án", "Thuế"),
    "armed_forces": ("Ban Chỉ huy", "Đội", "Đồn", "Kho", "Đại đội"),
    "other": ("Hội", "Quỹ tín dụng"),
}


class Office(msgspec.Struct, frozen=True):
    """A grassroots organisation: the code of the committee above it, its number there, its name, its type, and the
    types of the branches below it (none: it is a grassroots branch itself)."""

    under: str
    number: int
    name: str
    type: str
    branch_types: tuple[str, ...]


def offices(area: Area, by_type: Mapping[str, int], grassroots_branches: int, committees: int) -> list[Office]:
    """`grassroots_branches` organisations without and `committees` with branches below; together `by_type` branches."""
    types = list(by_type)
    alone = apportion(
        grassroots_branches,
        [by_type[kind] * _BRANCH_SHARE[kind] for kind in types],
        most=[by_type[kind] for kind in types],
    )
    bodies: list[tuple[str, tuple[str, ...]]] = [
        (kind, ()) for kind, count in zip(types, alone, strict=True) for _ in range(count)
    ]
    # The branches below committees in order of type, cut into runs: a committee at a seam holds two types.
    rest = [kind for kind, count in zip(types, alone, strict=True) for _ in range(by_type[kind] - count)]
    begin = 0
    for length in apportion(len(rest), [1.0] * committees, least=[1] * committees) if committees else ():
        bodies.append((rest[begin], tuple(rest[begin : begin + length])))
        begin += length

    numbers: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    placed: list[Office] = []
    by_body: dict[tuple[str, bool], list[tuple[str, ...]]] = {}
    for kind, below in bodies:
        by_body.setdefault((kind, bool(below)), []).append(below)
    for (kind, _), group in by_body.items():
        for under, below in zip(_places(area, kind, len(group)), group, strict=True):
            numbers[under] += 1
            named[under, kind] += 1
            labels = _NAMES[kind]
            label = labels[named[under, kind] % len(labels)]
            name = f"{label} số {1 + named[under, kind] // len(labels)}"
            placed.append(Office(under, numbers[under], name, kind, below))
    return placed


def _places(area: Area, kind: str, count: int) -> list[str]:
    """The codes of the committees that `count` bodies of a type stand under; districts in proportion to communes."""
    central = _UNDER[kind]
    left = 1 - sum(share for _, share in central)
    weights = [1 + len(district.communes) for district in area.districts]
    codes = [code for code, _ in central] + [district.code for district in area.districts]
    shares = [share for _, share in central] + [left * weight / sum(weights) for weight in weights]
    return [code for code, number in zip(codes, apportion(count, shares), strict=True) for _ in range(number)]
