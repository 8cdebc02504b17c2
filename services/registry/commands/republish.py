"""Publishing again what is kept: for a topic that was lost, and for events that have come to say more than they did.

Each aggregate is told in a new version, so that readers take it; a decision keeps its own, which its doors ask for. A
batch is a transaction: stopped half-way, the next run goes on where this one was.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from services.registry.commands import publish
from services.registry.commands.work import Work
from services.registry.store import decisions as decision_rows
from services.registry.store import lineage as lineage_rows
from services.registry.store import locks, untold
from services.registry.store import rules as rule_rows
from services.registry.store import units as unit_rows

_BATCH: Final = 500
Say = Callable[[str], object]


def everything(work: Work, topics: Collection[str], say: Say) -> int:
    """Publish all that `topics` tell of again; returns how many events."""
    for topic in topics:
        untold.mark(work.conn, topic)
    work.conn.commit()
    return due(work, say)


def due(work: Work, say: Say) -> int:
    """Publish what is due already; returns how many events."""
    count = 0
    for topic in untold.TOPICS:
        told = 0
        while keys := untold.take(work.conn, topic, _BATCH):
            locks.share_tree(work.conn)
            _PUBLISH[topic](work, keys)
            work.conn.commit()
            told += len(keys)
            say(f"{topic}: {told}")
        work.conn.commit()
        count += told
    return count


def _units(work: Work, keys: Sequence[UUID]) -> None:
    versions = unit_rows.advance(work.conn, keys)
    publish.units(work.conn, list(unit_rows.load(work.conn, keys).values()), versions)


def _decisions(work: Work, keys: Sequence[UUID]) -> None:
    tree = unit_rows.load_tree(work.conn)
    for key in keys:
        found = decision_rows.load(work.conn, key)
        if found is not None and found.state == "in_force":
            publish.decision(work.conn, found, tree, lineage_rows.of_decision(work.conn, key))


_PUBLISH: Final[Mapping[str, Callable[[Work, Sequence[UUID]], None]]] = {
    "registry.units.v1": _units,
    "registry.rosters.v1": publish.rosters,
    "registry.decisions.v1": _decisions,
    "registry.villages.v1": lambda work, keys: publish.villages(work.conn, keys),
    "registry.targets.v1": lambda work, keys: publish.targets(work.conn, rule_rows.load(work.conn), keys),
}
