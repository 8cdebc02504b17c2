"""Members found by their names: the blind index gives candidates, which are opened and compared."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec
from psycopg import sql

from services.registry.domain import names
from services.registry.store import people, reach
from services.registry.store.vault import Vault
from services.registry.views.members import order
from shared.db import Connection
from shared.errors import Fault, Text, Unprocessable

MOST_CANDIDATES: Final = 2000
TOO_MANY: Final = Fault(
    "name",
    "too-many-found",
    Text(
        f"Có hơn {MOST_CANDIDATES} đảng viên mang các từ này. Hãy gõ thêm chữ trong họ tên, hoặc tìm trong đơn vị nhỏ "
        "hơn.",
        f"More than {MOST_CANDIDATES} members bear these words. Add a word of the name, or search a smaller unit.",
    ),
)


class Found(msgspec.Struct, frozen=True):
    """A member found by name, where they stand today or last stood."""

    member_id: UUID
    code: str
    full_name: str
    birth_date: date
    unit_id: UUID
    kind: str
    status: str
    marks_match: bool


def by_name(conn: Connection, vault: Vault, name: str, under: UUID, day: date) -> list[Found]:
    """Members who belong below `under` on `day` and in whose name every word of `name` stands, in any order.

    Those whose words match with all marks come first, then by Vietnamese order of names. Raises Unprocessable when
    more than MOST_CANDIDATES may be meant: each of them would be opened for every page.
    """
    wanted, folded = names.words(name), names.folded(name)
    # While keys are rotated, members are indexed under either.
    tests = sql.SQL(" or ").join(
        sql.SQL("(m.key_id = {} and m.words @> {}::bigint[])").format(
            sql.Literal(key_id), sql.Literal(people.array(vault.blind(folded, key_id)))
        )
        for key_id in vault.key_ids
    )
    query = sql.SQL(
        """
        select m.member_id, m.code, place.unit_id, place.kind, place.status, m.key_id, m.data_key, m.sealed
        from member m
        cross join lateral (
            select unit_id, kind, status from member_span s where s.member_id = m.member_id
            order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
        ) place
        where ({}) and place.unit_id = any(%(units)b) limit %(most)s
        """
    ).format(tests)
    rows = conn.execute(
        query,
        {"day": day, "units": list(reach.covered(conn, frozenset([under]), day)), "most": MOST_CANDIDATES + 1},
    ).fetchall()
    if len(rows) > MOST_CANDIDATES:
        raise Unprocessable.of([TOO_MANY])
    found = []
    for row in rows:
        member_id, code, unit_id, kind, status = msgspec.convert(row[:5], tuple[UUID, str, UUID, str, str])
        person = people.opened(vault, member_id, *row[5:])  # type: ignore[arg-type]  # SEALED
        if person is None or not set(folded) <= set(names.folded(person.full_name)):
            continue
        marks = set(wanted) <= set(names.words(person.full_name))
        found.append(Found(member_id, code, person.full_name, person.birth_date, unit_id, kind, status, marks))
    return sorted(found, key=lambda one: (not one.marks_match, order(one.full_name, one.member_id)))


def behind(found: Sequence[Found], member_id: UUID | None) -> Sequence[Found]:
    """Those behind the member `member_id` (None: all); all, when that one is not among them any more."""
    place = next((number for number, one in enumerate(found, 1) if one.member_id == member_id), 0)
    return found[place:]
