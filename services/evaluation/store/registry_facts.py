"""The service's own copies of villages and targets, kept from the registry's topics and guarded by their versions."""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

import msgspec

from services.evaluation.registry_events import Target, Village, Withdrawn
from services.evaluation.store import alerts
from shared.db import Connection

T = TypeVar("T", bound=Village | Target)
_encode = msgspec.json.Encoder()


def upsert_villages(conn: Connection, villages: Sequence[Village]) -> int:
    """Keep the villages that are newer than what is known; returns how many were."""
    newest: dict[UUID, Village] = {}
    for village in villages:
        _take(newest, village.village_id, village)
    ordered = _ordered(newest)
    rows = conn.execute(
        """
        insert into village (village_id, version) select * from unnest(%s::uuid[], %s::bigint[])
        on conflict (village_id) do update set version = excluded.version where village.version < excluded.version
        returning village_id
        """,
        ([one.village_id for one in ordered], [one.version for one in ordered]),
    ).fetchall()
    kept = {village_id for (village_id,) in msgspec.convert(rows, list[tuple[UUID]])}
    spans = [(one.village_id, span) for one in ordered if one.village_id in kept for span in one.spans]
    conn.execute("delete from village_span where village_id = any(%s)", (list(kept),))
    conn.execute(
        """
        insert into village_span (village_id, valid_from, valid_to, unit_id, branch_id, head)
        select * from unnest(%s::uuid[], %s::date[], %s::date[], %s::uuid[], %s::uuid[], %s::text[])
        """,
        (
            [village_id for village_id, _ in spans],
            [span.valid_from for _, span in spans],
            [span.valid_to for _, span in spans],
            [span.unit_id for _, span in spans],
            [span.branch_id for _, span in spans],
            [span.head for _, span in spans],
        ),
    )
    return len(kept)


def upsert_targets(conn: Connection, targets: Sequence[Target | Withdrawn]) -> int:
    """Keep the targets that are newer than what is known, and forget those taken back; returns how many changed.

    What is taken back has no version: within a key, events come in the order in which they were made.
    """
    newest: dict[UUID, Target] = {}
    gone: set[UUID] = set()
    for target in targets:
        if isinstance(target, Withdrawn):
            newest.pop(target.target_id, None)
            gone.add(target.target_id)
        else:
            _take(newest, target.target_id, target)
    forgotten = conn.execute("delete from target where target_id = any(%s)", (list(gone),)).rowcount
    ordered = _ordered(newest)
    kept = conn.execute(
        """
        insert into target (target_id, version, unit_id, year, kind, measure, direction, adds_up, value, due_on,
                            part_of, progress)
        select target_id, version, unit_id, year, kind, measure, direction, adds_up, value, due_on, part_of,
               progress::jsonb
        from unnest(%s::uuid[], %s::bigint[], %s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[],
                    %s::boolean[], %s::float[], %s::date[], %s::uuid[], %s::text[])
             as given (target_id, version, unit_id, year, kind, measure, direction, adds_up, value, due_on, part_of,
                       progress)
        on conflict (target_id) do update
        set version = excluded.version, unit_id = excluded.unit_id, year = excluded.year, kind = excluded.kind,
            measure = excluded.measure, direction = excluded.direction, adds_up = excluded.adds_up,
            value = excluded.value, due_on = excluded.due_on, part_of = excluded.part_of, progress = excluded.progress
        where target.version < excluded.version
        """,
        (
            [one.target_id for one in ordered],
            [one.version for one in ordered],
            [one.unit_id for one in ordered],
            [one.year for one in ordered],
            [one.kind for one in ordered],
            [one.measure for one in ordered],
            [one.direction for one in ordered],
            [one.adds_up for one in ordered],
            [one.value for one in ordered],
            [one.due_on for one in ordered],
            [one.part_of for one in ordered],
            [_encode.encode(one.progress).decode() for one in ordered],
        ),
    ).rowcount
    return forgotten + kept


def replace(conn: Connection, villages: Iterable[Village], targets: Iterable[Target | Withdrawn]) -> None:
    """Keep exactly these instead of what is kept: a rebuild's, read from the log's beginning.

    Units whose targets are others than before are due for a look of the rules of alerts.
    """
    conn.execute("delete from village")
    conn.execute("create temp table if not exists target_before (like target) on commit delete rows")
    conn.execute("delete from target_before")
    conn.execute("insert into target_before select * from target")
    conn.execute("delete from target")
    upsert_villages(conn, list(villages))
    upsert_targets(conn, list(targets))
    alerts.replaced_targets_due(conn, "target_before")


def _take(newest: dict[UUID, T], key: UUID, one: T) -> None:
    if key not in newest or newest[key].version < one.version:
        newest[key] = one


def _ordered(newest: dict[UUID, T]) -> list[T]:
    # In the order of ids, so that two workers lock rows alike.
    return [newest[key] for key in sorted(newest)]
