"""Which units a unit came from and became."""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal, TypeAlias, TypeVar
from uuid import UUID

import msgspec

from services.registry.domain import spans
from services.registry.domain.members import MemberSpan
from services.registry.domain.units import UnitSpan
from services.registry.domain.villages import VillageSpan

How = Literal["merged", "split"]
"""By what a unit became another."""

Succession: TypeAlias = tuple[UUID, UUID, date]
"""A unit, the one that took over from it, and the day."""

S = TypeVar("S", UnitSpan, MemberSpan, VillageSpan)


class Edge(msgspec.Struct, frozen=True):
    """`from_unit` became, or became a part of, `to_unit`."""

    from_unit: UUID
    to_unit: UUID
    how: How


def before_heirs(
    timeline: Sequence[S], day: date, place: str, heirs: Collection[Succession], *, lost: Collection[str] = ()
) -> tuple[S, ...]:
    """`timeline` as it would be without the units that took over, after `day`, from the one named by `place` then.

    Whoever leaves a unit before another takes over from it does not follow it there. Facts of `lost` that ended with
    such a day are in force again. What somebody changed in `place` themselves stays, and so does everything after it.
    """
    index = next((number for number, span in enumerate(timeline) if spans.holds(span, day)), None)
    if index is None or not heirs:
        return tuple(timeline)
    result = list(timeline[: index + 1])
    undone: dict[str, object] = {}
    for before, span in pairwise(timeline[index:]):
        unit_id, next_id = getattr(before, place), getattr(span, place)
        if next_id != unit_id:
            if (unit_id, next_id, span.valid_from) not in heirs:
                break
            undone |= {place: getattr(timeline[index], place)} | {name: getattr(result[-1], name) for name in lost}
        undone = {name: fact for name, fact in undone.items() if name == place or getattr(span, name) is None}
        result.append(msgspec.structs.replace(span, **undone))
    return tuple(result) + tuple(timeline[len(result) :])
