"""The stream: Faust agents that hold no state. Raw bytes → micro-batch → one transaction → ack, last.

Why so, and not with Tables: docs/adr/0003-faust-agents-hold-no-state.md. What must not change here:
- events one by one with acks off, as `noack_take` has them, and gathered here: plain `take` acks the batch although the
  body raised (its `finally`), and `noack_take` wakes an idle agent every `within`, which cost more than the merging;
- no exception leaves the loop: the actor would read on and the batch be a hole (faust-streaming/faust#606);
  transient errors are waited for inside, any other ends the process with the batch unacked;
- `concurrency=1`: more commits past a message in flight (faust-streaming/faust#606);
- no Tables, no producer: dead letters leave through the outbox.
"""

import asyncio
import os
import time
from collections.abc import Sequence
from typing import Any, Final

import faust
import faust.streams
from mode.supervisors import CrashingSupervisor

from services.evaluation.alerting import Alerting
from services.evaluation.merger import GROUP, MergeBatch, merger, sharing
from services.evaluation.publish import publish_scorecards
from services.evaluation.scoring import score_due
from services.evaluation.settings import EvaluationSettings
from services.evaluation.watch import Watch
from shared import db, logging
from shared.clock import Clock
from shared.envelope import Received, headers_of
from shared.kafka.positions import Partition

_EX_SOFTWARE: Final = 70

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
    """Faust's application: an agent for topics that are merged alike, each merging its batches one after the other."""
    assert_compiled_stream()
    app = faust.App(
        GROUP,
        broker=[f"kafka://{broker}" for broker in settings.kafka_bootstrap.split(",")],
        store="memory://",
        topic_allow_declare=False,
        topic_disable_leader=True,  # else Faust makes <id>-__assignor-__leader
        table_standby_replicas=0,  # 0 without tables: aiokafka's round robin (faust-streaming/faust#402)
        stream_buffer_maxsize=2 * settings.stream_batch,
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
    for topics in sharing():
        _agent(app, settings, topics, merger(settings.kafka_bootstrap, pool, topics[0]))

    async def scorecards() -> None:
        try:
            began = time.monotonic()
            while await asyncio.to_thread(_publish, pool):
                # As long again for the stream: after a rebuild every scorecard may be due.
                await asyncio.sleep(time.monotonic() - began)
                began = time.monotonic()
        except Exception as error:
            if not db.is_transient(error):
                _crash(error)
            _log.warning("scorecards wait", cause=type(error).__name__)

    alerting = Alerting(pool, settings.kafka_bootstrap, GROUP, Clock(settings.clock_file))

    async def alerts() -> None:
        try:
            began = time.monotonic()
            while await asyncio.to_thread(alerting.turn):
                await asyncio.sleep(time.monotonic() - began)
                began = time.monotonic()
        except Exception as error:
            # A defect here must not keep figures from being counted: nothing is lost, what is due stays due.
            _log.warning("alerts wait", cause=type(error).__name__, exc_info=not db.is_transient(error))

    async def sheets() -> None:
        try:
            began = time.monotonic()
            while await asyncio.to_thread(_score, pool):
                await asyncio.sleep(time.monotonic() - began)  # as long again for the stream
                began = time.monotonic()
        except Exception as error:
            # A defect here must not keep figures from being counted: nothing is lost, what is due stays due.
            _log.warning("sheets wait", cause=type(error).__name__, exc_info=not db.is_transient(error))

    def assigned() -> list[Partition]:
        return [(at.topic, at.partition) for at in app.consumer.assignment()] if app.consumer.started else []

    watch.assigned = assigned

    async def beat() -> None:
        # An agent does not wake when idle; this timer says that the event loop turns.
        watch.turned()

    app.timer(interval=settings.scorecards_every)(scorecards)
    app.timer(interval=settings.alerts_every)(alerts)
    app.timer(interval=settings.sheets_every)(sheets)
    app.timer(interval=1.0)(beat)
    return app


def _agent(app: faust.App, settings: EvaluationSettings, topics: Sequence[str], merge_batch: MergeBatch) -> None:
    channel = app.topic(*topics, key_serializer="raw", value_serializer="raw", internal=False)

    async def merge_stream(stream: Any) -> None:
        stream.enable_acks = False
        waiting: list[Any] = []
        came, room = asyncio.Event(), asyncio.Event()

        async def merge_waiting() -> None:
            try:
                while True:
                    await came.wait()
                    await asyncio.sleep(settings.stream_within)
                    came.clear()
                    # What came while a batch was merged is the next one: load fills batches, not waiting.
                    while waiting:
                        events = waiting[: settings.stream_batch]
                        del waiting[: settings.stream_batch]
                        room.set()
                        await asyncio.to_thread(merge_batch, [_received(event) for event in events])
                        for event in events:  # the last step
                            await stream.ack(event)
            except Exception as error:
                _crash(error)

        merging = asyncio.create_task(merge_waiting())
        try:
            async for event in stream.events():
                waiting.append(event)
                came.set()
                while len(waiting) >= settings.stream_batch:
                    room.clear()
                    await room.wait()
        finally:
            merging.cancel()

    app.agent(channel, name=f"figures.{topics[0]}", concurrency=1)(merge_stream)


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


def _received(event: Any) -> Received:
    message = event.message
    return Received(
        message.topic, message.partition, message.offset, message.key, message.value, headers_of(message.headers)
    )
