"""The members of a rehearsed province: invented people, with what the rules ask about each."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from deploy.local.demo.shares import apportion

FEWEST: Final = 3
MOST: Final = 60
_JOINED_FROM: Final = date(2010, 1, 1)
_JOINED_TO: Final = date(2018, 6, 30)

# "Mẫu" (specimen) in the middle of every name: nobody on a screen can be taken for a living person.
_FAMILY: Final = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi", "Ksor", "Rơ Châm", "Siu", "Đinh")
MAJORITY: Final = "Kinh"
_PEOPLES: Final = {"Ksor": "Gia Rai", "Rơ Châm": "Gia Rai", "Siu": "Gia Rai", "Đinh": "Ba Na"}
_FIRST: Final = (
    "An",
    "Bình",
    "Chi",
    "Dũng",
    "Đông",
    "Giang",
    "Hà",
    "Hoà",
    "Khang",
    "Lâm",
    "Minh",
    "Nam",
    "Phúc",
    "Quế",
)
_SECOND: Final = (
    "Ánh",
    "Châu",
    "Duy",
    "Đức",
    "Hạnh",
    "Hưng",
    "Kiên",
    "Liên",
    "Mai",
    "Nga",
    "Oanh",
    "Sơn",
    "Thuỷ",
    "Yến",
)

Kind = Literal["official", "probationary"]
Status = Literal["active", "exempt", "temporary_elsewhere"]
Post = Literal["secretary", "deputy_secretary", "committee_member"]


class Member(msgspec.Struct, frozen=True):
    """A member of a branch, as the registry takes them in."""

    code: str
    unit_code: str
    full_name: str
    birth_date: date
    sex: Literal["male", "female"]
    kind: Kind
    status: Status
    valid_from: date
    post: Post | None
    ethnicity: str | None = None

    @property
    def owes_attendance(self) -> bool:
        """Whether this member owes attendance: active, official or probationary."""
        return self.status == "active"

    @property
    def votes(self) -> bool:
        """Whether this member counts in a vote's denominator wherever it is drawn: active and official."""
        return self.status == "active" and self.kind == "official"


def sizes(total: int, weak: Sequence[bool], rng: random.Random) -> list[int]:
    """How many members each branch has: 3 to 60, adding up to `total`, hamlet branches (`weak`) smaller than others.

    Raises ValueError when `total` does not fit the branches.
    """
    weights = [rng.gammavariate(3.0, 1.0) * (0.8 if small else 1.15) for small in weak]
    return apportion(total, weights, least=[FEWEST] * len(weak), most=[MOST] * len(weak))


def enrol(counts: Mapping[str, int], prefix: str, first_month: date, rng: random.Random) -> dict[str, list[Member]]:
    """The members of every branch, by its code.

    About 3.5 % are probationary (taken in during the two months before `first_month`, so that they stay so through the
    year), 6 % exempt, 1 % temporarily elsewhere. The first three of a branch are official and active; the posts are a
    secretary, a deputy from 5 members, and committee members (chi uỷ) from 9.
    """
    number = 0
    people: dict[str, list[Member]] = {}
    for branch, count in counts.items():
        here = []
        for place in range(count):
            number += 1
            here.append(_member(f"{prefix}-{number:06d}", branch, place, count, first_month, rng))
        people[branch] = here
    return people


def _member(code: str, branch: str, place: int, count: int, first_month: date, rng: random.Random) -> Member:
    drawn = rng.random() * (count - FEWEST) / count if place >= FEWEST else 1.0
    # `drawn` is stretched so that the shares hold over all members although the first three never draw.
    probationary, exempt, elsewhere = drawn < 0.035, 0.035 <= drawn < 0.095, 0.095 <= drawn < 0.105
    if probationary:
        birth = first_month - timedelta(days=19 * 366 + rng.randrange(3600))
        joined = first_month - timedelta(days=rng.randrange(1, 60))
    else:
        birth = date(1944, 1, 1) if exempt else date(1958, 1, 1)
        birth += timedelta(days=rng.randrange(6_000 if exempt else 14_400))
        earliest = max(_JOINED_FROM, birth + timedelta(days=20 * 366))
        joined = earliest + timedelta(days=rng.randrange((_JOINED_TO - earliest).days))
    family = rng.choice(_FAMILY)
    return Member(
        code=code,
        unit_code=branch,
        full_name=f"{family} Mẫu {rng.choice(_FIRST)} {rng.choice(_SECOND)}",
        birth_date=birth,
        sex="female" if rng.random() < 0.38 else "male",
        kind="probationary" if probationary else "official",
        status="exempt" if exempt else "temporary_elsewhere" if elsewhere else "active",
        valid_from=joined,
        post=_post(place, count),
        ethnicity=_PEOPLES.get(family, MAJORITY),
    )


def _post(place: int, count: int) -> Post | None:
    if place == 0:
        return "secretary"
    if place == 1 and count >= 5:
        return "deputy_secretary"
    return "committee_member" if place == 2 and count >= 9 else None
