"""Targets and reports on them, as rows."""

from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.targets import Report, Target
from shared.db import Connection

_COLUMNS: Final = "target_id, unit_id, year, kind, value, due_on, set_by, citation, part_of"


def find(conn: Connection, target_id: UUID) -> Target | None:
    """The target; None when there is none."""
    row = conn.execute(f"select {_COLUMNS} from target where target_id = %s", (target_id,)).fetchone()  # noqa: S608
    return None if row is None else Target(*row)  # type: ignore[arg-type]  # written by save()


def lock(conn: Connection, target_id: UUID) -> Target | None:
    """The same, and nobody else changes it, its parts or its reports until the transaction ends."""
    conn.execute("select 1 from target where target_id = %s for no key update", (target_id,)).fetchone()
    return find(conn, target_id)


def parts_of(conn: Connection, target_id: UUID) -> list[Target]:
    """The parts it is broken down into."""
    rows = conn.execute(f"select {_COLUMNS} from target where part_of = %s order by unit_id", (target_id,))  # noqa: S608
    return [Target(*row) for row in rows]  # type: ignore[arg-type]  # written by save()


def add(conn: Connection, target: Target) -> bool:
    """Keep a new target; False when its id is taken or the unit has one of that kind and year."""
    return (
        conn.execute(
            f"insert into target ({_COLUMNS}) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) "  # noqa: S608
            "on conflict do nothing returning 1",
            msgspec.structs.astuple(target),
        ).fetchone()
        is not None
    )


def save(conn: Connection, targets: Collection[Target]) -> None:
    """Keep these targets, new or known."""
    if not targets:
        return
    conn.execute(
        f"""
        insert into target ({_COLUMNS})
        select * from unnest(%s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::numeric[], %s::date[], %s::uuid[],
                             %s::text[], %s::uuid[])
        on conflict (target_id) do update
        set value = excluded.value, due_on = excluded.due_on, set_by = excluded.set_by, citation = excluded.citation
        """,  # noqa: S608 - own constants
        [list(column) for column in zip(*map(msgspec.structs.astuple, targets), strict=True)],
    )


def remove(conn: Connection, target_ids: Collection[UUID]) -> None:
    """Keep these targets no longer."""
    conn.execute("delete from target where target_id = any(%s)", (list(target_ids),))


def taken(conn: Connection, unit_ids: Collection[UUID], target: Target) -> set[UUID]:
    """Those of the units that have a target of the kind and year of `target` which is no part of it."""
    rows = conn.execute(
        """
        select unit_id from target
        where unit_id = any(%s) and year = %s and kind = %s and part_of is distinct from %s
        """,
        (list(unit_ids), target.year, target.kind, target.target_id),
    ).fetchall()
    return {unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]])}


def begun(conn: Connection, target_ids: Collection[UUID]) -> set[UUID]:
    """Those of the targets that were reported on or broken down."""
    rows = conn.execute(
        """
        select target_id from target_progress where target_id = any(%(ids)s)
        union select part_of from target where part_of = any(%(ids)s)
        """,
        {"ids": list(target_ids)},
    ).fetchall()
    return {target_id for (target_id,) in msgspec.convert(rows, list[tuple[UUID]])}


def children(conn: Connection, unit_id: UUID, day: date) -> set[UUID]:
    """The units directly below one on `day`."""
    rows = conn.execute(
        """
        select unit_id from unit_span
        where parent_id = %(unit)s and valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)
        """,
        {"unit": unit_id, "day": day},
    ).fetchall()
    return {child for (child,) in msgspec.convert(rows, list[tuple[UUID]])}


def add_report(conn: Connection, report: Report) -> bool:
    """Keep a report; False when its id is taken or what it corrects was corrected before."""
    return (
        conn.execute(
            """
            insert into target_progress
                (report_id, target_id, reported_on, value, evidence, reference, reported_by, corrects)
            values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning 1
            """,
            msgspec.structs.astuple(report),
        ).fetchone()
        is not None
    )


def target_of_report(conn: Connection, report_id: UUID) -> UUID | None:
    """The target a report is about; None when there is no such report."""
    row = conn.execute("select target_id from target_progress where report_id = %s", (report_id,)).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)
