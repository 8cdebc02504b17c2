"""The worker: it keeps copies of units and rosters (group `meetings.replica`), compares adopted minutes, and publishes
again what is queued for it.
"""

import threading
import time
from collections.abc import Sequence
from typing import Final

import msgspec

from services.meetings.commands import copying, republishing
from services.meetings.domain.roster import Roster
from services.meetings.store import rosters
from shared import db
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.envelope import Attributes, Received, data_of
from shared.kafka.batch import Decoded
from shared.kafka.consumer import Consumer
from shared.together import Together
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


class Comparing:
    """Compares queued minutes with those of the past months, batch after batch, and then publishes what is queued.

    Empty queues are looked at again.
    """

    _REST_SECONDS: Final = 1.0

    def __init__(self, pool: Pool, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self.turned_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Compare until `stop`. A database that is away is waited for. Raises defects only."""
        while not stop.is_set():
            compared = db.until_committed(self._turn, what="comparing minutes", stopping=lambda: self._waits(stop))
            self.turned_at = time.monotonic()
            if not compared:
                stop.wait(self._REST_SECONDS)

    def idle_because(self) -> str | None:
        """None: it needs nothing but the database."""
        return None

    def _turn(self) -> int:
        with self._pool.connection() as conn:
            now = self._clock.now()
            return copying.turn(conn, now) or republishing.turn(conn, now)

    def _waits(self, stop: threading.Event) -> bool:
        self.turned_at = time.monotonic()
        return stop.is_set()


def build(bootstrap: str, pool: Pool, clock: Clock) -> Together:
    """The worker's loops, not yet running."""
    return Together([Consumer(GROUP, bootstrap, pool, decode, apply), Comparing(pool, clock)])
