"""Rankings among comparable units: groups, ties, and who has too little behind a figure to be ranked. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

import msgspec

from services.evaluation.domain.committees import Place

By = Literal["type", "parent", "size"]
BY: Final[tuple[By, ...]] = ("type", "parent", "size")
"""What makes units comparable."""
Reason = Literal["no-figure", "below-minimum", "no-size"]
REASONS: Final[Mapping[Reason, tuple[str, str]]] = {
    "no-figure": ("Chưa có số liệu để tính chỉ số này.", "There is nothing to compute this figure from."),
    "below-minimum": ("Số liệu ít hơn mức tối thiểu để xếp hạng.", "There is less behind it than a ranking asks for."),
    "no-size": ("Chưa biết quy mô đơn vị.", "The unit's size is not known."),
}


class Bands(msgspec.Struct, frozen=True):
    """Size bands of one kind of unit: the figure that is its size, and the least size of each band, ascending."""

    by: str
    starts: tuple[int, ...]


class SizeBands(msgspec.Struct, frozen=True):
    """The bands of branches, and those of the committees above them."""

    branches: Bands
    committees: Bands


class Least(msgspec.Struct, frozen=True):
    """A figure is ranked from `least` of the part `of` on."""

    of: str
    least: int


Minimums = dict[str, Least]
"""Figure → what must stand behind it."""


class Candidate(msgspec.Struct, frozen=True):
    """A unit with its size, its figure (None: nothing can be said), and how much stands behind that."""

    place: Place
    size: int | None
    value: float | None
    behind: int


class Group(msgspec.Struct, frozen=True, order=True):
    """What the units of a group have in common; an empty text where nothing was asked, or nothing is known."""

    type: str
    parent: str
    size: str


class Ranked(msgspec.Struct, frozen=True):
    """A unit's place in its group: `rank` from 1, equal figures share one; without a rank, why."""

    group: Group
    rank: int | None
    of: int
    unranked: Reason | None
    candidate: Candidate


def band_of(size: int, starts: Sequence[int]) -> str:
    """The band of a size in words: `10-29`, `50+`, or `0-4` below the first of `starts`."""
    below = 0
    for start in starts:
        if size < start:
            return f"{below}-{start - 1}"
        below = start
    return f"{below}+"


def ranking(
    candidates: Iterable[Candidate], by: Collection[By], bands: SizeBands, least: Least | None, *, descending: bool
) -> list[Ranked]:
    """Every candidate in its group, best first, those without a rank last, then by code.

    Competition ranking: after two units that share rank 1 comes rank 3. `of` counts the ranked units of the group.
    """
    grouped = sorted(
        ((_group(one, by, bands), one) for one in candidates), key=lambda pair: (pair[0], pair[1].place.code)
    )
    found: list[Ranked] = []
    for group, members in groupby(grouped, key=lambda pair: pair[0]):
        found += _ranked(group, [one for _, one in members], by, least, descending=descending)
    return found


def _ranked(
    group: Group, members: Sequence[Candidate], by: Collection[By], least: Least | None, *, descending: bool
) -> list[Ranked]:
    reasons = {one.place.unit_id: _reason(one, by, least) for one in members}
    valued = [(one.value, one) for one in members if reasons[one.place.unit_id] is None and one.value is not None]
    valued.sort(key=lambda pair: -pair[0] if descending else pair[0])
    ranks: dict[float, int] = {}
    for number, (value, _) in enumerate(valued, start=1):
        ranks.setdefault(value, number)
    of = len(valued)
    ranked = [Ranked(group, ranks[value], of, None, one) for value, one in valued]
    unranked = [Ranked(group, None, of, reasons[one.place.unit_id], one) for one in members]
    return [*ranked, *(one for one in unranked if one.unranked is not None)]


def _reason(one: Candidate, by: Collection[By], least: Least | None) -> Reason | None:
    if one.value is None:
        return "no-figure"
    if least is not None and one.behind < least.least:
        return "below-minimum"
    if "size" in by and one.size is None:
        return "no-size"
    return None


def _group(one: Candidate, by: Collection[By], bands: SizeBands) -> Group:
    starts = (bands.branches if one.place.is_branch else bands.committees).starts
    return Group(
        type=(one.place.branch_type or one.place.kind) if "type" in by else "",
        parent=str(one.place.parent_id or "") if "parent" in by else "",
        size=band_of(one.size, starts) if "size" in by and one.size is not None else "",
    )


def place_of(rows: Iterable[Ranked], unit_id: UUID) -> Ranked | None:
    """The place of one unit."""
    return next((one for one in rows if one.candidate.place.unit_id == unit_id), None)
