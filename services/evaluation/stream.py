"""The stream: Faust agents that hold no state. Raw bytes → micro-batch → one transaction → ack, last.

Why so, and not with Tables: docs/adr/0003-faust-agents-hold-no-state.md. What must not change here:
- `noack_take`, never `take`: plain `take` acks the batch although the body raised (its `finally`);
- no exception leaves the loop: the actor would read on and the batch be a hole (faust-streaming/faust#606);
  transient errors are waited for inside, any other ends the process with the batch unacked;
- `concurrency=1`: more commits past a message in flight (faust-streaming/faust#606);
- no Tables, no producer: dead letters leave through the outbox.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import faust
import faust.streams
from kafka.errors import KafkaError
from mode.supervisors import CrashingSupervisor

from services.evaluation import backfill, decode
from services.evaluation.merge import apply_meetings, apply_tasks
from services.evaluation.publish import publish_scorecards
from services.evaluation.reorganise import apply_units
from services.evaluation.settings import EvaluationSettings
from services.evaluation.watch import Watch
from shared import db, logging, metrics
from shared.envelope import Received
from shared.kafka import batch
from shared.kafka.positions import Partition, Position
from shared.units import replica

GROUP: Final = "evaluation.figures"
_EX_SOFTWARE: Final = 70

_log = logging.get(__name__)
MergeBatch = Callable[[Sequence[Received]], None]


class StreamError(Exception):
    """The engine is not the one this service was proven with; it does not start."""


def assert_compiled_stream() -> None:
    """Raises StreamError unless Faust's compiled stream is in use.

    The pure-Python one acks messages it skipped because they belong to an older rebalance generation (pitfalls, 6).
    """
    if getattr(faust.streams, "_CStreamIterator", None) is None:
        raise StreamError("Faust's compiled stream extension is missing; install the wheel and unset NO_CYTHON")


def build(settings: EvaluationSettings, pool: db.Pool, watch: Watch) -> faust.App:
    """Faust's application: an agent a topic, each merging its batches one after the other."""
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
        agent_supervisor=CrashingSupervisor,
        web_enabled=False,
        debug=False,
    )
    _agent(app, settings, "registry.units.v1", _merger(settings, pool, watch, replica.decode, apply_units))
    _agent(app, settings, "meetings.meetings.v1", _merger(settings, pool, watch, decode.meeting, apply_meetings))
    _agent(app, settings, "meetings.tasks.v1", _merger(settings, pool, watch, decode.task, apply_tasks))

    async def scorecards() -> None:
        try:
            while await asyncio.to_thread(_publish, pool):
                pass
        except Exception as error:
            if not db.is_transient(error):
                _crash(error)
            _log.warning("scorecards wait", cause=type(error).__name__)

    def assigned() -> list[Partition]:
        return [(at.topic, at.partition) for at in app.consumer.assignment()] if app.consumer.started else []

    watch.assigned = assigned

    async def beat() -> None:
        # An agent does not wake when idle; this timer says that the event loop turns.
        watch.turned()

    app.timer(interval=settings.scorecards_every)(scorecards)
    app.timer(interval=1.0)(beat)
    return app


def _agent(app: faust.App, settings: EvaluationSettings, topic: str, merge_batch: MergeBatch) -> None:
    channel = app.topic(topic, key_serializer="raw", value_serializer="raw", internal=False)

    async def merge_stream(stream: Any) -> None:
        async for events in stream.noack_take(settings.stream_batch, within=settings.stream_within):
            try:
                await asyncio.to_thread(merge_batch, [_received(event) for event in events])
            except Exception as error:
                _crash(error)
            for event in events:  # the last step
                await stream.ack(event)

    app.agent(channel, name=f"figures.{topic}", concurrency=1)(merge_stream)


def _merger(
    settings: EvaluationSettings,
    pool: db.Pool,
    watch: Watch,
    decode_: batch.Decode[Any],
    apply: batch.Apply[Any],
) -> MergeBatch:
    """What an agent does with a batch: complete it, merge it until it is committed, say how old its events were."""

    def merge_batch(records: Sequence[Received]) -> None:
        fresh: list[batch.Decoded[Any]] = []

        def remember(conn: db.Connection, events: Sequence[batch.Decoded[Any]]) -> int:
            fresh[:] = events
            return apply(conn, events)

        def complete(records: Sequence[Received], held: Mapping[Partition, Position]) -> list[Received]:
            return backfill.complete(records, held, settings.kafka_bootstrap)

        def transaction() -> None:
            with pool.connection() as conn:
                batch.merge(conn, GROUP, records, decode_, remember, complete=complete)

        with metrics.MERGE_SECONDS.time():
            db.until_committed(transaction, what=f"{GROUP} {records[0].topic}", also=(KafkaError, TimeoutError))
        watch.merged()
        batch.observe_ages(fresh, datetime.now(UTC))

    return merge_batch


def _publish(pool: db.Pool) -> int:
    with pool.connection() as conn:
        return publish_scorecards(conn)


def _crash(error: BaseException) -> None:
    """End the process now: what is not acked is read again by the next one."""
    _log.critical("the stream cannot go on", exc_info=error)
    os._exit(_EX_SOFTWARE)


def _received(event: Any) -> Received:
    message = event.message
    return Received(
        message.topic, message.partition, message.offset, message.key, message.value, tuple(message.headers or ())
    )
