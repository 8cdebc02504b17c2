"""What the rules need to know of a decision on the organisation: what it is, from when it holds, whom it names."""

from datetime import date
from uuid import UUID

import msgspec


class Ordered(msgspec.Struct, frozen=True):
    """One operation: its kind, and the units it names."""

    op: str
    unit_ids: tuple[UUID, ...]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision in its latest state."""

    decision_id: UUID
    version: int
    in_force: bool
    number: str
    issuer: str
    title: str
    issued_on: date
    effective_on: date
    operations: tuple[Ordered, ...]


def newest(decisions: list[Decision]) -> list[Decision]:
    """Each decision once, in its newest version, in the order of ids (so that two workers lock rows alike)."""
    latest: dict[UUID, Decision] = {}
    for decision in decisions:
        if decision.decision_id not in latest or latest[decision.decision_id].version < decision.version:
            latest[decision.decision_id] = decision
    return [latest[decision_id] for decision_id in sorted(latest)]
