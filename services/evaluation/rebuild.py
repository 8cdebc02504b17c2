"""The same figures from the log, in bulk, with the functions the stream uses; compared, and put in place.

1. note the ends of the topics;
2. read everything up to them (aiokafka `getmany`) into facts;
3. fold all of it at once;
4. COPY it into the schema `rebuilt`;
5. compare with the live figures (`verify` stops here);
6. swap, in one transaction that also sets the stream's positions back to the noted ends. What the stream merged
   meanwhile lies above them and is merged again right after: nothing is lost, and readers see the old figures until the
   commit.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final, LiteralString

import aiokafka
import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import decode, fold, rules
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.merge import lock_tree
from services.evaluation.store import frames
from services.evaluation.stream import GROUP, merge_ranges
from services.evaluation.tree import branch_paths
from shared import db
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.envelope import Received, attributes, headers_of
from shared.errors import Impossible
from shared.kafka import positions
from shared.kafka.batch import Decode
from shared.kafka.positions import Partition, Position
from shared.units import replica

_TABLES: Final[tuple[LiteralString, ...]] = (
    "meeting_fact", "task_fact", "branch_path", "unit_branches", "branch_month", "unit_month",
)  # fmt: skip


class Rebuilt(msgspec.Struct, frozen=True):
    """Everything the stream would have stored, from the log up to `ends`."""

    units: Sequence[replica.Unit]
    meeting_fact: pl.DataFrame
    task_fact: pl.DataFrame
    paths: pl.DataFrame
    segments: Sequence[Any]
    branch_month: pl.DataFrame
    unit_month: pl.DataFrame
    unit_branches: pl.DataFrame


class Outcome(msgspec.Struct, frozen=True):
    """What a rebuild did: events read, seconds it took from nothing to figures stored, unit-months that differed."""

    events: int
    seconds: float
    unit_months: int
    different: int
    swapped: bool


def compute(
    units: Sequence[replica.Unit],
    meetings: pl.DataFrame,
    tasks: pl.DataFrame,
    bands: Sequence[fold.GradeBands],
) -> Rebuilt:
    """All figures from all facts. Pure."""
    known = replica.newest(units)
    spans = {unit.unit_id: unit.spans for unit in known}
    segments = [segment for unit_id in spans for segment in branch_paths(unit_id, spans)]
    paths = fold.paths_frame(segments)
    vectors = fold.vectors(meetings, tasks, bands)
    sums = fold.roll_up(vectors, paths)
    return Rebuilt(known, meetings, tasks, paths, segments, vectors, sums, fold.branch_changes(paths))


def rebuild(database_url: str, bootstrap: str, *, swap: bool, say: Callable[[str], None]) -> Outcome:
    """Steps 1 to 6 (1 to 5 without `swap`). Raises psycopg.Error, aiokafka.errors.KafkaError."""
    began = time.perf_counter()
    with db.connect(database_url, name="evaluation-rebuild") as conn:
        bands = rules.grade_bands(conn)
    units, meetings, tasks, ends, events = asyncio.run(_read_log(bootstrap, say))
    say("folding")
    rebuilt = compute(units, meetings, tasks, bands)
    with db.connect(database_url, name="evaluation-rebuild") as conn:
        conn.execute("set local statement_timeout = 0")
        say("storing")
        _store(conn, rebuilt)
        seconds = time.perf_counter() - began
        say("comparing")
        different = _different(conn)
        if swap:
            say("swapping")
            stood = _swap(conn, rebuilt.units, ends)
    if swap:
        with db.open_pool(database_url, size=1, name="evaluation-rebuild") as pool:
            merge_ranges(bootstrap, pool, {at: (ends[at], stood[at].next_offset) for at in ends if at in stood})
    return Outcome(events, seconds, rebuilt.unit_month.height, different, swap)


async def _read_log(
    bootstrap: str, say: Callable[[str], None]
) -> tuple[list[replica.Unit], pl.DataFrame, pl.DataFrame, dict[Partition, int], int]:
    consumer = aiokafka.AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4_194_304,
    )
    await consumer.start()
    try:
        ends: dict[Partition, int] = {}
        units: list[replica.Unit] = []
        facts: dict[str, list[pl.DataFrame]] = {"meetings": [], "tasks": []}
        events = 0
        async for topic, chunk in _chunks(consumer, ends):
            events += len(chunk)
            say(f"read {events:,}")
            if topic == "registry.units.v1":
                units += _decoded(chunk, replica.decode)
            elif topic == "meetings.meetings.v1":
                facts["meetings"].append(fold.meeting_facts(_decoded(chunk, decode.meeting)))
            else:
                facts["tasks"].append(fold.task_facts(_decoded(chunk, decode.task)))
    finally:
        await consumer.stop()
    meetings = pl.concat([pl.DataFrame(schema=fold.MEETING_FACT), *facts["meetings"]])
    tasks = pl.concat([pl.DataFrame(schema=fold.TASK_FACT), *facts["tasks"]])
    return units, fold.newest(meetings, "meeting_id"), fold.newest(tasks, "task_id"), ends, events


async def _chunks(
    consumer: aiokafka.AIOKafkaConsumer, ends: dict[Partition, int]
) -> AsyncIterator[tuple[str, list[Received]]]:
    """The records of every topic the group reads, up to the ends noted at the start (written to `ends`)."""
    for topic in catalogue().groups[GROUP].reads:
        at = [aiokafka.TopicPartition(topic, number) for number in range(catalogue().topics[topic].partitions)]
        consumer.assign(at)
        await consumer.seek_to_beginning(*at)
        last = await consumer.end_offsets(at)
        ends.update({(topic, partition.partition): end for partition, end in last.items()})
        rest = {partition for partition in at if await consumer.position(partition) < last[partition]}
        while rest:
            for partition, records in (await consumer.getmany(*rest, timeout_ms=500, max_records=20_000)).items():
                chunk = [_received(record) for record in records if record.offset < last[partition]]
                if chunk:
                    yield topic, chunk
                if await consumer.position(partition) >= last[partition]:
                    rest.discard(partition)


def _decoded(records: Sequence[Received], decode_: Decode[Any]) -> list[Any]:
    """What can be decoded; the rest is among the stream's dead letters already."""
    found = []
    for record in records:
        try:
            found.append(decode_(record, attributes(record)))
        except Impossible:
            continue
    return found


def _received(record: Any) -> Received:
    return Received(record.topic, record.partition, record.offset, record.key, record.value, headers_of(record.headers))


def _store(conn: Connection, rebuilt: Rebuilt) -> None:
    conn.execute("drop schema if exists rebuilt cascade")
    conn.execute("create schema rebuilt")
    for table in _TABLES:
        conn.execute(
            sql.SQL("create unlogged table rebuilt.{0} (like public.{0} including defaults)").format(
                sql.Identifier(table)
            )
        )
    for table, frame in (
        ("meeting_fact", rebuilt.meeting_fact),
        ("task_fact", rebuilt.task_fact),
        ("unit_branches", rebuilt.unit_branches),
        ("branch_month", rebuilt.branch_month),
        ("unit_month", rebuilt.unit_month),
    ):
        statement = sql.SQL("copy rebuilt.{} ({}) from stdin (format csv)").format(
            sql.Identifier(table), frames.columns(frame.columns)
        )
        with conn.cursor().copy(statement) as copy:
            copy.write(frame.write_csv(include_header=False))
    with conn.cursor().copy("copy rebuilt.branch_path (branch_id, from_month, to_month, path) from stdin") as copy:
        for segment in rebuilt.segments:
            copy.write_row((segment.branch_id, segment.from_month, segment.to_month, list(segment.path)))


def _different(conn: Connection) -> int:
    """How many unit-months differ between the live figures and the rebuilt ones; a row of zeros equals no row."""
    names = SUMMED_NAMES
    statement = sql.SQL(
        """
        select count(*) from (
            select unit_id, month from public.unit_month l full join rebuilt.unit_month r using (unit_id, month)
            where ({live}) is distinct from ({rebuilt})
            union
            select unit_id, month from public.unit_branches l full join rebuilt.unit_branches r using (unit_id, month)
            where coalesce(l.change, 0) <> coalesce(r.change, 0)
        ) different
        """
    ).format(
        live=sql.SQL(", ").join(sql.SQL("coalesce(l.{}, 0)").format(sql.Identifier(name)) for name in names),
        rebuilt=sql.SQL(", ").join(sql.SQL("coalesce(r.{}, 0)").format(sql.Identifier(name)) for name in names),
    )
    row = conn.execute(statement).fetchone()
    return msgspec.convert(row, tuple[int])[0]


def _swap(conn: Connection, units: Sequence[replica.Unit], ends: dict[Partition, int]) -> dict[Partition, Position]:
    """Put the rebuilt tables in place; returns where the stream stood until then."""
    stood = positions.lock(conn, GROUP, ends)
    lock_tree(conn, exclusive=True)
    # The tree goes back to `ends` with its paths: a unit known in a newer version would make its replay look stale.
    conn.execute("delete from unit")
    replica.upsert(conn, units)
    conn.execute(
        """
        update public.unit_month u set version = version + 1, computed_at = clock_timestamp()
        from (
            select unit_id, min(month) as month
            from public.unit_branches l full join rebuilt.unit_branches r using (unit_id, month)
            where coalesce(l.change, 0) <> coalesce(r.change, 0) group by unit_id
        ) c
        where u.unit_id = c.unit_id and u.month >= c.month
        """
    )
    for table in _TABLES:
        if table != "unit_month":
            conn.execute(sql.SQL("delete from public.{}").format(sql.Identifier(table)))
            conn.execute(sql.SQL("insert into public.{0} select * from rebuilt.{0}").format(sql.Identifier(table)))
    conn.execute(
        sql.SQL(
            """
            with changed as (
                select unit_id, month, {parts}
                from public.unit_month l full join rebuilt.unit_month r using (unit_id, month)
                where ({live}) is distinct from ({rebuilt}))
            insert into public.unit_month as t (unit_id, month, {names}) select * from changed order by unit_id, month
            on conflict (unit_id, month) do update
            set ({names}) = ({new}), version = t.version + 1, computed_at = clock_timestamp()
            """
        ).format(
            parts=sql.SQL(", ").join(
                sql.SQL("coalesce(r.{0}, 0) as {0}").format(sql.Identifier(name)) for name in SUMMED_NAMES
            ),
            live=frames.columns(SUMMED_NAMES, of="l"),
            rebuilt=frames.columns(SUMMED_NAMES, of="r"),
            names=frames.columns(SUMMED_NAMES),
            new=frames.columns(SUMMED_NAMES, of="excluded"),
        )
    )
    positions.advance(conn, GROUP, {partition: Position(end, 0) for partition, end in ends.items()})
    return stood
