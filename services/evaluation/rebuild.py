"""The same figures from the log, in bulk, with the functions the stream uses; compared, and put in place.

1. note the ends of the topics;
2. partition by partition (bulk.py): decode, keep the newest, COPY the facts into the schema `rebuilt`, fold;
3. add up what the partitions' facts come to, month by month, roll it up, COPY it, build the indexes (fill.py);
4. compare with the live figures (`verify` stops here: it reads as far as the stream has merged);
5. merge into the new tables what the stream merged meanwhile, until little is left;
6. swap, in one transaction that merges that little too, and moves the stream's positions if they stood behind: readers
   see the old figures until the commit and the newest after it, and the stream goes on where it stood.

`as_known` takes steps 1 to 4 of what was made by a past moment, and leaves the live figures alone.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
import psycopg

from services.evaluation import (
    bulk,
    differences,
    fill,
    fold,
    handover,
    log,
    registry_events,
    rules,
    shadow,
    sheets,
    standing,
    verify,
)
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.domain.topics import TARGETS, UNITS, VILLAGES
from services.evaluation.log import Range
from services.evaluation.merger import GROUP
from services.evaluation.store import rubrics as rubric_rows
from shared import db
from shared.contracts.catalogue import catalogue
from shared.db import Connection
from shared.kafka import positions
from shared.kafka.batch import Decode
from shared.kafka.positions import Partition
from shared.units import replica
from shared.units.paths import Segment, branch_paths

Say = Callable[[str], None]


class Rebuilt(msgspec.Struct, frozen=True):
    """What facts and units come to: the newest units, their branches' paths, and the figures."""

    units: Sequence[replica.Unit]
    segments: Sequence[Segment]
    unit_month: pl.DataFrame
    unit_branches: pl.DataFrame
    unit_members: pl.DataFrame


class Outcome(msgspec.Struct, frozen=True):
    """What a rebuild did: events read, seconds it took from nothing to figures stored, unit-months that differed.

    `verified`: what a verification found. Of figures as known at a past moment, `gone` counts the facts of
    which the log no longer holds the version of then, `roots` is what the highest units' months come to, then and now.
    """

    events: int
    seconds: float
    unit_months: int
    different: int
    swapped: bool
    verified: verify.Verified | None = None
    gone: int = 0
    roots: Sequence[differences.ThenAndNow] = ()


class _Filled(msgspec.Struct, frozen=True):
    copies: handover.Copies
    ends: dict[Partition, int]
    filled: fill.Filled
    events: int
    seconds: float


def compute(
    units: Sequence[replica.Unit],
    meetings: pl.DataFrame,
    tasks: pl.DataFrame,
    bands: Sequence[fold.GradeBands],
    rosters: pl.DataFrame | None = None,
    rubrics: Sequence[Rubric] = (),
) -> Rebuilt:
    """All figures from all facts. Pure."""
    known, segments = _tree(units)
    paths = fold.paths_frame(segments)
    scored = sheets.score(meetings, rubrics, sheets.places(segments, sheets.owners(rubrics)))
    vectors = fold.add_up(pl.concat([fold.vectors(meetings, tasks, bands), sheets.vectors(scored)]))
    sums = fold.roll_up(vectors, paths)
    changes = standing.changes(pl.DataFrame(schema=standing.ROSTER_FACT) if rosters is None else rosters)
    return Rebuilt(known, segments, sums, fold.branch_changes(paths), standing.roll_up(changes, paths))


def _tree(units: Sequence[replica.Unit]) -> tuple[list[replica.Unit], list[Segment]]:
    known = replica.newest(units)
    spans = {unit.unit_id: unit.spans for unit in known}
    return known, [segment for unit_id in spans for segment in branch_paths(unit_id, spans)]


def rebuild(database_url: str, bootstrap: str, *, swap: bool, say: Say) -> Outcome:
    """Steps 1 to 6 (1 to 4 without `swap`). Raises Busy, Flooded, psycopg.Error, aiokafka.errors.KafkaError."""
    with _alone(database_url) as conn:
        made = _fill(conn, database_url, bootstrap, say, merged_only=not swap)
        say("comparing")
        verified = None
        if swap:
            with conn.transaction():
                shadow.unhurried(conn)
                different = shadow.compare(conn)
            say("swapping")
            handover.follow(conn, bootstrap, made.ends)
            handover.swap(conn, bootstrap, made.copies, made.ends, made.filled.rejected)
        else:
            verified = verify.verify(conn, bootstrap, made.ends)
            different = verified.different
    return Outcome(made.events, made.seconds, made.filled.unit_months, different, swap, verified)


def as_known(database_url: str, bootstrap: str, *, until: datetime, into: str | None, say: Say) -> Outcome:
    """The figures of what was made by `until`, counted by the rules of today, beside the live ones; kept as the schema
    `into` when one is named.

    Raises ValueError when `into` cannot be that name; else as `rebuild`.
    """
    with _alone(database_url) as conn:
        if into is not None:
            shadow.require_free(conn, into)
        made = _fill(conn, database_url, bootstrap, say, until=until)
        say("comparing")
        with conn.transaction():
            shadow.unhurried(conn)
            different = shadow.compare(conn)
            roots = differences.then_and_now(
                conn, [unit.unit_id for unit in made.copies.units if unit.spans and unit.spans[-1].parent_id is None]
            )
            if into is not None:
                shadow.keep(conn, into, made.copies.units)
    return Outcome(
        made.events, made.seconds, made.filled.unit_months, different, False, gone=made.filled.gone, roots=roots
    )


@contextmanager
def _alone(database_url: str) -> Iterator[Connection]:
    with db.connect(database_url, name=fill.NAME, autocommit=True) as conn:
        if not shadow.lock(conn):
            raise handover.Busy("another rebuild is going on")
        try:
            yield conn
        finally:
            with suppress(psycopg.Error):  # a connection that is lost gives up the lock; the next one drops the tables
                shadow.drop(conn)
                shadow.unlock(conn)  # before it is closed: PostgreSQL sees that it is gone only a while later


def _fill(
    conn: Connection,
    database_url: str,
    bootstrap: str,
    say: Say,
    *,
    merged_only: bool = False,
    until: datetime | None = None,
) -> _Filled:
    """Steps 1 to 3; `merged_only`: of what the stream has merged, `until`: of what was made by then."""
    began = time.perf_counter()
    with conn.transaction():
        shadow.create(conn)
        bands, rubrics = rules.grade_bands(conn), rubric_rows.in_force(conn)
    ranges = asyncio.run(log.ends(bootstrap, _partitions()))
    if merged_only:
        stands = positions.all_positions(conn, GROUP)
        ranges = {
            at: (begin, min(end, stands[at].next_offset if at in stands else 0)) for at, (begin, end) in ranges.items()
        }
    copies, rejected = asyncio.run(_copies(bootstrap, ranges, until))
    known, segments = _tree(copies.units)
    total = sum(max(0, end - begin) for begin, end in ranges.values())
    copied = len(copies.units) + len(copies.villages) + len(copies.targets)

    def read(events: int) -> None:
        # Of a compacted log offsets are not records: the share is of what may be there.
        share, rate = (copied + events) / max(1, total), (copied + events) / (time.perf_counter() - began)
        say(f"read {copied + events:,} of {total:,} ({share:.0%}), {rate:,.0f}/s")

    by = fill.Rules(bands, rubrics, sheets.places(segments, sheets.owners(rubrics)))
    source = fill.Source(database_url, bootstrap, ranges, until)
    filled = fill.fill(conn, source, segments, by, read, lambda: say("folding"))
    return _Filled(
        msgspec.structs.replace(copies, units=known),
        {at: end for at, (_, end) in ranges.items()},
        msgspec.structs.replace(filled, rejected=rejected + filled.rejected),
        copied + filled.events,
        time.perf_counter() - began,
    )


def _partitions() -> list[Partition]:
    return [
        (topic, number)
        for topic in catalogue().groups[GROUP].reads
        for number in range(catalogue().topics[topic].partitions)
    ]


async def _copies(
    bootstrap: str, ranges: Mapping[Partition, Range], until: datetime | None
) -> tuple[handover.Copies, bulk.Rejected]:
    copies = handover.Copies([], [], [])
    rejected: bulk.Rejected = []
    of_topic: Mapping[str, tuple[Decode[Any], Any]] = {
        UNITS: (replica.decode, copies.units),
        VILLAGES: (registry_events.village, copies.villages),
        TARGETS: (registry_events.target, copies.targets),
    }
    for at, offsets in ranges.items():
        if at[0] in of_topic:
            decode, into = of_topic[at[0]]
            async for records in log.read(bootstrap, at, offsets):
                known = records if until is None else bulk.made_by(records, until)[0]
                found, impossible = bulk.decoded(known, decode)
                into += found
                rejected += impossible
    return copies, rejected
