"""The merge of units: new spans → new paths → branches counted and sums moved to the units they now belong to.

Same transaction and order of locks as merge.py, the tree held alone. A meeting that came before its branch's unit has
its fact already; the path that arrives here is what brings it into the sums.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
import polars as pl
from psycopg import sql

from services.evaluation import facts, fold, rules, sheets
from services.evaluation.figures import SUMMED_NAMES
from services.evaluation.merge import add_to_sums, lock_tree
from services.evaluation.registry_merge import move_standing, touch
from services.evaluation.store import alerts, frames
from services.evaluation.store import sheets as sheet_rows
from shared.db import Connection
from shared.kafka.batch import Decoded
from shared.units import replica
from shared.units.paths import Segment, Spans, branch_paths, first_difference
from shared.units.replica import Span, Unit

_MOVED_FACTS: Final = sql.SQL("{} f join stage_moved m on m.branch_id = f.branch_id and f.month >= m.from_month")


def apply_units(conn: Connection, events: Sequence[Decoded[Unit]]) -> int:
    """Merge units; returns how many were newer than what is known."""
    lock_tree(conn, exclusive=True)
    kept = replica.upsert(conn, [event.data for event in events])
    if not kept:
        return 0
    below, spans = _affected(conn, [unit.unit_id for unit in kept])
    # A unit that never meets has no path; one that was corrected to be no branch has had one.
    old = _stored_paths(conn, below)
    new = {unit_id: branch_paths(unit_id, spans) for unit_id in below}
    since = {unit_id: first_difference(old.get(unit_id, []), new[unit_id]) for unit_id in below}
    changed = [unit_id for unit_id, month in since.items() if month is not None]
    if changed:
        before = [segment for branch_id in changed for segment in old.get(branch_id, [])]
        after = [segment for branch_id in changed for segment in new[branch_id]]
        _store_paths(conn, changed, after)
        _count_branches(conn, fold.paths_frame(before), fold.paths_frame(after))
        ids = [str(unit_id) for unit_id in changed]
        move_standing(conn, ids, fold.paths_frame(before), fold.paths_frame(after))
        moved = pl.DataFrame(
            {"branch_id": [str(unit_id) for unit_id in changed], "from_month": [since[unit_id] for unit_id in changed]}
        )
        _move_sums(conn, moved, fold.paths_frame(before), fold.paths_frame(after))
        alerts.units_due(conn, changed)
    return len(kept)


def _affected(conn: Connection, unit_ids: Sequence[UUID]) -> tuple[list[UUID], Spans]:
    """`unit_ids` and all that ever stood below them, and the spans their paths are made of."""
    rows = conn.execute(
        """
        with recursive below (unit_id) as (
            select unnest(%s::uuid[])
            union select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
        ), concerned (unit_id) as (
            select unit_id from below
            union select s.parent_id from concerned c join unit_span s on s.unit_id = c.unit_id
            where s.parent_id is not null
        )
        select s.unit_id, s.unit_id in (select unit_id from below),
               s.valid_from, s.valid_to, s.kind, s.level, s.parent_id, s.name, s.branch_type
        from concerned join unit_span s using (unit_id) order by s.unit_id, s.valid_from
        """,
        (list(unit_ids),),
    ).fetchall()
    spans: dict[UUID, tuple[Span, ...]] = {}
    below = set(unit_ids)
    for unit_id, is_below, valid_from, valid_to, kind, level, parent_id, name, branch_type in msgspec.convert(
        rows, list[tuple[UUID, bool, date, date | None, str, str, UUID | None, str, str | None]]
    ):
        span = Span(valid_from, valid_to, kind, level, parent_id, name, branch_type)
        spans[unit_id] = (*spans.get(unit_id, ()), span)
        if is_below:
            below.add(unit_id)
    return sorted(below), spans


def _stored_paths(conn: Connection, unit_ids: Sequence[UUID]) -> dict[UUID, list[Segment]]:
    rows = conn.execute(
        "select branch_id, from_month, to_month, path from branch_path where branch_id = any(%s)"
        " order by branch_id, from_month",
        (list(unit_ids),),
    ).fetchall()
    stored: dict[UUID, list[Segment]] = {}
    for segment in (
        Segment(*row) for row in msgspec.convert(rows, list[tuple[UUID, str, str | None, tuple[UUID, ...]]])
    ):
        stored.setdefault(segment.branch_id, []).append(segment)
    return stored


def _store_paths(conn: Connection, changed: Sequence[UUID], segments: Sequence[Segment]) -> None:
    conn.execute("delete from branch_path where branch_id = any(%s)", (list(changed),))
    conn.cursor().executemany(
        "insert into branch_path (branch_id, from_month, to_month, path) values (%s, %s, %s, %s)",
        [(segment.branch_id, segment.from_month, segment.to_month, list(segment.path)) for segment in segments],
    )


def _count_branches(conn: Connection, before: pl.DataFrame, after: pl.DataFrame) -> None:
    left = fold.branch_changes(before).with_columns(-pl.col("change"))
    change = pl.concat([left, fold.branch_changes(after)]).group_by("unit_id", "month").agg(pl.col("change").sum())
    change = change.filter(pl.col("change") != 0).sort("unit_id", "month")
    frames.stage(conn, "stage_branches", "unit_branches", change)
    conn.execute(
        """
        insert into unit_branches as b (unit_id, month, change)
        select unit_id, month, change from stage_branches order by unit_id, month
        on conflict (unit_id, month) do update set change = b.change + excluded.change
        """
    )
    touch(conn, sql.SQL("select unit_id, min(month) as month from stage_branches group by unit_id"))


def _move_sums(conn: Connection, moved: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> None:
    """`moved`: the branches, each with the first month in which its path is another; earlier facts stay unread."""
    frames.stage(conn, "stage_moved", "branch_path", moved)
    meetings = frames.read_of(conn, "f", _MOVED_FACTS.format(sql.Identifier("meeting_fact")), facts.COUNTED)
    tasks = frames.read_of(conn, "f", _MOVED_FACTS.format(sql.Identifier("task_fact")), facts.TASK_FACT)
    scored = frames.read_of(conn, "f", _MOVED_FACTS.format(sql.Identifier("meeting_sheet")), sheets.SHEET)
    vectors = fold.add_up(pl.concat([fold.vectors(meetings, tasks, rules.grade_bands(conn)), sheets.vectors(scored)]))
    sheet_rows.mark_moved_due(conn)
    taken = fold.roll_up(vectors, before).with_columns(-pl.col(name) for name in SUMMED_NAMES)
    sums = (
        pl.concat([taken, fold.roll_up(vectors, after)])
        .group_by("unit_id", "month")
        .agg(pl.col(name).sum() for name in SUMMED_NAMES)
    )
    add_to_sums(conn, fold.nonzero(sums).select(list(fold.SUMS)).sort("unit_id", "month"))
