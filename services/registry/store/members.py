"""Members and their spans, as rows. Every statement here touches personal data; errors never quote it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain import names
from services.registry.domain.members import ENDINGS, Member, MemberSpan, Person
from services.registry.domain.roster import Entry, entry
from shared.db import Connection

_SELECT = "select m.member_id, m.code, m.full_name, m.birth_date, m.sex, m.ethnicity, m.phone from member m"


def load(conn: Connection, member_id: UUID) -> Member | None:
    """One member; None when there is none."""
    rows = conn.execute(f"{_SELECT} where m.member_id = %s", (member_id,)).fetchall()
    return next(iter(_with_spans(conn, rows)), None)


def lock(conn: Connection, member_id: UUID) -> None:
    """Let nobody else change a member until the transaction ends."""
    conn.execute("select 1 from member where member_id = %s for no key update", (member_id,)).fetchall()


def load_by_code(conn: Connection, codes: Sequence[str]) -> dict[str, Member]:
    """Those of the members with these codes that are kept here."""
    rows = conn.execute(f"{_SELECT} join unnest(%s::text[]) as given (code) using (code)", (list(codes),)).fetchall()
    return {member.code: member for member in _with_spans(conn, rows)}


def _with_spans(conn: Connection, rows: Sequence[tuple[object, ...]]) -> list[Member]:
    people = [
        (row[0], row[1], msgspec.convert(row[2:], tuple[str, date, str | None, str | None, str | None])) for row in rows
    ]
    ids = [member_id for member_id, _, _ in people]
    spans: dict[object, list[MemberSpan]] = defaultdict(list)
    for span in conn.execute(
        """
        select member_id, valid_from, valid_to, unit_id, kind, status, post
        from member_span where member_id = any(%s) order by member_id, valid_from
        """,
        (ids,),
    ):
        spans[span[0]].append(MemberSpan(*span[1:]))  # type: ignore[arg-type]  # written by save()
    return [
        Member(member_id, code, Person(*person), tuple(spans[member_id]))  # type: ignore[arg-type]  # written by save()
        for member_id, code, person in people
    ]


def add(conn: Connection, member: Member) -> bool:
    """Keep a new member; False when their code is taken."""
    person = member.person
    added = conn.execute(
        """
        insert into member (member_id, code, full_name, sort_key, birth_date, sex, ethnicity, phone)
        values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict (code) do nothing
        """,
        (
            member.member_id,
            member.code,
            person.full_name,
            names.sort_key(person.full_name),
            person.birth_date,
            person.sex,
            person.ethnicity,
            person.phone,
        ),
    )
    if added.rowcount:
        save_spans(conn, [member])
    return added.rowcount == 1


def save(conn: Connection, members: Sequence[Member]) -> None:
    """Keep `members` with these facts and spans, new or known."""
    people = [member.person for member in members]
    conn.execute(
        """
        insert into member (member_id, code, full_name, sort_key, birth_date, sex, ethnicity, phone)
        select * from unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::date[], %s::text[], %s::text[],
                             %s::text[])
        on conflict (member_id) do update
        set full_name = excluded.full_name, sort_key = excluded.sort_key, birth_date = excluded.birth_date,
            sex = excluded.sex, ethnicity = excluded.ethnicity, phone = excluded.phone
        """,
        (
            [member.member_id for member in members],
            [member.code for member in members],
            [person.full_name for person in people],
            [names.sort_key(person.full_name) for person in people],
            [person.birth_date for person in people],
            [person.sex for person in people],
            [person.ethnicity for person in people],
            [person.phone for person in people],
        ),
    )
    save_spans(conn, members)


def save_spans(conn: Connection, members: Sequence[Member]) -> None:
    """Keep the spans of known members, in place of those kept."""
    spans = [(member.member_id, span) for member in members for span in member.spans]
    conn.execute("delete from member_span where member_id = any(%s)", ([member.member_id for member in members],))
    conn.execute(
        """
        insert into member_span (member_id, valid_from, valid_to, unit_id, kind, status, post)
        select * from unnest(%s::uuid[], %s::date[], %s::date[], %s::uuid[], %s::text[], %s::text[], %s::text[])
        """,
        (
            [member_id for member_id, _ in spans],
            [span.valid_from for _, span in spans],
            [span.valid_to for _, span in spans],
            [span.unit_id for _, span in spans],
            [span.kind for _, span in spans],
            [span.status for _, span in spans],
            [span.post for _, span in spans],
        ),
    )


def stays_in(conn: Connection, unit_ids: Sequence[UUID]) -> list[tuple[UUID, MemberSpan]]:
    """Every stay in a roster of these units, with the member's id."""
    rows = conn.execute(
        """
        select member_id, valid_from, valid_to, unit_id, kind, status, post
        from member_span where unit_id = any(%s) and status <> all(%s)
        """,
        (list(unit_ids), sorted(ENDINGS)),
    )
    return [(row[0], MemberSpan(*row[1:])) for row in rows]  # type: ignore[arg-type,misc]  # written by save()


def rosters(conn: Connection, unit_ids: Sequence[UUID], day: date) -> dict[UUID, list[Entry]]:
    """The rosters of these units as they are published on `day`; an empty one where nobody stands."""
    found: dict[UUID, list[Entry]] = {unit_id: [] for unit_id in unit_ids}
    for row in conn.execute(
        """
        select s.member_id, m.birth_date, s.valid_from, s.valid_to, s.unit_id, s.kind, s.status, s.post
        from member_span s join member m using (member_id)
        where s.unit_id = any(%s) and s.status <> all(%s)
        order by s.member_id, s.valid_from
        """,
        (list(unit_ids), sorted(ENDINGS)),
    ):
        stay = MemberSpan(*row[2:])  # type: ignore[arg-type]  # written by save()
        found[stay.unit_id].append(entry(row[0], row[1], stay, day))  # type: ignore[arg-type]  # uuid, date
    return found
