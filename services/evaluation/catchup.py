"""Before the stream begins: what it would never come by, and what it would take too long over.

Faust goes on from the offsets it has committed. Where the database stands behind them (restored from a backup, or a
hole with nothing after it) no later event may come to show it. And where very much waits (after an outage, in a new
installation) columns are a hundred times as fast as events: partitions are merged in large chunks, each in one
transaction with its position, or, with nothing stored yet, by a rebuild. The group's offsets are moved along, so that
the stream begins where this ended; where they cannot be, it drops what it reads again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from kafka import KafkaAdminClient, OffsetAndMetadata, TopicPartition
from kafka.errors import KafkaError

from services.evaluation import backfill, bulk, log, rebuild
from services.evaluation.handover import Busy
from services.evaluation.log import Range
from services.evaluation.merger import GROUP, merge_ranges
from services.evaluation.registry_merge import MERGES_OF_FACTS
from services.evaluation.settings import EvaluationSettings
from shared import db, logging, metrics
from shared.kafka import batch, positions
from shared.kafka.positions import Partition, Position
from shared.outbox import table

_CHUNK = 50_000
Merged = tuple[Partition, int, int, dict[tuple[str, str], int]]
"""A partition; how many of its events were read, applied, and set aside by topic and reason."""
_log = logging.get(__name__)


def catch_up(settings: EvaluationSettings, pool: db.Pool) -> int:
    """Merge what waits, if it is much, else what lies below the group's committed offsets; returns how many records.

    Raises psycopg.Error, kafka.errors.KafkaError, aiokafka.errors.KafkaError, Flooded.
    """
    bootstrap = settings.kafka_bootstrap
    with pool.connection() as conn:
        stands = positions.all_positions(conn, GROUP)
        empty = conn.execute("select from meeting_fact union all select from task_fact limit 1").fetchone() is None
    bounds = asyncio.run(log.ends(bootstrap, sorted(stands)))
    waiting = {
        at: (position.next_offset, bounds[at][1])
        for at, position in stands.items()
        if position.next_offset < bounds[at][1]
    }
    count = sum(end - begin for begin, end in waiting.values())
    if count < settings.bulk_from:
        committed = backfill.committed_offsets(bootstrap, GROUP)
        behind = {
            at: (position.next_offset, committed[at])
            for at, position in stands.items()
            if position.next_offset < committed.get(at, 0)
        }
        return merge_ranges(bootstrap, pool, behind)
    _log.info("much waits and is merged in bulk", records=count)
    if not (empty and _rebuilt(settings)):
        _merge_in_bulk(settings, pool, waiting)
    _move_offsets(bootstrap, pool)
    return count


def _rebuilt(settings: EvaluationSettings) -> bool:
    try:
        rebuild.rebuild(settings.database_url, settings.kafka_bootstrap, swap=True, say=lambda _: None)
    except Busy:
        return False
    return True


def _merge_in_bulk(settings: EvaluationSettings, pool: db.Pool, waiting: Mapping[Partition, Range]) -> None:
    merge_ranges(
        settings.kafka_bootstrap, pool, {at: offsets for at, offsets in waiting.items() if at[0] not in bulk.SOURCES}
    )
    of_facts = {at: offsets for at, offsets in waiting.items() if at[0] in bulk.SOURCES}
    calls = [(settings.database_url, settings.kafka_bootstrap, at, offsets) for at, offsets in of_facts.items()]
    count = sum(end - begin for begin, end in of_facts.values())
    for at, events, applied, set_aside in bulk.each(merge_partition, calls, records=count):
        rejected = sum(set_aside.values())
        for outcome, many in (("applied", applied), ("stale", events - applied - rejected), ("rejected", rejected)):
            metrics.MERGE_EVENTS.labels(topic=at[0], outcome=outcome).inc(many)
        bulk.tell(set_aside)


def merge_partition(database_url: str, bootstrap: str, at: Partition, offsets: Range) -> Merged:
    """Merge a range of a partition of facts, in large chunks.

    Ends early where another worker has merged on. Raises what `catch_up` does.
    """

    async def run() -> Merged:
        events, applied, position = 0, 0, offsets[0]
        set_aside = Counter[tuple[str, str]]()
        async for facts, following in bulk.chunks(bootstrap, at, offsets, size=_CHUNK):
            newer = db.until_committed(
                partial(_merge, database_url, at, facts, (position, following)),
                what=f"{GROUP} {at[0]} {at[1]} in bulk",
            )
            if newer is None:
                break
            events, applied, position = events + facts.events, applied + newer, following
            set_aside.update(bulk.reasons(facts.rejected))
        return at, events, applied, dict(set_aside)

    return asyncio.run(run())


def _merge(database_url: str, at: Partition, facts: bulk.Facts, offsets: Range) -> int | None:
    begin, end = offsets
    with db.connect(database_url, name="evaluation-catch-up") as conn:
        if positions.lock(conn, GROUP, [at])[at].next_offset != begin:
            return None
        newer = MERGES_OF_FACTS[at[0]](conn, facts.frame) if facts.frame.height else 0
        table.append_records(conn, [batch.dead_letter(GROUP, record, reason) for record, reason in facts.rejected])
        positions.advance(conn, GROUP, {at: Position(end, 0)})
    return newer


def _move_offsets(bootstrap: str, pool: db.Pool) -> None:
    """Let the group go on where the database stands, unless others of it are at work."""
    with pool.connection() as conn:
        stands = positions.all_positions(conn, GROUP)
    offsets = {TopicPartition(*at): OffsetAndMetadata(position.next_offset, "", -1) for at, position in stands.items()}
    admin: Any = KafkaAdminClient(bootstrap_servers=bootstrap.split(","))
    try:
        refused = {error.__name__ for error in admin.alter_group_offsets(GROUP, offsets).values()} - {"NoError"}
    except KafkaError as error:
        refused = {type(error).__name__}
    finally:
        admin.close()
    if refused:
        _log.warning("the group's offsets stay; what is merged is read again", causes=sorted(refused))
