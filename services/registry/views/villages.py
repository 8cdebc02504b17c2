"""Villages on a day, and how far branches and members reach them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.members import ENDINGS
from services.registry.views.units import SUBTREE
from shared.db import Connection


class VillageOnDay(msgspec.Struct, frozen=True):
    """A village in the span in force on a day."""

    village_id: UUID
    code: str
    name: str
    unit_id: UUID
    branch_id: UUID | None
    branch_elsewhere: bool
    head: str
    head_member_id: UUID | None
    valid_from: date
    valid_to: date | None


class Heads(msgspec.Struct, frozen=True):
    """Village heads: how many are members; `percent` is of the heads there are, None without any."""

    member: int
    not_member: int
    vacant: int
    percent: float | None


class HeadsTarget(msgspec.Struct, frozen=True):
    """What share of heads, in percent, is to be reached by when; `difference` is what is above it, or short of it."""

    target_id: UUID
    percent: float
    due_on: date
    citation: str
    difference: float | None


class Coverage(msgspec.Struct, frozen=True):
    """How many villages of a subtree have a branch, a chi uỷ and a head who is a member, on a day."""

    unit_id: UUID
    on: date
    villages: int
    own_branch: int
    sharing: int
    without_branch: int
    branch_without_committee: int
    branch_too_small_for_committee: int
    branch_committee_not_elected: int
    heads: Heads
    target: HeadsTarget | None
    villages_without_branch: Sequence[VillageOnDay]


_COLUMNS: Final = """
    v.village_id, v.code, s.name, s.unit_id, s.branch_id, s.branch_elsewhere, s.head, s.head_member_id, s.valid_from,
    s.valid_to
"""
_IN_FORCE: Final = "s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)"
_BRANCHES: Final = f"""
    here as materialized (
        select s.village_id, s.branch_id, s.head
        from below b join village_span s using (unit_id) where {_IN_FORCE}
    ),
    branch as (
        select distinct branch_id as unit_id from here where branch_id is not null
    ),
    shared as (
        select s.branch_id, count(*) as villages
        from village_span s where s.branch_id in (select unit_id from branch) and {_IN_FORCE} group by s.branch_id
    ),
    roster as (
        select s.unit_id as branch_id, count(*) filter (where s.kind = 'official') as officials,
               bool_or(s.post = 'committee_member') as elected
        from member_span s
        where s.unit_id in (select unit_id from branch) and s.status <> all(%(endings)s) and {_IN_FORCE}
        group by s.unit_id
    )
"""  # noqa: S608 - made of this module's own constants


def village_on(conn: Connection, village_id: UUID, day: date) -> VillageOnDay | None:
    """The village as it is on `day`; None when it is not known or not in force then."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from village v join village_span s using (village_id)
        where v.village_id = %(village)s and {_IN_FORCE}
        """,  # noqa: S608 - made of this module's own constants
        {"village": village_id, "day": day},
    ).fetchall()
    return next(iter(_structs(rows)), None)


def place_of(conn: Connection, village_id: UUID, day: date) -> UUID | None:
    """The organisation a village belongs to on `day`, or last or first belonged to; None when it is not known."""
    row = conn.execute(
        """
        select unit_id from village_span where village_id = %(village)s
        order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
        """,
        {"village": village_id, "day": day},
    ).fetchone()
    return None if row is None else msgspec.convert(row[0], UUID)


def villages_on(
    conn: Connection, under: UUID, day: date, after: str | None, limit: int, *, without_branch: bool = False
) -> list[VillageOnDay]:
    """Up to `limit` villages of the subtree of `under` on `day`, by code, from the code behind `after` on."""
    rows = conn.execute(
        f"""
        with recursive {SUBTREE}
        select {_COLUMNS}
        from below b join village_span s using (unit_id) join village v using (village_id)
        where {_IN_FORCE} and (%(after)s::text is null or v.code > %(after)s)
          and (not %(without_branch)s or s.branch_id is null)
        order by v.code limit %(limit)s
        """,  # noqa: S608 - made of this module's own constants
        {"under": under, "day": day, "after": after, "limit": limit, "without_branch": without_branch},
    ).fetchall()
    return _structs(rows)


def coverage_on(conn: Connection, under: UUID, day: date, committee_from: int, listed: int) -> Coverage:
    """The coverage of the subtree of `under` on `day`, with up to `listed` of the villages without a branch.

    A branch has a chi uỷ when a committee member is in office; without one it is too small for it with fewer than
    `committee_from` official members, else it has not elected one.
    """
    row = conn.execute(
        f"""
        with recursive {SUBTREE}, {_BRANCHES}
        select count(*),
               count(*) filter (where sh.villages = 1),
               count(*) filter (where sh.villages > 1),
               count(*) filter (where h.branch_id is null),
               count(*) filter (where h.branch_id is not null and r.elected is not true
                                and coalesce(r.officials, 0) < %(committee_from)s),
               count(*) filter (where h.branch_id is not null and r.elected is not true
                                and coalesce(r.officials, 0) >= %(committee_from)s),
               count(*) filter (where h.head = 'member'),
               count(*) filter (where h.head = 'not_member'),
               count(*) filter (where h.head = 'vacant')
        from here h left join shared sh using (branch_id) left join roster r using (branch_id)
        """,  # noqa: S608 - made of this module's own constants
        {"under": under, "day": day, "endings": sorted(ENDINGS), "committee_from": committee_from},
    ).fetchone()
    villages, own, sharing, without, small, unelected, member, other, vacant = msgspec.convert(
        row, tuple[int, int, int, int, int, int, int, int, int]
    )
    percent = round(100 * member / (member + other), 2) if member + other else None
    return Coverage(
        unit_id=under,
        on=day,
        villages=villages,
        own_branch=own,
        sharing=sharing,
        without_branch=without,
        branch_without_committee=small + unelected,
        branch_too_small_for_committee=small,
        branch_committee_not_elected=unelected,
        heads=Heads(member, other, vacant, percent),
        target=_target(conn, under, day, percent),
        villages_without_branch=villages_on(conn, under, day, None, listed, without_branch=True),
    )


def _target(conn: Connection, unit_id: UUID, day: date, percent: float | None) -> HeadsTarget | None:
    """The unit's target for heads that is due next, or else was due last."""
    row = conn.execute(
        """
        select target_id, value, due_on, citation from target
        where unit_id = %(unit)s and kind = 'village_heads' order by due_on < %(day)s, abs(due_on - %(day)s) limit 1
        """,
        {"unit": unit_id, "day": day},
    ).fetchone()
    if row is None:
        return None
    target_id, value, due_on, citation = msgspec.convert(row, tuple[UUID, Decimal, date, str])
    difference = None if percent is None else round(percent - float(value), 2)
    return HeadsTarget(target_id, float(value), due_on, citation, difference)


def _structs(rows: Sequence[tuple[object, ...]]) -> list[VillageOnDay]:
    return [VillageOnDay(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types
