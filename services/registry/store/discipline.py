"""Discipline of members, as rows: the day in plain, form and decision sealed."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.discipline import Discipline, Particulars
from services.registry.store import people
from services.registry.store.vault import Vault, WrappedKey
from shared.db import Connection

_WHAT: Final = b"discipline"
_particulars = msgspec.json.Decoder(Particulars)


def add(conn: Connection, vault: Vault, record: Discipline) -> bool:
    """Keep a new record, which has particulars; False when its id is taken. Raises Conflict of an erased member."""
    sealed = people.seal_as(conn, vault, record.member_id, msgspec.json.encode(record.particulars), _WHAT)
    added = conn.execute(
        """
        insert into discipline (discipline_id, member_id, on_day, sealed) values (%s, %s, %s, %s)
        on conflict do nothing
        """,
        (record.discipline_id, record.member_id, record.on, sealed),
    )
    return added.rowcount == 1


def withdraw(conn: Connection, discipline_id: UUID) -> None:
    """Take a record back."""
    conn.execute("update discipline set withdrawn_at = clock_timestamp() where discipline_id = %s", (discipline_id,))


def of_member(conn: Connection, vault: Vault, member_id: UUID) -> list[Discipline]:
    """Every record of a member, the latest day first; without particulars once the member was erased."""
    rows = conn.execute(
        """
        select d.discipline_id, d.on_day, d.sealed, d.withdrawn_at, m.key_id, m.data_key
        from discipline d join member m using (member_id)
        where d.member_id = %s order by d.on_day desc, d.recorded_at desc
        """,
        (member_id,),
    ).fetchall()
    found = []
    for discipline_id, on, sealed, withdrawn_at, key_id, data_key in msgspec.convert(
        rows, list[tuple[UUID, date, bytes, datetime | None, str | None, bytes | None]]
    ):
        particulars = None
        if key_id is not None and data_key is not None:
            key = vault.unwrap(member_id, WrappedKey(key_id, data_key))
            particulars = _particulars.decode(vault.open(member_id, key, sealed, what=_WHAT))
        found.append(Discipline(discipline_id, member_id, on, particulars, withdrawn_at))
    return found


def counts(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, list[tuple[date, int]]]:
    """How many members of each of these branches were disciplined, by day; what was taken back does not count.

    A member counts in the branch they belonged to on the day, those whom the decision removed too.
    """
    rows = conn.execute(
        """
        select s.unit_id, d.on_day, count(distinct d.member_id)::int
        from discipline d join member_span s on s.member_id = d.member_id
             and s.valid_from <= d.on_day and (s.valid_to is null or d.on_day < s.valid_to)
        where s.unit_id = any(%s) and d.withdrawn_at is null
        group by s.unit_id, d.on_day order by s.unit_id, d.on_day
        """,
        (list(unit_ids),),
    ).fetchall()
    found: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    for unit_id, on, members in msgspec.convert(rows, list[tuple[UUID, date, int]]):
        found[unit_id].append((on, members))
    return found
