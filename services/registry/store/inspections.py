"""Inspection plans and inspections, as rows."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.inspections import Inspection, InspectionPlan
from shared.db import Connection


def find(conn: Connection, plan_id: UUID, *, lock: bool = False) -> InspectionPlan | None:
    """The plan; None when there is none. With `lock` nobody else changes it until the transaction ends."""
    if lock:
        conn.execute("select 1 from inspection_plan where plan_id = %s for no key update", (plan_id,)).fetchone()
    row = conn.execute(
        """
        select plan_id, unit_id, year, due_on, set_by, citation,
               (select coalesce(jsonb_object_agg(kind, number order by kind), '{}')
                from inspection_planned n where n.plan_id = p.plan_id)
        from inspection_plan p where plan_id = %s
        """,
        (plan_id,),
    ).fetchone()
    return None if row is None else InspectionPlan(*row)  # type: ignore[arg-type]  # written by add()


def add(conn: Connection, plan: InspectionPlan) -> bool:
    """Keep a new plan; False when its id is taken or the unit has one for that year."""
    added = conn.execute(
        """
        insert into inspection_plan (plan_id, unit_id, year, due_on, set_by, citation)
        values (%s, %s, %s, %s, %s, %s) on conflict do nothing returning 1
        """,
        (plan.plan_id, plan.unit_id, plan.year, plan.due_on, plan.set_by, plan.citation),
    ).fetchone()
    if added is not None:
        _save_planned(conn, plan)
    return added is not None


def save(conn: Connection, plan: InspectionPlan) -> None:
    """Keep a known plan as it is now."""
    conn.execute(
        "update inspection_plan set due_on = %s, citation = %s where plan_id = %s",
        (plan.due_on, plan.citation, plan.plan_id),
    )
    conn.execute("delete from inspection_planned where plan_id = %s", (plan.plan_id,))
    _save_planned(conn, plan)


def _save_planned(conn: Connection, plan: InspectionPlan) -> None:
    conn.execute(
        "insert into inspection_planned (plan_id, kind, number) select %s, * from unnest(%s::text[], %s::int[])",
        (plan.plan_id, list(plan.planned), list(plan.planned.values())),
    )


def add_inspection(conn: Connection, inspection: Inspection) -> bool:
    """Keep an inspection; False when its id is taken or what it corrects was corrected before."""
    return (
        conn.execute(
            """
            insert into inspection
                (inspection_id, unit_id, carried_out_on, kind, subject_unit_id, subject_member_id, conclusion, corrects)
            values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning 1
            """,
            msgspec.structs.astuple(inspection),
        ).fetchone()
        is not None
    )


def unit_of(conn: Connection, inspection_id: UUID) -> UUID | None:
    """The unit that carried out an inspection; None when there is no such one."""
    row = conn.execute("select unit_id from inspection where inspection_id = %s", (inspection_id,)).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def day_of(conn: Connection, inspection_id: UUID) -> date:
    """The day of an inspection, which must exist."""
    row = conn.execute("select carried_out_on from inspection where inspection_id = %s", (inspection_id,)).fetchone()
    assert row is not None
    return msgspec.convert(row[0], date)
