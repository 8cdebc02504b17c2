"""The consumer that keeps the service's copies of units and rosters (group `meetings.replica`)."""

from collections.abc import Sequence

import msgspec

from services.meetings.domain.roster import Roster
from services.meetings.store import rosters
from shared.db import Connection, Pool
from shared.envelope import Attributes, Received, data_of
from shared.kafka.batch import Decoded
from shared.kafka.consumer import Consumer
from shared.units import replica

GROUP = "meetings.replica"

_roster = msgspec.json.Decoder(Roster)


def decode(record: Received, about: Attributes) -> replica.Unit | Roster:
    """The unit or roster a record carries, by its topic. Raises Impossible."""
    if record.topic == "registry.units.v1":
        return replica.decode(record, about)
    return data_of(record, about, "registry.roster.v1", _roster)


def apply(conn: Connection, events: Sequence[Decoded[replica.Unit | Roster]]) -> int:
    """Keep what is newer than the copies; returns how many were."""
    units = [event.data for event in events if isinstance(event.data, replica.Unit)]
    members = [event.data for event in events if isinstance(event.data, Roster)]
    return len(replica.upsert(conn, units)) + rosters.upsert(conn, members)


def build(bootstrap: str, pool: Pool) -> Consumer[replica.Unit | Roster]:
    """The consumer, not yet running."""
    return Consumer(GROUP, bootstrap, pool, decode, apply)
