"""The worker: one thread merges what happens, another looks at what is due and sends e-mails. Both run, or neither."""

import threading
import time

from kafka.errors import KafkaError

from services.notifications import stream
from services.notifications.delivery import Delivery
from services.notifications.due import DueCheck
from services.notifications.lag import caught_up
from services.notifications.merge import Merge
from services.notifications.settings import NotificationsSettings
from shared import db, logging
from shared.clock import Clock
from shared.kafka.consumer import Consumer
from shared.together import Together

_LONGEST_WAIT = 30.0

_log = logging.get(__name__)


class Watch:
    """Looks at what is due, then sends what waits, every `watch_seconds`; a server that is away is waited for."""

    def __init__(self, due: DueCheck, delivery: Delivery, settings: NotificationsSettings) -> None:
        self._due = due
        self._delivery = delivery if settings.smtp_host else None
        self._every = settings.watch_seconds
        self.turned_at = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop`. Raises defects only."""
        wait = self._every
        while not stop.is_set():
            try:
                self._due.turn()
                if self._delivery is not None:
                    self._delivery.turn(stop, self._alive)
            except Exception as error:
                if not (db.is_transient(error) or isinstance(error, KafkaError | TimeoutError)):
                    raise
                wait = min(wait * 2, _LONGEST_WAIT)
                _log.warning("watch waits", cause=type(error).__name__, next_try_seconds=wait)
            else:
                wait = self._every
            self._alive()
            stop.wait(wait)

    def idle_because(self) -> str | None:
        """None: it has nothing to wait for before it can look."""
        return None

    def _alive(self) -> None:
        self.turned_at = time.monotonic()


def build(settings: NotificationsSettings) -> Together:
    """The worker's loops over one pool of connections."""
    pool = db.open_pool(settings.database_url, size=settings.database_pool, name="notifications-worker")
    clock = Clock(settings.clock_file)
    consumer = Consumer(stream.GROUP, settings.kafka_bootstrap, pool, stream.decode, Merge(settings, clock))
    due = DueCheck(pool, settings, clock, lambda: caught_up(settings.kafka_bootstrap, pool, stream.GROUP))
    return Together([consumer, Watch(due, Delivery(pool, settings, clock), settings)])
