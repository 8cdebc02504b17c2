"""The merge of what the registry tells besides units: rosters into standing counts, villages and targets as they are.

Same transaction and order of locks as merge.py. What a roster changes is the difference between its changes by month
and those of the roster it replaces, on the paths of its branch; a roster that came before its unit waits for a path.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import polars as pl
from psycopg import sql

from services.evaluation import merge, standing
from services.evaluation.domain.topics import ROSTERS
from services.evaluation.registry_events import Roster, Target, Village, Withdrawn
from services.evaluation.store import alerts, frames, registry_facts
from shared.db import Connection
from shared.kafka.batch import Decoded


def apply_rosters(conn: Connection, events: Sequence[Decoded[Roster]]) -> int:
    """Merge rosters; returns how many were newer than what is known."""
    return merge_rosters(conn, standing.roster_facts([event.data for event in events]))


def apply_villages(conn: Connection, events: Sequence[Decoded[Village]]) -> int:
    """Keep villages; returns how many were newer than what is known."""
    return registry_facts.upsert_villages(conn, [event.data for event in events])


def apply_targets(conn: Connection, events: Sequence[Decoded[Target | Withdrawn]]) -> int:
    """Keep targets, and forget those taken back; returns how many changed something."""
    target_ids = [event.data.target_id for event in events]
    alerts.targets_due(conn, target_ids)  # as they stood: what is taken back or moved is no longer found afterwards
    changed = registry_facts.upsert_targets(conn, [event.data for event in events])
    alerts.targets_due(conn, target_ids)
    return changed


def merge_rosters(conn: Connection, found: pl.DataFrame) -> int:
    """Merge facts of rosters, each branch once; returns how many were newer than what is known."""
    merge.lock_tree(conn, exclusive=False)
    frames.stage(conn, "stage_roster_fact", "roster_fact", found)
    source = "roster_fact t join stage_roster_fact s using (branch_id)"
    known = frames.read_of(conn, "t", source, standing.ROSTER_FACT)
    versions = known.select("branch_id", pl.col("version").alias("known_version"))
    newer = (
        found.join(versions, on="branch_id", how="left", maintain_order="left")
        .filter(pl.col("known_version").is_null() | (pl.col("known_version") < pl.col("version")))
        .drop("known_version")
    )
    if newer.is_empty():
        return 0
    conn.execute(
        """
        insert into roster_fact as t (branch_id, version, changes, disciplined_on)
        select branch_id, version, changes, disciplined_on from stage_roster_fact order by branch_id
        on conflict (branch_id) do update
        set version = excluded.version, changes = excluded.changes, disciplined_on = excluded.disciplined_on
        where t.version < excluded.version
        """
    )
    replaced = known.join(newer.select("branch_id"), on="branch_id", how="semi")
    changed = standing.difference(standing.changes(newer), standing.changes(replaced))
    if not changed.is_empty():
        add_standing(conn, standing.roll_up(changed, merge.paths_of(conn, changed)))
    return newer.height


MERGES_OF_FACTS: Final[Mapping[str, Callable[[Connection, pl.DataFrame], int]]] = {
    **merge.MERGES_OF_FACTS,
    ROSTERS: merge_rosters,
}
"""How facts of each topic are merged."""


def move_standing(conn: Connection, branch_ids: Sequence[str], before: pl.DataFrame, after: pl.DataFrame) -> None:
    """The members of these branches, from the units of their paths `before` to those of their paths `after`."""
    frames.stage(conn, "stage_roster_moved", "roster_fact", pl.DataFrame({"branch_id": branch_ids}))
    source = "roster_fact t join stage_roster_moved s using (branch_id)"
    changed = standing.changes(frames.read_of(conn, "t", source, standing.ROSTER_FACT))
    add_standing(conn, standing.less(standing.roll_up(changed, after), standing.roll_up(changed, before)))


def add_standing(conn: Connection, changed: pl.DataFrame) -> None:
    """Add changes of standing counts to units, whose months from the first change on then have a new version."""
    if changed.is_empty():
        return
    frames.stage(conn, "stage_members", "unit_members", changed)
    names = ["unit_id", "month", *standing.PARTS]
    conn.execute(
        sql.SQL(
            """
            insert into unit_members as t ({names}) select {names} from stage_members order by unit_id, month
            on conflict (unit_id, month) do update set {added}
            """
        ).format(
            names=frames.columns(names),
            added=sql.SQL(", ").join(
                sql.SQL("{0} = t.{0} + excluded.{0}").format(sql.Identifier(name)) for name in standing.PARTS
            ),
        )
    )
    touch(conn, sql.SQL("select unit_id, min(month) as month from stage_members group by unit_id"))


def touch(conn: Connection, changed: sql.SQL) -> None:
    """A new version for the months of each unit of the query `changed` from its `month` on: what stands there changed.

    Locked in order: others may be adding to the same rows.
    """
    conn.execute(
        sql.SQL(
            """
            with held as materialized (
                select u.unit_id, u.month from unit_month u join ({}) c on u.unit_id = c.unit_id and u.month >= c.month
                order by u.unit_id, u.month for no key update of u
            )
            update unit_month u set version = version + 1, computed_at = clock_timestamp()
            from held where u.unit_id = held.unit_id and u.month = held.month
            """
        ).format(changed)
    )
    merge.publish_later(
        conn,
        sql.SQL(
            "select u.unit_id, u.month from unit_month u join ({}) c on u.unit_id = c.unit_id and u.month >= c.month"
        ).format(changed),
    )
