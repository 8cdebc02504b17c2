"""The registry's events: units, and rosters of opaque ids. No name, date of birth or other personal data."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.roster import Entry
from services.registry.domain.units import Unit
from shared.contracts.catalogue import catalogue
from shared.envelope import Event

_SOURCE: Final = "urn:nenep:registry"
_UNIT: Final = "registry.unit.v1"
_ROSTER: Final = "registry.roster.v1"


def unit_event(unit: Unit, version: int) -> Event:
    """The whole of `unit` after the change that gave it `version`."""
    data = msgspec.to_builtins(unit) | {"version": version}
    return Event(topic=catalogue().topic_of(_UNIT), type=_UNIT, source=_SOURCE, key=str(unit.unit_id), data=data)


def roster_event(unit_id: UUID, version: int, entries: Sequence[Entry]) -> Event:
    """The whole roster of a branch after the change that gave it `version`."""
    data = {"unit_id": str(unit_id), "version": version, "members": msgspec.to_builtins(entries)}
    return Event(topic=catalogue().topic_of(_ROSTER), type=_ROSTER, source=_SOURCE, key=str(unit_id), data=data)
