"""A target as other services are told of it: what is to be reached and what was, in figures. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.rules import TargetKind

INSPECTION: Final = "inspection"
"""The kind of target whose progress is what the unit has carried out, unless it reports on the target itself."""


class Reached(msgspec.Struct, frozen=True):
    """What was reached from the beginning of the year to the end of `on`."""

    on: date
    value: float


class Told(msgspec.Struct, frozen=True):
    """A target as kept, with the reports that stand and the inspections of its unit and year that count."""

    target_id: UUID
    unit_id: UUID
    year: int
    kind: str
    value: float
    due_on: date
    part_of: UUID | None
    reports: Sequence[Reached] = ()
    inspections: Sequence[Reached] = ()


def progress(told: Told) -> Sequence[Reached]:
    """What was reached, one figure a day, by day: as the unit reports it; of inspections it never reported on, as many
    as it carried out."""
    found = told.reports or (told.inspections if told.kind == INSPECTION else ())
    return list({one.on: one for one in found}.values())


def state(told: Told, kind: TargetKind) -> dict[str, object]:
    """The data of the target's event but for its version."""
    return {
        "target_id": str(told.target_id),
        "unit_id": str(told.unit_id),
        "year": told.year,
        "kind": told.kind,
        "measure": kind.measure,
        "direction": kind.direction,
        "adds_up": kind.adds_up,
        "value": told.value,
        "due_on": str(told.due_on),
        "part_of": str(told.part_of) if told.part_of else None,
        "progress": [{"on": str(one.on), "value": one.value} for one in progress(told)],
    }
