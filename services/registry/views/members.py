"""Members and rosters as they are on a day."""

from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.members import ENDINGS, Member
from services.registry.domain.roster import age_band
from services.registry.store import members as member_rows
from services.registry.views.units import SUBTREE
from shared.db import Connection


class MemberOnDay(msgspec.Struct, frozen=True):
    """A member of a branch on a day. The person's particulars are None where the reader may not see them."""

    member_id: UUID
    code: str
    full_name: str
    kind: str
    status: str
    post: str | None
    valid_from: date
    valid_to: date | None
    birth_date: date | None
    sex: str | None
    ethnicity: str | None
    phone: str | None


class RosterEntry(msgspec.Struct, frozen=True):
    """A member of a branch on a day, without anything that tells who they are."""

    member_id: UUID
    code: str
    unit_id: UUID
    kind: str
    status: str
    age_band: str | None
    post: str | None


def member(conn: Connection, member_id: UUID) -> Member | None:
    """A member with all their spans; None when there is none."""
    return member_rows.load(conn, member_id)


def members_on(
    conn: Connection, unit_id: UUID, day: date, after: UUID | None, limit: int, *, particulars: bool
) -> list[MemberOnDay]:
    """Up to `limit` members of a branch on `day`, in Vietnamese order of names, behind the member `after`."""
    rows = conn.execute(
        """
        select m.member_id, m.code, m.full_name, s.kind, s.status, s.post, s.valid_from, s.valid_to,
               case when %(particulars)s then m.birth_date end,
               case when %(particulars)s then m.sex end,
               case when %(particulars)s then m.ethnicity end,
               case when %(particulars)s then m.phone end
        from member_span s join member m using (member_id)
        where s.unit_id = %(unit)s and s.status <> all(%(endings)s)
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
          and (%(after)s::uuid is null
               or (m.sort_key, m.member_id) > (select sort_key, member_id from member where member_id = %(after)s))
        order by m.sort_key, m.member_id limit %(limit)s
        """,
        {
            "particulars": particulars,
            "unit": unit_id,
            "endings": sorted(ENDINGS),
            "day": day,
            "after": after,
            "limit": limit,
        },
    )
    return [MemberOnDay(*row) for row in rows]  # type: ignore[arg-type]  # the columns are of these types


def rosters_on(
    conn: Connection, under: UUID, day: date, after: tuple[UUID, UUID] | None, limit: int
) -> list[RosterEntry]:
    """Up to `limit` members of all branches below `under` (itself included) on `day`, behind (branch, member)."""
    unit_id, member_id = after or (None, None)
    rows = conn.execute(
        f"""
        with recursive {SUBTREE}
        select s.member_id, m.code, s.unit_id, s.kind, s.status, m.birth_date, s.post
        from below b join member_span s using (unit_id) join member m using (member_id)
        where s.status <> all(%(endings)s)
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
          and (%(unit)s::uuid is null or (s.unit_id, s.member_id) > (%(unit)s::uuid, %(member)s::uuid))
        order by s.unit_id, s.member_id limit %(limit)s
        """,  # noqa: S608 - made of own constants
        {"under": under, "endings": sorted(ENDINGS), "day": day, "unit": unit_id, "member": member_id, "limit": limit},
    )
    found = msgspec.convert(rows.fetchall(), list[tuple[UUID, str, UUID, str, str, date, str | None]])
    return [
        RosterEntry(member, code, unit, kind, status, age_band(birth, day), post)
        for member, code, unit, kind, status, birth, post in found
    ]
