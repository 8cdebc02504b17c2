"""Targets with what was reached of them, as rows: what their events are made of."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.progress import INSPECTION, Reached, Told
from shared.db import Connection

_Day = tuple[UUID, date, float]


def advance(conn: Connection, target_ids: Collection[UUID]) -> dict[UUID, int]:
    """Lock these targets, in the order of ids, and return each one's next version."""
    lock_rows = "select 1 from target where target_id = any(%s) order by target_id for no key update"
    conn.execute(lock_rows, (list(target_ids),)).fetchall()
    rows = conn.execute(
        "update target set version = version + 1 where target_id = any(%s) returning target_id, version",
        (list(target_ids),),
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))


def told(conn: Connection, target_ids: Collection[UUID]) -> list[Told]:
    """Those of the targets that are kept, in the order of ids, with the newest correction of each report and what their
    units carried out in the year: one that was corrected does not count, as in views/inspections.py."""
    ids = {"ids": list(target_ids), "inspection": INSPECTION}
    reports = conn.execute(
        """
        select r.target_id, r.reported_on, r.value::float from target_progress r
        where r.target_id = any(%(ids)s)
          and not exists (select 1 from target_progress c where c.corrects = r.report_id)
        order by r.target_id, r.reported_on, r.at
        """,
        ids,
    ).fetchall()
    inspections = conn.execute(
        """
        select t.target_id, i.carried_out_on,
               (sum(count(*)) over (partition by t.target_id order by i.carried_out_on))::float
        from target t join inspection i using (unit_id)
        where t.target_id = any(%(ids)s) and t.kind = %(inspection)s
          and i.carried_out_on >= make_date(t.year, 1, 1) and i.carried_out_on < make_date(t.year + 1, 1, 1)
          and not exists (select 1 from inspection c where c.corrects = i.inspection_id)
        group by t.target_id, i.carried_out_on order by t.target_id, i.carried_out_on
        """,
        ids,
    ).fetchall()
    reported, carried_out = _by_target(reports), _by_target(inspections)
    rows = conn.execute(
        """
        select target_id, unit_id, year, kind, value::float, due_on, part_of from target
        where target_id = any(%(ids)s) order by target_id
        """,
        ids,
    ).fetchall()
    return [
        Told(*row, reported[row[0]], carried_out[row[0]])
        for row in msgspec.convert(rows, list[tuple[UUID, UUID, int, str, float, date, UUID | None]])
    ]


def of_inspections(conn: Connection, unit_id: UUID, years: Collection[int]) -> list[UUID]:
    """The targets of inspections of a unit in these years."""
    rows = conn.execute(
        "select target_id from target where unit_id = %s and kind = %s and year = any(%s)",
        (unit_id, INSPECTION, list(years)),
    ).fetchall()
    return [target_id for (target_id,) in msgspec.convert(rows, list[tuple[UUID]])]


def _by_target(rows: Collection[tuple[object, ...]]) -> defaultdict[UUID, list[Reached]]:
    found: defaultdict[UUID, list[Reached]] = defaultdict(list)
    for target_id, on, value in msgspec.convert(list(rows), list[_Day]):
        found[target_id].append(Reached(on, value))
    return found
