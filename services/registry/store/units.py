"""Units and their spans, as rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from services.registry.domain.units import Unit, UnitSpan
from shared.db import Connection

_SPAN_ROW = tuple[UUID, date, date | None, str, str, UUID | None, str, str | None]


def load_tree(conn: Connection) -> dict[UUID, Unit]:
    """Every unit by its id. A province's 6,000 units take some 50 ms; units change a few times a week."""
    codes = msgspec.convert(
        conn.execute("select unit_id, code from unit where code is not null").fetchall(), list[tuple[UUID, str]]
    )
    return _with_spans(
        codes,
        conn.execute(
            """
            select unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type
            from unit_span order by unit_id, valid_from
            """
        ).fetchall(),
    )


def load(conn: Connection, unit_ids: Sequence[UUID]) -> dict[UUID, Unit]:
    """Those of the units named that are kept here, by id."""
    codes = msgspec.convert(
        conn.execute(
            "select unit_id, code from unit where unit_id = any(%s) and code is not null", (list(unit_ids),)
        ).fetchall(),
        list[tuple[UUID, str]],
    )
    return _with_spans(
        codes,
        conn.execute(
            """
            select unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type
            from unit_span where unit_id = any(%s) order by unit_id, valid_from
            """,
            (list(unit_ids),),
        ).fetchall(),
    )


def _with_spans(codes: Sequence[tuple[UUID, str]], rows: Sequence[tuple[object, ...]]) -> dict[UUID, Unit]:
    spans: dict[UUID, list[UnitSpan]] = defaultdict(list)
    for row in msgspec.convert(rows, list[_SPAN_ROW]):
        spans[row[0]].append(_span(row))
    return {unit_id: Unit(unit_id, code, tuple(spans[unit_id])) for unit_id, code in codes}


def _span(row: _SPAN_ROW) -> UnitSpan:
    _, valid_from, valid_to, kind, level, parent_id, name, branch_type = row
    return UnitSpan(valid_from, valid_to, kind, level, parent_id, name, branch_type)  # type: ignore[arg-type]  # written by save()


def save(conn: Connection, units: Sequence[Unit]) -> dict[UUID, int]:
    """Keep `units` with these spans, new or known; returns each one's new version."""
    rows = conn.execute(
        """
        insert into unit (unit_id, code, version)
        select unit_id, code, 1 from unnest(%b::uuid[], %b::text[]) as given (unit_id, code) order by unit_id
        on conflict (unit_id) do update set version = unit.version + 1, code = excluded.code
        returning unit_id, version
        """,
        ([unit.unit_id for unit in units], [unit.code for unit in units]),
    ).fetchall()
    spans = [(unit.unit_id, span) for unit in units for span in unit.spans]
    conn.execute("delete from unit_span where unit_id = any(%s)", ([unit.unit_id for unit in units],))
    conn.execute(
        """
        insert into unit_span (unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type)
        select * from unnest(%b::uuid[], %s::date[], %s::date[], %b::text[], %b::text[], %b::uuid[], %b::text[],
                             %b::text[])
        """,
        (
            [unit_id for unit_id, _ in spans],
            [span.valid_from for _, span in spans],
            [span.valid_to for _, span in spans],
            [span.kind for _, span in spans],
            [span.level for _, span in spans],
            [span.parent_id for _, span in spans],
            [span.name for _, span in spans],
            [span.branch_type for _, span in spans],
        ),
    )
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))


def forget(conn: Connection, units: Sequence[Unit]) -> dict[UUID, int]:
    """Keep these units no longer: they never were. Their codes are free again; returns each one's new version."""
    unit_ids = [unit.unit_id for unit in units]
    conn.execute("delete from unit_span where unit_id = any(%s)", (unit_ids,))
    rows = conn.execute(
        "update unit set code = null, version = version + 1 where unit_id = any(%s) returning unit_id, version",
        (unit_ids,),
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))


def advance(conn: Connection, unit_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Lock these units, in the order of ids, and return each one's next version."""
    conn.execute(
        "select 1 from unit where unit_id = any(%s) order by unit_id for no key update", (list(unit_ids),)
    ).fetchall()
    rows = conn.execute(
        "update unit set version = version + 1 where unit_id = any(%s) returning unit_id, version", (list(unit_ids),)
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))


def advance_rosters(conn: Connection, unit_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Lock the rosters of these units, in the order of ids, and return each one's next version."""
    conn.execute(
        "select 1 from unit where unit_id = any(%s) order by unit_id for no key update", (list(unit_ids),)
    ).fetchall()
    rows = conn.execute(
        """
        update unit set roster_version = roster_version + 1 where unit_id = any(%s)
        returning unit_id, roster_version
        """,
        (list(unit_ids),),
    ).fetchall()
    return dict(msgspec.convert(rows, list[tuple[UUID, int]]))
