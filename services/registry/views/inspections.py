"""Inspection plans, what was carried out of them by a day, and who has not begun."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from services.registry.domain import plans
from services.registry.views.units import SUBTREE
from shared.db import Connection


class Done(msgspec.Struct, frozen=True):
    """Of one kind: how many are planned, how many carried out by the day, and the share in percent."""

    kind: str
    planned: int
    done: int
    percent: float | None


class Completion(msgspec.Struct, frozen=True):
    """What a unit, and its subtree, planned for a year and has carried out by a day.

    `plan_id`, `due_on` and `percent_of_time` are None where the unit itself has no plan. `subtree` counts the plans at
    and below the unit: `begun` those with anything carried out.
    """

    unit_id: UUID
    year: int
    on: date
    plan_id: UUID | None
    due_on: date | None
    percent_of_time: float | None
    kinds: Sequence[Done]
    subtree: Sequence[Done]
    plans: int
    begun: int


class NotBegun(msgspec.Struct, frozen=True):
    """A unit with a plan and nothing carried out."""

    unit_id: UUID
    code: str
    name: str
    plan_id: UUID
    planned: int
    due_on: date
    percent_of_time: float


class Carried(msgspec.Struct, frozen=True):
    """One inspection; `corrected_by` is the record that took its place."""

    inspection_id: UUID
    unit_id: UUID
    on: date
    kind: str
    subject_unit_id: UUID | None
    subject_member_id: UUID | None
    conclusion: str
    corrects: UUID | None
    corrected_by: UUID | None


# A plan of a year belongs to the units that stood above its own on that one's last day in force in the year, up to the
# day asked about: what was planned and done in a district that ended in July is not lost in December.
_STOOD: Final = """
    year (first, after) as (
        select make_date(%(year)s, 1, 1), least(%(day)s + 1, make_date(%(year)s + 1, 1, 1))
    ),
    days (unit_id, parent_id, first, after) as (
        select s.unit_id, s.parent_id, greatest(s.valid_from, y.first), least(coalesce(s.valid_to, y.after), y.after)
        from unit_span s, year y where s.valid_from < y.after and (s.valid_to is null or y.first < s.valid_to)
    ),
    stood (unit_id, first, after) as (
        select unit_id, first, after from days where unit_id = %(under)s
        union
        select d.unit_id, greatest(d.first, s.first), least(d.after, s.after)
        from stood s join days d on d.parent_id = s.unit_id and d.first < s.after and s.first < d.after
    ),
    below (unit_id) as (
        select distinct s.unit_id
        from stood s join (select unit_id, max(after) as after from days group by unit_id) l using (unit_id, after)
    )
"""

# An inspection counts in the year of its own day; one that was corrected does not count.
_COUNTED: Final = """
    i.carried_out_on >= make_date(%(year)s, 1, 1) and i.carried_out_on < make_date(%(year)s + 1, 1, 1)
    and i.carried_out_on <= %(day)s and not exists (select 1 from inspection c where c.corrects = i.inspection_id)
"""
_BY_KIND: Final = f"""
    select kind, sum(planned)::int, sum(done)::int from (
        select n.kind, n.number as planned, 0 as done
        from inspection_plan p join inspection_planned n using (plan_id)
        where p.year = %(year)s and {{scope_p}}
        union all
        select i.kind, 0, 1 from inspection i where {_COUNTED} and {{scope_i}}
    ) both_kinds group by kind order by kind
"""  # noqa: S608 - made of own constants


def completion_on(conn: Connection, unit_id: UUID, year: int, day: date) -> Completion:
    """The completion of a unit's plan and of its subtree's: of the units whose last place in that year was there."""
    values = {"under": unit_id, "year": year, "day": day}
    own = _BY_KIND.format(scope_p="p.unit_id = %(under)s", scope_i="i.unit_id = %(under)s")
    deep = _BY_KIND.format(
        scope_p="p.unit_id in (select unit_id from below)", scope_i="i.unit_id in (select unit_id from below)"
    )
    plan = conn.execute(
        "select plan_id, due_on from inspection_plan where unit_id = %(under)s and year = %(year)s", values
    ).fetchone()
    plan_id, due_on = (None, None) if plan is None else msgspec.convert(plan, tuple[UUID, date])
    begun = conn.execute(
        f"""
        with recursive {_STOOD}
        select count(*), count(*) filter (where exists (
            select 1 from inspection i where i.unit_id = p.unit_id and {_COUNTED}))
        from inspection_plan p where p.year = %(year)s and p.unit_id in (select unit_id from below)
        """,  # noqa: S608 - made of own constants
        values,
    ).fetchone()
    count, with_any = msgspec.convert(begun, tuple[int, int])
    return Completion(
        unit_id=unit_id,
        year=year,
        on=day,
        plan_id=plan_id,
        due_on=due_on,
        percent_of_time=None if due_on is None else plans.percent_of_time(year, due_on, day),
        kinds=_kinds(conn.execute(own, values).fetchall()),
        subtree=_kinds(conn.execute(f"with recursive {_STOOD} {deep}", values).fetchall()),
        plans=count,
        begun=with_any,
    )


def none_begun(conn: Connection, under: UUID, year: int, day: date, after: str | None, limit: int) -> list[NotBegun]:
    """Up to `limit` units of a subtree, by code, that plan something for the year and have carried out nothing."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        f"""
        with recursive {SUBTREE}
        select p.unit_id, u.code, s.name, p.plan_id, n.planned, p.due_on
        from below b
        join inspection_plan p using (unit_id)
        join unit u using (unit_id)
        join unit_span s on s.unit_id = p.unit_id
             and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        cross join lateral (
            select sum(number)::int as planned from inspection_planned where plan_id = p.plan_id
        ) n
        where p.year = %(year)s and n.planned > 0 and (%(after)s::text is null or u.code > %(after)s)
          and not exists (select 1 from inspection i where i.unit_id = p.unit_id and {_COUNTED})
        order by u.code limit %(limit)s
        """,  # noqa: S608 - made of own constants
        {"under": under, "year": year, "day": day, "after": after, "limit": limit},
    ).fetchall()
    return [NotBegun(*[*row, plans.percent_of_time(year, row[5], day)]) for row in rows]


def carried_out(
    conn: Connection, unit_id: UUID, year: int, after: tuple[date, UUID] | None, limit: int
) -> list[Carried]:
    """Up to `limit` inspections of a unit in a year, the newest day first, corrected ones included."""
    on, inspection_id = after or (None, None)
    rows = conn.execute(
        """
        select i.inspection_id, i.unit_id, i.carried_out_on, i.kind, i.subject_unit_id, i.subject_member_id,
               i.conclusion, i.corrects, c.inspection_id
        from inspection i left join inspection c on c.corrects = i.inspection_id
        where i.unit_id = %(unit)s
          and i.carried_out_on >= make_date(%(year)s, 1, 1) and i.carried_out_on < make_date(%(year)s + 1, 1, 1)
          and (%(on)s::date is null or (i.carried_out_on, i.inspection_id) < (%(on)s, %(inspection)s))
        order by i.carried_out_on desc, i.inspection_id desc limit %(limit)s
        """,
        {"unit": unit_id, "year": year, "on": on, "inspection": inspection_id, "limit": limit},
    ).fetchall()
    return [Carried(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types


def _kinds(rows: Sequence[tuple[object, ...]]) -> list[Done]:
    counted = msgspec.convert(rows, list[tuple[str, int, int]])
    return [Done(kind, planned, done, plans.percent(done, planned)) for kind, planned, done in counted]
