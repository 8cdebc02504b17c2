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
from shared.envelope import Received, headers_of
from shared.kafka import batch, positions
from shared.kafka.positions import Partition, Position
from shared.units import replica

GROUP: Final = "evaluation.figures"
_EX_SOFTWARE: Final = 70

_log = logging.get(__name__)
MergeBatch = Callable[[Sequence[Received]], None]


MERGES: Final[dict[str, tuple[batch.Decode[Any], batch.Apply[Any]]]] = {
    "registry.units.v1": (replica.decode, apply_units),
    "meetings.meetings.v1": (decode.meeting, apply_meetings),
    "meetings.tasks.v1": (decode.task, apply_tasks),
}
"""How each topic is decoded and merged."""


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
        consumer_metadata_max_age_ms=5_000,  # who joins before the broker knows a new topic gets none of its partitions
        agent_supervisor=CrashingSupervisor,
        web_enabled=False,
        debug=False,
    )
    for topic in MERGES:
        _agent(app, settings, topic, merger(settings.kafka_bootstrap, pool, topic))

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


def merger(bootstrap: str, pool: db.Pool, topic: str) -> MergeBatch:
    """What is done with a batch of `topic`: complete it, merge it until it is committed, say how old it was."""
    decode_, apply = MERGES[topic]

    def merge_batch(records: Sequence[Received]) -> None:
        fresh: list[batch.Decoded[Any]] = []

        def remember(conn: db.Connection, events: Sequence[batch.Decoded[Any]]) -> int:
            fresh[:] = events
            return apply(conn, events)

        def complete(records: Sequence[Received], held: Mapping[Partition, Position]) -> list[Received]:
            return backfill.complete(records, held, bootstrap)

        def transaction() -> None:
            with pool.connection() as conn:
                batch.merge(conn, GROUP, records, decode_, remember, complete=complete)

        with metrics.MERGE_SECONDS.time():
            db.until_committed(transaction, what=f"{GROUP} {records[0].topic}", also=(KafkaError, TimeoutError))
        batch.observe_ages(fresh, datetime.now(UTC))

    return merge_batch


def catch_up(settings: EvaluationSettings, pool: db.Pool) -> int:
    """Merge what lies between our positions and the offsets the group has committed; returns how many records.

    Faust goes on from its committed offsets. Where the database stands behind them (restored from a backup, or a hole
    with nothing after it) no later event may come to show it, so it is looked for before the stream begins.
    """
    with pool.connection() as conn:
        stands = positions.all_positions(conn, GROUP)
    committed = backfill.committed_offsets(settings.kafka_bootstrap, GROUP)
    behind = {
        partition: (position.next_offset, committed[partition])
        for partition, position in stands.items()
        if position.next_offset < committed.get(partition, 0)
    }
    return merge_ranges(settings.kafka_bootstrap, pool, behind)


def merge_ranges(bootstrap: str, pool: db.Pool, ranges: Mapping[Partition, tuple[int, int]]) -> int:
    """Merge what the topics hold of `ranges` (from the first offset to before the second); returns how many records."""
    count = 0
    for chunk in backfill.chunks(bootstrap, ranges):
        merger(bootstrap, pool, chunk[0].topic)(chunk)
        metrics.OFFSET_GAPS.labels(topic=chunk[0].topic).inc(len(chunk))
        count += len(chunk)
    if count:
        _log.warning("events the figures lacked were read again", count=count)
    return count


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
        message.topic, message.partition, message.offset, message.key, message.value, headers_of(message.headers)
    )
