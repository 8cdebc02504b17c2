"""How the processes of a service run: the API under gunicorn, relay and worker as a loop with probes beside it."""

import signal
import sys
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Protocol

import flask
import psycopg
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from shared import db, grants, health, logging
from shared.http import idempotency
from shared.outbox.relay import Relay
from shared.settings import Settings

_STALLED_AFTER = 60.0
closing = threading.Event()
"""Set when this API process is told to end: answers that go on and on (streams) end themselves then."""


class Loop(Protocol):
    """Work that goes on until `stop`; `turned_at` is `time.monotonic()` at its last turn."""

    turned_at: float

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""

    def idle_because(self) -> str | None:
        """A readiness check: None while it can work, else why not."""


class _Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn publishes no types
    def handle_exit(self, sig: int, frame: Any) -> None:
        # A thread that is still in a stream would hold the process until the grace is over.
        closing.set()
        super().handle_exit(sig, frame)

    def is_parent_alive(self) -> bool:
        alive: bool = super().is_parent_alive()
        if not alive:
            closing.set()
        return alive


def run_api(build: Callable[[], flask.Flask], settings: Settings, *, streams: int = 0) -> None:
    """Serve the API until SIGTERM; one worker process with threads, so that /metrics is whole (client_python docs).

    `streams`: answers that go on and on, at most; each has a thread beside those of the settings.
    """

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
        def load_config(self) -> None:
            options: dict[str, Any] = {
                "bind": f"{settings.http_host}:{settings.http_port}",
                "workers": 1,
                "worker_class": _Worker,
                "threads": settings.http_threads + streams,
                "timeout": 120,
                "graceful_timeout": 20,
                "keepalive": 30,
                "control_socket_disable": True,
                "accesslog": None,
                "logconfig_dict": {
                    "version": 1,
                    "disable_existing_loggers": False,
                    # Through the root's handler, as every other line; requests are measured, not logged.
                    "loggers": {
                        name: {"handlers": [], "propagate": True} for name in ("gunicorn.error", "gunicorn.access")
                    },
                },
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> flask.Flask:
            logging.configure(settings.service_name, "api", settings.log_level)
            # On a port and thread of their own: behind a queue of requests the probe of a busy API would starve, and
            # restarting it would make the queue longer.
            health.serve(
                settings.http_host,
                settings.ops_port,
                live={},
                ready={"database": database_check(settings.database_url)},
            )
            return build()

    logging.configure(settings.service_name, "api", settings.log_level)
    Server().run()


def run_loop(name: str, loop: Loop, settings: Settings) -> None:
    """Run `loop` until SIGTERM or SIGINT, answering the probes meanwhile. Exits 1 when the loop ends by an error."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    def turning() -> str | None:
        idle = time.monotonic() - loop.turned_at
        return None if idle < _STALLED_AFTER else f"the loop has not turned for {idle:.0f} s"

    health.serve(
        settings.http_host,
        settings.ops_port,
        live={"loop": turning},
        ready={"database": database_check(settings.database_url), "loop": loop.idle_because},
    )
    log = logging.get(__name__)
    log.info("started", ops_port=settings.ops_port)
    try:
        loop.run(stop)
    except Exception:
        log.exception("stopped by an error", process_name=name)
        sys.exit(1)
    log.info("stopped")


def run_relay(settings: Settings) -> None:
    """Run the service's relay."""
    logging.configure(settings.service_name, "relay", settings.log_level)
    relay = Relay(
        settings.database_url,
        settings.kafka_bootstrap,
        batch=settings.outbox_batch,
        keep_days=settings.outbox_keep_days,
        name=f"{settings.service_name}-relay",
        chores=[lambda conn: idempotency.purge(conn, settings.idempotency_keep_days, limit=1000)],
    )
    run_loop("relay", relay, settings)


def database_check(url: str) -> health.Check:
    """Whether the database answers, asked on a connection of its own."""

    def check() -> str | None:
        try:
            with db.connect(url, name="readyz", autocommit=True) as conn:
                conn.execute("select 1")
        except psycopg.Error as error:
            return type(error).__name__
        return None

    return check


def migrate(
    database_url: str,
    migrations: Path,
    *,
    to: str = "head",
    service_url: str = "",
    append_only: Collection[str] = (),
) -> None:
    """Bring a service's database at least to the revision `to` under `migrations` (Alembic), one process at a time.

    `database_url` is its owner's. Where `service_url` names another role, that role is granted what it needs
    (shared/grants.py): the rows of every table, of which those of `append_only` tables can only be read and added to.
    """
    from alembic import command  # imported here: only `migrate` needs it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations))
    config.attributes["url"] = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    command.upgrade(config, to)
    role = grants.role_of(service_url or database_url)
    if role != grants.role_of(database_url):
        with db.connect(database_url, name="migrate") as conn:
            grants.settle(conn, role, append_only)
