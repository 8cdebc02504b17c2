"""Months of a unit of one's own making, and what a rule of alerts makes of them."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import polars as pl

from services.evaluation.domain.alerts import readings
from services.evaluation.domain.alerts import series as months_of
from services.evaluation.domain.alerts.episodes import Episode, episodes
from services.evaluation.domain.alerts.rules import VALUES, RuleName, Version
from services.evaluation.domain.alerts.series import ordinal, series

UNIT = UUID(int=7)
TODAY = date(2025, 12, 20)


def version(rule: RuleName, valid_from: date = date(2000, 1, 1), valid_to: date | None = None, **value: Any) -> Version:
    return Version(valid_from, valid_to, msgspec.convert(value, VALUES[rule]), "Nền nếp", "thử")


def judged(
    rule: RuleName,
    *versions: Version,
    figures: dict[int, dict[str, int]],
    closed: str = "2025-11",
    valid_to: date | None = None,
    kind: str = "branch",
    plans: list[tuple[Any, ...]] = [],  # noqa: B006 - never changed
    first: str = "2025-01",
) -> list[Episode]:
    """The episodes of a branch in force since 2020 with the `figures` of the months of 2025."""
    frames = {
        "spans": pl.DataFrame(
            [(str(UNIT), date(2020, 1, 1), valid_to, kind, kind)], schema=months_of.SPANS, orient="row"
        ),
        "branches": pl.DataFrame([(str(UNIT), "2020-01", 1)], schema=months_of.BRANCHES, orient="row"),
        "figures": pl.DataFrame(
            [{"unit_id": str(UNIT), "month": f"2025-{month:02d}", **parts} for month, parts in figures.items()],
            schema=months_of.FIGURES,
        ),
    }
    found = series(frames, "2024-10", TODAY, closed_through=closed)
    planned = pl.DataFrame([(str(UNIT), *plan) for plan in plans], schema=months_of.PLANS, orient="row")
    nobody = pl.DataFrame(schema={"unit_id": pl.String})
    return episodes(readings.read(rule, versions, found, planned), nobody, first=ordinal(first))


def times(found: list[Episode]) -> list[tuple[str, str | None, str | None]]:
    return [(episode.since, episode.until, episode.cause) for episode in found]


def held(*counts: int) -> dict[int, dict[str, int]]:
    return {month: {"regular_held": count} for month, count in enumerate(counts, start=1)}
