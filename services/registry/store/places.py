"""The books as decisions read and write them."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.books import Places
from services.registry.domain.members import ENDINGS
from services.registry.domain.units import Unit
from services.registry.store import members as member_rows
from services.registry.store import villages as village_rows
from shared.db import Connection


def load(
    conn: Connection,
    tree: Mapping[UUID, Unit],
    emptied: Collection[UUID],
    concerned: Collection[UUID],
    *,
    members: Collection[UUID] = (),
    since: date | None = None,
) -> Places:
    """`tree`, the members who stand in the units `emptied` on `since` or later, and the villages of `concerned`.

    `members` are read too, wherever they stand. Nothing of who anybody is.
    """
    rows = conn.execute(
        """
        select member_id from member_span
        where unit_id = any(%(units)s) and (%(since)s::date is null or valid_to is null or %(since)s < valid_to)
        union select member_id from guest_stay
        where unit_id = any(%(units)s) and (%(since)s::date is null or valid_to is null or %(since)s < valid_to)
        """,
        {"units": list(emptied), "since": since},
    ).fetchall()
    standing = {member_id for (member_id,) in msgspec.convert(rows, list[tuple[UUID]])}
    return Places(
        tree,
        member_rows.load_spans(conn, sorted(standing.union(members))),
        village_rows.load_of_units(conn, concerned),
    )


def members_by_kind(conn: Connection, unit_ids: Collection[UUID], day: date) -> dict[str, int]:
    """How many members of each kind stand in branches among `unit_ids` on `day`, each counted at home."""
    rows = conn.execute(
        """
        select kind, count(*) from member_span
        where unit_id = any(%(units)s) and status <> all(%(endings)s)
          and valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)
        group by kind
        """,
        {"units": list(unit_ids), "day": day, "endings": sorted(ENDINGS)},
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[str, int]]))


def noted(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Where else these units are named: the tables, by unit."""
    rows = conn.execute(
        """
        select distinct unit_id, place from (
            select unit_id, 'target' as place from target
            union all select set_by, 'target' from target
            union all select unit_id, 'inspection_plan' from inspection_plan
            union all select set_by, 'inspection_plan' from inspection_plan
            union all select unit_id, 'inspection' from inspection
            union all select subject_unit_id, 'inspection' from inspection
            union all select organiser, 'training_class' from training_class
            union all select committee_id, 'assignment' from assignment
            union all select branch_id, 'assignment' from assignment
            union all select from_unit_id, 'transfer' from transfer
            union all select to_unit_id, 'transfer' from transfer
            union all select unit_id, 'unit_code' from unit_code
            union all select issuer_unit_id, 'decision' from decision where state <> 'discarded'
        ) as named where unit_id = any(%s) order by unit_id, place
        """,
        (list(unit_ids),),
    ).fetchall()
    found: dict[UUID, list[str]] = {}
    for unit_id, place in msgspec.convert(rows, list[tuple[UUID, str]]):
        found.setdefault(unit_id, []).append(place)
    return found
