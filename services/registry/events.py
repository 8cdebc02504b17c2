"""The registry's events: units, rosters of opaque ids, and decisions. No name, date of birth or other personal data."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.decisions import Decision, reduced
from services.registry.domain.lineage import Edge
from services.registry.domain.roster import Entry
from services.registry.domain.units import Unit
from shared.contracts.catalogue import catalogue
from shared.envelope import Event

_SOURCE: Final = "urn:nenep:registry"
_UNIT: Final = "registry.unit.v1"
_ROSTER: Final = "registry.roster.v1"
_DECISION: Final = "registry.decision.v1"


@cache
def _topic(type_: str) -> str:
    return catalogue().topic_of(type_)


def unit_event(unit: Unit, version: int) -> Event:
    """The whole of `unit` after the change that gave it `version`."""
    data = msgspec.to_builtins(unit) | {"version": version}
    return Event(topic=_topic(_UNIT), type=_UNIT, source=_SOURCE, key=str(unit.unit_id), data=data)


def roster_event(unit_id: UUID, version: int, entries: Sequence[Entry]) -> Event:
    """The whole roster of a branch after the change that gave it `version`."""
    data = {"unit_id": str(unit_id), "version": version, "members": msgspec.to_builtins(entries)}
    return Event(topic=_topic(_ROSTER), type=_ROSTER, source=_SOURCE, key=str(unit_id), data=data)


def decision_event(decision: Decision, tree: Mapping[UUID, Unit], edges: Sequence[Edge]) -> Event:
    """A decision that has come in force or was withdrawn: its heading, and its operations as kinds and ids of units."""
    ids = {unit.code: unit.unit_id for unit in tree.values()} | {str(unit_id): unit_id for unit_id in tree}
    data = {
        "decision_id": str(decision.decision_id),
        "version": decision.version,
        "state": decision.state,
        **msgspec.to_builtins(decision.heading),
        "operations": [reduced(operation, ids) for operation in decision.operations],
        "lineage": msgspec.to_builtins(edges),
        "counts": decision.counts or {},
    }
    return Event(
        topic=_topic(_DECISION),
        type=_DECISION,
        source=_SOURCE,
        key=str(decision.decision_id),
        data=data,
    )
