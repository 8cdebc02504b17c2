"""Which counts a figure is made of, by its declaration: what its evidence has to add up to. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from services.evaluation.domain.derived import Derived
from services.evaluation.domain.parts import Part

OF_BRANCHES: Final = ("due", "due_begun", "quarters_due")
"""Counts of branches over the months of a period."""
OPEN: Final = ("missing", "awaited")
"""Counts of branches whose regular meeting of a month is due and not told of."""
THEMES: Final = "quarters_with_theme"
MEMBER_MONTHS: Final = "member_months"
FROM_SHEETS: Final = (
    "evidence_scored",
    "evidence_points_hundredths",
    "evidence_compared",
    "evidence_gap_hundredths",
)
"""Parts that are counted from the sheets of meetings, of which no past version is kept."""
ON_READ: Final = (*OF_BRANCHES, *OPEN, THEMES, MEMBER_MONTHS)
_UNLIKE_THEIR_FORMULA: Final = {
    "task_share_of_members": ("members_with_task", MEMBER_MONTHS),
    "thematic_coverage": (THEMES, "quarters_due"),
}


def terms_of(figure: Part | Derived, parts: Mapping[str, object]) -> tuple[str, ...]:
    """The counts that make `figure`, the one it is a share of last; `parts`: every part by name."""
    if isinstance(figure, Part) or figure.name in ON_READ:
        return (figure.name,)
    if figure.name in _UNLIKE_THEIR_FORMULA:
        return _UNLIKE_THEIR_FORMULA[figure.name]
    named = re.findall(r"[a-z][a-z0-9_]*", figure.formula)
    return tuple(dict.fromkeys(name for name in named if name in parts or name in ON_READ))
