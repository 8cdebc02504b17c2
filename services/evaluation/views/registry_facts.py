"""Reads of what the registry tells: targets, villages, members disciplined."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.evaluation.domain.targets import Direction, Figure, Known, figure
from shared.db import Connection

_ROW = tuple[UUID, UUID, int, str, str, Direction, bool, float, date, UUID | None, date | None, float | None]


class Heads(msgspec.Struct, frozen=True):
    """Village heads; `share` is of members among the heads there are, None without any."""

    member: int
    not_member: int
    vacant: int
    share: float | None


class Villages(msgspec.Struct, frozen=True):
    """How far branches reach the villages of a subtree on a day; `share_covered` is None without villages."""

    unit_id: UUID
    on: date
    villages: int
    own_branch: int
    sharing: int
    without_branch: int
    share_covered: float | None
    heads: Heads


class Discipline(msgspec.Struct, frozen=True):
    """How many members of a subtree's branches were disciplined from one day to another, both included."""

    unit_id: UUID
    first: date
    last: date
    members: int


def targets(conn: Connection, unit_id: UUID, year: int, day: date) -> list[Figure]:
    """The targets of a unit for a year, as known on `day`, by kind."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        with recursive down (target_id) as (
            select target_id from target where unit_id = %(unit)s and year = %(year)s
            union
            select t.target_id from down d join target t on t.part_of = d.target_id
        )
        select t.target_id, t.unit_id, t.year, t.kind, t.measure, t.direction, t.adds_up, t.value, t.due_on, t.part_of,
               newest.reported_on, newest.value
        from down join target t using (target_id)
        left join lateral (
            select (told ->> 'on')::date as reported_on, (told ->> 'value')::float as value
            from jsonb_array_elements(t.progress) told
            where (told ->> 'on')::date <= %(day)s order by 1 desc limit 1
        ) newest on true
        order by t.kind, t.target_id
        """,
        {"unit": unit_id, "year": year, "day": day},
    ).fetchall()
    known = [Known(*row) for row in msgspec.convert(rows, list[_ROW])]
    below: defaultdict[UUID, list[Known]] = defaultdict(list)
    for target in known:
        if target.part_of is not None:
            below[target.part_of].append(target)
    return [figure(target, below, day) for target in known if target.unit_id == unit_id and target.year == year]


def villages(conn: Connection, unit_id: UUID, day: date) -> Villages:
    """The coverage of the villages of the unit's subtree on `day`. A branch that several villages have is shared."""
    row = conn.execute(
        """
        with recursive below (unit_id) as (
            select %(unit)s::uuid
            union
            select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        ), here as materialized (
            select s.branch_id, s.head from below join village_span s using (unit_id)
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        ), shared as (
            select s.branch_id, count(*) as villages from village_span s
            where s.branch_id in (select branch_id from here where branch_id is not null)
              and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
            group by s.branch_id
        )
        select count(*), count(*) filter (where s.villages = 1), count(*) filter (where s.villages > 1),
               count(*) filter (where h.branch_id is null), count(*) filter (where h.head = 'member'),
               count(*) filter (where h.head = 'not_member'), count(*) filter (where h.head = 'vacant')
        from here h left join shared s using (branch_id)
        """,
        {"unit": unit_id, "day": day},
    ).fetchone()
    count, own, sharing, without, member, other, vacant = msgspec.convert(row, tuple[int, int, int, int, int, int, int])
    return Villages(
        unit_id=unit_id,
        on=day,
        villages=count,
        own_branch=own,
        sharing=sharing,
        without_branch=without,
        share_covered=_share(own + sharing, count),
        heads=Heads(member, other, vacant, _share(member, member + other)),
    )


def disciplined(conn: Connection, unit_id: UUID, first: date, last: date) -> Discipline:
    """Members disciplined from `first` to `last`, each in the units above their branch in the month of the day."""
    row = conn.execute(
        """
        select count(*) from roster_fact f
        cross join unnest(f.disciplined_on) told (day)
        join branch_path p on p.branch_id = f.branch_id and p.from_month <= to_char(told.day, 'YYYY-MM')
             and (p.to_month is null or to_char(told.day, 'YYYY-MM') < p.to_month)
        where f.disciplined_on <> '{}' and told.day between %(first)s and %(last)s and %(unit)s = any(p.path)
        """,
        {"unit": unit_id, "first": first, "last": last},
    ).fetchone()
    (members,) = msgspec.convert(row, tuple[int])
    return Discipline(unit_id, first, last, members)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
