"""The consumer that keeps the service's copies of units and rosters (group `meetings.replica`)."""

from collections.abc import Sequence

import msgspec

from services.meetings.domain.roster import Roster
from services.meetings.store import rosters
from shared.db import Connection, Pool
from shared.envelope import Attributes, Received
from shared.errors import Impossible
from shared.kafka.batch import Decoded
from shared.kafka.consumer import Consumer
from shared.units import replica

GROUP = "meetings.replica"

_roster = msgspec.json.Decoder(Roster)


def decode(record: Received, about: Attributes) -> replica.Unit | Roster:
    """The unit or roster a record carries, by its topic. Raises Impossible."""
    if record.topic == "registry.units.v1":
        return replica.decode(record, about)
    if about.type != "registry.roster.v1":
        raise Impossible("unknown-type", f"{record.topic} carries no {about.type}")
    if record.value is None:
        raise Impossible("unexpected-tombstone", "the roster of a closed branch is empty, never removed")
    try:
        return _roster.decode(record.value)
    except msgspec.DecodeError as error:
        raise Impossible("malformed", str(error)) from None


def apply(conn: Connection, events: Sequence[Decoded[replica.Unit | Roster]]) -> int:
    """Keep what is newer than the copies; returns how many were."""
    units = [event.data for event in events if isinstance(event.data, replica.Unit)]
    members = [event.data for event in events if isinstance(event.data, Roster)]
    return len(replica.upsert(conn, units)) + rosters.upsert(conn, members)


def build(bootstrap: str, pool: Pool) -> Consumer[replica.Unit | Roster]:
    """The consumer, not yet running."""
    return Consumer(GROUP, bootstrap, pool, decode, apply)
