"""Members and rosters as they are on a day."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain import names
from services.registry.domain.members import ENDINGS, Person
from services.registry.domain.roster import age_band
from services.registry.store import people
from services.registry.store.members import STAYS
from services.registry.store.vault import Vault
from services.registry.views.units import SUBTREE
from shared.db import Connection

_HIDDEN: Final = dict.fromkeys(("birth_date", "sex", "ethnicity", "phone", "card_number", "address"))
_ON_DAY: Final = "s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)"


class MemberOnDay(msgspec.Struct, frozen=True):
    """A member of a branch on a day. The person's particulars are None where the reader may not see them.

    The name is None when the person was erased.
    """

    member_id: UUID
    code: str
    full_name: str | None
    kind: str
    status: str
    post: str | None
    agency: str | None
    valid_from: date
    valid_to: date | None
    birth_date: date | None
    sex: str | None
    ethnicity: str | None
    phone: str | None
    card_number: str | None
    address: str | None


class RosterEntry(msgspec.Struct, frozen=True):
    """A member of a branch on a day, without anything that tells who they are."""

    member_id: UUID
    code: str
    unit_id: UUID
    kind: str
    status: str
    age_band: str | None
    post: str | None
    agency: str | None


def order(name: str | None, member_id: UUID) -> tuple[str, UUID]:
    """The place of a member in a list: the Vietnamese order of names; those whose name was erased come last."""
    return ("~" if name is None else names.sort_key(name), member_id)


def members_on(
    conn: Connection,
    vault: Vault,
    unit_id: UUID,
    day: date,
    after: UUID | None,
    limit: int,
    readable: Callable[[Collection[UUID]], Collection[UUID]],
) -> list[MemberOnDay]:
    """Up to `limit` members of a branch on `day`, in Vietnamese order of names, behind the member `after`.

    A branch is small: all of its names are opened and put in order. `readable` says whose particulars are shown.
    """
    rows = conn.execute(
        f"""
        with {STAYS}
        select m.member_id, m.code, s.kind, s.status, s.post, s.agency, s.valid_from, s.valid_to, {people.SEALED}
        from stay s join member m using (member_id) where s.unit_id = %(unit)s and {_ON_DAY}
        """,  # noqa: S608 - made of own constants
        {"unit": unit_id, "endings": sorted(ENDINGS), "day": day},
    )
    found = []
    for row in rows:
        member_id, code, *place = row[:8]
        person = people.opened(vault, member_id, *row[8:])  # type: ignore[arg-type]  # SEALED
        name = person.full_name if person else None
        found.append(MemberOnDay(member_id, code, name, *place, *_particulars(person)))  # type: ignore[arg-type]  # of these types
    found.sort(key=lambda one: order(one.full_name, one.member_id))
    if after is not None:
        behind = order(_name_of(conn, vault, unit_id, after), after)
        found = [one for one in found if order(one.full_name, one.member_id) > behind]
    page = found[:limit]
    shown = readable([one.member_id for one in page])
    return [one if one.member_id in shown else msgspec.structs.replace(one, **_HIDDEN) for one in page]


def _particulars(person: Person | None) -> Sequence[object]:
    if person is None:
        return [None] * 6
    return [person.birth_date, person.sex, person.ethnicity, person.phone, person.card_number, person.address]


def _name_of(conn: Connection, vault: Vault, unit_id: UUID, member_id: UUID) -> str | None:
    # Of who ever stood in the branch only: a cursor made up must not tell where a stranger's name would stand.
    query = f"""
        with {STAYS}
        select m.member_id, {people.SEALED} from member m
        where m.member_id = %(member)s and exists (
            select from stay s where s.member_id = m.member_id and s.unit_id = %(unit)s)
        """  # noqa: S608 - made of own constants
    row = conn.execute(query, {"member": member_id, "unit": unit_id, "endings": sorted(ENDINGS)}).fetchone()
    person = people.opened(vault, *row) if row else None  # type: ignore[arg-type]  # SEALED
    return person.full_name if person else None


def rosters_on(
    conn: Connection, vault: Vault, under: UUID, day: date, after: tuple[UUID, UUID] | None, limit: int
) -> list[RosterEntry]:
    """Up to `limit` members of all branches below `under` (itself included) on `day`, behind (branch, member)."""
    unit_id, member_id = after or (None, None)
    rows = conn.execute(
        f"""
        with recursive {SUBTREE}, {STAYS}
        select s.member_id, m.code, s.unit_id, s.kind, s.status, s.post, s.agency
        from below b join stay s using (unit_id) join member m using (member_id)
        where {_ON_DAY}
          and (%(unit)s::uuid is null or (s.unit_id, s.member_id) > (%(unit)s::uuid, %(member)s::uuid))
        order by s.unit_id, s.member_id limit %(limit)s
        """,  # noqa: S608 - made of own constants
        {"under": under, "endings": sorted(ENDINGS), "day": day, "unit": unit_id, "member": member_id, "limit": limit},
    )
    found = msgspec.convert(rows.fetchall(), list[tuple[UUID, str, UUID, str, str, str | None, str | None]])
    births = people.births(conn, vault, {row[0] for row in found})
    return [
        RosterEntry(member, code, unit, kind, status, age_band(births[member], day), post, agency)
        for member, code, unit, kind, status, post, agency in found
    ]
