"""Steps 2 and 3 of a rebuild: what the log holds → facts, tree and figures in the tables of the schema `rebuilt`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, LiteralString

import msgspec
import polars as pl

from services.evaluation import bulk, fold, shadow, sheets, standing
from services.evaluation.domain.rubrics import Rubric
from services.evaluation.domain.topics import MEETINGS, ROSTERS, TASKS
from services.evaluation.log import Range
from services.evaluation.store import frames
from shared import db
from shared.db import Connection
from shared.kafka.positions import Partition
from shared.units.paths import Segment

NAME: Final = "evaluation-rebuild"
_ROWS: Final = 200_000
_FACTS: Final[tuple[LiteralString, ...]] = tuple(source.table for source in bulk.SOURCES.values())


class Source(msgspec.Struct, frozen=True):
    """Where to read what (`until`: only what was made by then), and where to write it."""

    database_url: str
    bootstrap: str
    ranges: Mapping[Partition, Range]
    until: datetime | None


class Rules(msgspec.Struct, frozen=True):
    """The dated rules facts are counted and scored by, and where branches stand below the owners of rubrics."""

    bands: Sequence[fold.GradeBands]
    rubrics: Sequence[Rubric]
    below: pl.DataFrame


class Filled(msgspec.Struct, frozen=True):
    """Events read, unit-months made of them, the impossible records; `gone`: facts that may have been known at `until`
    in a version the log no longer holds."""

    events: int
    unit_months: int
    rejected: bulk.Rejected
    gone: int


class _Stored(msgspec.Struct, frozen=True):
    """One partition's part: what its facts come to (changes: of rosters), besides what `Filled` says."""

    events: int
    vectors: pl.DataFrame
    changes: pl.DataFrame
    rejected: bulk.Rejected
    gone: int


def fill(
    conn: Connection,
    source: Source,
    segments: Sequence[Segment],
    by: Rules,
    read: Callable[[int], None],
    folding: Callable[[], None],
) -> Filled:
    """Fill the tables and build their indexes; `read` is told how many events were read, as partitions are done.

    Raises Flooded, psycopg.Error, aiokafka.errors.KafkaError.
    """
    events, unit_months, gone = 0, 0, 0
    rejected: bulk.Rejected = []
    with ThreadPoolExecutor(2) as builders:
        vectors: list[pl.DataFrame] = []
        changes: list[pl.DataFrame] = [pl.DataFrame(schema=standing.CHANGES)]
        for stored in _store_facts(source, by):
            events += stored.events
            gone += stored.gone
            vectors.append(stored.vectors)
            changes.append(stored.changes)
            rejected += stored.rejected
            read(events)
        folding()
        building = [builders.submit(_index, source.database_url, name) for name in (*_FACTS, "meeting_sheet")]
        with conn.transaction():
            shadow.unhurried(conn)
            paths = fold.paths_frame(segments)
            _store_tree(conn, segments, paths)
            frames.write(conn, shadow.table("unit_members"), standing.roll_up(pl.concat(changes), paths))
            for sums in _sums(vectors, fold.routes(paths)):
                unit_months += sums.height
                frames.write(conn, shadow.table("unit_month"), sums.select("unit_id", "month", *fold.told(sums)))
            for name in ("unit_month", "unit_branches", "unit_members", "branch_path"):
                shadow.build_indexes(conn, name)
        for built in building:
            built.result()
    return Filled(events, unit_months, rejected, gone)


def _store_facts(source: Source, by: Rules) -> Iterator[_Stored]:
    calls = [
        (source.database_url, source.bootstrap, at, offsets, by, source.until)
        for at, offsets in sorted(source.ranges.items(), key=lambda found: found[1][0] - found[1][1])
        if at[0] in bulk.SOURCES and offsets[0] < offsets[1]
    ]
    return bulk.each(_store_partition, calls, records=sum(end - begin for begin, end in source.ranges.values()))


def _store_partition(
    database_url: str, bootstrap: str, at: Partition, offsets: Range, by: Rules, until: datetime | None
) -> _Stored:
    """One partition's facts and sheets; what its facts come to, each number in as few bytes as it needs."""
    if until is None:
        found, gone = bulk.facts(bootstrap, at, offsets), 0
    else:
        found, gone = bulk.facts_until(bootstrap, at, offsets, until)
    meetings = found.frame if at[0] == MEETINGS else pl.DataFrame(schema=bulk.SOURCES[MEETINGS].schema)
    scored = sheets.score(meetings, by.rubrics, by.below)
    with db.connect(database_url, name=NAME) as conn:
        shadow.unhurried(conn)
        frames.write(conn, shadow.table(bulk.SOURCES[at[0]].table), found.frame)
        frames.write(conn, shadow.table("meeting_sheet"), scored)
    rosters = found.frame if at[0] == ROSTERS else pl.DataFrame(schema=standing.ROSTER_FACT)
    vectors = fold.add_up(pl.concat([_vectors(at[0], found.frame, by.bands), sheets.vectors(scored)]))
    narrow = vectors.select(column.shrink_dtype() for column in vectors)
    return _Stored(found.events, narrow, standing.changes(rosters), found.rejected, gone)


def _vectors(topic: str, facts: pl.DataFrame, bands: Sequence[fold.GradeBands]) -> pl.DataFrame:
    meetings, tasks = (
        facts if topic == name else pl.DataFrame(schema=bulk.SOURCES[name].schema) for name in (MEETINGS, TASKS)
    )
    return fold.vectors(meetings, tasks, bands)


def _sums(vectors: Sequence[pl.DataFrame], routes: fold.Routes) -> Iterator[pl.DataFrame]:
    """The sums of every unit, some months at a time: all of them at every level would not fit beside each other."""
    if not vectors:
        return
    together = pl.concat(vectors, how="vertical_relaxed", rechunk=False)
    months: list[str] = []
    rows = 0
    counts = together.group_by("month").len().sort("month").iter_rows()
    for month, count in counts:
        if months and rows + count > _ROWS:
            yield fold.roll_up(fold.add_up(together.filter(pl.col("month").is_in(months))), routes)
            months, rows = [], 0
        months.append(month)
        rows += count
    if months:
        yield fold.roll_up(fold.add_up(together.filter(pl.col("month").is_in(months))), routes)


def _store_tree(conn: Connection, segments: Sequence[Segment], paths: pl.DataFrame) -> None:
    frames.write(conn, shadow.table("unit_branches"), fold.branch_changes(paths))
    rows = [
        (str(one.branch_id), one.from_month, one.to_month, "{" + ",".join(map(str, one.path)) + "}") for one in segments
    ]
    names = ["branch_id", "from_month", "to_month", "path"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frames.write(conn, shadow.table("branch_path"), frame)


def _index(database_url: str, name: LiteralString) -> None:
    with db.connect(database_url, name=NAME) as conn:
        shadow.unhurried(conn)
        shadow.build_indexes(conn, name)
