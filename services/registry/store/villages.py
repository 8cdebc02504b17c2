"""Villages and their spans, as rows."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.members import ENDINGS
from services.registry.domain.villages import Days, Village, VillageSpan
from shared.db import Connection

_SELECT = """
    select v.village_id, v.code, s.valid_from, s.valid_to, s.name, s.unit_id, s.branch_id, s.head, s.head_member_id,
           s.branch_elsewhere
    from village v join village_span s using (village_id)
"""


def load_of_units(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, Village]:
    """Every village any of whose spans names one of these units, as its organisation or as its branch."""
    return _villages(
        conn.execute(
            f"""
            {_SELECT}
            where v.village_id in (
                select village_id from village_span where unit_id = any(%(units)s)
                union select village_id from village_span where branch_id = any(%(units)s)
            )
            order by v.village_id, s.valid_from
            """,  # noqa: S608 - made of this module's own constants
            {"units": list(unit_ids)},
        ).fetchall()
    )


def load(conn: Connection, village_ids: Collection[UUID]) -> dict[UUID, Village]:
    """Those of the villages named that are kept here."""
    return _villages(
        conn.execute(
            f"{_SELECT} where v.village_id = any(%s) order by v.village_id, s.valid_from", (list(village_ids),)
        ).fetchall()
    )


def lock(conn: Connection, village_ids: Collection[UUID]) -> dict[UUID, Village]:
    """The villages named, which nobody else can change until the transaction ends."""
    conn.execute(
        "select 1 from village where village_id = any(%s) order by village_id for no key update", (list(village_ids),)
    ).fetchall()
    return load(conn, village_ids)


def add(conn: Connection, village: Village) -> bool:
    """Keep a new village; False when its code or id is taken."""
    added = conn.execute(
        "insert into village (village_id, code) values (%s, %s) on conflict do nothing returning 1",
        (village.village_id, village.code),
    ).fetchone()
    if added is None:
        return False
    _save_spans(conn, [village])
    return True


def save(conn: Connection, villages: Collection[Village]) -> None:
    """Keep these villages with exactly these spans, new or known."""
    conn.execute(
        """
        insert into village (village_id, code)
        select village_id, code from unnest(%s::uuid[], %s::text[]) as given (village_id, code) order by village_id
        on conflict (village_id) do update set code = excluded.code
        """,
        ([village.village_id for village in villages], [village.code for village in villages]),
    )
    conn.execute("delete from village_span where village_id = any(%s)", ([village.village_id for village in villages],))
    _save_spans(conn, villages)


def advance(conn: Connection, village_ids: Collection[UUID]) -> dict[UUID, int]:
    """Lock these villages, in the order of ids, and return each one's next version."""
    lock_rows = "select 1 from village where village_id = any(%s) order by village_id for no key update"
    conn.execute(lock_rows, (list(village_ids),)).fetchall()
    rows = conn.execute(
        "update village set version = version + 1 where village_id = any(%s) returning village_id, version",
        (list(village_ids),),
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))


def remove(conn: Connection, village_ids: Collection[UUID]) -> None:
    """Keep these villages no longer: they were made by what is taken back."""
    conn.execute("delete from village_span where village_id = any(%s)", (list(village_ids),))
    conn.execute("delete from village where village_id = any(%s)", (list(village_ids),))


def stays_of(conn: Connection, member_ids: Collection[UUID]) -> dict[UUID, list[Days]]:
    """The days on which each of these members stands in a roster."""
    rows = conn.execute(
        "select member_id, valid_from, valid_to from member_span where member_id = any(%s) and status <> all(%s)",
        (list(member_ids), sorted(ENDINGS)),
    ).fetchall()
    found: dict[UUID, list[Days]] = defaultdict(list)
    for member_id, valid_from, valid_to in msgspec.convert(rows, list[tuple[UUID, date, date | None]]):
        found[member_id].append(Days(valid_from, valid_to))
    return found


def _save_spans(conn: Connection, villages: Collection[Village]) -> None:
    spans = [(village.village_id, span) for village in villages for span in village.spans]
    conn.execute(
        """
        insert into village_span
            (village_id, valid_from, valid_to, name, unit_id, branch_id, head, head_member_id, branch_elsewhere)
        select * from unnest(%s::uuid[], %s::date[], %s::date[], %s::text[], %s::uuid[], %s::uuid[], %s::text[],
                             %s::uuid[], %s::boolean[])
        """,
        (
            [village_id for village_id, _ in spans],
            [span.valid_from for _, span in spans],
            [span.valid_to for _, span in spans],
            [span.name for _, span in spans],
            [span.unit_id for _, span in spans],
            [span.branch_id for _, span in spans],
            [span.head for _, span in spans],
            [span.head_member_id for _, span in spans],
            [span.branch_elsewhere for _, span in spans],
        ),
    )


def _villages(rows: Sequence[tuple[object, ...]]) -> dict[UUID, Village]:
    codes: dict[UUID, str] = {}
    spans: dict[UUID, list[VillageSpan]] = defaultdict(list)
    for village_id, code, *span in rows:
        codes[village_id] = code  # type: ignore[index,assignment]  # written by save()
        spans[village_id].append(VillageSpan(*span))  # type: ignore[index,arg-type]  # written by save()
    return {village_id: Village(village_id, code, tuple(spans[village_id])) for village_id, code in codes.items()}
