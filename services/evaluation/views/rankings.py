"""Rankings of the units below one, among those that are comparable."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from services.evaluation.domain import ranking as domain
from services.evaluation.domain.committees import Place, Rule
from services.evaluation.domain.periods import Period
from services.evaluation.domain.ranking import By, Candidate, Minimums, Ranked, SizeBands
from services.evaluation.store import committees as rows
from services.evaluation.store import model_branches
from services.evaluation.views import ranking_figures
from services.evaluation.views.ranking_figures import Standing
from shared.db import Connection
from shared.errors import NotFound, Text

Of = Literal["branches", "committees"]


class Asked(msgspec.Struct, frozen=True):
    """Which ranking: of branches or of the committees below a unit, by one figure, among units alike in `by`."""

    unit: Place
    period: Period
    figure: str
    by: frozenset[By]
    descending: bool = True
    of: Of = "branches"


class Shown(msgspec.Struct, frozen=True):
    """One line of a ranking; `because` says in words why a unit has no rank."""

    rank: int | None
    of: int
    value: float | None
    behind: int
    unranked: str | None
    because: dict[str, str] | None
    group: dict[str, str | None]
    unit_id: UUID
    code: str
    name: str
    kind: str
    branch_type: str | None
    size: int | None
    is_model: bool
    key: tuple[str, str, str, int, str]


class Ranking(msgspec.Struct, frozen=True):
    """A ranking, and the dated rules it was made by."""

    items: list[Shown]
    least: dict[str, object] | None
    sources: list[str]


def ranking(conn: Connection, asked: Asked, now: datetime) -> Ranking:
    """The ranking, group by group. A branch that asks about itself is told its own place only.

    Its place is then among the branches below the unit directly above it: the figures of other units are not within
    its rights, its rank among them is. Raises Conflict where no rule is in force, NotFound.
    """
    day = ranking_figures.end_of(asked.period)
    bands = rows.rule_on(conn, "size_bands", day, SizeBands)
    minimums = rows.rule_on(conn, "ranking_minimums", day, Minimums)
    unit = rows.places(conn, [asked.unit.unit_id], day).get(asked.unit.unit_id)
    if unit is None:
        raise NotFound(
            "unit-not-in-force",
            Text(
                f"Đơn vị này không hoạt động vào cuối kỳ {asked.period.key}.",
                f"This unit was not in force at the end of {asked.period.key}.",
            ),
        )
    alone = unit.is_branch and unit.parent_id is not None
    top = unit.parent_id if alone and unit.parent_id else unit.unit_id
    standings = ranking_figures.under(conn, top, asked.period, now)
    ranked = ranked_of(standings, asked, bands.value, minimums)
    if alone:
        own = domain.place_of(ranked, asked.unit.unit_id)
        ranked = [own] if own else []
    models = model_branches.on(conn, day)
    names = {str(one.place.unit_id): one.place.name for one in standings}
    least = minimums.value.get(asked.figure)
    return Ranking(
        items=[_shown(one, names, models) for one in ranked],
        least=None if least is None else msgspec.structs.asdict(least),
        sources=[bands.source, minimums.source],
    )


def ranked_of(
    standings: Collection[Standing], asked: Asked, bands: SizeBands, minimums: Rule[Minimums]
) -> list[Ranked]:
    """Those of `standings` that are asked about, ranked."""
    least = minimums.value.get(asked.figure)
    candidates = [
        Candidate(
            place=one.place,
            size=_size(one, bands),
            value=one.value(asked.figure),
            behind=one.count(least.of) if least else 0,
        )
        for one in standings
        if one.place.is_branch == (asked.of == "branches")
        and (asked.of == "branches" or one.place.unit_id != asked.unit.unit_id)
    ]
    return domain.ranking(candidates, asked.by, bands, least, descending=asked.descending)


def _size(one: Standing, bands: SizeBands) -> int | None:
    by = (bands.branches if one.place.is_branch else bands.committees).by
    return one.parts.get(by) or None


def _shown(one: Ranked, names: dict[str, str], models: frozenset[UUID]) -> Shown:
    place = one.candidate.place
    words = domain.REASONS[one.unranked] if one.unranked else None
    group: dict[str, str | None] = {
        "type": one.group.type or None,
        "parent_id": one.group.parent or None,
        "parent": names.get(one.group.parent),
        "size": one.group.size or None,
    }
    return Shown(
        rank=one.rank,
        of=one.of,
        value=one.candidate.value,
        behind=one.candidate.behind,
        unranked=one.unranked,
        because={"vi": words[0], "en": words[1]} if words else None,
        group=group,
        unit_id=place.unit_id,
        code=place.code,
        name=place.name,
        kind=place.kind,
        branch_type=place.branch_type,
        size=one.candidate.size,
        is_model=place.unit_id in models,
        key=(one.group.type, one.group.parent, one.group.size, one.rank or 1 << 40, place.code),
    )
