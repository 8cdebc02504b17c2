"""The worker: it keeps copies of units, rosters and rubrics (group `meetings.replica`), compares adopted minutes, and
publishes again what is queued for it.
"""

import threading
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from services.meetings.commands import copying, republishing
from services.meetings.domain.frames import Rubric, RubricGone
from services.meetings.domain.roster import Roster
from services.meetings.store import rosters, rubrics
from shared import db
from shared.clock import Clock
from shared.db import Connection, Pool
from shared.envelope import Attributes, Received, data_of
from shared.errors import Impossible
from shared.kafka.batch import Decoded
from shared.kafka.consumer import Consumer
from shared.together import Together
from shared.units import replica

GROUP = "meetings.replica"

_RUBRIC = "evaluation.rubric.v1"

Copied = replica.Unit | Roster | Rubric | RubricGone

_roster = msgspec.json.Decoder(Roster)
_rubric = msgspec.json.Decoder(Rubric)


def decode(record: Received, about: Attributes) -> Copied:
    """The unit, roster or rubric a record carries, by its topic. Raises Impossible."""
    if record.topic == "registry.units.v1":
        return replica.decode(record, about)
    if record.topic == "evaluation.rubrics.v1":
        return _decode_rubric(record, about)
    return data_of(record, about, "registry.roster.v1", _roster)


def _decode_rubric(record: Received, about: Attributes) -> Rubric | RubricGone:
    if record.value is None and about.type == _RUBRIC:
        try:
            return RubricGone(UUID((record.key or b"").decode()))
        except ValueError:
            raise Impossible("malformed", "the key of a rubric that is gone is no id") from None
    found = data_of(record, about, _RUBRIC, _rubric)
    fault = found.fault
    if fault is not None:
        raise Impossible("impossible-value", fault)
    return found


def apply(conn: Connection, events: Sequence[Decoded[Copied]]) -> int:
    """Keep what is newer than the copies; returns how many were."""
    units = [event.data for event in events if isinstance(event.data, replica.Unit)]
    members = [event.data for event in events if isinstance(event.data, Roster)]
    scored_by = [event.data for event in events if isinstance(event.data, Rubric | RubricGone)]
    kept = len(replica.upsert(conn, units)) + rosters.upsert(conn, members)
    return kept + rubrics.apply(conn, scored_by)


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
