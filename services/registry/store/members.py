"""Members and their spans, as rows; who they are is opened and sealed by store/people.py."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.ethnicity import Group, counted, group_of
from services.registry.domain.members import ENDINGS, GuestStay, Member, MemberSpan
from services.registry.domain.roster import Disciplined, Entry, Roster, entry
from services.registry.store import discipline, people
from services.registry.store.vault import Vault
from shared.db import Connection

_SELECT: Final = f"select m.member_id, m.code, m.erased_at, {people.SEALED} from member m"  # noqa: S608 - own constant
_SPAN: Final = "valid_from, valid_to, unit_id, kind, status, post, agency"

STAYS: Final = f"""
    stay (member_id, {_SPAN}) as not materialized (
        select member_id, {_SPAN} from member_span where status <> all(%(endings)s)
        union all
        select g.member_id, greatest(g.valid_from, s.valid_from), least(g.valid_to, s.valid_to), g.unit_id,
               s.kind, 'received_temporarily', null, s.agency
        from guest_stay g join member_span s using (member_id)
        where s.valid_from < coalesce(g.valid_to, 'infinity') and g.valid_from < coalesce(s.valid_to, 'infinity')
    )
"""  # noqa: S608 - made of this module's own constants
"""Every stay in a branch's roster, those as a guest too, for a `with`; `endings` is bound."""


def load(conn: Connection, vault: Vault, member_id: UUID) -> Member | None:
    """One member; None when there is none."""
    return next(iter(_opened(conn, vault, conn.execute(f"{_SELECT} where m.member_id = %s", (member_id,)))), None)


def lock(conn: Connection, member_id: UUID) -> None:
    """Let nobody else change a member until the transaction ends."""
    conn.execute("select 1 from member where member_id = %s for no key update", (member_id,)).fetchall()


def load_by_code(conn: Connection, vault: Vault, codes: Sequence[str]) -> dict[str, Member]:
    """Those of the members with these codes that are kept here."""
    rows = conn.execute(f"{_SELECT} join unnest(%s::text[]) as given (code) using (code)", (list(codes),))
    return {member.code: member for member in _opened(conn, vault, rows)}


def load_spans(conn: Connection, member_ids: Sequence[UUID]) -> dict[UUID, Member]:
    """Those of the members that are kept here, by id, without who they are: nothing is opened."""
    rows = conn.execute(
        "select member_id, code, erased_at from member where member_id = any(%s)", (list(member_ids),)
    ).fetchall()
    spans, guests = _spans(conn, member_ids)
    return {
        member_id: Member(member_id, code, None, tuple(spans[member_id]), tuple(guests[member_id]), erased_at)
        for member_id, code, erased_at in msgspec.convert(rows, list[tuple[UUID, str, datetime | None]])
    }


def _opened(conn: Connection, vault: Vault, rows: Iterable[tuple[object, ...]]) -> list[Member]:
    found = list(rows)
    spans, guests = _spans(conn, [row[0] for row in found])  # type: ignore[misc]  # uuid
    return [
        Member(
            row[0],  # type: ignore[arg-type]  # uuid
            row[1],  # type: ignore[arg-type]  # text
            people.opened(vault, row[0], *row[3:]),  # type: ignore[arg-type]  # SEALED
            tuple(spans[row[0]]),  # type: ignore[index]  # uuid
            tuple(guests[row[0]]),  # type: ignore[index]  # uuid
            row[2],  # type: ignore[arg-type]  # timestamptz
        )
        for row in found
    ]


def _spans(
    conn: Connection, member_ids: Sequence[UUID]
) -> tuple[dict[UUID, list[MemberSpan]], dict[UUID, list[GuestStay]]]:
    spans: dict[UUID, list[MemberSpan]] = defaultdict(list)
    guests: dict[UUID, list[GuestStay]] = defaultdict(list)
    ids = list(member_ids)
    query = f"select member_id, {_SPAN} from member_span where member_id = any(%s) order by member_id, valid_from"  # noqa: S608 - own constant
    for span in conn.execute(query, (ids,)):
        spans[span[0]].append(MemberSpan(*span[1:]))  # type: ignore[arg-type,index]  # written by save_spans()
    query = "select member_id, valid_from, valid_to, unit_id from guest_stay where member_id = any(%s) order by 1, 2"
    for guest in conn.execute(query, (ids,)):
        guests[guest[0]].append(GuestStay(*guest[1:]))  # type: ignore[arg-type,index]  # written by save_spans()
    return spans, guests


def add(conn: Connection, vault: Vault, member: Member) -> bool:
    """Keep a new member, who has a person; False when their code or id is taken."""
    assert member.person is not None
    added = people.add(conn, vault, member, member.person)
    if added:
        save_spans(conn, [member])
    return added


def save(conn: Connection, vault: Vault, members: Sequence[Member]) -> None:
    """Keep `members` with these facts and spans, new or known. Raises Conflict when one of them was erased."""
    people.save(conn, vault, members)
    save_spans(conn, members)


def save_spans(conn: Connection, members: Sequence[Member]) -> None:
    """Keep the spans of known members, those as guests too, in place of those kept."""
    ids = [member.member_id for member in members]
    spans = [(member.member_id, span) for member in members for span in member.spans]
    guests = [(member.member_id, stay) for member in members for stay in member.guest_stays]
    conn.execute("delete from member_span where member_id = any(%s)", (ids,))
    conn.execute(
        """
        insert into member_span (member_id, valid_from, valid_to, unit_id, kind, status, post, agency)
        select * from unnest(%b::uuid[], %s::date[], %s::date[], %b::uuid[], %b::text[], %b::text[], %b::text[],
                             %b::text[])
        """,
        (
            [member_id for member_id, _ in spans],
            [span.valid_from for _, span in spans],
            [span.valid_to for _, span in spans],
            [span.unit_id for _, span in spans],
            [span.kind for _, span in spans],
            [span.status for _, span in spans],
            [span.post for _, span in spans],
            [span.agency for _, span in spans],
        ),
    )
    conn.execute("delete from guest_stay where member_id = any(%s)", (ids,))
    conn.execute(
        """
        insert into guest_stay (member_id, valid_from, valid_to, unit_id)
        select * from unnest(%s::uuid[], %s::date[], %s::date[], %s::uuid[])
        """,
        (
            [member_id for member_id, _ in guests],
            [stay.valid_from for _, stay in guests],
            [stay.valid_to for _, stay in guests],
            [stay.unit_id for _, stay in guests],
        ),
    )


def stays_in(conn: Connection, unit_ids: Sequence[UUID]) -> list[tuple[UUID, MemberSpan]]:
    """Every stay in a roster of these units, those as a guest too, with the member's id."""
    rows = conn.execute(
        f"with {STAYS} select member_id, {_SPAN} from stay where unit_id = any(%(units)s) order by 1, 2",  # noqa: S608 - own constants
        {"units": list(unit_ids), "endings": sorted(ENDINGS)},
    )
    return [(row[0], MemberSpan(*row[1:])) for row in rows]  # type: ignore[arg-type,misc]  # written by save_spans()


def rosters(
    conn: Connection, vault: Vault, unit_ids: Sequence[UUID], day: date, majority: Collection[str]
) -> dict[UUID, Roster]:
    """The rosters of these units as they are published on `day`; an empty one where nobody stands.

    `majority` is how the ethnic group of the majority is written, in lower case.
    """
    entries: dict[UUID, list[Entry]] = {unit_id: [] for unit_id in unit_ids}
    groups: dict[UUID, list[tuple[MemberSpan, Group | None]]] = {unit_id: [] for unit_id in unit_ids}
    stays = stays_in(conn, unit_ids)
    persons = people.persons(conn, vault, {member_id for member_id, _ in stays})
    for member_id, stay in stays:
        person = persons[member_id]
        entries[stay.unit_id].append(entry(member_id, person.birth_date if person else None, stay, day))
        groups[stay.unit_id].append((stay, group_of(person.ethnicity if person else None, majority)))
    disciplined = discipline.counts(conn, unit_ids)
    return {
        unit_id: Roster(
            entries[unit_id],
            counted(groups[unit_id]),
            [Disciplined(on, members) for on, members in disciplined.get(unit_id, ())],
        )
        for unit_id in unit_ids
    }
