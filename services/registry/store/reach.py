"""How far a right goes: a unit and all below it, as the tree is on a day.

A unit that is not in force on the day still belongs somewhere: where it last stood, or, before its first day, where it
will stand. So a closed branch stays in the view of those it belonged to.
"""

from collections.abc import Collection
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.members import ENDINGS
from services.registry.domain.reach import Reach
from shared.db import Connection


def above(conn: Connection, unit_ids: Collection[UUID]) -> frozenset[UUID]:
    """These units and all that ever stood above them."""
    rows = conn.execute(
        """
        with recursive way (unit_id) as (
            select unit_id from unit where unit_id = any(%s)
            union
            select s.parent_id from way join unit_span s using (unit_id) where s.parent_id is not null
        )
        select unit_id from way
        """,
        (list(unit_ids),),
    ).fetchall()
    return frozenset(unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]]))


def covered(conn: Connection, above: frozenset[UUID], day: date) -> frozenset[UUID]:
    """Every unit that is one of `above` or stands below one of them."""
    rows = conn.execute(
        """
        with recursive place as materialized (
            select distinct on (unit_id) unit_id, parent_id
            from unit_span order by unit_id, valid_from > %(day)s, abs(valid_from - %(day)s)
        ),
        below (unit_id) as (
            select unit_id from unit where unit_id = any(%(above)s)
            union
            select place.unit_id from below join place on place.parent_id = below.unit_id
        )
        select unit_id from below
        """,
        {"above": list(above), "day": day},
    ).fetchall()
    return frozenset(unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]]))


def readable(conn: Connection, reach: Reach, member_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Those of the members whose personal data rights of this reach cover on `day`.

    They belong to a unit it covers (where they stand, last stood or will stand), or are a guest of one.
    """
    if reach.everything:
        return frozenset(member_ids)
    rows = conn.execute(
        """
        select given.member_id
        from unnest(%(members)b::uuid[]) as given (member_id) cross join lateral (
            select s.unit_id from member_span s where s.member_id = given.member_id
            order by s.valid_from > %(day)s, abs(s.valid_from - %(day)s) limit 1
        ) place
        where place.unit_id = any(%(units)b)
        union
        select g.member_id from guest_stay g
        where g.member_id = any(%(members)b) and g.unit_id = any(%(units)b)
          and g.valid_from <= %(day)s and (g.valid_to is null or %(day)s < g.valid_to)
        """,
        {"members": list(member_ids), "units": list(reach.units), "day": day},
    ).fetchall()
    return frozenset(member_id for (member_id,) in msgspec.convert(rows, list[tuple[UUID]]))


def within(conn: Connection, top: UUID, member_ids: Collection[UUID], day: date) -> set[UUID]:
    """Those of the members who stand, on `day`, in a branch that is `top` or below it then."""
    rows = conn.execute(
        """
        with recursive below (unit_id) as (
            select %(top)s::uuid
            union
            select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        )
        select distinct s.member_id from member_span s join below using (unit_id)
        where s.member_id = any(%(members)s) and s.status <> all(%(endings)s)
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        """,
        {"top": top, "day": day, "members": list(member_ids), "endings": sorted(ENDINGS)},
    ).fetchall()
    return {member_id for (member_id,) in msgspec.convert(rows, list[tuple[UUID]])}
