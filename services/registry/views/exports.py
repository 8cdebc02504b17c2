"""Units, villages and members of a subtree with their whole history, as the rows of a sheet: what can come in again."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from services.registry.domain.cells import Value
from services.registry.domain.members import ENDINGS
from services.registry.store import people
from services.registry.store.vault import Vault
from services.registry.views.units import SUBTREE
from shared.db import Connection

Row = dict[str, Value]
_BATCH: Final = 2000


def units(conn: Connection, under: UUID, day: date) -> Iterator[Row]:
    """Every span of the units that stand in the subtree of `under` on `day`, by code."""
    fields = ("code", "parent_code", "kind", "level", "name", "branch_type", "valid_from", "valid_to")
    with conn.cursor(name="export_units") as rows:
        rows.itersize = _BATCH
        rows.execute(
            f"""
            with recursive {SUBTREE}
            select u.code, p.code, s.kind, s.level, s.name, s.branch_type, s.valid_from, s.valid_to
            from below b join unit u using (unit_id) join unit_span s using (unit_id)
                 left join unit p on p.unit_id = s.parent_id
            order by u.code, s.valid_from
            """,  # noqa: S608 - made of own constants
            {"under": under, "day": day},
        )
        for row in rows:
            yield _row(fields, row)


def villages(conn: Connection, under: UUID, day: date) -> Iterator[Row]:
    """Every span of the villages that on `day` belong to a unit of the subtree of `under`, by code."""
    fields = (
        "code", "name", "unit_code", "branch_code", "branch_elsewhere", "head", "head_code", "valid_from", "valid_to",
    )  # fmt: skip
    with conn.cursor(name="export_villages") as rows:
        rows.itersize = _BATCH
        rows.execute(
            f"""
            with recursive {SUBTREE}
            select v.code, s.name, u.code, b.code, case when s.branch_elsewhere then 'true' end, s.head, m.code,
                   s.valid_from, s.valid_to
            from village v join village_span s using (village_id) join unit u on u.unit_id = s.unit_id
                 left join unit b on b.unit_id = s.branch_id left join member m on m.member_id = s.head_member_id
            where v.village_id in (
                select s.village_id from below join village_span s using (unit_id)
                where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to))
            order by v.code, s.valid_from
            """,  # noqa: S608 - made of own constants
            {"under": under, "day": day},
        )
        for row in rows:
            yield _row(fields, row)


def members_under(conn: Connection, under: UUID, day: date) -> list[UUID]:
    """The members who on `day` stand in branches of the subtree, by branch and code; erased ones are left out."""
    rows = conn.execute(
        f"""
        with recursive {SUBTREE}
        select m.member_id
        from below b join member_span s using (unit_id) join member m using (member_id) join unit u using (unit_id)
        where s.status <> all(%(endings)s) and m.erased_at is null
          and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        order by u.code, m.code
        """,  # noqa: S608 - made of own constants
        {"under": under, "day": day, "endings": sorted(ENDINGS)},
    ).fetchall()
    return [member_id for (member_id,) in msgspec.convert(rows, list[tuple[UUID]])]


def members(conn: Connection, vault: Vault, member_ids: Sequence[UUID]) -> Iterator[Row]:
    """Every span of these members, in their order, with who they are."""
    fields = ("unit_code", "kind", "status", "post", "agency", "valid_from", "valid_to")
    for start in range(0, len(member_ids), _BATCH):
        rows = conn.execute(
            f"""
            select m.member_id, {people.SEALED}, m.code, u.code, s.kind, s.status, s.post, s.agency, s.valid_from,
                   s.valid_to
            from unnest(%b::uuid[]) with ordinality as given (member_id, place) join member m using (member_id)
                 join member_span s using (member_id) join unit u on u.unit_id = s.unit_id
            order by given.place, s.valid_from
            """,  # noqa: S608 - made of own constants
            (list(member_ids[start : start + _BATCH]),),
        )
        opened: tuple[object, Row] = (None, {})
        for member_id, key_id, data_key, sealed, code, *standing in rows:
            if opened[0] != member_id:
                person = people.opened(vault, member_id, key_id, data_key, sealed)  # type: ignore[arg-type]  # by the table
                if person is None:
                    continue
                opened = member_id, msgspec.structs.asdict(person)
            yield opened[1] | {"code": str(code)} | _row(fields, standing)


def _row(fields: Sequence[str], values: Sequence[object]) -> Row:
    return dict(zip(fields, values, strict=True))  # type: ignore[arg-type]  # texts and days by the statement
