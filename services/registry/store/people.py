"""Who members are, as sealed rows. Every statement here touches personal data; errors never quote it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain import names
from services.registry.domain.members import Member, Person
from services.registry.store.vault import Vault, WrappedKey
from shared.db import Connection
from shared.errors import Conflict, Text

SEALED: Final = "m.key_id, m.data_key, m.sealed"
"""The columns of `member m` that `opened` takes."""

_person = msgspec.json.Decoder(Person)


class Sealed(msgspec.Struct, frozen=True):
    """A person as the database holds them."""

    wrapped: WrappedKey
    sealed: bytes
    words: list[int]


def opened(
    vault: Vault, member_id: UUID, key_id: str | None, data_key: bytes | None, sealed: bytes | None
) -> Person | None:
    """The person of these columns; None when they were erased. Raises Locked."""
    if key_id is None or data_key is None or sealed is None:
        return None
    return _person.decode(vault.open(member_id, vault.unwrap(member_id, WrappedKey(key_id, data_key)), sealed))


def seal(vault: Vault, member_id: UUID, person: Person, key: tuple[bytes, WrappedKey] | None = None) -> Sealed:
    """`person` under the member's data key, plain and wrapped by the newest key; a new one where there is none."""
    plain, wrapped = key or vault.new_key(member_id)
    return Sealed(
        wrapped,
        vault.seal(member_id, plain, msgspec.json.encode(person)),
        vault.blind(names.folded(person.full_name)),
    )


def save(conn: Connection, vault: Vault, members: Sequence[Member]) -> None:
    """Keep who `members` are, new or known; who is known keeps their data key, so that what is sealed elsewhere opens.

    Raises Conflict when one of them was erased.
    """
    known = _keys_of(conn, vault, [member.member_id for member in members])
    rows = [
        (member, seal(vault, member.member_id, member.person, known.get(member.member_id)))
        for member in members
        if member.person is not None
    ]
    conn.execute(
        """
        insert into member (member_id, code, key_id, data_key, sealed, words)
        select member_id, code, key_id, data_key, sealed, words::bigint[]
        from unnest(%b::uuid[], %b::text[], %b::text[], %b::bytea[], %b::bytea[], %b::text[])
             as given (member_id, code, key_id, data_key, sealed, words)
        on conflict (member_id) do update
        set key_id = excluded.key_id, data_key = excluded.data_key, sealed = excluded.sealed, words = excluded.words
        """,
        (
            [member.member_id for member, _ in rows],
            [member.code for member, _ in rows],
            [sealed.wrapped.key_id for _, sealed in rows],
            [sealed.wrapped.key for _, sealed in rows],
            [sealed.sealed for _, sealed in rows],
            [array(sealed.words) for _, sealed in rows],
        ),
    )


def add(conn: Connection, vault: Vault, member: Member, person: Person) -> bool:
    """Keep a new member's person; False when their code or id is taken."""
    sealed = seal(vault, member.member_id, person)
    added = conn.execute(
        """
        insert into member (member_id, code, key_id, data_key, sealed, words) values (%s, %s, %s, %s, %s, %s::bigint[])
        on conflict do nothing
        """,
        (
            member.member_id,
            member.code,
            sealed.wrapped.key_id,
            sealed.wrapped.key,
            sealed.sealed,
            array(sealed.words),
        ),
    )
    return added.rowcount == 1


def births(conn: Connection, vault: Vault, member_ids: Iterable[UUID]) -> Mapping[UUID, date | None]:
    """The dates of birth of members by id; None of those erased."""
    found = persons(conn, vault, member_ids)
    return {member_id: person.birth_date if person else None for member_id, person in found.items()}


def persons(conn: Connection, vault: Vault, member_ids: Iterable[UUID]) -> Mapping[UUID, Person | None]:
    """Who these members are, by id; None of those erased."""
    rows = conn.execute(
        f"select m.member_id, {SEALED} from member m where m.member_id = any(%b)",  # noqa: S608 - own constant
        (list(member_ids),),
    )
    return {row[0]: opened(vault, *row) for row in rows}  # type: ignore[arg-type,misc]  # of these types by the table


def seal_changes(conn: Connection, vault: Vault, changes: Sequence[tuple[Member | None, Member]]) -> dict[UUID, bytes]:
    """For the audit trail: who each member that was somebody else before was and is, under the member's own key."""
    differing = [
        (before.person, after)
        for before, after in changes
        if before is not None and before.person is not None and before.person != after.person
    ]
    keys = _keys_of(conn, vault, [after.member_id for _, after in differing]) if differing else {}
    return {
        after.member_id: vault.seal(
            after.member_id,
            keys[after.member_id][0],
            msgspec.json.encode({"before": before, "after": after.person}),
            what=b"audit",
        )
        for before, after in differing
    }


def erase(conn: Connection, member_id: UUID, code: str) -> None:
    """Destroy the member's data key and all that it sealed here; their code becomes `code`."""
    conn.execute(
        """
        update member
        set code = %s, key_id = null, data_key = null, sealed = null, words = '{}', erased_at = clock_timestamp()
        where member_id = %s
        """,
        (code, member_id),
    )


def seal_as(conn: Connection, vault: Vault, member_id: UUID, plain: bytes, what: bytes) -> bytes:
    """`plain` under the member's own data key. Raises Conflict when they were erased."""
    key, _ = _keys_of(conn, vault, [member_id])[member_id]
    return vault.seal(member_id, key, plain, what=what)


def _keys_of(conn: Connection, vault: Vault, member_ids: Sequence[UUID]) -> dict[UUID, tuple[bytes, WrappedKey]]:
    """The data keys of known members by id, plain and wrapped by the newest key. Raises Conflict for one erased."""
    keys: dict[UUID, tuple[bytes, WrappedKey]] = {}
    for row in conn.execute("select member_id, key_id, data_key from member where member_id = any(%b)", (member_ids,)):
        member_id, key_id, data_key = msgspec.convert(row, tuple[UUID, str | None, bytes | None])
        if key_id is None or data_key is None:
            raise erased()
        wrapped = WrappedKey(key_id, data_key)
        plain = vault.unwrap(member_id, wrapped)
        keys[member_id] = plain, wrapped if key_id == vault.newest else vault.wrap(member_id, plain)
    return keys


def erased() -> Conflict:
    """What is said of a change of who an erased member is."""
    return Conflict(
        "member-erased",
        Text(
            "Thông tin cá nhân của đảng viên này đã bị xoá theo căn cứ pháp lý; không thể ghi lại vào hồ sơ đó. "
            "Nếu người đó trở lại, hãy đăng ký mới.",
            "The personal data of this member were erased on a legal ground and cannot be written into that record "
            "again. If the person comes back, register them anew.",
        ),
    )


def array(words: Sequence[int]) -> str:
    """Hashes of words as PostgreSQL writes an array."""
    return "{" + ",".join(map(str, words)) + "}"
