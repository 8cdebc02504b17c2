"""Decisions as they are listed, and where units come from and go."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.lineage import How
from services.registry.domain.reach import Reach
from shared.db import Connection


class DecisionListed(msgspec.Struct, frozen=True):
    """A decision without its operations."""

    decision_id: UUID
    number: str
    issuer: str
    issuer_unit_id: UUID | None
    title: str
    issued_on: date
    effective_on: date
    state: str
    version: int


class EdgeOnDay(msgspec.Struct, frozen=True):
    """One unit that became, or became a part of, another, as both were called then."""

    from_unit: UUID
    from_code: str
    from_name: str
    to_unit: UUID
    to_code: str
    to_name: str
    on_day: date
    how: How
    decision_id: UUID
    number: str


def listed(
    conn: Connection, reach: Reach, state: str | None, after: tuple[str, UUID] | None, limit: int
) -> list[DecisionListed]:
    """Up to `limit` decisions within `reach`, the latest date of effect first, behind (date of effect, id).

    Of those in force or withdrawn one unit covered is enough; drafts are shown when every unit kept here is.
    """
    day, decision_id = after or (None, None)
    rows = conn.execute(
        """
        select decision_id, number, issuer, issuer_unit_id, title, issued_on, effective_on, state, version
        from decision d
        where (%(state)s::text is null or state = %(state)s)
          and (%(day)s::date is null or (effective_on, decision_id) < (%(day)s::date, %(decision)s::uuid))
          and (%(everything)s
               or exists (select from decision_unit u
                          where u.decision_id = d.decision_id and u.unit_id = any(%(units)s))
                  and (state in ('in_force', 'withdrawn')
                       or not exists (select from decision_unit u join unit using (unit_id)
                                      where u.decision_id = d.decision_id and u.unit_id <> all(%(units)s))))
        order by effective_on desc, decision_id desc limit %(limit)s
        """,
        {
            "state": state,
            "day": day,
            "decision": decision_id,
            "everything": reach.everything,
            "units": list(reach.units),
            "limit": limit,
        },
    )
    return [
        DecisionListed(*row)
        for row in msgspec.convert(rows.fetchall(), list[tuple[UUID, str, str, UUID | None, str, date, date, str, int]])
    ]


_EDGES = """
    select e.from_unit, f.code, fs.name, e.to_unit, t.code, ts.name, e.on_day, e.how, e.decision_id, d.number
    from edges e
    join decision d using (decision_id)
    join unit f on f.unit_id = e.from_unit
    join unit t on t.unit_id = e.to_unit
    cross join lateral (
        select s.name from unit_span s where s.unit_id = e.from_unit and s.valid_from <= e.on_day
        order by s.valid_from = e.on_day, s.valid_from desc limit 1
    ) fs
    join unit_span ts on ts.unit_id = e.to_unit and ts.valid_from <= e.on_day
                     and (ts.valid_to is null or e.on_day < ts.valid_to)
"""


def came_from(conn: Connection, unit_id: UUID) -> list[EdgeOnDay]:
    """All that a unit came from, over all generations, the latest first."""
    return _edges(
        conn,
        f"""
        with recursive edges as (
            select from_unit, to_unit, on_day, how, decision_id from unit_lineage where to_unit = %(unit)s
            union
            select l.from_unit, l.to_unit, l.on_day, l.how, l.decision_id
            from edges e join unit_lineage l on l.to_unit = e.from_unit and l.on_day <= e.on_day
        ) {_EDGES} order by e.on_day desc, f.code, t.code
        """,  # noqa: S608 - own constant
        unit_id,
    )


def became(conn: Connection, unit_id: UUID) -> list[EdgeOnDay]:
    """All that a unit became, over all generations, the earliest first."""
    return _edges(
        conn,
        f"""
        with recursive edges as (
            select from_unit, to_unit, on_day, how, decision_id from unit_lineage where from_unit = %(unit)s
            union
            select l.from_unit, l.to_unit, l.on_day, l.how, l.decision_id
            from edges e join unit_lineage l on l.from_unit = e.to_unit and l.on_day >= e.on_day
        ) {_EDGES} order by e.on_day, f.code, t.code
        """,  # noqa: S608 - own constant
        unit_id,
    )


def _edges(conn: Connection, query: str, unit_id: UUID) -> list[EdgeOnDay]:
    rows = conn.execute(query.encode(), {"unit": unit_id}).fetchall()
    return [
        EdgeOnDay(*row)
        for row in msgspec.convert(rows, list[tuple[UUID, str, str, UUID, str, str, date, How, UUID, str]])
    ]
