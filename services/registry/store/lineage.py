"""Which units became which, as rows."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.lineage import Edge, How, Succession
from shared.db import Connection


def add(conn: Connection, decision_id: UUID, day: date, edges: Sequence[Edge]) -> None:
    """Keep what a decision made of units on `day`."""
    conn.execute(
        """
        insert into unit_lineage (from_unit, to_unit, on_day, decision_id, how)
        select from_unit, to_unit, %s, %s, how
        from unnest(%s::uuid[], %s::uuid[], %s::text[]) as given (from_unit, to_unit, how)
        """,
        (
            day,
            decision_id,
            [edge.from_unit for edge in edges],
            [edge.to_unit for edge in edges],
            [edge.how for edge in edges],
        ),
    )


def of_decision(conn: Connection, decision_id: UUID) -> list[Edge]:
    """What a decision made of units."""
    rows = conn.execute(
        "select from_unit, to_unit, how from unit_lineage where decision_id = %s order by from_unit, to_unit",
        (decision_id,),
    )
    return [Edge(*row) for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID, How]])]


def successions(conn: Connection, since: date) -> frozenset[Succession]:
    """Which units take over from which, after `since`, by decisions in force."""
    rows = conn.execute("select from_unit, to_unit, on_day from unit_lineage where on_day > %s", (since,)).fetchall()
    return frozenset(msgspec.convert(rows, list[Succession]))


def later_into(conn: Connection, decision_id: UUID, unit_ids: Collection[UUID]) -> list[UUID]:
    """Those of the units that another decision has made something of, or brought something into."""
    rows = conn.execute(
        """
        select unit_id from unnest(%(units)s::uuid[]) as given (unit_id)
        where exists (select 1 from unit_lineage l where l.decision_id <> %(decision)s
                      and given.unit_id in (l.from_unit, l.to_unit))
        """,
        {"units": list(unit_ids), "decision": decision_id},
    ).fetchall()
    return [unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]])]


def remove(conn: Connection, decision_id: UUID) -> None:
    """Keep what a decision made of units no longer: it is withdrawn."""
    conn.execute("delete from unit_lineage where decision_id = %s", (decision_id,))
