"""Scorecards beside one another: a unit and others, or itself in earlier periods."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from services.evaluation.domain import periods
from services.evaluation.domain.periods import Period
from services.evaluation.views import cards
from services.evaluation.views.cards import Scorecard
from shared.db import Connection


class Compared(msgspec.Struct, frozen=True):
    """What is compared with, and the base less it, figure by figure."""

    relation: str
    scorecard: Scorecard
    difference: dict[str, float | None]


class Comparison(msgspec.Struct, frozen=True):
    """A scorecard and those beside it; one that was not in force then is left out."""

    base: Scorecard
    others: list[Compared]


def earlier(period: Period, relations: Sequence[str]) -> list[tuple[str, Period]]:
    """The periods that stand in `relations` (previous, year_before) to `period`."""
    of = {"previous": Period.previous, "year_before": periods.year_before}
    return [(relation, of[relation](period)) for relation in relations]


def compare(
    conn: Connection, unit_id: UUID, period: Period, relations: Sequence[str], others: Sequence[UUID], now: datetime
) -> Comparison:
    """The unit's scorecard beside its own of earlier periods and those of `others`. Raises NotFound."""
    base = cards.scorecard(conn, unit_id, period, now)
    beside = [
        (relation, card)
        for relation, then in earlier(period, relations)
        for card in cards.trend(conn, unit_id, [then], now)
    ]
    beside += [("unit", card) for other in others for card in cards.trend(conn, other, [period], now)]
    return Comparison(base, [Compared(relation, card, _difference(base, card)) for relation, card in beside])


def _difference(base: Scorecard, other: Scorecard) -> dict[str, float | None]:
    mine, yours = base.parts | base.derived, other.parts | other.derived
    return {name: _less(value, yours.get(name)) for name, value in mine.items()}


def _less(mine: float | None, yours: float | None) -> float | None:
    return None if mine is None or yours is None else round(mine - yours, 4)
