"""The stream: Faust agents that hold no state. Raw bytes → micro-batch → one transaction → ack, last.

Why so, and not with Tables: docs/adr/0003-faust-agents-hold-no-state.md. What must not change here:
- runs of records (runs.py) one by one with acks off, as `noack_take` has them, and gathered here: plain `take` acks the
  batch although the body raised (its `finally`), and `noack_take` wakes an idle agent every `within`, which cost more
  than the merging;
- batches merged beside each other share no partition (gathering.py): a partition's runs are merged and acked in order;
- no exception leaves the loop: the actor would read on and the batch be a hole (faust-streaming/faust#606);
  transient errors are waited for inside, any other ends the process with the batch unacked;
- `concurrency=1`: more commits past a message in flight (faust-streaming/faust#606);
- no Tables, no producer: dead letters leave through the outbox.
"""

import asyncio
import os
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

import faust
import faust.streams
from mode.supervisors import CrashingSupervisor

from services.evaluation import arrivals, steps
from services.evaluation.alerting import Alerting
from services.evaluation.gathering import LANES, Gathering
from services.evaluation.merger import GROUP, MergeBatch, merger, sharing
from services.evaluation.publish import publish_scorecards
from services.evaluation.runs import MOST, Transport, in_runs_of
from services.evaluation.scoring import score_due
from services.evaluation.settings import EvaluationSettings
from services.evaluation.watch import Watch
from shared import db, logging
from shared.clock import Clock
from shared.envelope import Received, headers_of
from shared.kafka.positions import Partition

_EX_SOFTWARE: Final = 70
_RUNS: Final = 16
"""Runs that wait between Faust's consumer and an agent, besides those of its next batches."""

_log = logging.get(__name__)


class StreamError(Exception):
    """The engine is not the one this service was proven with; it does not start."""


def assert_compiled_stream() -> None:
    """Raises StreamError unless Faust's compiled stream is in use.

    The pure-Python one acks messages it skipped because they belong to an older rebalance generation (pitfalls, 6).
    """
    if getattr(faust.streams, "_CStreamIterator", None) is None:
        raise StreamError("Faust's compiled stream extension is missing; install the wheel and unset NO_CYTHON")


def build(settings: EvaluationSettings, pool: db.Pool, watch: Watch) -> faust.App:
    """Faust's application: an agent for topics that are merged alike, each merging its batches."""
    assert_compiled_stream()
    app = faust.App(
        GROUP,
        broker=[f"kafka://{broker}" for broker in settings.kafka_bootstrap.split(",")],
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,  # else Faust makes <id>-__assignor-__leader
        table_standby_replicas=0,  # 0 without tables: aiokafka's round robin (faust-streaming/faust#402)
        ConsumerScheduler=in_runs_of(min(MOST, settings.stream_batch)),
        stream_buffer_maxsize=_RUNS,
        stream_wait_empty=True,
        broker_commit_interval=1.0,
        broker_session_timeout=10.0,  # a killed worker's partitions wait this long for another
        broker_heartbeat_interval=3.0,
        consumer_auto_offset_reset="earliest",
        consumer_metadata_max_age_ms=5_000,  # who joins before the broker knows a new topic gets none of its partitions
        agent_supervisor=CrashingSupervisor,
        web_enabled=False,
        debug=False,
    )
    app.transport = Transport(app.conf.broker_consumer, app)
    gatherings = [
        _agent(app, settings, topics, merger(settings.kafka_bootstrap, pool, topics[0])) for topics in sharing()
    ]
    alerting = Alerting(pool, settings.kafka_bootstrap, GROUP, Clock(settings.clock_file))

    def behind() -> bool:
        return any(gathered.full for gathered in gatherings)

    steps.every(app, settings.scorecards_every, partial(_publish, pool), "scorecards", behind=behind, crash=_crash)
    steps.every(app, settings.sheets_every, partial(_score, pool), "sheets", behind=behind)
    steps.every(app, settings.alerts_every, alerting.turn, "alerts", behind=behind)

    def assigned() -> list[Partition]:
        return [(at.topic, at.partition) for at in app.consumer.assignment()] if app.consumer.started else []

    watch.assigned = assigned

    async def beat() -> None:
        # An agent does not wake when idle; this timer says that the event loop turns.
        watch.turned()

    app.timer(interval=1.0)(beat)
    return app


def _agent(app: faust.App, settings: EvaluationSettings, topics: Sequence[str], merge_batch: MergeBatch) -> Gathering:
    channel = app.topic(*topics, key_serializer="raw", value_serializer="raw", internal=False)
    gathered = Gathering(settings.stream_batch, LANES if topics[0] in arrivals.TOPICS else 1)

    async def merge_stream(stream: Any) -> None:
        stream.enable_acks = False
        changed, room = asyncio.Event(), asyncio.Event()
        at_work: set[asyncio.Task[None]] = set()

        async def merge_and_ack(batch: Sequence[Any]) -> None:
            try:
                await asyncio.to_thread(_merge, merge_batch, batch)
                for event in batch:  # the last step
                    await stream.ack(event)
                gathered.merged(batch)
                changed.set()
            except Exception as error:
                _crash(error)

        async def merge_waiting() -> None:
            try:
                while True:
                    await changed.wait()
                    if gathered.idle and (early := settings.stream_within - gathered.waited) > 0:
                        await asyncio.sleep(early)
                    changed.clear()
                    # What came while a batch was merged is the next one: load fills batches, not waiting.
                    while batch := gathered.next_batch():
                        room.set()
                        task = asyncio.create_task(merge_and_ack(batch))
                        at_work.add(task)
                        task.add_done_callback(at_work.discard)
            except Exception as error:
                _crash(error)

        merging = asyncio.create_task(merge_waiting())
        try:
            async for event in stream.events():
                gathered.add(event)
                changed.set()
                while gathered.full:
                    room.clear()
                    await room.wait()
        finally:
            for task in (merging, *at_work):
                task.cancel()

    app.agent(channel, name=f"figures.{topics[0]}", concurrency=1)(merge_stream)
    return gathered


def _publish(pool: db.Pool) -> int:
    with pool.connection() as conn:
        return publish_scorecards(conn)


def _score(pool: db.Pool) -> int:
    with pool.connection() as conn:
        return score_due(conn)


def _crash(error: BaseException) -> None:
    """End the process now: what is not acked is read again by the next one."""
    _log.critical("the stream cannot go on", exc_info=error)
    os._exit(_EX_SOFTWARE)


def _merge(merge_batch: MergeBatch, batch: Sequence[Any]) -> None:
    merge_batch([_received(record) for event in batch for record in event.message.value])


def _received(record: Any) -> Received:
    return Received(record.topic, record.partition, record.offset, record.key, record.value, headers_of(record.headers))
