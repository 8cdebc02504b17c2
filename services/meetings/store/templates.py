"""Templates of minutes in PostgreSQL: versions are added and ended, never changed."""

# ruff: noqa: S608 - statements are put together from constants of the code; what is asked is bound

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from services.meetings.domain.rules import MeetingKind
from services.meetings.domain.templates import Layout, Requirement, Template, Templates
from shared.db import Connection

_COLUMNS = (
    "template_id, unit_id, branch_type, kind, valid_from, valid_to, title, agenda, sections, minutes_planned, issuer, "
    "citation, note"
)
_encode = msgspec.json.encode


def required(conn: Connection, types: Mapping[UUID, Collection[str | None]]) -> dict[UUID, Templates]:
    """What the templates over each unit require; `types` are the branch types each has had."""
    wanted = {name or "other" for names in types.values() for name in names}
    rows = conn.execute(
        "select unit_id, branch_type, kind, valid_from, valid_to, required from template where branch_type = any(%s)",
        (list(wanted),),
    )
    versions = msgspec.convert(
        rows.fetchall(), list[tuple[UUID | None, str, MeetingKind, date, date | None, tuple[str, ...]]]
    )
    owners = {unit_id for unit_id, *_ in versions if unit_id is not None}
    central = tuple(
        Requirement(branch_type, kind, False, first, last, sections)
        for unit_id, branch_type, kind, first, last, sections in versions
        if unit_id is None
    )
    own: dict[UUID, list[Requirement]] = {}
    for unit_id, owner, since, until in _stood_below(conn, list(types), owners):
        own.setdefault(unit_id, []).extend(
            Requirement(branch_type, kind, True, max(first, since), _earlier(last, until), sections)
            for of_unit, branch_type, kind, first, last, sections in versions
            if of_unit == owner
        )
    return {unit_id: Templates(central + tuple(own.get(unit_id, ()))) for unit_id in types}


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _stood_below(
    conn: Connection, unit_ids: list[UUID], owners: set[UUID]
) -> list[tuple[UUID, UUID, date, date | None]]:
    """From when to when each unit stood below (or was) each of `owners`."""
    if not owners:
        return []
    rows = conn.execute(
        """
        with recursive path (origin, unit_id, since, until) as (
            select unit_id, unit_id, date '-infinity', date 'infinity' from unnest(%(units)s::uuid[]) as u (unit_id)
            union all
            select p.origin, s.parent_id, greatest(p.since, s.valid_from),
                   least(p.until, coalesce(s.valid_to, date 'infinity'))
            from path p join unit_span s on s.unit_id = p.unit_id
            where s.parent_id is not null and s.valid_from < p.until
              and coalesce(s.valid_to, date 'infinity') > p.since
        )
        select origin, unit_id, greatest(since, date '0001-01-01'), nullif(until, date 'infinity')
        from path where unit_id = any(%(owners)s)
        """,
        {"units": unit_ids, "owners": list(owners)},
    )
    return msgspec.convert(rows.fetchall(), list[tuple[UUID, UUID, date, date | None]])


def in_force(conn: Connection, day: date, *, branch_type: str | None = None, kind: str | None = None) -> list[Template]:
    """Every version in force on `day`, central ones first."""
    rows = conn.execute(
        f"""
        select {_COLUMNS} from template
        where valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)
          and (%(type)s::text is null or branch_type = %(type)s) and (%(kind)s::text is null or kind = %(kind)s)
        order by unit_id nulls first, branch_type, kind
        """,
        {"day": day, "type": branch_type, "kind": kind},
    ).fetchall()
    return [_template(row) for row in rows]


def applying(
    conn: Connection, unit_id: UUID, branch_type: str | None, kinds: Collection[str], day: date
) -> dict[str, Template]:
    """The version that `unit_id` follows on `day`, by kind of meeting: its province's own, else the central one."""
    found = [
        template
        for template in in_force(conn, day, branch_type=branch_type or "other")
        if template.layout.kind in kinds
    ]
    owners = {template.unit_id for template in found if template.unit_id is not None}
    above = {
        owner
        for _, owner, since, until in _stood_below(conn, [unit_id], owners)
        if since <= day and (until is None or day < until)
    }
    followed: dict[str, Template] = {}
    for template in found:  # central ones come first, and a province's own take their place
        if template.unit_id is None or template.unit_id in above:
            followed[template.layout.kind] = template
    return followed


def words_of(conn: Connection) -> list[str]:
    """Every text of every version, in Vietnamese, each once."""
    rows = conn.execute(
        """
        select distinct jsonb_path_query(jsonb_build_array(title, agenda, sections), '$.**.vi') #>> '{}' from template
        """
    )
    return [text for (text,) in msgspec.convert(rows.fetchall(), list[tuple[str]])]


def load(conn: Connection, template_id: UUID) -> Template | None:
    """A version by its id."""
    row = conn.execute(f"select {_COLUMNS} from template where template_id = %s", (template_id,)).fetchone()
    return None if row is None else _template(row)


def lock_of_unit(conn: Connection, unit_id: UUID, branch_type: str, kind: str) -> list[Template]:
    """A unit's own versions of one template, in order; nobody else writes templates until the transaction ends."""
    conn.execute("lock table template in share row exclusive mode")
    rows = conn.execute(
        f"select {_COLUMNS} from template where unit_id = %s and branch_type = %s and kind = %s order by valid_from",
        (unit_id, branch_type, kind),
    ).fetchall()
    return [_template(row) for row in rows]


def add(conn: Connection, template: Template, *, by: str) -> None:
    """Add a version."""
    layout = template.layout
    conn.execute(
        f"""
        insert into template ({_COLUMNS}, put_by)
        values (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s::jsonb, %s, %s, %s, %s, %s)
        """,
        (
            template.template_id,
            template.unit_id,
            layout.branch_type,
            layout.kind,
            layout.valid_from,
            layout.valid_to,
            _encode(layout.title).decode(),
            _encode(layout.agenda).decode(),
            _encode(layout.sections).decode(),
            layout.minutes_planned,
            layout.issuer,
            layout.citation,
            layout.note,
            by,
        ),
    )


def end(conn: Connection, template_id: UUID, valid_to: date) -> None:
    """Say from which day on a version holds no more."""
    conn.execute("update template set valid_to = %s where template_id = %s", (valid_to, template_id))


def _template(row: Sequence[Any]) -> Template:
    template_id, unit_id, branch_type, kind, valid_from, valid_to, title, agenda, sections, minutes, *rest = row
    issuer, citation, note = rest
    layout = {
        "branch_type": branch_type,
        "kind": kind,
        "valid_from": valid_from,
        "valid_to": valid_to,
        "title": title,
        "agenda": agenda,
        "sections": sections,
        "minutes_planned": minutes,
        "issuer": issuer,
        "citation": citation,
        "note": note,
    }
    return Template(template_id, unit_id, msgspec.convert(layout, Layout))
