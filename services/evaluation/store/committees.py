"""What the committees' work keeps in common: dated rules, the record of changes, and places of units, as rows."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from services.evaluation.domain.committees import Place, Rule, vi_day
from shared.db import Connection
from shared.errors import Conflict, Text

V = TypeVar("V")


class Change(msgspec.Struct, frozen=True):
    """One change of one thing: `subject` is what kind of thing, `detail` what it is like since."""

    subject: str
    subject_id: UUID
    version: int
    action: str
    detail: Any


class Past(msgspec.Struct, frozen=True):
    """A change that was made, by whom and when."""

    version: int
    action: str
    detail: Any
    actor: str
    at: datetime


def rule_on(conn: Connection, name: str, day: date, kind: type[V]) -> Rule[V]:
    """The rule `name` in force on `day`. Raises Conflict where there is none."""
    row: tuple[Any, ...] | None = conn.execute(
        """
        select valid_from, valid_to, value, issuer, citation from rule
        where name = %s and valid_from <= %s and (valid_to is null or %s < valid_to)
        """,
        (name, day, day),
    ).fetchone()
    if row is None:
        raise Conflict(
            "no-rule",
            Text(
                f"Không có quy định {name} có hiệu lực vào ngày {vi_day(day)}. Hãy chọn kỳ khác, hoặc nhờ quản trị "
                "viên nhập quy định.",
                f"No rule {name} is in force on {day}. Choose another period, or have the administrator enter one.",
            ),
        )
    valid_from, valid_to, value, issuer, citation = row
    return Rule(valid_from, valid_to, msgspec.convert(value, kind), issuer, citation)


def rules_on(conn: Connection, names: Collection[str], day: date) -> list[tuple[str, Rule[Any]]]:
    """Those of the rules `names` that are in force on `day`, by name, whatever their values are."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select name, valid_from, valid_to, value, issuer, citation from rule
        where name = any(%s) and valid_from <= %s and (valid_to is null or %s < valid_to) order by name
        """,
        (list(names), day, day),
    ).fetchall()
    return [(name, Rule(*rule)) for name, *rule in rows]


def record(conn: Connection, actor: str, request_id: str, changes: Sequence[Change]) -> None:
    """Keep what was changed, in the transaction of the change; the table is only ever added to."""
    conn.execute(
        """
        insert into committee_change (actor, request_id, subject, subject_id, version, action, detail)
        select %s, %s, subject, subject_id, version, action, detail::jsonb
        from unnest(%b::text[], %b::uuid[], %b::bigint[], %b::text[], %b::text[])
             as given (subject, subject_id, version, action, detail)
        """,
        (
            actor,
            request_id,
            [change.subject for change in changes],
            [change.subject_id for change in changes],
            [change.version for change in changes],
            [change.action for change in changes],
            [msgspec.json.encode(change.detail).decode() for change in changes],
        ),
    )


def history(conn: Connection, subject: str, subject_id: UUID) -> list[Past]:
    """Every change of a thing, the oldest first."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select version, action, detail, actor, at from committee_change
        where subject = %s and subject_id = %s order by position
        """,
        (subject, subject_id),
    ).fetchall()
    return [Past(*row) for row in rows]


def places(conn: Connection, unit_ids: Collection[UUID], day: date) -> dict[UUID, Place]:
    """What each of the units is on `day`; those not in force then are left out."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select u.unit_id, u.code, s.name, s.kind, s.branch_type, s.parent_id
        from unit u join unit_span s using (unit_id)
        where u.unit_id = any(%s) and s.valid_from <= %s and (s.valid_to is null or %s < s.valid_to)
        """,
        (list(unit_ids), day, day),
    ).fetchall()
    return {row[0]: Place(*row) for row in rows}


def children(conn: Connection, unit_id: UUID, day: date) -> list[Place]:
    """The units directly below a unit on `day`, by code."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select u.unit_id, u.code, s.name, s.kind, s.branch_type, s.parent_id
        from unit u join unit_span s using (unit_id)
        where s.parent_id = %(unit)s and s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        order by u.code
        """,
        {"unit": unit_id, "day": day},
    ).fetchall()
    return [Place(*row) for row in rows]


def roots(conn: Connection, day: date) -> list[UUID]:
    """The units that stand below none on `day`."""
    rows = conn.execute(
        """
        select unit_id from unit_span
        where parent_id is null and valid_from <= %(day)s and (valid_to is null or %(day)s < valid_to)
        order by unit_id
        """,
        {"day": day},
    ).fetchall()
    return [unit_id for (unit_id,) in msgspec.convert(rows, list[tuple[UUID]])]


def below(conn: Connection, unit_id: UUID, day: date) -> dict[UUID, Place]:
    """The unit and every unit below it on `day`."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        with recursive below (unit_id) as (
            select %(unit)s::uuid
            union
            select s.unit_id from below b join unit_span s on s.parent_id = b.unit_id
            where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        )
        select u.unit_id, u.code, s.name, s.kind, s.branch_type, s.parent_id
        from below join unit u using (unit_id) join unit_span s using (unit_id)
        where s.valid_from <= %(day)s and (s.valid_to is null or %(day)s < s.valid_to)
        """,
        {"unit": unit_id, "day": day},
    ).fetchall()
    return {row[0]: Place(*row) for row in rows}


def latest_places(conn: Connection, unit_ids: Collection[UUID], day: date) -> dict[UUID, Place]:
    """What each of the units is on `day`, or last was before it, or will first be after it, as far as it is known."""
    rows: Sequence[tuple[Any, ...]] = conn.execute(
        """
        select distinct on (u.unit_id) u.unit_id, u.code, s.name, s.kind, s.branch_type, s.parent_id
        from unit u join unit_span s using (unit_id) where u.unit_id = any(%(units)s)
        order by u.unit_id, s.valid_from > %(day)s, abs(s.valid_from - %(day)s)
        """,
        {"units": list(unit_ids), "day": day},
    ).fetchall()
    return {row[0]: Place(*row) for row in rows}


def latest_place(conn: Connection, unit_id: UUID, day: date) -> Place | None:
    """The same of one unit; None when it is not known."""
    return latest_places(conn, [unit_id], day).get(unit_id)
