"""The doors of the committees' work."""

from typing import Final

from services.evaluation.api import (
    briefings,
    campaigns,
    classifications,
    committee_rules,
    model_branches,
    rankings,
    weak,
)
from shared.http.blueprint import Blueprint

COMMITTEE_DOORS: Final[tuple[Blueprint, ...]] = (
    rankings.doors,
    weak.doors,
    classifications.doors,
    model_branches.doors,
    campaigns.doors,
    briefings.doors,
    committee_rules.doors,
)
