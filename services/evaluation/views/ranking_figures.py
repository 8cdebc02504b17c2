"""The figures of all units of a subtree in a period, with what each unit is: what rankings and causes stand on."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.evaluation import figures
from services.evaluation.domain.committees import Place
from services.evaluation.domain.periods import Period
from services.evaluation.store import committees as rows
from services.evaluation.views import cards
from shared import months
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable

_ALL: Final = 1_000_000


class Standing(msgspec.Struct, frozen=True):
    """A unit at the end of a period, with the parts of the period and what is derived from them."""

    place: Place
    parts: dict[str, int]
    derived: dict[str, float | None]

    def value(self, figure: str) -> float | None:
        """A figure; None when nothing can be said, or there is none of the name."""
        return self.parts[figure] if figure in self.parts else self.derived.get(figure)

    def count(self, name: str) -> int:
        """A part, or what is counted on reading; 0 when there is none of the name."""
        return int(self.value(name) or 0)


def end_of(period: Period) -> date:
    """The last day of a period."""
    return months.last_day(period.last)


def under(conn: Connection, unit_id: UUID, period: Period, now: datetime) -> list[Standing]:
    """The unit and every unit below it, as they stood at the period's end; two queries, however many they are."""
    places = rows.below(conn, unit_id, end_of(period))
    found = cards.subtree(conn, unit_id, period, now, after=None, limit=_ALL)
    return [Standing(places[card.unit_id], card.parts, card.derived) for card in found if card.unit_id in places]


def of_unit(conn: Connection, unit_id: UUID, period: Period, now: datetime) -> Standing | None:
    """One unit as it stood at the period's end; None when it was not in force then."""
    place = rows.places(conn, [unit_id], end_of(period)).get(unit_id)
    found = cards.trend(conn, unit_id, [period], now)
    return Standing(place, found[0].parts, found[0].derived) if place and found else None


def check_figure(name: str, field: str = "figure") -> None:
    """Refuse a name that is no figure's, saying which there are. Raises Unprocessable."""
    if name not in figures.ORDERABLE:
        there_are = ", ".join(sorted(figures.ORDERABLE))
        raise Unprocessable.of(
            [
                Fault(
                    field,
                    "unknown-figure",
                    Text(
                        f"Không có chỉ số {name}; các chỉ số: {there_are}.",
                        f"There is no figure {name}; there are: {there_are}.",
                    ),
                )
            ]
        )
