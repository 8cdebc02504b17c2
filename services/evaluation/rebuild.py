"""The same figures from the log, in bulk, with the functions the stream uses; compared, and put in place.

1. note the ends of the topics;
2. partition by partition (bulk.py): decode, keep the newest, COPY the facts into the schema `rebuilt`, fold;
3. add up what the partitions' facts come to, month by month, roll it up, COPY it, build the indexes;
4. compare with the live figures (`verify` stops here);
5. merge into the new tables what the stream merged meanwhile, until little is left;
6. swap, in one transaction that merges that little too, and moves the stream's positions if they stood behind: readers
   see the old figures until the commit and the newest after it, and the stream goes on where it stood.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, LiteralString

import msgspec
import polars as pl

from services.evaluation import bulk, fold, handover, log, rules, shadow
from services.evaluation.bulk import MEETINGS
from services.evaluation.log import Range
from services.evaluation.merger import GROUP
from services.evaluation.store import frames
from services.evaluation.tree import Segment, branch_paths
from shared import db
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.kafka.positions import Partition
from shared.units import replica

UNITS: Final = "registry.units.v1"
_ROWS: Final = 200_000
_NAME: Final = "evaluation-rebuild"


class Rebuilt(msgspec.Struct, frozen=True):
    """What facts and units come to: the newest units, their branches' paths, and the figures."""

    units: Sequence[replica.Unit]
    segments: Sequence[Segment]
    unit_month: pl.DataFrame
    unit_branches: pl.DataFrame


class Outcome(msgspec.Struct, frozen=True):
    """What a rebuild did: events read, seconds it took from nothing to figures stored, unit-months that differed."""

    events: int
    seconds: float
    unit_months: int
    different: int
    swapped: bool


class _Stored(msgspec.Struct, frozen=True):
    """One partition's part: events read, what its facts come to, and the impossible records."""

    events: int
    vectors: pl.DataFrame
    rejected: bulk.Rejected


def compute(
    units: Sequence[replica.Unit],
    meetings: pl.DataFrame,
    tasks: pl.DataFrame,
    bands: Sequence[fold.GradeBands],
) -> Rebuilt:
    """All figures from all facts. Pure."""
    known, segments = _tree(units)
    paths = fold.paths_frame(segments)
    sums = fold.roll_up(fold.vectors(meetings, tasks, bands), paths)
    return Rebuilt(known, segments, sums, fold.branch_changes(paths))


def _tree(units: Sequence[replica.Unit]) -> tuple[list[replica.Unit], list[Segment]]:
    known = replica.newest(units)
    spans = {unit.unit_id: unit.spans for unit in known}
    return known, [segment for unit_id in spans for segment in branch_paths(unit_id, spans)]


def rebuild(database_url: str, bootstrap: str, *, swap: bool, say: Callable[[str], None]) -> Outcome:
    """Steps 1 to 6 (1 to 4 without `swap`). Raises Busy, psycopg.Error, aiokafka.errors.KafkaError."""
    began = time.perf_counter()
    with db.connect(database_url, name=_NAME, autocommit=True) as conn:
        if not shadow.lock(conn):
            raise handover.Busy("another rebuild is going on")
        with conn.transaction():
            shadow.create(conn)
            bands = rules.grade_bands(conn)
        ranges = asyncio.run(log.ends(bootstrap, _partitions(bootstrap)))
        units, rejected = asyncio.run(_units(bootstrap, ranges))
        known, segments = _tree(units)
        events, unit_months = len(units), 0
        with ThreadPoolExecutor(2) as builders:
            vectors: list[pl.DataFrame] = []
            for stored in _store_facts(database_url, bootstrap, ranges, bands):
                events += stored.events
                vectors.append(stored.vectors)
                rejected += stored.rejected
                say(f"read {events:,}")
            say("folding")
            building = [builders.submit(_index, database_url, name) for name in ("meeting_fact", "task_fact")]
            with conn.transaction():
                shadow.unhurried(conn)
                paths = fold.paths_frame(segments)
                _store_tree(conn, segments, paths)
                for sums in _sums(vectors, paths):
                    unit_months += sums.height
                    frames.write(conn, shadow.table("unit_month"), sums)
                for name in ("unit_month", "unit_branches", "branch_path"):
                    shadow.build_indexes(conn, name)
            for built in building:
                built.result()
        seconds = time.perf_counter() - began
        say("comparing")
        with conn.transaction():
            shadow.unhurried(conn)
            different = shadow.compare(conn)
        ends = {at: end for at, (_, end) in ranges.items()}
        if swap:
            say("swapping")
            handover.follow(conn, bootstrap, ends)
            handover.swap(conn, bootstrap, known, ends, rejected)
        else:
            shadow.drop(conn)
    return Outcome(events, seconds, unit_months, different, swap)


def _partitions(bootstrap: str) -> list[Partition]:
    return [
        (topic, number)
        for topic in catalogue().groups[GROUP].reads
        for number in range(catalogue().topics[topic].partitions)
    ]


async def _units(bootstrap: str, ranges: Mapping[Partition, Range]) -> tuple[list[replica.Unit], bulk.Rejected]:
    units: list[replica.Unit] = []
    rejected: bulk.Rejected = []
    for at, offsets in ranges.items():
        if at[0] == UNITS:
            async for records in log.read(bootstrap, at, offsets):
                found, impossible = bulk.decoded(records, replica.decode)
                units += found
                rejected += impossible
    return units, rejected


def _store_facts(
    database_url: str, bootstrap: str, ranges: Mapping[Partition, Range], bands: Sequence[fold.GradeBands]
) -> Iterator[_Stored]:
    calls = [
        (database_url, bootstrap, at, offsets, bands)
        for at, offsets in sorted(ranges.items(), key=lambda found: found[1][0] - found[1][1])
        if at[0] in bulk.SOURCES and offsets[0] < offsets[1]
    ]
    return bulk.each(_store_partition, calls, records=sum(end - begin for begin, end in ranges.values()))


def _store_partition(
    database_url: str, bootstrap: str, at: Partition, offsets: Range, bands: Sequence[fold.GradeBands]
) -> _Stored:
    """Steps 2 and part of 3 for one partition; what its facts come to, each number in as few bytes as it needs."""
    found = bulk.facts(bootstrap, at, offsets)
    name: LiteralString = "meeting_fact" if at[0] == MEETINGS else "task_fact"
    with db.connect(database_url, name=_NAME) as conn:
        shadow.unhurried(conn)
        frames.write(conn, shadow.table(name), found.frame)
    vectors = _vectors(at[0], found.frame, bands)
    return _Stored(found.events, vectors.select(column.shrink_dtype() for column in vectors), found.rejected)


def _vectors(topic: str, facts: pl.DataFrame, bands: Sequence[fold.GradeBands]) -> pl.DataFrame:
    meetings, tasks = (
        facts if topic == name else pl.DataFrame(schema=source.schema) for name, source in bulk.SOURCES.items()
    )
    return fold.vectors(meetings, tasks, bands)


def _sums(vectors: Sequence[pl.DataFrame], paths: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The sums of every unit, some months at a time: all of them at every level would not fit beside each other."""
    if not vectors:
        return
    together = pl.concat(vectors, how="vertical_relaxed", rechunk=False)
    months: list[str] = []
    rows = 0
    counts = together.group_by("month").len().sort("month").iter_rows()
    for month, count in counts:
        if months and rows + count > _ROWS:
            yield fold.roll_up(fold.add_up(together.filter(pl.col("month").is_in(months))), paths)
            months, rows = [], 0
        months.append(month)
        rows += count
    if months:
        yield fold.roll_up(fold.add_up(together.filter(pl.col("month").is_in(months))), paths)


def _store_tree(conn: Connection, segments: Sequence[Segment], paths: pl.DataFrame) -> None:
    frames.write(conn, shadow.table("unit_branches"), fold.branch_changes(paths))
    rows = [
        (str(one.branch_id), one.from_month, one.to_month, "{" + ",".join(map(str, one.path)) + "}") for one in segments
    ]
    names = ["branch_id", "from_month", "to_month", "path"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frames.write(conn, shadow.table("branch_path"), frame)


def _index(database_url: str, name: LiteralString) -> None:
    with db.connect(database_url, name=_NAME) as conn:
        shadow.unhurried(conn)
        shadow.build_indexes(conn, name)
