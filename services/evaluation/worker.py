"""The worker's process: probes, lag, and Faust until SIGTERM."""

import gc
import logging as standard_logging
import sys
import time

import aiokafka.errors
import faust
import psycopg
from kafka.errors import KafkaError

from services.evaluation import catchup, stream
from services.evaluation.merger import GROUP
from services.evaluation.settings import EvaluationSettings
from services.evaluation.watch import Watch
from shared import db, health, logging
from shared.process import database_check

_log = logging.get(__name__)


def run(settings: EvaluationSettings) -> None:
    """Run the stream; leaves by SIGTERM, or with a non-zero status when it cannot go on."""
    logging.configure(settings.service_name, "worker", settings.log_level)
    # The stream's thread waits this long for one that decodes or publishes (Python manual, sys.setswitchinterval; the
    # default of 5 ms at each of a batch's steps is more than the whole batch takes).
    sys.setswitchinterval(0.0005)
    pool = db.open_pool(settings.database_url, size=settings.database_pool, name="evaluation-worker")
    watch = Watch(GROUP, settings.kafka_bootstrap, pool, stuck_after=settings.stuck_after)
    started = False
    health.serve(
        settings.http_host,
        settings.ops_port,
        live={"loop": lambda: watch.loop_turns() if started else None, "progress": watch.progresses},
        ready={
            "database": database_check(settings.database_url),
            "positions": lambda: None if started else "catching up",
        },
    )
    _stand_and_catch_up(settings, pool, watch)
    started = True
    watch.turned()
    watch.start()
    app = stream.build(settings, pool, watch)
    # Thousands of records wait at any time, and none is part of a circle: looking for circles among them whenever some
    # hundreds more have come, and among all that was imported, takes longer than decoding them (Python manual, gc).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    worker = faust.Worker(
        app,
        loglevel=standard_logging.getLevelName(standard_logging.WARNING),
        override_logging=False,
        quiet=True,
        redirect_stdouts=False,
    )
    worker.execute_from_commandline()


def _stand_and_catch_up(settings: EvaluationSettings, pool: db.Pool, watch: Watch) -> None:
    while True:
        try:
            watch.register()
            catchup.catch_up(settings, pool)
        except (KafkaError, aiokafka.errors.KafkaError, psycopg.OperationalError, TimeoutError) as error:
            _log.warning("waiting to start", cause=type(error).__name__)
            time.sleep(1.0)
        else:
            return
