"""The service's own copy of rubrics, kept from evaluation.rubrics.v1 and guarded by their version.

Versions of rubrics never change, so a row's content is written once; which are in force, and until when, follows the
newest event. A version that is in force no more stays: meetings name it as the frame they were scored with.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

import msgspec

from services.meetings.domain.frames import Content, Kept, Rubric, RubricGone, Rubrics, Version
from shared.db import Connection
from shared.units.replica import Span

_encode = msgspec.json.Encoder()
_content = msgspec.json.Decoder(Content)
_Row = tuple[UUID, int, UUID | None, bool, str, date, date | None, str]


def apply(conn: Connection, events: Sequence[Rubric | RubricGone]) -> int:
    """Keep what is newer than the copies, in the order of `events`; returns how many changed something.

    A rubric that is gone comes back with an event that is newer than its last.
    """
    if not events:
        return 0
    rows = conn.execute(
        "select rubric_id, version, gone from rubric where rubric_id = any(%s)",
        ([event.rubric_id for event in events],),
    )
    known = {
        rubric_id: (version, gone)
        for rubric_id, version, gone in msgspec.convert(rows.fetchall(), list[tuple[UUID, int, bool]])
    }
    newest: dict[UUID, Rubric] = {}
    changed = 0
    for event in events:
        version, gone = known.get(event.rubric_id, (0, False))
        if isinstance(event, Rubric):
            if event.version > version:
                newest[event.rubric_id] = event
                known[event.rubric_id] = event.version, False
                changed += 1
        elif version and not gone:
            known[event.rubric_id] = version, True
            changed += 1
    if changed:
        _write(conn, newest, {rubric_id for rubric_id, (_, gone) in known.items() if gone})
    return changed


def _write(conn: Connection, newest: dict[UUID, Rubric], gone: set[UUID]) -> None:
    """In the order of ids, so that two workers lock rows alike."""
    ordered = [newest[rubric_id] for rubric_id in sorted(newest)]
    conn.execute(
        """
        insert into rubric (rubric_id, version, owner_id)
        select * from unnest(%s::uuid[], %s::bigint[], %s::uuid[])
        on conflict (rubric_id) do update
        set version = excluded.version, owner_id = excluded.owner_id, gone = false
        where rubric.version < excluded.version
        """,
        (
            [rubric.rubric_id for rubric in ordered],
            [rubric.version for rubric in ordered],
            [rubric.owner_id for rubric in ordered],
        ),
    )
    conn.execute("update rubric set gone = true where rubric_id = any(%s)", (sorted(gone),))
    conn.execute(
        "update rubric_version set in_force = false where rubric_id = any(%s) and in_force",
        (sorted(newest.keys() | gone),),
    )
    versions = [
        (rubric.rubric_id, one) for rubric in ordered if rubric.rubric_id not in gone for one in rubric.versions
    ]
    conn.execute(
        """
        insert into rubric_version (rubric_id, version, sheet, valid_from, valid_to, content, in_force)
        select *, true from unnest(%s::uuid[], %s::int[], %s::text[], %s::date[], %s::date[], %s::text[])
        on conflict (rubric_id, version) do update set valid_to = excluded.valid_to, in_force = true
        """,
        (
            [rubric_id for rubric_id, _ in versions],
            [one.version for _, one in versions],
            [one.sheet for _, one in versions],
            [one.valid_from for _, one in versions],
            [one.valid_to for _, one in versions],
            [_text(one) for _, one in versions],
        ),
    )


def _text(version: Version) -> str:
    told = {name: getattr(version, name) for name in Content.__struct_fields__}
    return _encode.encode(told).decode()


def of(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, Rubrics]:
    """What each of `unit_ids` may be scored by: national rubrics, and those of units that ever stood above them."""
    rows = msgspec.convert(
        conn.execute(
            """
            with recursive above (unit_id) as (
                select unnest(%s::uuid[])
                union
                select s.parent_id from above join unit_span s using (unit_id) where s.parent_id is not null
            )
            select v.rubric_id, v.version, r.owner_id, v.in_force, v.sheet, v.valid_from, v.valid_to, v.content
            from rubric r join rubric_version v using (rubric_id)
            where r.owner_id is null or r.owner_id in (select unit_id from above)
            order by v.valid_from, v.rubric_id, v.version
            """,
            (list(unit_ids),),
        ).fetchall(),
        list[_Row],
    )
    versions = tuple(_kept(row) for row in rows)
    spans = _spans_above(conn, unit_ids) if any(one.owner_id is not None for one in versions) else {}
    return {unit_id: Rubrics(unit_id, versions, spans) for unit_id in unit_ids}


def _kept(row: _Row) -> Kept:
    rubric_id, version, owner_id, in_force, sheet, valid_from, valid_to, content = row
    return Kept(
        rubric_id=rubric_id,
        version=version,
        owner_id=owner_id,
        in_force=in_force,
        sheet=sheet,
        valid_from=valid_from,
        valid_to=valid_to,
        content=_decoded(content),
    )


@lru_cache(maxsize=512)
def _decoded(text: str) -> Content:
    """Read every time, and taken apart only when it is not one of the last."""
    return _content.decode(text)


def _spans_above(conn: Connection, unit_ids: Collection[UUID]) -> dict[UUID, tuple[Span, ...]]:
    """The spans of `unit_ids` and of every unit that ever stood above them, each unit's in order."""
    rows = conn.execute(
        """
        with recursive above (unit_id) as (
            select unnest(%s::uuid[])
            union
            select s.parent_id from above join unit_span s using (unit_id) where s.parent_id is not null
        )
        select unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type
        from unit_span join above using (unit_id) order by unit_id, valid_from
        """,
        (list(unit_ids),),
    )
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type in msgspec.convert(
        rows.fetchall(), list[tuple[UUID, date, date | None, str, str, UUID | None, str, str | None]]
    ):
        found[unit_id].append(Span(valid_from, valid_to, kind, level, parent_id, name, branch_type))
    return {unit_id: tuple(spans) for unit_id, spans in found.items()}
