"""The registry's events: units, rosters of opaque ids, decisions, villages, targets. Nothing personal, no free text."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.decisions import Decision, reduced
from services.registry.domain.lineage import Edge
from services.registry.domain.progress import Told, state
from services.registry.domain.roster import Roster
from services.registry.domain.rules import TargetKind
from services.registry.domain.units import Unit
from services.registry.domain.villages import Village
from shared.contracts.catalogue import catalogue
from shared.envelope import Event

_SOURCE: Final = "urn:nenep:registry"
_UNIT: Final = "registry.unit.v1"
_ROSTER: Final = "registry.roster.v1"
_DECISION: Final = "registry.decision.v1"
_VILLAGE: Final = "registry.village.v1"
_TARGET: Final = "registry.target.v1"


@cache
def _topic(type_: str) -> str:
    return catalogue().topic_of(type_)


def unit_event(unit: Unit, version: int) -> Event:
    """The whole of `unit` after the change that gave it `version`."""
    data = msgspec.to_builtins(unit) | {"version": version}
    return Event(topic=_topic(_UNIT), type=_UNIT, source=_SOURCE, key=str(unit.unit_id), data=data)


def roster_event(unit_id: UUID, version: int, roster: Roster) -> Event:
    """The whole roster of a branch after the change that gave it `version`."""
    data = {"unit_id": str(unit_id), "version": version, **msgspec.to_builtins(roster)}
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


def village_event(village: Village, version: int) -> Event:
    """The whole of `village` after the change that gave it `version`, without its name and without who heads it."""
    spans: list[dict[str, object]] = []
    for span in village.spans:
        told = {
            "unit_id": str(span.unit_id),
            "branch_id": str(span.branch_id) if span.branch_id else None,
            "branch_elsewhere": span.branch_elsewhere,
            "head": span.head,
        }
        days = {"valid_from": str(span.valid_from), "valid_to": str(span.valid_to) if span.valid_to else None}
        if spans and told.items() <= spans[-1].items():
            spans[-1]["valid_to"] = days["valid_to"]  # only a name or the person of the head has changed
        else:
            spans.append({**days, **told})
    data = {"village_id": str(village.village_id), "version": version, "spans": spans}
    return Event(topic=_topic(_VILLAGE), type=_VILLAGE, source=_SOURCE, key=str(village.village_id), data=data)


def target_event(told: Told, kind: TargetKind, version: int) -> Event:
    """A target and what was reached of it, after the change that gave it `version`."""
    data = state(told, kind) | {"version": version}
    return Event(topic=_topic(_TARGET), type=_TARGET, source=_SOURCE, key=str(told.target_id), data=data)


def target_gone(target_id: UUID) -> Event:
    """A target that was taken back."""
    return Event(topic=_topic(_TARGET), type=_TARGET, source=_SOURCE, key=str(target_id), data=None)
