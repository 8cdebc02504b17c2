"""Classifications of the units below one, the comparison groups they lie in, and how each came about."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import msgspec

from services.evaluation.domain import classification as domain
from services.evaluation.domain.classification import Classification, Grade, Limit
from services.evaluation.domain.committees import Place
from services.evaluation.store import classifications as class_rows
from services.evaluation.store import committees as rows
from shared.db import Connection


class Line(msgspec.Struct, frozen=True):
    """A unit in a list, with its classification (None: nothing was proposed or decided)."""

    place: Place
    classification: Classification | None


class Group(msgspec.Struct, frozen=True):
    """A comparison group of the units directly below a superior; `proposed`: by grade, without what was returned."""

    key: str
    units: int
    grades: dict[str, int]
    proposed: dict[str, int]
    allowed: int
    best: int
    members: Sequence[dict[str, Any]]


class Groups(msgspec.Struct, frozen=True):
    """The comparison groups below a superior, and the rule of the limit."""

    items: list[Group]
    percent: int
    source: str


_BELOW: Final = f"""
    with recursive below (unit_id) as (
        select %(under)s::uuid
        union
        select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
        where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
    ),
    found as (
        select u.unit_id as id, u.code, s.name, s.kind, s.branch_type, s.parent_id,
               {", ".join(f"c.{name}" for name in Classification.__struct_fields__)}
        from below join unit u using (unit_id) join unit_span s using (unit_id)
        left join classification c on c.unit_id = u.unit_id and c.period = %(period)s
        where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
    )
"""  # noqa: S608 - made of own constants
_STATES: Final = {
    "decided": "grade is not null",
    "proposed": "grade is null and proposed is not null and returned_on is null",
    "returned": "grade is null and returned_on is not null",
    "none": "grade is null and proposed is null",
}
STATES: Final = tuple(_STATES)


class Asked(msgspec.Struct, frozen=True):
    """Which units: those of a subtree at a period's end, with a grade, or in a state."""

    under: UUID
    period: str
    day: date
    grade: Grade | None = None
    state: str | None = None


def lines(conn: Connection, asked: Asked, after: tuple[str, ...] | None, limit: int) -> list[Line]:
    """Up to `limit` units by code, behind a code."""
    state = _STATES[asked.state] if asked.state else "true"
    query = f"""{_BELOW} select * from found where ({state})
        and (%(grade)s::text is null or grade = %(grade)s) and (%(code)s::text is null or code > %(code)s)
        order by code limit %(limit)s"""  # noqa: S608 - made of own constants
    values = msgspec.structs.asdict(asked) | {"code": after[0] if after else None, "limit": limit}
    found: Sequence[tuple[Any, ...]] = conn.execute(query.encode(), values).fetchall()
    return [Line(Place(*row[:6]), Classification(*row[6:]) if row[6] else None) for row in found]


def counts(conn: Connection, unit_id: UUID, periods: Sequence[str], day: date) -> dict[str, dict[str, int]]:
    """By period: how many units of the subtree on `day` have each grade, only a proposal, a returned one, nothing."""
    answered = conn.execute(
        """
        with recursive below (unit_id) as (
            select %(under)s::uuid
            union
            select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        )
        select p.period, coalesce(c.grade, case when c.proposed is null then 'none' when c.returned_on is null
                                                then 'proposed' else 'returned' end), count(*)
        from below join unit_span s using (unit_id) cross join unnest(%(periods)s::text[]) as p (period)
        left join classification c on c.unit_id = below.unit_id and c.period = p.period
        where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        group by 1, 2
        """,
        {"under": unit_id, "day": day, "periods": list(periods)},
    ).fetchall()
    found = {(period, name): count for period, name, count in msgspec.convert(answered, list[tuple[str, str, int]])}
    names = (*domain.GRADES, "proposed", "returned", "none")
    return {period: {name: found.get((period, name), 0) for name in names} for period in periods}


def groups(conn: Connection, superior_id: UUID, period: str, day: date) -> Groups:
    """The comparison groups of the units directly below `superior_id` at a period's end, each with what is allowed.

    `allowed` is by what is decided so far: every further unit graded well or better may raise it.
    """
    rule = rows.rule_on(conn, "classification", day, Limit)
    places = rows.children(conn, superior_id, day)
    known = class_rows.of_units(conn, [place.unit_id for place in places], period)
    by_key: dict[str, list[Place]] = {}
    for place in places:
        by_key.setdefault(domain.group_of(place, rule.value), []).append(place)
    return Groups(
        [_group(key, by_key[key], known, rule.value) for key in sorted(by_key)], rule.value.percent, rule.source
    )


def _group(key: str, places: Sequence[Place], known: dict[UUID, Classification], limit: Limit) -> Group:
    of = {place.unit_id: known.get(place.unit_id) for place in places}
    decided = [one.grade for one in of.values() if one and one.grade]
    proposed = [one.proposed for one in of.values() if one and one.proposed and one.returned_on is None]
    stands = domain.allowance(decided, limit)
    return Group(
        key=key,
        units=len(places),
        grades={grade: decided.count(grade) for grade in domain.GRADES},
        proposed={grade: proposed.count(grade) for grade in domain.GRADES},
        allowed=stands.allowed,
        best=stands.best,
        members=[
            {
                "unit_id": place.unit_id,
                "code": place.code,
                "name": place.name,
                "grade": one.grade if (one := of[place.unit_id]) else None,
                "proposed": one.proposed if one else None,
            }
            for place in places
        ],
    )
