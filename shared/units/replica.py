"""A service's own copy of the organisation, kept from registry.units.v1: enough to decide rights and to name a unit."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from shared.db import Connection
from shared.envelope import Attributes, Received, data_of
from shared.errors import Impossible

DDL: Final = """
create table unit (
    unit_id uuid primary key,
    version bigint not null,
    code    text not null
);
create table unit_span (
    unit_id     uuid not null references unit on delete cascade,
    valid_from  date not null,
    valid_to    date,
    kind        text not null,
    level       text not null,
    parent_id   uuid,
    name        text not null,
    branch_type text,
    primary key (unit_id, valid_from)
);
create index unit_span_parent on unit_span (parent_id);
"""
MEETING_KINDS: Final = frozenset({"branch", "grassroots_branch"})
"""Kinds of unit that hold branch meetings: chi bộ and chi bộ cơ sở."""


class Span(msgspec.Struct, frozen=True):
    """What a unit is from `valid_from` to the day before `valid_to` (None: still)."""

    valid_from: date
    valid_to: date | None
    kind: str
    level: str
    parent_id: UUID | None
    name: str
    branch_type: str | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the span is in force on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class Unit(msgspec.Struct, frozen=True):
    """A unit as registry.units.v1 carries it."""

    unit_id: UUID
    version: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    code: str
    spans: tuple[Span, ...]


_decoder = msgspec.json.Decoder(Unit)


def decode(record: Received, about: Attributes) -> Unit:
    """The unit a record carries. Raises Impossible."""
    unit = data_of(record, about, "registry.unit.v1", _decoder)
    if len({span.valid_from for span in unit.spans}) < len(unit.spans):
        raise Impossible("impossible-value", "two spans begin on the same day")
    if any("\0" in text for text in (unit.code, *(text for span in unit.spans for text in _texts(span)))):
        # PostgreSQL keeps no such character (manual, "Character Types"): the batch would fail forever.
        raise Impossible("impossible-value", "a text holds the character U+0000")
    return unit


def _texts(span: Span) -> tuple[str, ...]:
    return span.kind, span.level, span.name, span.branch_type or ""


def newest(units: Sequence[Unit]) -> list[Unit]:
    """Each unit once, in its newest version, in the order of ids (so that two workers lock rows alike)."""
    latest: dict[UUID, Unit] = {}
    for unit in units:
        if unit.unit_id not in latest or latest[unit.unit_id].version < unit.version:
            latest[unit.unit_id] = unit
    return [latest[unit_id] for unit_id in sorted(latest)]


def upsert(conn: Connection, units: Sequence[Unit]) -> list[Unit]:
    """Keep the units that are newer than what is known; returns those."""
    candidates = newest(units)
    rows = conn.execute(
        """
        insert into unit (unit_id, version, code)
        select * from unnest(%s::uuid[], %s::bigint[], %s::text[])
        on conflict (unit_id) do update set version = excluded.version, code = excluded.code
        where unit.version < excluded.version
        returning unit_id
        """,
        (
            [unit.unit_id for unit in candidates],
            [unit.version for unit in candidates],
            [unit.code for unit in candidates],
        ),
    ).fetchall()
    kept_ids = {row[0] for row in rows}
    kept = [unit for unit in candidates if unit.unit_id in kept_ids]
    spans = [(unit.unit_id, span) for unit in kept for span in unit.spans]
    conn.execute("delete from unit_span where unit_id = any(%s)", (list(kept_ids),))
    conn.execute(
        """
        insert into unit_span (unit_id, valid_from, valid_to, kind, level, parent_id, name, branch_type)
        select * from unnest(%s::uuid[], %s::date[], %s::date[], %s::text[], %s::text[], %s::uuid[], %s::text[],
                             %s::text[])
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
    return kept


def covers(conn: Connection, above: frozenset[UUID], unit_id: UUID, day: date) -> bool:
    """Whether `unit_id` is one of `above` or stands below one of them on `day`.

    A unit that is not in force on the day still belongs somewhere: where it last stood, or, before its first day, where
    it will stand. So a closed branch stays in the view of those it belonged to.
    """
    if not above:
        return False
    row = conn.execute(
        """
        with recursive path (unit_id) as (
            select unit_id from unit where unit_id = %(unit)s
            union
            select place.parent_id
            from path cross join lateral (
                select parent_id from unit_span
                where unit_span.unit_id = path.unit_id
                order by valid_from > %(day)s, abs(valid_from - %(day)s) limit 1
            ) place
            where place.parent_id is not null
        )
        select exists (select 1 from path where unit_id = any(%(above)s))
        """,
        {"unit": unit_id, "day": day, "above": list(above)},
    ).fetchone()
    return row is not None and row[0] is True


def span_on(conn: Connection, unit_id: UUID, day: date) -> Span | None:
    """What the unit is on `day`; None when it is not known here or not in force then."""
    row = conn.execute(
        """
        select valid_from, valid_to, kind, level, parent_id, name, branch_type from unit_span
        where unit_id = %s and valid_from <= %s and (valid_to is null or %s < valid_to)
        """,
        (unit_id, day, day),
    ).fetchone()
    return (
        None
        if row is None
        else Span(*msgspec.convert(row, tuple[date, date | None, str, str, UUID | None, str, str | None]))
    )
