"""The catalogue of figures: each is declared once (domain/parts.py, domain/derived.py); `docs/figures.md` is written
from it.

A *part* is an integer of a unit and month that adds up over branches; parts are what the stream maintains. A *derived*
figure is computed from parts when it is read, and never stored.
"""

from collections.abc import Mapping
from typing import Final

import msgspec

from services.evaluation.domain.derived import DERIVED, Counts, Derived
from services.evaluation.domain.parts import STANDING, SUMMED, Part, Standing

__all__ = [
    "BY_NAME",
    "DERIVED",
    "ORDERABLE",
    "PARTS",
    "STANDING",
    "SUMMED",
    "SUMMED_NAMES",
    "Derived",
    "OnRead",
    "Part",
    "Standing",
    "derive",
    "of_month",
]

PARTS: Final[tuple[Part, ...]] = (*STANDING, *SUMMED)
SUMMED_NAMES: Final = tuple(part.name for part in SUMMED)
BY_NAME: Final[Mapping[str, Part | Derived]] = {
    **{part.name: part for part in PARTS},
    **{figure.name: figure for figure in DERIVED},
}
"""Every figure by its name in requests and answers."""
ORDERABLE: Final = frozenset(BY_NAME)
"""What children can be ranked by."""


class OnRead(msgspec.Struct, frozen=True):
    """What is counted over the months of a period when it is read.

    `member_months`: active members at each month's end, added up. The quarters are None unless the period is made of
    whole ones.
    """

    due: int
    due_begun: int
    missing: int
    awaited: int
    member_months: int = 0
    quarters_due: int | None = None
    quarters_with_theme: int | None = None


def derive(parts: Mapping[str, int], on_read: OnRead) -> dict[str, float | None]:
    """Every derived figure of the `parts` of a period."""
    counted: dict[str, int | None] = msgspec.structs.asdict(on_read)
    counts: Counts = {**parts, **{name: count for name, count in counted.items() if count is not None}}
    return {figure.name: figure.compute(counts) for figure in DERIVED}


def of_month(parts: Mapping[str, int], *, closed: bool) -> OnRead:
    """What is counted of one month that has begun. `closed`: its last reporting day has passed, so what is due and not
    held is missing; before that it is awaited."""
    left = max(0, parts["branches"] - parts["regular_held"] - parts["not_held"])
    return OnRead(
        due=parts["branches"],
        due_begun=parts["branches"],
        missing=left if closed else 0,
        awaited=0 if closed else left,
        member_months=parts.get("members_active", 0),
    )
